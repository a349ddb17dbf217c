//! One task on one day: what state it is in and which one a submission fills (section 4, R-AC-20, R-AC-21).

use chrono::{Days, NaiveDate};
use kernel::AppError;
use kernel::ids::AftercareQuestionnaireId;
use serde::{Deserialize, Serialize};

use crate::rules::schedule::{Schedule, TaskKind};

/// A day is late from the day after; this many days late it is escalated.
pub const ESCALATED_AFTER: i64 = 3;

/// The state of a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SlotState {
    /// Cannot be done yet.
    Upcoming,
    /// Can be done, is not due yet.
    Open,
    /// Due today.
    Due,
    /// Late.
    Overdue,
    /// Late by three days or more.
    Escalated,
    /// Done.
    Done,
    /// Does not count.
    Excused,
}

/// A slot of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Position of its milestone in the plan.
    pub milestone: usize,
    /// What it asks for.
    pub kind: TaskKind,
    /// Which questionnaire, if one.
    pub questionnaire: Option<AftercareQuestionnaireId>,
    /// Its day.
    pub due: NaiveDate,
    /// The first day it can be done.
    pub opens: NaiveDate,
    /// Does not count.
    pub excused: bool,
    /// The day it was done.
    pub done_on: Option<NaiveDate>,
}

impl Slot {
    /// Its state today.
    pub fn state(&self, today: NaiveDate) -> SlotState {
        match self.overdue_days(today) {
            _ if self.done_on.is_some() => SlotState::Done,
            _ if self.excused => SlotState::Excused,
            days if days >= ESCALATED_AFTER => SlotState::Escalated,
            days if days >= 1 => SlotState::Overdue,
            0 => SlotState::Due,
            _ if today >= self.opens => SlotState::Open,
            _ => SlotState::Upcoming,
        }
    }

    /// Days since it was due, negative before.
    pub fn overdue_days(&self, today: NaiveDate) -> i64 {
        (today - self.due).num_days()
    }

    /// Whether it still waits for the patient and is late.
    pub fn is_late(&self, today: NaiveDate) -> bool {
        matches!(self.state(today), SlotState::Overdue | SlotState::Escalated)
    }

    /// Whether it counts towards progress.
    pub fn counts(&self) -> bool {
        // What was done counts even if it was excused before: the work is there.
        !self.excused || self.done_on.is_some()
    }

    /// Whether it was done by its day.
    pub fn on_time(&self) -> bool {
        self.done_on.is_some_and(|day| day <= self.due)
    }

    /// Whether a submission of that kind belongs to this row of slots.
    pub fn is_for(&self, kind: TaskKind, questionnaire: Option<AftercareQuestionnaireId>) -> bool {
        self.kind == kind && self.questionnaire == questionnaire
    }
}

/// All slots of one milestone, in the order of their days.
///
/// `done` tells the day a slot was done.
pub fn of_milestone(
    milestone: usize,
    start: NaiveDate,
    schedule: &Schedule,
    done: impl Fn(TaskKind, Option<AftercareQuestionnaireId>, NaiveDate) -> Option<NaiveDate>,
) -> Vec<Slot> {
    let rows = std::iter::once((TaskKind::Scan, None, &schedule.scans))
        .chain(schedule.questionnaires.iter().map(|(id, days)| (TaskKind::Questionnaire, Some(*id), days)));
    let mut slots = Vec::new();
    for (kind, questionnaire, days) in rows {
        // The day before the first counts as its predecessor, so that the gap of the first is its day number.
        let mut previous = start.pred_opt().unwrap_or(start);
        for due in days {
            let gap = (*due - previous).num_days();
            let ahead = u64::try_from((gap - 1).clamp(0, 2)).unwrap_or(0);
            slots.push(Slot {
                milestone,
                kind,
                questionnaire,
                due: *due,
                opens: due.checked_sub_days(Days::new(ahead)).unwrap_or(*due),
                excused: schedule
                    .excused
                    .iter()
                    .any(|slot| slot.kind == kind && slot.questionnaire_id == questionnaire && slot.due == *due),
                done_on: done(kind, questionnaire, *due),
            });
            previous = *due;
        }
    }
    slots.sort_by_key(|slot| (slot.due, slot.kind, slot.questionnaire));
    slots
}

/// Why a submission fits no slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Nothing is due on that day.
    Unknown,
    /// Too early.
    NotOpen(NaiveDate),
    /// Already there.
    AlreadyDone,
    /// Does not count any more.
    Excused,
}

impl From<Refusal> for AppError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Unknown => AppError::invalid("slot_unknown", "Nothing is due on that day.").on_field("due_date"),
            Refusal::NotOpen(opens) => {
                AppError::conflict("slot_not_open", format!("This can be done from {opens}.")).with("opens_on", opens)
            }
            Refusal::AlreadyDone => AppError::conflict("slot_already_done", "This was already done."),
            Refusal::Excused => AppError::conflict("slot_excused", "This is not asked for any more."),
        }
    }
}

/// The slot a submission fills: the named day's, or the latest that can be done; `None` makes it an extra (R-AC-21).
pub fn choose(
    slots: &[Slot],
    kind: TaskKind,
    questionnaire: Option<AftercareQuestionnaireId>,
    named: Option<NaiveDate>,
    today: NaiveDate,
) -> Result<Option<&Slot>, Refusal> {
    let mut mine = slots.iter().filter(|slot| slot.is_for(kind, questionnaire));
    let Some(due) = named else {
        let doable = |slot: &&Slot| {
            matches!(slot.state(today), SlotState::Open | SlotState::Due | SlotState::Overdue | SlotState::Escalated)
        };
        return Ok(mine.filter(doable).max_by_key(|slot| slot.due));
    };
    let slot = mine.find(|slot| slot.due == due).ok_or(Refusal::Unknown)?;
    match slot.state(today) {
        SlotState::Done => Err(Refusal::AlreadyDone),
        SlotState::Excused => Err(Refusal::Excused),
        SlotState::Upcoming => Err(Refusal::NotOpen(slot.opens)),
        _ => Ok(Some(slot)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::schedule::generate;
    use crate::rules::schedule::tests::{day, t6};

    fn slots() -> (Vec<Slot>, AftercareQuestionnaireId) {
        let (phases, [pain, ..]) = t6();
        let plan = generate(&phases, day("03-11"), day("03-10")).unwrap();
        let all = plan.iter().enumerate().flat_map(|(n, m)| of_milestone(n, m.start, &m.schedule, |_, _, _| None));
        (all.collect(), pain)
    }

    fn scan<'a>(slots: &'a [Slot], due: &str) -> &'a Slot {
        slots.iter().find(|slot| slot.kind == TaskKind::Scan && slot.due == day(due)).unwrap()
    }

    #[test]
    fn a_slot_opens_up_to_two_days_ahead() {
        let (slots, _) = slots();
        assert_eq!(slots.len(), 32);
        // Daily scans open on their day; those five days apart, and the first on day 5, two days before.
        assert_eq!(scan(&slots, "03-11").opens, day("03-11"));
        assert_eq!(scan(&slots, "03-12").opens, day("03-12"));
        assert_eq!(scan(&slots, "03-22").opens, day("03-20"));
        assert_eq!(scan(&slots, "03-27").opens, day("03-25"));
    }

    #[test]
    fn gs_2_late_from_the_next_day_escalated_from_the_third() {
        let (slots, _) = slots();
        let late = scan(&slots, "03-15");
        let states: Vec<_> = ["03-14", "03-15", "03-16", "03-17", "03-18", "03-24"].map(|d| late.state(day(d))).into();
        use SlotState::{Due, Escalated, Overdue, Upcoming};
        assert_eq!(states, [Upcoming, Due, Overdue, Overdue, Escalated, Escalated]);
        assert_eq!(late.overdue_days(day("03-24")), 9);
        assert_eq!(scan(&slots, "03-22").state(day("03-20")), SlotState::Open);
        assert_eq!(scan(&slots, "03-22").overdue_days(day("03-24")), 2);
    }

    #[test]
    fn a_submission_finds_its_slot() {
        let (mut slots, pain) = slots();
        let today = day("03-24");
        let pick = |slots: &[Slot], kind, which, named: Option<&str>| {
            choose(slots, kind, which, named.map(day), today).map(|slot| slot.map(|slot| slot.due))
        };
        assert_eq!(pick(&slots, TaskKind::Scan, None, None), Ok(Some(day("03-22"))));
        assert_eq!(pick(&slots, TaskKind::Scan, None, Some("03-15")), Ok(Some(day("03-15"))));
        assert_eq!(pick(&slots, TaskKind::Scan, None, Some("03-23")), Err(Refusal::Unknown));
        assert_eq!(pick(&slots, TaskKind::Scan, None, Some("03-27")), Err(Refusal::NotOpen(day("03-25"))));
        assert_eq!(pick(&slots, TaskKind::Questionnaire, Some(pain), None), Ok(Some(day("03-24"))));
        for slot in &mut slots {
            slot.done_on = (slot.due <= today).then_some(slot.due);
        }
        assert_eq!(pick(&slots, TaskKind::Scan, None, Some("03-22")), Err(Refusal::AlreadyDone));
        assert_eq!(pick(&slots, TaskKind::Scan, None, None), Ok(None), "nothing to do: an extra");
        let other = AftercareQuestionnaireId::new();
        assert_eq!(pick(&slots, TaskKind::Questionnaire, Some(other), None), Ok(None));
    }

    #[test]
    fn an_excused_slot_is_not_asked_for() {
        let (phases, _) = t6();
        let plan = generate(&phases, day("03-11"), day("03-13")).unwrap();
        let slots = of_milestone(0, plan[0].start, &plan[0].schedule, |_, _, _| None);
        assert_eq!(scan(&slots, "03-11").state(day("03-13")), SlotState::Excused);
        let named = choose(&slots, TaskKind::Scan, None, Some(day("03-11")), day("03-13"));
        assert_eq!(named, Err(Refusal::Excused));
        assert_eq!(slots.iter().filter(|slot| slot.counts()).count(), 10);
    }
}
