//! The dates of a plan (R-AC-10 to R-AC-13).

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use kernel::ids::{AftercareMilestoneDefinitionId, AftercareQuestionnaireId};
use serde::{Deserialize, Serialize};

/// A phase of a template.
#[derive(Clone, Debug)]
pub struct Phase {
    /// The row it comes from.
    pub definition: AftercareMilestoneDefinitionId,
    /// Its name.
    pub name: String,
    /// From 1.
    pub order: i32,
    /// 1 to 365.
    pub days: u16,
    /// A scan every so many days.
    pub scan_every: Option<u16>,
    /// That many scans, or at most that many.
    pub scan_count: Option<u16>,
    /// The questionnaires with their cadence in days.
    pub questionnaires: Vec<(AftercareQuestionnaireId, u16)>,
}

/// What a slot asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TaskKind {
    /// A head-scan set.
    Scan,
    /// A questionnaire.
    Questionnaire,
}

/// A slot that does not count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Excused {
    /// What it asked for.
    pub kind: TaskKind,
    /// Which questionnaire, if one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub questionnaire_id: Option<AftercareQuestionnaireId>,
    /// Its day.
    pub due: NaiveDate,
    /// Why: `before_activation`, `suspension`, `staff`.
    pub reason: String,
}

/// The generated days of one milestone, as its `schedule` column holds them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// Days a scan set is due.
    #[serde(default)]
    pub scans: Vec<NaiveDate>,
    /// Days each questionnaire is due.
    #[serde(default)]
    pub questionnaires: BTreeMap<AftercareQuestionnaireId, Vec<NaiveDate>>,
    /// Days that do not count.
    #[serde(default)]
    pub excused: Vec<Excused>,
    /// Restrictions the clinic wrote instead of the template's.
    #[serde(default)]
    pub restrictions_override: Option<Vec<String>>,
}

impl Schedule {
    /// Excuses what falls due from `since` until before `until`; answers whether that was anything.
    pub fn excuse(&mut self, since: NaiveDate, until: NaiveDate, reason: &str) -> bool {
        let mut slots: Vec<(TaskKind, Option<AftercareQuestionnaireId>, NaiveDate)> =
            self.scans.iter().map(|due| (TaskKind::Scan, None, *due)).collect();
        for (id, dues) in &self.questionnaires {
            slots.extend(dues.iter().map(|due| (TaskKind::Questionnaire, Some(*id), *due)));
        }
        let before = self.excused.len();
        for (kind, questionnaire_id, due) in slots {
            let is_known = self
                .excused
                .iter()
                .any(|slot| (slot.kind, slot.questionnaire_id, slot.due) == (kind, questionnaire_id, due));
            if since <= due && due < until && !is_known {
                self.excused.push(Excused { kind, questionnaire_id, due, reason: reason.to_owned() });
            }
        }
        self.excused.len() > before
    }
}

/// A milestone with its dates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// The row it comes from.
    pub definition: AftercareMilestoneDefinitionId,
    /// Its name.
    pub name: String,
    /// From 1.
    pub order: i32,
    /// First day.
    pub start: NaiveDate,
    /// Last day.
    pub end: NaiveDate,
    /// What is due when.
    pub schedule: Schedule,
}

/// Lays the phases out one after the other from `start`. What is due before `activated` is excused (R-AC-13).
/// `None` when the dates leave the calendar.
pub fn generate(phases: &[Phase], start: NaiveDate, activated: NaiveDate) -> Option<Vec<Planned>> {
    let mut from = start;
    let mut plan = Vec::with_capacity(phases.len());
    for phase in phases {
        let next = from.checked_add_days(Days::new(u64::from(phase.days)))?;
        plan.push(Planned {
            definition: phase.definition,
            name: phase.name.clone(),
            order: phase.order,
            start: from,
            end: next.pred_opt()?,
            schedule: schedule(phase, from, activated)?,
        });
        from = next;
    }
    Some(plan)
}

fn schedule(phase: &Phase, start: NaiveDate, activated: NaiveDate) -> Option<Schedule> {
    let date = |day: u16| start.checked_add_days(Days::new(u64::from(day).saturating_sub(1)));
    let dates = |days: Vec<u16>| days.into_iter().map(date).collect::<Option<Vec<_>>>();
    let scans = dates(scan_days(phase.days, phase.scan_every, phase.scan_count))?;
    let mut questionnaires = BTreeMap::new();
    for (id, every) in &phase.questionnaires {
        questionnaires.insert(*id, dates(every_days(phase.days, *every))?);
    }
    let early = |kind, questionnaire_id, due: &NaiveDate| Excused {
        kind,
        questionnaire_id,
        due: *due,
        reason: "before_activation".to_owned(),
    };
    let mut excused: Vec<Excused> =
        scans.iter().filter(|due| **due < activated).map(|due| early(TaskKind::Scan, None, due)).collect();
    for (id, dues) in &questionnaires {
        let missed = dues.iter().filter(|due| **due < activated);
        excused.extend(missed.map(|due| early(TaskKind::Questionnaire, Some(*id), due)));
    }
    Some(Schedule { scans, questionnaires, excused, restrictions_override: None })
}

/// Day numbers of the scans of a phase of `days` days.
pub fn scan_days(days: u16, every: Option<u16>, count: Option<u16>) -> Vec<u16> {
    match (every.filter(|every| *every > 0), count.filter(|count| *count > 0)) {
        (None, None) => Vec::new(),
        (Some(every), count) => {
            let mut slots = every_days(days, every);
            slots.truncate(count.map_or(usize::MAX, usize::from));
            slots
        }
        (None, Some(count)) => (1..=u32::from(count))
            .filter_map(|k| u16::try_from((u32::from(days) * k).div_ceil(u32::from(count))).ok())
            .collect(),
    }
}

/// Day numbers of something that comes every so many days, at least once.
pub fn every_days(days: u16, every: u16) -> Vec<u16> {
    let every = every.max(1);
    (1..=(days / every).max(1)).map(|k| every.saturating_mul(k).min(days)).collect()
}

/// Whether a template may be offered: phases in order without gaps, and as many days as its months have (R-AC-02).
pub fn check_template(months: i32, phases: &[(i32, i32)]) -> Result<(), &'static str> {
    let in_order = phases.iter().zip(1..).all(|((order, _), expected)| *order == expected);
    if phases.is_empty() || !in_order {
        return Err("order_gap");
    }
    let total: i32 = phases.iter().map(|(_, days)| days).sum();
    if (28 * months..=31 * months).contains(&total) { Ok(()) } else { Err("template_duration") }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn day(text: &str) -> NaiveDate {
        format!("2026-{text}").parse().unwrap()
    }

    /// T6 of section 11 with its questionnaires for pain, sleep and compliance.
    pub(crate) fn t6() -> (Vec<Phase>, [AftercareQuestionnaireId; 3]) {
        let ids = [(); 3].map(|()| AftercareQuestionnaireId::new());
        let [pain, sleep, compliance] = ids;
        let phase = |order, name: &str, days, scan_every, scan_count, questionnaire| Phase {
            definition: AftercareMilestoneDefinitionId::new(),
            name: name.into(),
            order,
            days,
            scan_every,
            scan_count,
            questionnaires: vec![questionnaire],
        };
        let phases = vec![
            phase(1, "Post-Op", 7, Some(1), None, (pain, 1)),
            phase(2, "Early Recovery", 21, Some(5), Some(3), (pain, 7)),
            phase(3, "Mid Recovery", 60, Some(14), None, (sleep, 30)),
            phase(4, "Growth", 90, None, Some(3), (compliance, 30)),
        ];
        (phases, ids)
    }

    fn days(texts: &[&str]) -> Vec<NaiveDate> {
        texts.iter().map(|text| day(text)).collect()
    }

    #[test]
    fn gs_1_a_plan_of_178_days_and_32_slots() {
        let (phases, [pain, sleep, compliance]) = t6();
        let plan = generate(&phases, day("03-11"), day("03-10")).unwrap();
        let ends: Vec<_> = plan.iter().map(|m| (m.start, m.end)).collect();
        let expected = [("03-11", "03-17"), ("03-18", "04-07"), ("04-08", "06-06"), ("06-07", "09-04")];
        assert_eq!(ends, expected.map(|(start, end)| (day(start), day(end))));
        assert_eq!((plan[0].schedule.scans.len(), plan[0].schedule.questionnaires[&pain].len()), (7, 7));
        assert_eq!(plan[1].schedule.scans, days(&["03-22", "03-27", "04-01"]));
        assert_eq!(plan[1].schedule.questionnaires[&pain], days(&["03-24", "03-31", "04-07"]));
        assert_eq!(plan[2].schedule.scans, days(&["04-21", "05-05", "05-19", "06-02"]));
        assert_eq!(plan[2].schedule.questionnaires[&sleep], days(&["05-07", "06-06"]));
        assert_eq!(plan[3].schedule.scans, days(&["07-06", "08-05", "09-04"]));
        assert_eq!(plan[3].schedule.questionnaires[&compliance], days(&["07-06", "08-05", "09-04"]));
        assert!(plan.iter().all(|milestone| milestone.schedule.excused.is_empty()));
    }

    #[test]
    fn gs_1_a_late_activation_excuses_what_is_past() {
        let (phases, _) = t6();
        let plan = generate(&phases, day("03-11"), day("03-13")).unwrap();
        let on_time = generate(&phases, day("03-11"), day("03-10")).unwrap();
        let excused: Vec<_> = plan.iter().flat_map(|m| &m.schedule.excused).map(|slot| slot.due).collect();
        assert_eq!(excused, days(&["03-11", "03-12", "03-11", "03-12"]));
        assert_eq!(plan[0].schedule.scans, on_time[0].schedule.scans, "the dates do not move");
    }

    #[test]
    fn cadences_at_their_edges() {
        assert!(scan_days(7, None, None).is_empty());
        assert_eq!(scan_days(90, None, Some(3)), [30, 60, 90]);
        assert_eq!(scan_days(10, None, Some(3)), [4, 7, 10]);
        assert_eq!(scan_days(21, Some(5), None), [5, 10, 15, 20]);
        assert_eq!(every_days(5, 30), [5], "a cadence longer than the phase asks once, at its end");
        assert_eq!(every_days(60, 30), [30, 60]);
    }

    #[test]
    fn a_template_has_as_many_days_as_its_months() {
        assert!(check_template(6, &[(1, 7), (2, 21), (3, 60), (4, 90)]).is_ok());
        assert!(check_template(12, &[(1, 7), (2, 21), (3, 60), (4, 90), (5, 187)]).is_ok());
        assert_eq!(check_template(6, &[(1, 100), (2, 67)]), Err("template_duration"));
        assert!(check_template(6, &[(1, 100), (2, 68)]).is_ok());
        assert_eq!(check_template(6, &[(1, 100), (2, 87)]), Err("template_duration"));
        assert_eq!(check_template(6, &[(1, 100), (3, 78)]), Err("order_gap"));
        assert_eq!(check_template(6, &[]), Err("order_gap"));
    }

    #[test]
    fn the_column_reads_back() {
        let (phases, _) = t6();
        let plan = generate(&phases, day("03-11"), day("03-13")).unwrap();
        let json = serde_json::to_value(&plan[0].schedule).unwrap();
        assert_eq!(json["excused"][0]["kind"], "scan");
        assert_eq!(serde_json::from_value::<Schedule>(json).unwrap(), plan[0].schedule);
        assert_eq!(serde_json::from_str::<Schedule>("{}").unwrap(), Schedule::default());
    }
}
