//! Time codes of authenticator apps: RFC 6238 with SHA-1, six digits, 30 seconds, one step either way (R-ID-27).

use kernel::{AppError, AppResult, Timestamp};
use subtle::ConstantTimeEq;
use totp_rs::{Algorithm, Secret, TOTP};

const STEP: i64 = 30;

/// The name authenticator apps show.
const ISSUER: &str = "Hairline";

fn authenticator(secret: &str, account: &str) -> AppResult<TOTP> {
    let bytes = Secret::Encoded(secret.to_owned())
        .to_bytes()
        .map_err(|_| AppError::internal("the stored authenticator secret is not base32"))?;
    // A colon would end the issuer in the address apps read.
    let account = account.replace(':', "");
    Ok(TOTP::new_unchecked(Algorithm::SHA1, 6, 1, STEP.unsigned_abs(), bytes, Some(ISSUER.to_owned()), account))
}

/// Base32 of 20 random bytes.
pub fn encode_secret(random: [u8; 20]) -> String {
    Secret::Raw(random.to_vec()).to_encoded().to_string()
}

/// The address behind the QR code.
pub fn otpauth_uri(secret: &str, account: &str) -> AppResult<String> {
    Ok(authenticator(secret, account)?.get_url())
}

/// The step whose code this is, within one step of now and later than the last one taken; each step counts once.
pub fn accepted_step(secret: &str, code: &str, last: Option<i64>, now: Timestamp) -> AppResult<Option<i64>> {
    let totp = authenticator(secret, "")?;
    let current = now.timestamp().div_euclid(STEP);
    let mut found = None;
    for step in [current - 1, current, current + 1] {
        let expected = totp.generate(u64::try_from(step * STEP).unwrap_or_default());
        let equal: bool = expected.as_bytes().ct_eq(code.as_bytes()).into();
        if equal && last.is_none_or(|last| step > last) {
            found = Some(step);
        }
    }
    Ok(found)
}

/// The code an app shows at that instant: for demo logins and tests.
pub fn code_at(secret: &str, now: Timestamp) -> AppResult<String> {
    Ok(authenticator(secret, "")?.generate(u64::try_from(now.timestamp()).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    fn second(seconds: i64) -> Timestamp {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn golden_8_each_step_once() {
        let first = accepted_step(SECRET, "287082", None, second(59)).unwrap();
        assert_eq!(first, Some(1));
        assert_eq!(accepted_step(SECRET, "287082", first, second(60)).unwrap(), None);
        assert_eq!(accepted_step(SECRET, "359152", first, second(60)).unwrap(), Some(2));
    }

    #[test]
    fn one_step_either_way() {
        // Step 1 is current from 30 to 59; its code is good from 0 to 89.
        assert_eq!(accepted_step(SECRET, "287082", None, second(0)).unwrap(), Some(1));
        assert_eq!(accepted_step(SECRET, "287082", None, second(89)).unwrap(), Some(1));
        assert_eq!(accepted_step(SECRET, "287082", None, second(90)).unwrap(), None);
        assert_eq!(accepted_step(SECRET, "28708", None, second(59)).unwrap(), None);
    }

    #[test]
    fn a_new_secret_is_readable_by_apps() {
        let secret = encode_secret(*b"12345678901234567890");
        assert_eq!(secret, SECRET);
        let uri = otpauth_uri(&secret, "admin@hairline.example").unwrap();
        assert!(uri.starts_with("otpauth://totp/Hairline:admin%40hairline.example?"), "{uri}");
        assert!(uri.contains("secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"), "{uri}");
    }
}
