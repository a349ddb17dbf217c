//! What a field may hold (section 5.2). Every check adds to the list, so that all faults come in one answer.

use chrono::NaiveDate;
use kernel::FieldErrors;
use kernel::time::age_on;

const SPECIALS: &str = "!@#$%^&(),.?\":{}|<>";

/// A first or last name after trimming: 2 to 50 letters, spaces, hyphens, apostrophes or full stops, letter first.
pub fn name(errors: &mut FieldErrors, field: &str, value: &str) -> String {
    let value = value.trim();
    let length = value.chars().count();
    let shape = value.chars().next().is_some_and(char::is_alphabetic)
        && value.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '\'' | '’' | '.') || is_mark(c));
    if !(2..=50).contains(&length) {
        errors.add(field, "name_length", "Give 2 to 50 characters.");
    } else if !shape {
        errors.add(field, "name_invalid", "Only letters, spaces, hyphens, apostrophes and full stops; a letter first.");
    }
    value.to_owned()
}

/// Combining marks, which some scripts need after their letters.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036f}' | '\u{064b}'..='\u{065f}' | '\u{0900}'..='\u{0903}' | '\u{093a}'..='\u{094f}')
}

/// An address as it is stored and compared: trimmed and in lower case, at most 254 bytes.
pub fn email(errors: &mut FieldErrors, field: &str, value: &str) -> String {
    let value = normal_email(value);
    if !is_email(&value) {
        errors.add(field, "email_invalid", "This is not an e-mail address.");
    }
    value
}

/// Trimmed and in lower case, whatever the locale.
pub fn normal_email(value: &str) -> String {
    value.trim().to_lowercase()
}

fn is_email(value: &str) -> bool {
    let Some((local, domain)) = value.rsplit_once('@') else { return false };
    let dots = |part: &str| !part.starts_with('.') && !part.ends_with('.') && !part.contains("..");
    let local_ok = (1..=64).contains(&local.len())
        && dots(local)
        && local.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&b));
    let label = |part: &str| {
        (1..=63).contains(&part.len())
            && !part.starts_with('-')
            && !part.ends_with('-')
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    let labels: Vec<&str> = domain.split('.').collect();
    let top_ok = labels.last().is_some_and(|top| top.len() >= 2 && top.bytes().any(|b| b.is_ascii_alphabetic()));
    value.len() <= 254 && local_ok && labels.len() >= 2 && labels.iter().all(|part| label(part)) && top_ok
}

/// A chosen login name: 3 to 30 of `a-z0-9._-`.
pub fn username(errors: &mut FieldErrors, value: &str) {
    let shape = value.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b));
    if !(3..=30).contains(&value.len()) || !shape {
        errors.add("username", "username_invalid", "3 to 30 of a-z, 0-9, dot, underscore and hyphen.");
    }
}

/// A new password and its repetition; every unmet demand is listed.
pub fn password(errors: &mut FieldErrors, value: &str, confirmation: &str) {
    let field = "password";
    if value.chars().count() < 12 {
        errors.add(field, "password_too_short", "At least 12 characters.");
    }
    if value.len() > 72 {
        errors.add(field, "password_too_long", "At most 72 bytes.");
    }
    if value.contains('\0') {
        errors.add(field, "password_invalid", "A password holds no NUL.");
    }
    for (met, code, message) in [
        (value.chars().any(char::is_uppercase), "password_no_upper", "At least one capital letter."),
        (value.chars().any(char::is_lowercase), "password_no_lower", "At least one small letter."),
        (value.chars().any(|c| c.is_ascii_digit()), "password_no_digit", "At least one digit."),
        (value.chars().any(|c| SPECIALS.contains(c)), "password_no_special", "At least one of !@#$%^&(),.?\":{}|<>"),
    ] {
        if !met {
            errors.add(field, code, message);
        }
    }
    if value != confirmation {
        errors.add("password_confirmation", "password_mismatch", "The two entries differ.");
    }
}

/// A birthday that makes the person 18 to 100 years old today.
pub fn birthday(errors: &mut FieldErrors, value: NaiveDate, today: NaiveDate) {
    if !is_of_age(value, today) {
        errors.add("birthday", "birthday_out_of_range", "You need to be 18 to 100 years old.");
    }
}

/// Whether the age on that day is 18 to 100, both included (R-IQ-01).
pub fn is_of_age(birthday: NaiveDate, today: NaiveDate) -> bool {
    age_on(birthday, today).is_some_and(|age| (18..=100).contains(&age))
}

/// E.164 with an active calling code.
pub fn phone(errors: &mut FieldErrors, field: &str, value: &str, calling_codes: &[String]) -> String {
    let value = value.trim();
    let digits = value.strip_prefix('+').unwrap_or_default();
    let shape =
        (7..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0');
    if !shape {
        errors.add(field, "phone_invalid", "Write the number as + and 7 to 15 digits.");
    } else if !calling_codes.iter().any(|code| value.starts_with(code.as_str())) {
        errors.add(field, "phone_country_unknown", "We do not serve this calling code.");
    }
    value.to_owned()
}

/// A justification or reason for account and PHI actions: 20 to 500 characters after trimming.
pub fn reason(errors: &mut FieldErrors, field: &str, value: &str) -> String {
    let value = value.trim();
    if !(20..=500).contains(&value.chars().count()) {
        errors.add(field, "reason_length", "Explain in 20 to 500 characters.");
    }
    value.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(run: impl FnOnce(&mut FieldErrors)) -> Vec<String> {
        let mut errors = FieldErrors::new();
        run(&mut errors);
        errors.0.into_values().flatten().map(|error| error.code.into_owned()).collect()
    }

    #[test]
    fn names() {
        for good in ["Mark", "Anne-Marie", "O'Brien", "Jr. Smith", "Çağrı", "José", "Łukasz", "  Ed  "] {
            assert!(codes(|e| drop(name(e, "first_name", good))).is_empty(), "{good}");
        }
        for (bad, code) in [
            ("M", "name_length"),
            ("  ", "name_length"),
            ("-Mark", "name_invalid"),
            ("Mark2", "name_invalid"),
            ("Ma@rk", "name_invalid"),
        ] {
            assert_eq!(codes(|e| drop(name(e, "first_name", bad))), [code], "{bad}");
        }
        assert_eq!(codes(|e| drop(name(e, "x", &"a".repeat(51)))), ["name_length"]);
    }

    #[test]
    fn addresses() {
        for good in ["Mark@Example.com", " a+b@sub.example.co ", "o'brien@example.org"] {
            assert!(codes(|e| drop(email(e, "email", good))).is_empty(), "{good}");
        }
        assert_eq!(normal_email(" Mark@Example.COM "), "mark@example.com");
        for bad in ["mark", "mark@", "@example.com", "a b@example.com", "a@localhost", "a..b@example.com", "a@-x.com"] {
            assert_eq!(codes(|e| drop(email(e, "email", bad))), ["email_invalid"], "{bad}");
        }
        let long = format!("{}@{}.com", "a".repeat(60), "b".repeat(60).repeat(4));
        assert_eq!(codes(|e| drop(email(e, "email", &long))), ["email_invalid"]);
    }

    #[test]
    fn passwords() {
        assert!(codes(|e| password(e, "Correct-Horse7!", "Correct-Horse7!")).is_empty());
        assert_eq!(codes(|e| password(e, "Correct*Horse7", "Correct*Horse7")), ["password_no_special"]);
        assert_eq!(codes(|e| password(e, "Short7!", "Short7!")), ["password_too_short"]);
        assert_eq!(codes(|e| password(e, "Correct-Horse7!", "other")), ["password_mismatch"]);
        let longest = format!("Aa1!{}", "x".repeat(68));
        assert!(codes(|e| password(e, &longest, &longest)).is_empty());
        let over = format!("{longest}x");
        assert_eq!(codes(|e| password(e, &over, &over)), ["password_too_long"]);
        assert_eq!(
            codes(|e| password(e, "", "")),
            [
                "password_too_short",
                "password_no_upper",
                "password_no_lower",
                "password_no_digit",
                "password_no_special"
            ]
        );
    }

    #[test]
    fn birthdays() {
        let today: NaiveDate = "2026-03-02".parse().unwrap();
        for (day, good) in [
            ("2008-03-02", true),
            ("2008-03-03", false),
            ("1925-03-03", true),
            ("1925-03-02", false),
            ("2027-01-01", false),
        ] {
            assert_eq!(codes(|e| birthday(e, day.parse().unwrap(), today)).is_empty(), good, "{day}");
        }
    }

    #[test]
    fn phones() {
        let active = ["+44".to_owned(), "+90".to_owned()];
        assert!(codes(|e| drop(phone(e, "phone", "+905551234567", &active))).is_empty());
        for (bad, code) in [
            ("05551234567", "phone_invalid"),
            ("+0905551234567", "phone_invalid"),
            ("+44 7700 900123", "phone_invalid"),
            ("+4477009", "ok"),
            ("+447700", "phone_invalid"),
            ("+15551234567", "phone_country_unknown"),
        ] {
            let found = codes(|e| drop(phone(e, "phone", bad, &active)));
            assert_eq!(found.first().map_or("ok", String::as_str), code, "{bad}");
        }
    }
}
