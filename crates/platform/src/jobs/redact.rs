//! Keeps personal data out of stored error texts.

/// Longest stored text.
const MAX_CHARS: usize = 2000;

/// The text without what could be a person's: mail addresses, phone numbers, codes, tokens, quoted database values.
/// Ids stay, they are needed to find the row.
pub fn redact(text: &str) -> String {
    let text = without_duplicate_entry(text);
    let mut out = String::with_capacity(text.len());
    let mut word = String::new();
    for c in text.chars() {
        if c.is_alphanumeric() || matches!(c, '@' | '.' | '_' | '+' | '-') {
            word.push(c);
        } else {
            out.push_str(shown(&word));
            word.clear();
            out.push(c);
        }
    }
    out.push_str(shown(&word));
    out.chars().take(MAX_CHARS).collect()
}

/// MySQL quotes the value that was there twice: `Duplicate entry 'ada@example.com' for key 'users_email'`.
fn without_duplicate_entry(text: &str) -> String {
    const BEFORE: &str = "Duplicate entry '";
    match text.split_once(BEFORE) {
        Some((head, rest)) => match rest.split_once("' for key") {
            Some((_, tail)) => format!("{head}{BEFORE}…' for key{tail}"),
            None => format!("{head}{BEFORE}…"),
        },
        None => text.to_owned(),
    }
}

fn shown(word: &str) -> &str {
    let digits = word.chars().filter(char::is_ascii_digit).count();
    if word.contains('@') {
        "[e-mail]"
    } else if uuid::Uuid::try_parse(word).is_ok_and(|_| word.len() == 36) {
        word
    } else if word.len() >= 32 && !word.contains(['.', '_']) {
        "[token]"
    } else if digits >= 6 {
        "[number]"
    } else {
        word
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn personal_data_is_gone_and_ids_stay() {
        let id = "019380ab-1234-7abc-8def-0123456789ab";
        for (text, stored) in [
            ("no mailbox ada@example.com here", "no mailbox [e-mail] here"),
            ("call +447700900123 or 123456", "call [number] or [number]"),
            ("after 3 of 10 rows (code 1062)", "after 3 of 10 rows (code 1062)"),
            ("Duplicate entry 'Ada Lovelace' for key 'x'", "Duplicate entry '…' for key 'x'"),
            ("token 0123456789abcdef0123456789abcdef0123456789abcdef", "token [token]"),
        ] {
            assert_eq!(redact(text), stored);
        }
        assert_eq!(redact(&format!("quote {id}: busy")), format!("quote {id}: busy"));
        assert_eq!(redact(&"ş ".repeat(5000)).chars().count(), 2000);
    }
}
