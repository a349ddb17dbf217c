//! What a review must hold.

use kernel::{AppResult, FieldErrors};

/// What a patient says about a clinic: five ratings and a text, all required (R-CM-62).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// Overall, 1 to 5.
    pub overall: i32,
    /// The rooms.
    pub facility: i32,
    /// The people.
    pub staff: i32,
    /// The result.
    pub results: i32,
    /// The value for the price.
    pub value: i32,
    /// In their words, trimmed.
    pub text: String,
}

/// Trims the text and checks every field; all faults in one answer (R-CM-62).
pub fn check_content(mut content: Content) -> AppResult<Content> {
    let mut faults = FieldErrors::new();
    let ratings = [
        ("overall_rating", content.overall),
        ("facility_rating", content.facility),
        ("staff_rating", content.staff),
        ("results_rating", content.results),
        ("value_rating", content.value),
    ];
    for (field, rating) in ratings {
        if !(1..=5).contains(&rating) {
            faults.add(field, "rating_invalid", "A rating is a whole number from 1 to 5.");
        }
    }
    content.text = content.text.trim().to_owned();
    let length = content.text.chars().count();
    if !(100..=2000).contains(&length) {
        faults.add("review_text", "text_length", "Please write 100 to 2000 characters.");
    }
    if has_controls(&content.text) {
        faults.add("review_text", "control_characters", "The text holds characters that cannot be shown.");
    }
    faults.check().map(|()| content)
}

/// A clinic's answer without the space around it: 50 to 1000 characters (R-CM-68).
pub fn check_answer(text: &str) -> AppResult<String> {
    let text = text.trim();
    let mut faults = FieldErrors::new();
    if !(50..=1000).contains(&text.chars().count()) {
        faults.add("body", "answer_length", "Please write 50 to 1000 characters.");
    }
    if has_controls(text) {
        faults.add("body", "control_characters", "The text holds characters that cannot be shown.");
    }
    faults.check().map(|()| text.to_owned())
}

fn has_controls(text: &str) -> bool {
    text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(text: &str) -> Content {
        Content { overall: 5, facility: 5, staff: 5, results: 5, value: 5, text: text.to_owned() }
    }

    #[test]
    fn the_text_counts_without_the_space_around_it() {
        assert!(check_content(content(&format!("  {}  ", "a".repeat(100)))).is_ok());
        assert!(check_content(content(&format!("  {}  ", "a".repeat(99)))).is_err());
        assert!(check_content(content(&"ş".repeat(2000))).is_ok());
        assert!(check_content(content(&"ş".repeat(2001))).is_err());
    }

    #[test]
    fn an_answer_is_neither_a_word_nor_a_book() {
        assert_eq!(check_answer(&format!(" {} ", "ğ".repeat(50))).unwrap().chars().count(), 50);
        for wrong in ["x".repeat(49), "x".repeat(1001), format!("{}\u{0}", "x".repeat(60))] {
            assert!(check_answer(&wrong).is_err());
        }
    }

    #[test]
    fn every_fault_is_named() {
        let error = check_content(Content { overall: 0, value: 6, ..content("short") }).unwrap_err();
        let fields: Vec<&str> = error.fields.0.keys().map(String::as_str).collect();
        assert_eq!(fields, ["overall_rating", "review_text", "value_rating"]);
        assert_eq!(error.fields.0["value_rating"][0].code, "rating_invalid");
    }
}
