//! When a mail goes out: pure decisions over what its recipient chose.

use chrono::{LocalResult, NaiveTime, TimeZone};
use chrono_tz::Tz;
use kernel::Timestamp;

use crate::entity::alerts_notifications::NotificationPriority as Class;

/// The hours in which routine mail waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quiet {
    /// From this time on.
    pub start: NaiveTime,
    /// Until this time; earlier than the start when the hours go over midnight.
    pub end: NaiveTime,
}

impl Quiet {
    /// What holds for who chose nothing (R-CM-46).
    pub fn usual() -> Self {
        let at = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default();
        Self { start: at(22), end: at(7) }
    }

    fn covers(self, time: NaiveTime) -> bool {
        if self.start < self.end {
            self.start <= time && time < self.end
        } else {
            self.start <= time || time < self.end
        }
    }

    /// When the present quiet hours end on the clocks of the zone; nothing outside of them.
    pub fn ends(self, now: Timestamp, zone: Tz) -> Option<Timestamp> {
        let local = now.with_timezone(&zone).naive_local();
        if !self.covers(local.time()) {
            return None;
        }
        let mut day = local.date();
        if self.end <= local.time() {
            day = day.succ_opt()?;
        }
        // An hour that the change of the clocks leaves out ends with it.
        (0..4).find_map(|hours| {
            match zone.from_local_datetime(&(day.and_time(self.end) + chrono::Duration::hours(hours))) {
                LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => Some(at.to_utc()),
                LocalResult::None => None,
            }
        })
    }
}

/// What becomes of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It goes out.
    Send,
    /// Its recipient wants none.
    Unwanted,
    /// It waits until then.
    Wait(Timestamp),
}

/// What becomes of a mail of a class (R-CM-40, 46): what must reach its recipient asks nobody, what is routine waits for
/// the morning.
pub fn fate(class: Class, wanted: bool, quiet: Option<Quiet>, now: Timestamp, zone: Tz) -> Fate {
    match class {
        Class::Critical => Fate::Send,
        _ if !wanted => Fate::Unwanted,
        Class::Transactional => Fate::Send,
        Class::Routine => quiet.and_then(|quiet| quiet.ends(now, zone)).map_or(Fate::Send, Fate::Wait),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn r_cm_46_routine_mail_waits_for_the_morning() {
        let zone = chrono_tz::Europe::Istanbul;
        let quiet = Some(Quiet::usual());
        let routine = |now: &str| fate(Class::Routine, true, quiet, at(now), zone);
        // 23:30 and 02:00 on the reader's clocks wait for 07:00; 21:59 and 07:00 do not.
        assert_eq!(routine("2026-03-10T20:30:00Z"), Fate::Wait(at("2026-03-11T04:00:00Z")));
        assert_eq!(routine("2026-03-10T23:00:00Z"), Fate::Wait(at("2026-03-11T04:00:00Z")));
        assert_eq!(routine("2026-03-10T18:59:00Z"), Fate::Send);
        assert_eq!(routine("2026-03-11T04:00:00Z"), Fate::Send);
        assert_eq!(fate(Class::Routine, true, None, at("2026-03-10T20:30:00Z"), zone), Fate::Send);
    }

    #[test]
    fn r_cm_40_what_must_reach_somebody_asks_nobody() {
        let now = at("2026-03-10T20:30:00Z");
        let quiet = Some(Quiet::usual());
        assert_eq!(fate(Class::Critical, false, quiet, now, Tz::UTC), Fate::Send);
        assert_eq!(fate(Class::Transactional, true, quiet, now, chrono_tz::Europe::Istanbul), Fate::Send);
        assert_eq!(fate(Class::Transactional, false, quiet, now, Tz::UTC), Fate::Unwanted);
        assert_eq!(fate(Class::Routine, false, None, now, Tz::UTC), Fate::Unwanted);
    }

    #[test]
    fn quiet_hours_of_one_day_and_clocks_that_jump() {
        let noon = Quiet {
            start: NaiveTime::from_hms_opt(12, 0, 0).unwrap(),
            end: NaiveTime::from_hms_opt(14, 0, 0).unwrap(),
        };
        assert_eq!(noon.ends(at("2026-06-01T12:30:00Z"), Tz::UTC), Some(at("2026-06-01T14:00:00Z")));
        assert_eq!(noon.ends(at("2026-06-01T14:00:00Z"), Tz::UTC), None);
        // In Warsaw 02:30 does not exist on that night.
        let night = Quiet {
            start: NaiveTime::from_hms_opt(22, 0, 0).unwrap(),
            end: NaiveTime::from_hms_opt(2, 30, 0).unwrap(),
        };
        assert_eq!(night.ends(at("2026-03-29T00:30:00Z"), chrono_tz::Europe::Warsaw), Some(at("2026-03-29T01:30:00Z")));
    }
}
