//! How far a recovery is (R-AC-15, R-AC-23 to R-AC-25).

use chrono::NaiveDate;

use crate::rules::slots::Slot;

/// Done and counted slots.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Done ones.
    pub done: i64,
    /// All that count.
    pub counted: i64,
}

/// Counts slots.
pub fn count<'a>(slots: impl IntoIterator<Item = &'a Slot>) -> Count {
    slots.into_iter().filter(|slot| slot.counts()).fold(Count::default(), |sum, slot| Count {
        done: sum.done + i64::from(slot.done_on.is_some()),
        counted: sum.counted + 1,
    })
}

/// Percentage of one milestone. Without slots it is 0 until the last day has passed, then 100.
pub fn completion(count: Count, end: NaiveDate, today: NaiveDate) -> i32 {
    match count.counted {
        0 if today > end => 100,
        0 => 0,
        counted => percent(100 * count.done, counted),
    }
}

/// Share of the tasks, for showing beside the recovery.
pub fn task_progress(count: Count) -> i32 {
    if count.counted == 0 { 0 } else { percent(100 * count.done, count.counted) }
}

/// The mean of the share of tasks and the share of days, in whole percent rounded down.
pub fn recovery(count: Count, start: NaiveDate, plan_days: i64, today: NaiveDate) -> i32 {
    let days = plan_days.max(1);
    let elapsed = (today - start).num_days().clamp(0, days);
    match count.counted {
        0 => percent(100 * elapsed, days),
        tasks => percent(100 * count.done * days + 100 * elapsed * tasks, 2 * tasks * days),
    }
}

/// Share of the slots due before today that were done by their day; `None` when there were none.
pub fn on_time_rate<'a>(slots: impl IntoIterator<Item = &'a Slot>, today: NaiveDate) -> Option<i32> {
    let (done, all) = slots
        .into_iter()
        .filter(|slot| slot.counts() && slot.due < today)
        .fold((0, 0), |(done, all), slot| (done + i64::from(slot.on_time()), all + 1));
    (all > 0).then(|| percent(100 * done, all))
}

fn percent(numerator: i64, denominator: i64) -> i32 {
    i32::try_from(numerator / denominator.max(1)).unwrap_or(0).clamp(0, 100)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::schedule::tests::{day, t6};
    use crate::rules::schedule::{TaskKind, generate};
    use crate::rules::slots::of_milestone;

    /// The plan of GS-1 with M1 done but for pain of 03-15, the scan of 03-16 a day late.
    fn gs_2() -> Vec<Slot> {
        let (phases, _) = t6();
        let plan = generate(&phases, day("03-11"), day("03-10")).unwrap();
        let done = |kind, _, due: NaiveDate| match (kind, due) {
            (_, due) if due > day("03-17") => None,
            (TaskKind::Questionnaire, due) if due == day("03-15") => None,
            (TaskKind::Scan, due) if due == day("03-16") => Some(day("03-17")),
            (_, due) => Some(due),
        };
        plan.iter().enumerate().flat_map(|(n, m)| of_milestone(n, m.start, &m.schedule, done)).collect()
    }

    fn of(slots: &[Slot], milestone: usize) -> Count {
        count(slots.iter().filter(|slot| slot.milestone == milestone))
    }

    #[test]
    fn gs_2_on_the_24th_of_march() {
        let (mut slots, today) = (gs_2(), day("03-24"));
        assert_eq!(of(&slots, 0), Count { done: 13, counted: 14 });
        assert_eq!(completion(of(&slots, 0), day("03-17"), today), 92);
        assert_eq!(completion(of(&slots, 1), day("04-07"), today), 0);
        assert_eq!(task_progress(count(&slots)), 40);
        assert_eq!(recovery(count(&slots), day("03-11"), 178, today), 23);
        assert_eq!(on_time_rate(&slots, today), Some(80));
        let missing = slots.iter_mut().find(|s| s.kind == TaskKind::Scan && s.due == day("03-22")).unwrap();
        missing.done_on = Some(today);
        assert_eq!(recovery(count(&slots), day("03-11"), 178, today), 25);
    }

    #[test]
    fn gs_2_hundred_only_when_all_is_done_and_the_time_is_over() {
        let mut slots = gs_2();
        for slot in &mut slots {
            slot.done_on = Some(slot.due);
        }
        assert_eq!(recovery(count(&slots), day("03-11"), 178, day("09-05")), 100);
        assert_eq!(recovery(count(&slots), day("03-11"), 178, day("09-04")), 99);
        slots[20].done_on = None;
        assert_eq!(recovery(count(&slots), day("03-11"), 178, day("09-05")), 98);
    }

    #[test]
    fn gs_6_the_longer_plan_has_33_slots_of_185_days() {
        let count = Count { done: 13, counted: 33 };
        assert_eq!(recovery(count, day("03-11"), 185, day("03-24")), 23);
    }

    #[test]
    fn a_phase_without_tasks_is_done_when_it_is_over() {
        let none = Count::default();
        assert_eq!(completion(none, day("03-17"), day("03-17")), 0);
        assert_eq!(completion(none, day("03-17"), day("03-18")), 100);
        assert_eq!(recovery(none, day("03-11"), 100, day("04-30")), 50);
        assert_eq!(recovery(none, day("03-11"), 100, day("03-01")), 0);
        assert_eq!(on_time_rate(&[], day("03-17")), None);
    }
}
