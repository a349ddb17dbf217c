//! Whether a code that a patient types takes something off now (R-PY-47, R-FN-05, R-FN-07, R-FN-09).

use chrono::NaiveDate;

/// What a decision on a typed code is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Neither a draft nor paused nor archived; of an affiliate's code: the affiliate works for Hairline, too.
    pub active: bool,
    /// It can be typed, and is not for the clinic's editor alone.
    pub can_be_typed: bool,
    /// First day, by the UTC calendar.
    pub starts: Option<NaiveDate>,
    /// Last day, by the UTC calendar.
    pub ends: Option<NaiveDate>,
    /// How often it may be used in all.
    pub limit: Option<i32>,
    /// How often it was used.
    pub used: i32,
    /// How often one person may use it.
    pub per_person: Option<i32>,
    /// How often this person used it.
    pub used_by_person: i32,
    /// It is this clinic's own, or of Hairline.
    pub fits_clinic: bool,
    /// Both pay for it, and this clinic has not agreed.
    pub waits_for_clinic: bool,
}

/// Why a code takes nothing off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// There is no such code.
    Unknown,
    /// A draft, paused, archived, or of an affiliate who left.
    Inactive,
    /// It begins later.
    NotStarted,
    /// Its days are over.
    Expired,
    /// It was used as often as it may.
    UsedUp,
    /// This person used it as often as one may.
    UsedByPerson,
    /// It is of another clinic, or this one has not agreed to it.
    WrongClinic,
    /// It has no amount in the currency of the booking.
    Currency,
    /// Less than one unit of the currency would be left to pay.
    TooLarge,
}

impl Why {
    /// Its word in an answer.
    pub fn word(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Inactive => "inactive",
            Self::NotStarted => "not_started",
            Self::Expired => "expired",
            Self::UsedUp => "used_up",
            Self::UsedByPerson => "used_by_person",
            Self::WrongClinic => "wrong_clinic",
            Self::Currency => "currency",
            Self::TooLarge => "too_large",
        }
    }
}

/// Whether the code takes something off today.
pub fn usable(facts: &Facts, today: NaiveDate) -> Result<(), Why> {
    if !facts.can_be_typed {
        return Err(Why::Unknown);
    }
    if !facts.fits_clinic || facts.waits_for_clinic {
        return Err(Why::WrongClinic);
    }
    if !facts.active {
        return Err(Why::Inactive);
    }
    if facts.starts.is_some_and(|first| today < first) {
        return Err(Why::NotStarted);
    }
    if facts.ends.is_some_and(|last| today > last) {
        return Err(Why::Expired);
    }
    if facts.limit.is_some_and(|limit| facts.used >= limit) {
        return Err(Why::UsedUp);
    }
    if facts.per_person.is_some_and(|limit| facts.used_by_person >= limit) {
        return Err(Why::UsedByPerson);
    }
    Ok(())
}

/// A code as it is compared: trimmed, in capitals; nothing where no code looks like that (R-FN-04, R-PY-72).
pub fn normal(text: &str) -> Option<String> {
    let code = text.trim().to_uppercase();
    let is_code = (1..=64).contains(&code.len())
        && code.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-' || c == '_');
    is_code.then_some(code)
}

/// The lowest place none of a person's live uses has: bookings that were cancelled leave gaps (R-FN-09).
pub fn free_slot(taken: &[i32]) -> i32 {
    (1..).find(|slot| !taken.contains(slot)).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn good() -> Facts {
        Facts {
            active: true,
            can_be_typed: true,
            starts: Some(day("2026-03-01")),
            ends: Some(day("2026-03-31")),
            limit: Some(2),
            used: 1,
            per_person: Some(1),
            used_by_person: 0,
            fits_clinic: true,
            waits_for_clinic: false,
        }
    }

    #[test]
    fn r_py_47_days_and_uses() {
        for (today, verdict) in [
            ("2026-02-28", Err(Why::NotStarted)),
            ("2026-03-01", Ok(())),
            ("2026-03-31", Ok(())),
            ("2026-04-01", Err(Why::Expired)),
        ] {
            assert_eq!(usable(&good(), day(today)), verdict, "{today}");
        }
        let today = day("2026-03-10");
        assert_eq!(usable(&Facts { used: 2, ..good() }, today), Err(Why::UsedUp));
        assert_eq!(usable(&Facts { used_by_person: 1, ..good() }, today), Err(Why::UsedByPerson));
        assert_eq!(usable(&Facts { limit: None, per_person: None, used: 900, ..good() }, today), Ok(()));
        assert_eq!(usable(&Facts { active: false, ..good() }, today), Err(Why::Inactive));
        assert_eq!(usable(&Facts { can_be_typed: false, ..good() }, today), Err(Why::Unknown));
        assert_eq!(usable(&Facts { fits_clinic: false, ..good() }, today), Err(Why::WrongClinic));
        assert_eq!(usable(&Facts { waits_for_clinic: true, ..good() }, today), Err(Why::WrongClinic));
    }

    #[test]
    fn r_fn_09_gaps_are_filled_first() {
        for (taken, slot) in [(&[][..], 1), (&[1, 2], 3), (&[2], 1), (&[3, 1], 2)] {
            assert_eq!(free_slot(taken), slot, "{taken:?}");
        }
    }

    #[test]
    fn codes_are_compared_in_capitals() {
        assert_eq!(normal(" spring-26 ").as_deref(), Some("SPRING-26"));
        for wrong in ["", "   ", "a b", "käse", &"X".repeat(65)] {
            assert_eq!(normal(wrong), None, "{wrong}");
        }
    }
}
