//! Texts of a treatment and when they are due (R-TT-15, R-TT-16, R-TT-40).

use chrono::Duration;
use kernel::{AppError, AppResult, FieldErrors, Timestamp};

/// Longest note, in characters.
pub const MAX_TEXT: usize = 2000;

/// When documenting a treatment is due: a day for every further day of the plan, then `grace_hours`.
pub fn due_at(checked_in_at: Timestamp, plan_days: usize, grace_hours: i64) -> Timestamp {
    let further = i64::try_from(plan_days).unwrap_or(i64::MAX).saturating_sub(1).clamp(0, 365);
    checked_in_at + Duration::hours(24 * further + grace_hours)
}

/// The text trimmed, or a fault of its field. Empty text means "nothing".
pub fn text(errors: &mut FieldErrors, field: &str, value: &str) -> Option<String> {
    let value = value.trim();
    if value.chars().count() > MAX_TEXT {
        errors.add(field, "text_too_long", format!("At most {MAX_TEXT} characters."));
    }
    if value.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t' | '\r')) {
        errors.add(field, "text_invalid", "Control characters are not allowed.");
    }
    (!value.is_empty()).then(|| value.to_owned())
}

/// The reason staff give for a change in a clinic's case: 10 to 500 characters, or 422 `reason_required`.
pub fn reason(given: Option<&str>) -> AppResult<String> {
    let reason = given.unwrap_or_default().trim();
    if (10..=500).contains(&reason.chars().count()) {
        return Ok(reason.to_owned());
    }
    Err(AppError::invalid("reason_required", "Give a reason of 10 to 500 characters.").on_field("reason"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gs_3_documentation_is_due_a_day_after_the_last_day() {
        let arrival = "2026-06-10T06:05:00Z".parse().unwrap();
        assert_eq!(due_at(arrival, 3, 24), "2026-06-13T06:05:00Z".parse::<Timestamp>().unwrap());
        assert_eq!(due_at(arrival, 3, 12), "2026-06-12T18:05:00Z".parse::<Timestamp>().unwrap());
        assert_eq!(due_at(arrival, 1, 24), "2026-06-11T06:05:00Z".parse::<Timestamp>().unwrap());
    }

    #[test]
    fn texts_are_trimmed_and_bounded() {
        let mut errors = FieldErrors::new();
        assert_eq!(text(&mut errors, "advice", "  Sleep upright.\n"), Some("Sleep upright.".to_owned()));
        assert_eq!(text(&mut errors, "advice", "   "), None);
        assert!(text(&mut errors, "advice", &"ğ".repeat(2000)).is_some() && errors.is_empty());
        text(&mut errors, "advice", &"ğ".repeat(2001));
        text(&mut errors, "prescription", "a\u{7}b");
        assert_eq!(errors.0.keys().collect::<Vec<_>>(), ["advice", "prescription"]);
    }

    #[test]
    fn a_reason_has_ten_characters() {
        assert!(reason(Some("  Renumbered ")).is_ok());
        for short in [None, Some(""), Some("too short"), Some("         x")] {
            assert_eq!(reason(short).unwrap_err().code, "reason_required");
        }
    }
}
