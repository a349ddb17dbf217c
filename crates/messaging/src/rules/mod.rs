//! Decisions about messages, without I/O.

use kernel::{AppError, AppResult};

/// The longest message, in characters (R-CM-10).
pub const LONGEST: usize = 2000;

/// The text as it is kept: trimmed, without control characters but line breaks and tabs (R-CM-10).
pub fn clean_text(text: &str) -> AppResult<String> {
    let kept: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    let kept = kept.trim().to_owned();
    if kept.is_empty() {
        return Err(AppError::invalid("message_empty", "Write something first.").on_field("content"));
    }
    if kept.chars().count() > LONGEST {
        return Err(AppError::invalid("message_too_long", "A message has at most 2000 characters.").on_field("content"));
    }
    Ok(kept)
}

/// Words that look like an attempt to meet outside; they flag and never hide (R-CM-25).
const OFF_PLATFORM: [&str; 14] = [
    "outside platform",
    "outside the platform",
    "off platform",
    "direct payment",
    "pay directly",
    "bank transfer",
    "cash discount",
    "whatsapp",
    "telegram",
    "contact me directly",
    "platform dışı",
    "elden ödeme",
    "havale",
    "numaram",
];

/// Whether the text suggests leaving the platform.
pub fn suggests_leaving(text: &str) -> bool {
    let text = text.to_lowercase();
    OFF_PLATFORM.iter().any(|phrase| text.contains(phrase))
}

/// Whether the last messages of one sender together spell a number that none of them held alone (R-CM-24).
pub fn is_split_number(texts: &[&str]) -> bool {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).count();
    let together: usize = texts.iter().map(|text| digits(text)).sum();
    together >= 7 && texts.iter().all(|text| digits(text) < 7)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_trimmed_and_cleaned() {
        assert_eq!(clean_text("  Hello\u{7}\nthere\t!  ").unwrap(), "Hello\nthere\t!");
        assert_eq!(clean_text(" \n ").unwrap_err().code, "message_empty");
        assert!(clean_text(&"ğ".repeat(2000)).is_ok());
        assert_eq!(clean_text(&"ğ".repeat(2001)).unwrap_err().code, "message_too_long");
    }

    #[test]
    fn phrases_flag_in_both_languages() {
        assert!(suggests_leaving("You can PAY DIRECTLY at the clinic"));
        assert!(suggests_leaving("Elden ödeme olur mu?"));
        assert!(!suggests_leaving("When can I wash my hair?"));
    }

    #[test]
    fn a_number_in_pieces_is_found() {
        assert!(is_split_number(&["0532", "11 22", "33"]));
        assert!(!is_split_number(&["3500 grafts", "day 5"]));
        // One message with the whole number was hidden already.
        assert!(!is_split_number(&["05321122333", "ok"]));
    }
}
