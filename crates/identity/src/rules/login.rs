//! Locks and refusals around a login (R-ID-19..25).

use chrono::Duration;
use kernel::error::ErrorKind;
use kernel::{AppError, Timestamp};

use crate::entity::account_states::AccountState;

/// Failed logins from one address within [`IP_WINDOW`] that block it (R-ID-25).
pub const IP_FAILURES: usize = 20;
/// The window of [`IP_FAILURES`], and how long the block lasts.
pub const IP_WINDOW: Duration = Duration::hours(1);

/// The failures of one login, as stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Throttle {
    /// Consecutive failures.
    pub failures: i32,
    /// End of the running or last lock.
    pub locked_until: Option<Timestamp>,
}

/// The limits in force; settings of group auth (R-ID-23).
#[derive(Clone, Copy, Debug)]
pub struct LockPolicy {
    /// Failures that lock.
    pub max_attempts: i32,
    /// Minutes of the lock.
    pub minutes: i64,
}

impl Throttle {
    /// Seconds until a running lock ends; running locks keep their end when settings change (R-ID-24).
    pub fn locked_for(&self, now: Timestamp) -> Option<u64> {
        let left = self.locked_until?.signed_duration_since(now).num_seconds();
        u64::try_from(left).ok().filter(|left| *left > 0)
    }

    /// The state after one more failure: a lock that ended set the count to 0 before (R-ID-22). A guess that was under
    /// way when another one locked leaves the lock as it is (R-ID-24).
    pub fn failed(self, policy: LockPolicy, now: Timestamp) -> Self {
        if self.locked_until.is_some_and(|until| until > now) {
            return self;
        }
        let before = if self.locked_until.is_some_and(|until| until <= now) { 0 } else { self.failures };
        let failures = before.saturating_add(1);
        let locked_until = (failures >= policy.max_attempts).then(|| now + Duration::minutes(policy.minutes));
        Self { failures, locked_until }
    }
}

/// 423 with the seconds to wait.
pub fn locked(retry_after: u64) -> AppError {
    let detail = "Too many wrong tries. This login is locked for a while.";
    let mut error = AppError::new(ErrorKind::Locked, "account_locked", detail);
    error.retry_after = Some(retry_after);
    error
}

/// The failed instants inside the window, with the new one, and the end of the block they cause (R-ID-25).
pub fn ip_failed(failed_at: &[Timestamp], now: Timestamp) -> (Vec<Timestamp>, Option<Timestamp>) {
    let mut window: Vec<Timestamp> = failed_at.iter().copied().filter(|at| *at > now - IP_WINDOW).collect();
    window.push(now);
    let blocked = (window.len() >= IP_FAILURES).then(|| now + IP_WINDOW);
    (window, blocked)
}

/// What is known of an account besides its password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Whether the address was proven.
    pub verified: bool,
    /// State of patients and Hairline's staff.
    pub state: Option<AccountState>,
    /// End of a suspension.
    pub until: Option<Timestamp>,
    /// Why a member of a clinic is out.
    pub membership: Membership,
}

/// The standing of a member within the clinic, and of the clinic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Membership {
    /// Not clinic staff, or in good standing. A suspended clinic lets its staff in, to read.
    Fine,
    /// Suspended by the clinic or by Hairline.
    Suspended,
    /// Removed from the team.
    Removed,
    /// The clinic itself is out.
    ClinicInactive,
    /// Hairline switched this affiliate's portal off.
    PortalOff,
    /// An affiliate who was never let in or whose invitation was withdrawn.
    Closed,
}

impl Standing {
    /// Whether the account is over for good: nothing puts an address or a password back (R-ID-71).
    pub fn is_closed(&self) -> bool {
        let is_over = matches!(self.state, Some(AccountState::Deactivated | AccountState::Anonymised));
        is_over || matches!(self.membership, Membership::Removed | Membership::Closed)
    }

    /// Why this account may not enter although the password was right (R-ID-20); `None` lets it in.
    pub fn refusal(&self, now: Timestamp) -> Option<AppError> {
        match self.membership {
            Membership::Fine => {}
            Membership::Suspended => return Some(suspended(None)),
            Membership::Removed => {
                return Some(AppError::denied("membership_removed", "You no longer belong to this clinic's team."));
            }
            Membership::ClinicInactive => {
                return Some(AppError::denied("provider_inactive", "This clinic is no longer with Hairline."));
            }
            Membership::PortalOff => {
                return Some(AppError::denied("feature_disabled", "The affiliate portal is switched off for you."));
            }
            Membership::Closed => {
                return Some(AppError::denied("account_deactivated", "This account was closed."));
            }
        }
        match self.state {
            Some(AccountState::Suspended) if self.until.is_none_or(|until| now < until) => Some(suspended(self.until)),
            Some(AccountState::Deactivated | AccountState::Expired | AccountState::Anonymised) => {
                Some(AppError::denied("account_deactivated", "This account was closed."))
            }
            Some(AccountState::PendingVerification) => Some(unverified()),
            _ if !self.verified => Some(unverified()),
            _ => None,
        }
    }
}

fn unverified() -> AppError {
    AppError::denied("email_unverified", "Confirm your e-mail address first.")
}

fn suspended(until: Option<Timestamp>) -> AppError {
    let error = AppError::denied("account_suspended", "This account is suspended.");
    if let Some(until) = until { error.with("until", until) } else { error }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(clock: &str) -> Timestamp {
        format!("2026-03-02T{clock}Z").parse().unwrap()
    }

    const FIVE: LockPolicy = LockPolicy { max_attempts: 5, minutes: 15 };
    const SEVEN: LockPolicy = LockPolicy { max_attempts: 7, minutes: 10 };

    #[test]
    fn golden_2_lock() {
        let mut throttle = Throttle::default();
        for clock in ["10:00:00", "10:01:00", "10:02:00", "10:03:00"] {
            throttle = throttle.failed(FIVE, at(clock));
            assert_eq!(throttle.locked_for(at(clock)), None);
        }
        throttle = throttle.failed(FIVE, at("10:04:00"));
        assert_eq!(throttle.locked_until, Some(at("10:19:00")));
        assert_eq!(throttle.locked_for(at("10:18:59")), Some(1));
        assert_eq!(throttle.locked_for(at("10:19:00")), None);
        // After the lock the count starts anew, now with the policy of 7 and 10 minutes.
        for _ in 0..6 {
            throttle = throttle.failed(SEVEN, at("10:19:30"));
            assert_eq!(throttle.locked_for(at("10:19:30")), None);
        }
        throttle = throttle.failed(SEVEN, at("10:20:00"));
        assert_eq!((throttle.failures, throttle.locked_until), (7, Some(at("10:30:00"))));
    }

    #[test]
    fn twenty_failures_of_one_address_in_an_hour_block_it() {
        let spread: Vec<Timestamp> = (0..19).map(|i| at("09:00:30") + Duration::minutes(i)).collect();
        let (window, blocked) = ip_failed(&spread, at("10:00:00"));
        assert_eq!((window.len(), blocked), (20, Some(at("11:00:00"))));
        // The oldest is exactly an hour old and does not count.
        let (window, blocked) = ip_failed(&spread, at("10:00:30"));
        assert_eq!((window.len(), blocked), (19, None));
    }

    #[test]
    fn facts_of_an_account() {
        let fine =
            Standing { verified: true, state: Some(AccountState::Active), until: None, membership: Membership::Fine };
        let now = at("12:00:00");
        let code = |standing: Standing| standing.refusal(now).map(|error| error.code.into_owned());
        assert_eq!(code(fine.clone()), None);
        assert_eq!(code(Standing { verified: false, ..fine.clone() }).as_deref(), Some("email_unverified"));
        for (state, expected) in [
            (AccountState::PendingVerification, "email_unverified"),
            (AccountState::Suspended, "account_suspended"),
            (AccountState::Deactivated, "account_deactivated"),
            (AccountState::Anonymised, "account_deactivated"),
        ] {
            assert_eq!(code(Standing { state: Some(state), ..fine.clone() }).as_deref(), Some(expected));
        }
        for (membership, expected) in [
            (Membership::Suspended, "account_suspended"),
            (Membership::Removed, "membership_removed"),
            (Membership::ClinicInactive, "provider_inactive"),
        ] {
            assert_eq!(code(Standing { membership, ..fine.clone() }).as_deref(), Some(expected));
        }
        // A suspension that ended lets the account in even before the schedule has tidied up.
        let over = Standing { state: Some(AccountState::Suspended), until: Some(now), ..fine };
        assert_eq!(code(over), None);
    }
}
