//! Checks of texts that several forms of the catalogue share.

use kernel::{AppError, AppResult, FieldErrors};

/// A text without the blanks around it, of `least` to `most` characters; what does not fit is noted.
pub(crate) fn text(errors: &mut FieldErrors, field: &str, value: &str, least: usize, most: usize) -> String {
    let value = value.trim();
    let length = value.chars().count();
    if value.is_empty() && least > 0 {
        errors.add(field, "required", "This is required.");
    } else if length < least || length > most {
        errors.add(field, "length_out_of_range", format!("Between {least} and {most} characters."));
    } else if value.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        errors.add(field, "invalid", "Some of these characters cannot be kept.");
    }
    value.to_owned()
}

/// The same for what may be left out.
pub(crate) fn maybe_text(errors: &mut FieldErrors, field: &str, value: Option<&str>, most: usize) -> Option<String> {
    let kept = text(errors, field, value.unwrap_or_default(), 0, most);
    (!kept.is_empty()).then_some(kept)
}

/// Why something is changed: 10 to 500 characters (R-IQ-80, R-MG-60).
pub(crate) fn reason(given: &str) -> AppResult<String> {
    let given = given.trim();
    match given.chars().count() {
        10..=500 => Ok(given.to_owned()),
        _ => Err(AppError::field("reason", "reason_required", "Say why, in 10 to 500 characters.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_has_10_to_500_characters() {
        assert!(reason("  too few ").is_err());
        assert_eq!(reason(" ten letters ").unwrap(), "ten letters");
        assert!(reason(&"x".repeat(500)).is_ok());
        assert_eq!(reason(&"x".repeat(501)).unwrap_err().fields.0["reason"][0].code, "reason_required");
    }

    #[test]
    fn texts_are_trimmed_counted_and_without_control_characters() {
        let mut errors = FieldErrors::new();
        assert_eq!(text(&mut errors, "a", "  Saç ekimi ", 1, 9), "Saç ekimi");
        assert!(errors.is_empty());
        text(&mut errors, "a", "", 1, 9);
        text(&mut errors, "b", "1234567890", 1, 9);
        text(&mut errors, "c", "a\u{7}", 1, 9);
        let codes: Vec<_> = errors.0.values().flatten().map(|error| error.code.as_ref()).collect();
        assert_eq!(codes, ["required", "length_out_of_range", "invalid"]);
    }
}
