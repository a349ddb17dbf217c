//! Keeps secrets out of the before and after of an entry.

use serde_json::Value as Json;

/// What stands in place of a secret.
const MASK: &str = "[masked]";

/// Words that make a field secret wherever they stand in its name.
const WORDS: &[&str] = &[
    "password",
    "passwd",
    "secret",
    "token",
    "otp",
    "totp",
    "pin",
    "cvv",
    "cvc",
    "credential",
    "credentials",
    "cookie",
    "authorization",
    "iban",
    "pepper",
    "passport",
    "mac",
];

/// Whole names or ends of names that are secret.
const ENDINGS: &[&str] = &[
    "api_key",
    "app_key",
    "index_key",
    "private_key",
    "activation_code",
    "recovery_code",
    "recovery_codes",
    "card_number",
    "account_number",
    "routing_number",
    "confirmation_code",
    "verification_code",
    "one_time_code",
];

/// The same value with every secret-looking member masked, at any depth.
pub fn masked(value: Json) -> Json {
    match value {
        Json::Object(members) => Json::Object(
            members
                .into_iter()
                .map(|(name, value)| {
                    let value = match value {
                        // That there was none is no secret.
                        Json::Null => Json::Null,
                        _ if is_secret(&name) => MASK.into(),
                        value => masked(value),
                    };
                    (name, value)
                })
                .collect(),
        ),
        Json::Array(items) => Json::Array(items.into_iter().map(masked).collect()),
        other => other,
    }
}

fn is_secret(name: &str) -> bool {
    let name = snake(name);
    name.split('_').any(|word| WORDS.contains(&word)) || ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// `apiKey`, `api-key` and `API_KEY` as `api_key`.
fn snake(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    let mut after_small = false;
    for c in name.chars() {
        if c.is_uppercase() && after_small {
            out.push('_');
        }
        after_small = c.is_lowercase() || c.is_ascii_digit();
        out.extend(if c.is_alphanumeric() { c.to_lowercase().next() } else { Some('_') });
    }
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn secrets_are_masked_at_any_depth() {
        let value = json!({
            "status": "active",
            "password": "hunter2",
            "rememberToken": "abc",
            "mfa": [{"totp-secret": "GEZ", "label": "phone"}],
            "passport_number": "A123",
            "API_KEY": {"id": 1},
            "activation_code": 7,
            "client_secret": null,
        });
        assert_eq!(
            masked(value),
            json!({
                "status": "active",
                "password": MASK,
                "rememberToken": MASK,
                "mfa": [{"totp-secret": MASK, "label": "phone"}],
                "passport_number": MASK,
                "API_KEY": MASK,
                "activation_code": MASK,
                "client_secret": null,
            })
        );
    }

    #[test]
    fn ordinary_fields_stay_readable() {
        for name in ["setting_key", "patient_code", "country_code", "code", "shipping", "opinion", "total", "machine"] {
            assert!(!is_secret(name), "{name}");
        }
    }
}
