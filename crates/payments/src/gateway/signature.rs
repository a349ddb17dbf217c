//! Signatures of webhooks (R-PY-29): `t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">`.

use hmac::{Hmac, Mac};
use kernel::Timestamp;
use sha2::Sha256;
use subtle::{Choice, ConstantTimeEq};

/// Seconds a signature may be old, or ahead.
pub const TOLERANCE_SECONDS: i64 = 300;

/// Why a webhook is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No header, or none that can be read.
    #[error("the signature header is missing or malformed")]
    Unreadable,
    /// No signature in it was made with one of our secrets.
    #[error("no signature matches the body")]
    Mismatch,
    /// Made too long ago, or in the future: a replay.
    #[error("the signature is too old or from the future")]
    Stale,
}

/// The header for a body signed at `now`.
pub fn sign(secret: &str, now: Timestamp, body: &[u8]) -> String {
    let t = now.timestamp();
    format!("t={t},v1={}", hex::encode(mac(secret, &t.to_string(), body)))
}

/// Checks a header against the secrets in force: while one is replaced, any of several signatures may match any.
pub fn verify(header: &str, body: &[u8], secrets: &[String], now: Timestamp) -> Result<(), Refusal> {
    let mut stamp = None;
    let mut given = Vec::new();
    for part in header.split(',') {
        match part.trim().split_once('=') {
            Some(("t", value)) => stamp = Some(value),
            Some(("v1", value)) => given.push(value),
            // Other schemes may stand beside ours.
            Some(_) => {}
            None => return Err(Refusal::Unreadable),
        }
    }
    let stamp = stamp.ok_or(Refusal::Unreadable)?;
    let t: i64 = stamp.parse().map_err(|_| Refusal::Unreadable)?;
    let given: Vec<Vec<u8>> = given.into_iter().filter_map(|value| hex::decode(value).ok()).collect();
    if given.is_empty() {
        return Err(Refusal::Unreadable);
    }
    let mut matched = Choice::from(0);
    for secret in secrets {
        let wanted = mac(secret, stamp, body);
        for value in &given {
            matched |= value.as_slice().ct_eq(wanted.as_slice());
        }
    }
    if !bool::from(matched) {
        return Err(Refusal::Mismatch);
    }
    match now.timestamp().checked_sub(t) {
        Some(age) if age.abs() <= TOLERANCE_SECONDS => Ok(()),
        _ => Err(Refusal::Stale),
    }
}

fn mac(secret: &str, stamp: &str, body: &[u8]) -> Vec<u8> {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        unreachable!("HMAC takes keys of any length");
    };
    mac.update(stamp.as_bytes());
    mac.update(b".");
    mac.update(body);
    mac.finalize().into_bytes().to_vec()
}

#[cfg(test)]
mod tests {
    use chrono::Duration;

    use super::*;

    const BODY: &[u8] = br#"{"id":"evt_1"}"#;

    fn now() -> Timestamp {
        "2026-03-02T10:00:00Z".parse().unwrap()
    }

    fn secrets() -> Vec<String> {
        vec!["whsec_new".into(), "whsec_old".into()]
    }

    #[test]
    fn a_known_value() {
        // Computed with `printf '1772445600.{}' | openssl dgst -sha256 -hmac whsec_test`.
        let header = sign("whsec_test", now(), b"{}");
        assert_eq!(header, "t=1772445600,v1=7ed289eafd72a923a1e0d49522123bd9ab537ae5dfa3d4bf89de3b2ef4fe33e9");
    }

    #[test]
    fn either_secret_serves_while_one_is_replaced() {
        for secret in ["whsec_new", "whsec_old"] {
            assert_eq!(verify(&sign(secret, now(), BODY), BODY, &secrets(), now()), Ok(()));
        }
        let other = sign("whsec_other", now(), BODY);
        assert_eq!(verify(&other, BODY, &secrets(), now()), Err(Refusal::Mismatch));
        let value = sign("whsec_old", now(), BODY).split_once("v1=").unwrap().1.to_owned();
        assert_eq!(verify(&format!("{other},v1={value}"), BODY, &secrets(), now()), Ok(()));
    }

    #[test]
    fn body_and_stamp_are_both_signed() {
        let header = sign("whsec_new", now(), BODY);
        assert_eq!(verify(&header, br#"{"id":"evt_2"}"#, &secrets(), now()), Err(Refusal::Mismatch));
        let later = header.replace("t=17", "t=18");
        assert_eq!(verify(&later, BODY, &secrets(), now()), Err(Refusal::Mismatch));
        assert_eq!(verify(&header, BODY, &[], now()), Err(Refusal::Mismatch));
    }

    #[test]
    fn five_minutes_either_way() {
        for (seconds, wanted) in
            [(300, Ok(())), (301, Err(Refusal::Stale)), (-300, Ok(())), (-301, Err(Refusal::Stale))]
        {
            let header = sign("whsec_new", now() - Duration::seconds(seconds), BODY);
            assert_eq!(verify(&header, BODY, &secrets(), now()), wanted, "{seconds}");
        }
    }

    #[test]
    fn nonsense_is_unreadable() {
        for header in ["", "v1=ab", "t=1", "t=x,v1=ab", "t=1,v1=zz", "t=1772445600,v0=ab", "hello"] {
            assert_eq!(verify(header, BODY, &secrets(), now()), Err(Refusal::Unreadable), "{header}");
        }
    }
}
