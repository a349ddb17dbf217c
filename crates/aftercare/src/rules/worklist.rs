//! The order of the team's work (R-AC-69).

use chrono::{Duration, NaiveDate, NaiveTime};
use kernel::Timestamp;
use kernel::ids::AfterCareId;
use serde::{Deserialize, Serialize};

/// How soon a patient who wrote gets an answer.
const ANSWER_TARGET: Duration = Duration::hours(24);

/// What a case is waiting for, most urgent first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Bucket {
    /// An alarm nobody took yet.
    ClinicalOpen,
    /// An alarm somebody works on.
    ClinicalAcknowledged,
    /// The patient waits for an answer longer than promised.
    AnswerLate,
    /// A task is late by three days or more.
    TasksEscalated,
    /// A task is late.
    TasksOverdue,
    /// The patient waits for an answer.
    AnswerWaiting,
    /// A task is due today.
    DueToday,
    /// Nothing to do.
    Quiet,
}

/// What is known of a case.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The case.
    pub id: AfterCareId,
    /// No tasks are asked for at present.
    pub suspended: bool,
    /// The open alarm: whether somebody took it, and when it is due.
    pub clinical: Option<(bool, Timestamp)>,
    /// The oldest message without an answer.
    pub waiting_since: Option<Timestamp>,
    /// The oldest late task.
    pub oldest_overdue: Option<NaiveDate>,
    /// The next task from today on.
    pub next_due: Option<NaiveDate>,
}

/// The place of a case in the list; smaller comes first. `None`: not in the list.
pub fn place(facts: &Facts, now: Timestamp, today: NaiveDate) -> Option<(Bucket, Timestamp, AfterCareId)> {
    let midnight = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc();
    let answer_late = |since: Timestamp| now - since > ANSWER_TARGET;
    let (bucket, at) = match facts {
        Facts { clinical: Some((false, due)), .. } => (Bucket::ClinicalOpen, *due),
        Facts { clinical: Some((true, due)), .. } => (Bucket::ClinicalAcknowledged, *due),
        Facts { waiting_since: Some(since), .. } if answer_late(*since) => (Bucket::AnswerLate, *since),
        Facts { suspended: true, waiting_since: Some(since), .. } => (Bucket::AnswerWaiting, *since),
        Facts { suspended: true, .. } => return None,
        Facts { oldest_overdue: Some(due), .. } if (today - *due).num_days() >= 3 => {
            (Bucket::TasksEscalated, midnight(*due))
        }
        Facts { oldest_overdue: Some(due), .. } => (Bucket::TasksOverdue, midnight(*due)),
        Facts { waiting_since: Some(since), .. } => (Bucket::AnswerWaiting, *since),
        Facts { next_due: Some(due), .. } if *due == today => (Bucket::DueToday, midnight(*due)),
        Facts { next_due, .. } => (Bucket::Quiet, next_due.map_or(Timestamp::MAX_UTC, midnight)),
    };
    Some((bucket, at, facts.id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gs_7_alarms_first_then_those_who_wait() {
        let now: Timestamp = "2026-03-24T12:00:00Z".parse().unwrap();
        let today: NaiveDate = "2026-03-24".parse().unwrap();
        let clock = |text: &str| format!("2026-03-{text}:00Z").parse::<Timestamp>().unwrap();
        let quiet = || Facts {
            id: AfterCareId::new(),
            suspended: false,
            clinical: None,
            waiting_since: None,
            oldest_overdue: None,
            next_due: None,
        };
        let cases = [
            ("A", Facts { clinical: Some((true, clock("24T13:00"))), ..quiet() }),
            ("B", Facts { clinical: Some((false, clock("24T13:30"))), ..quiet() }),
            ("C", Facts { oldest_overdue: Some("2026-03-15".parse().unwrap()), ..quiet() }),
            ("D", Facts { waiting_since: Some(clock("23T10:00")), ..quiet() }),
            ("E", Facts { next_due: Some(today), ..quiet() }),
            ("F", Facts { clinical: Some((false, clock("24T12:30"))), ..quiet() }),
            ("G", Facts { next_due: Some("2026-03-26".parse().unwrap()), ..quiet() }),
        ];
        let mut order: Vec<_> = cases.iter().filter_map(|(n, facts)| Some((place(facts, now, today)?, *n))).collect();
        order.sort();
        assert_eq!(order.iter().map(|(_, name)| *name).collect::<String>(), "FBADCEG");

        let late = Facts { oldest_overdue: Some("2026-03-22".parse().unwrap()), ..quiet() };
        assert_eq!(place(&late, now, today).unwrap().0, Bucket::TasksOverdue);
        let paused = Facts { suspended: true, ..late };
        assert_eq!(place(&paused, now, today), None, "nothing is asked of a suspended case");
        let paused = Facts { clinical: Some((false, now)), ..paused };
        assert_eq!(place(&paused, now, today).unwrap().0, Bucket::ClinicalOpen);
        assert_eq!(place(&quiet(), now, today).unwrap().0, Bucket::Quiet);
    }
}
