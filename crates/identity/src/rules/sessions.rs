//! How long a login lasts (R-ID-33, 34).

use chrono::Duration;
use kernel::{Guard, Timestamp};

/// Life of an access token, everywhere.
pub const ACCESS_LIFETIME: Duration = Duration::minutes(15);
/// How long after its use a second presentation of a refresh token is taken for a race and not for theft (R-ID-35).
pub const REUSE_GRACE: Duration = Duration::seconds(10);

/// The limits of a guard's sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Without use the session ends after this.
    pub idle: Duration,
    /// However much used, it ends after this.
    pub cap: Duration,
    /// Sessions at the same time; one more ends the least recently used.
    pub concurrent: usize,
}

/// The limits of a guard; `admin_sessions` is the setting for Hairline's staff.
pub fn policy(guard: Guard, admin_sessions: usize) -> Policy {
    match guard {
        Guard::Patient => Policy { idle: Duration::hours(24), cap: Duration::days(30), concurrent: 10 },
        Guard::Provider | Guard::Affiliate => {
            Policy { idle: Duration::hours(24), cap: Duration::days(7), concurrent: 5 }
        }
        Guard::Api => Policy { idle: Duration::hours(8), cap: Duration::hours(24), concurrent: admin_sessions },
    }
}

/// The idle deadline of a new refresh token, never past the session's cap (R-ID-34).
pub fn refresh_until(policy: Policy, now: Timestamp, cap_at: Timestamp) -> Timestamp {
    (now + policy.idle).min(cap_at)
}

/// What presenting a refresh token means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presented {
    /// Exchange it.
    Live,
    /// Another request of the same client just exchanged it: say so, touch nothing.
    JustRotated,
    /// Used long ago: somebody copied it. The whole family ends.
    Reused,
    /// Ended or revoked.
    Dead,
}

/// Judges a refresh token by what is stored of it (R-ID-34..36).
pub fn judge(used_at: Option<Timestamp>, revoked: bool, expires_at: Timestamp, now: Timestamp) -> Presented {
    match used_at {
        Some(at) if now - at <= REUSE_GRACE => Presented::JustRotated,
        Some(_) => Presented::Reused,
        None if revoked || now >= expires_at => Presented::Dead,
        None => Presented::Live,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(clock: &str) -> Timestamp {
        format!("2026-03-02T{clock}Z").parse().unwrap()
    }

    #[test]
    fn golden_3_deadlines() {
        let provider = policy(Guard::Provider, 3);
        let login = at("12:00:00");
        assert_eq!(refresh_until(provider, login, login + provider.cap), login + Duration::hours(24));
        // On the last day the cap comes first.
        let late = login + Duration::days(6) + Duration::hours(12);
        assert_eq!(refresh_until(provider, late, login + provider.cap), login + Duration::days(7));
    }

    #[test]
    fn golden_3_reuse() {
        let end = at("23:00:00");
        assert_eq!(judge(None, false, end, at("12:14:00")), Presented::Live);
        assert_eq!(judge(Some(at("12:14:00")), true, end, at("12:14:05")), Presented::JustRotated);
        assert_eq!(judge(Some(at("12:14:00")), true, end, at("12:20:00")), Presented::Reused);
        assert_eq!(judge(None, true, end, at("12:14:00")), Presented::Dead);
        assert_eq!(judge(None, false, end, end), Presented::Dead);
    }

    #[test]
    fn r_id_33_limits_per_guard() {
        assert_eq!(policy(Guard::Patient, 3).concurrent, 10);
        assert_eq!(policy(Guard::Provider, 3).concurrent, 5);
        assert_eq!(policy(Guard::Api, 2).concurrent, 2);
        assert_eq!(policy(Guard::Api, 3).idle, Duration::hours(8));
    }
}
