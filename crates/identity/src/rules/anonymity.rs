//! How much of a patient a clinic may know (R-ID-57, 58).

use serde::{Deserialize, Serialize};

use crate::entity::patients::AnonymizationLevel;

/// How much is hidden: `full` hides most, `none` hides nothing. Ordered from strict to open.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// The patient code only.
    #[default]
    Full,
    /// First name and initial.
    Partial,
    /// Everything the clinic needs.
    None,
}

impl Level {
    /// The stored word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Partial => "partial",
            Self::None => "none",
        }
    }
}

impl From<AnonymizationLevel> for Level {
    fn from(level: AnonymizationLevel) -> Self {
        match level {
            AnonymizationLevel::Full => Self::Full,
            AnonymizationLevel::Partial => Self::Partial,
            AnonymizationLevel::None => Self::None,
        }
    }
}

impl From<Level> for AnonymizationLevel {
    fn from(level: Level) -> Self {
        match level {
            Level::Full => Self::Full,
            Level::Partial => Self::Partial,
            Level::None => Self::None,
        }
    }
}

/// What one quote opens: its status, and whether the patient was ever checked in for it (R-ID-57).
pub fn of_quote(status: &str, treated: bool) -> Level {
    match status {
        "confirmed" | "inprogress" | "aftercare" | "completed" => Level::None,
        // Once treated, the pair stays open whatever becomes of the booking.
        _ if treated => Level::None,
        "accepted" => Level::Partial,
        _ => Level::Full,
    }
}

/// The states of a request for aftercare on its own in which its clinic looks after the patient: it is given to a clinic
/// once it is paid. That opens what a quote under aftercare opens (R-ID-58).
pub const LOOKED_AFTER: [&str; 2] = ["assigned", "activated"];

/// What a clinic effectively sees: the stricter of its own relationship and the patient's summary, and nothing while an
/// identity hold lies on the patient (R-ID-58).
pub fn effective(relationship: Level, summary: Level, held: bool) -> Level {
    if held { Level::Full } else { relationship.min(summary) }
}

/// The summary of a patient: the least strict of all relationships (R-ID-58).
pub fn summary(relationships: impl IntoIterator<Item = Level>, held: bool) -> Level {
    if held { Level::Full } else { relationships.into_iter().max().unwrap_or_default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_opens_what_its_status_opens() {
        for (status, treated, expected) in [
            ("inquiry", false, Level::Full),
            ("quote", false, Level::Full),
            ("rejected", false, Level::Full),
            ("cancelled", false, Level::Full),
            ("accepted", false, Level::Partial),
            ("confirmed", false, Level::None),
            ("inprogress", true, Level::None),
            ("aftercare", true, Level::None),
            ("completed", true, Level::None),
            ("cancelled", true, Level::None),
        ] {
            assert_eq!(of_quote(status, treated), expected, "{status} treated={treated}");
        }
    }

    #[test]
    fn a_clinic_that_lost_sees_nothing_because_another_won() {
        // The winner opened the summary to `none`; the loser's own relationship is `full`.
        assert_eq!(effective(Level::Full, Level::None, false), Level::Full);
        assert_eq!(effective(Level::None, Level::None, false), Level::None);
        assert_eq!(effective(Level::None, Level::Partial, false), Level::Partial);
    }

    #[test]
    fn an_identity_hold_hides_from_all() {
        assert_eq!(effective(Level::None, Level::None, true), Level::Full);
        assert_eq!(summary([Level::None], true), Level::Full);
    }

    #[test]
    fn the_summary_is_the_least_strict() {
        assert_eq!(summary([Level::Full, Level::None, Level::Partial], false), Level::None);
        assert_eq!(summary([], false), Level::Full);
    }
}
