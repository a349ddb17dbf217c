//! E-mail codes: how often one may be sent, when one is good (R-ID-03..08).

use chrono::Duration;
use kernel::Timestamp;

/// How long a registration token lives (R-ID-08).
pub const TOKEN_LIFETIME: Duration = Duration::hours(24);
/// Wrong tries after which a code is dead where no setting says otherwise (R-ID-06), and after which a second factor is
/// (R-ID-28).
pub const MAX_ATTEMPTS: i32 = 5;
/// The rolling window of sends (R-ID-05).
const WINDOW: Duration = Duration::seconds(3600);

/// The limits of sending; settings of group auth.
#[derive(Clone, Copy, Debug)]
pub struct SendLimits {
    /// Seconds between two sends.
    pub pause_seconds: i64,
    /// Sends per rolling hour, the first included.
    pub per_hour: usize,
}

/// When a send becomes possible again: `None` means now, else the seconds to wait (R-ID-05).
///
/// `sent` holds the instants of earlier sends to the address, in any order; those outside the hour do not count.
pub fn wait_before_send(limits: SendLimits, sent: &[Timestamp], now: Timestamp) -> Option<u64> {
    let mut counted: Vec<Timestamp> = sent.iter().copied().filter(|at| *at > now - WINDOW).collect();
    counted.sort_unstable();
    let pause = counted.last().map_or(Duration::zero(), |last| *last + Duration::seconds(limits.pause_seconds) - now);
    let full = counted.len().checked_sub(limits.per_hour).and_then(|surplus| counted.get(surplus));
    // The window has room again when the oldest send that fills it leaves the hour.
    let window = full.map_or(Duration::zero(), |oldest| *oldest + WINDOW - now);
    let wait = pause.max(window).num_seconds();
    u64::try_from(wait).ok().filter(|wait| *wait > 0)
}

/// A live code, as far as the decision needs it.
#[derive(Clone, Copy, Debug)]
pub struct LiveCode {
    /// When the code ends.
    pub expires_at: Timestamp,
    /// When the token beside it ends.
    pub token_expires_at: Option<Timestamp>,
    /// Wrong tries so far.
    pub attempts: i32,
    /// Wrong tries that kill it.
    pub most_attempts: i32,
    /// Used, or killed by a newer one.
    pub spent: bool,
}

impl LiveCode {
    /// Whether the token still opens anything.
    pub fn token_is_good(&self, now: Timestamp) -> bool {
        !self.spent && self.token_expires_at.is_none_or(|end| now < end)
    }

    /// Whether the right digits would be taken now.
    pub fn is_good(&self, now: Timestamp) -> bool {
        self.token_is_good(now) && now < self.expires_at && self.attempts < self.most_attempts
    }
}

/// Exactly six ASCII digits (5.2).
pub fn is_code(text: &str) -> bool {
    text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(clock: &str) -> Timestamp {
        format!("2026-03-02T{clock}Z").parse().unwrap()
    }

    const LIMITS: SendLimits = SendLimits { pause_seconds: 60, per_hour: 5 };

    #[test]
    fn golden_1_sends() {
        let sent = |until: usize| -> Vec<Timestamp> {
            ["09:00:00", "09:01:00", "09:02:00", "09:03:00", "09:04:00"].iter().take(until).map(|c| at(c)).collect()
        };
        assert_eq!(wait_before_send(LIMITS, &[], at("09:00:00")), None);
        assert_eq!(wait_before_send(LIMITS, &sent(1), at("09:00:30")), Some(30));
        assert_eq!(wait_before_send(LIMITS, &sent(1), at("09:01:00")), None);
        assert_eq!(wait_before_send(LIMITS, &sent(5), at("09:05:00")), Some(3300));
        assert_eq!(wait_before_send(LIMITS, &sent(5), at("09:59:59")), Some(1));
        assert_eq!(wait_before_send(LIMITS, &sent(5), at("10:00:00")), None);
    }

    #[test]
    fn the_longer_wait_is_told() {
        let sent = [at("09:00:00"), at("09:10:00"), at("09:20:00"), at("09:30:00"), at("09:59:50")];
        // The window opens at 10:00:00, the pause ends at 10:00:50.
        assert_eq!(wait_before_send(LIMITS, &sent, at("09:59:55")), Some(55));
    }

    #[test]
    fn a_code_ends_on_the_second_and_after_five_wrong_tries() {
        let code = LiveCode {
            expires_at: at("09:19:00"),
            token_expires_at: None,
            attempts: 4,
            most_attempts: MAX_ATTEMPTS,
            spent: false,
        };
        assert!(code.is_good(at("09:18:59")));
        assert!(!code.is_good(at("09:19:00")));
        assert!(!LiveCode { attempts: 5, ..code }.is_good(at("09:05:00")));
        assert!(!LiveCode { most_attempts: 3, ..code }.is_good(at("09:05:00")));
        assert!(!LiveCode { spent: true, ..code }.is_good(at("09:05:00")));
        assert!(!LiveCode { token_expires_at: Some(at("09:05:00")), ..code }.is_good(at("09:05:00")));
    }

    #[test]
    fn codes_keep_leading_zeros_and_are_digits_only() {
        assert!(is_code("000123"));
        for bad in ["123", "1234567", "12345a", "١٢٣٤٥٦", ""] {
            assert!(!is_code(bad), "{bad}");
        }
    }
}
