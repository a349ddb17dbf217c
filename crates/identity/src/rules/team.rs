//! Seats, roles of a clinic's team and the life of an invitation (R-ID-51..54).

use chrono::Duration;
use kernel::error::ErrorKind;
use kernel::{AppError, Timestamp};
use serde::{Deserialize, Serialize};

/// The role of the one owner; nobody is invited into it.
pub const OWNER: &str = "provider_owner";
/// The role of a clinician without login.
pub const CLINICAL: &str = "provider_clinical";
/// The roles a clinic may give.
pub const GIVEN_ROLES: [&str; 3] = ["provider_manager", CLINICAL, "provider_billing"];
/// Clinicians without login per clinic (R-ID-73).
pub const MOST_CLINICIANS: usize = 100;
/// Invitation mails of one clinic per rolling hour, resends included (R-ID-52).
pub const SENDS_PER_HOUR: usize = 10;

/// What a clinic's limit may be.
pub const SEAT_LIMITS: std::ops::RangeInclusive<u64> = 1..=500;

/// Where a role stands in the list of a team: the owner first.
pub fn rank(role: &str) -> usize {
    GIVEN_ROLES.iter().position(|given| *given == role).map_or(if role == OWNER { 0 } else { 9 }, |place| place + 1)
}

/// The seats of a clinic (R-ID-53).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Seats {
    /// As many accounts the clinic may have.
    #[schema(example = 100)]
    pub limit: u64,
    /// Members who can sign in, and running invitations.
    #[schema(example = 12)]
    pub used: u64,
}

impl Seats {
    /// Seats left; none when the limit was lowered below the use.
    pub fn left(self) -> u64 {
        self.limit.saturating_sub(self.used)
    }

    /// How much of the limit is taken, at most 100.
    pub fn percent(self) -> u32 {
        u32::try_from(self.used.saturating_mul(100) / self.limit.max(1)).unwrap_or(100).min(100)
    }

    /// Refuses with 409 `seat_limit_reached` when there is no seat for one more.
    pub fn require_one(self) -> Result<(), AppError> {
        if self.left() > 0 {
            return Ok(());
        }
        Err(AppError::conflict("seat_limit_reached", "Every seat of the clinic is taken.")
            .with("seat_limit", self.limit))
    }
}

/// Where an invitation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum InvitationState {
    /// The mail is on its way.
    PendingSend,
    /// The mail was handed over.
    Pending,
    /// Somebody came.
    Accepted,
    /// Nobody came in time.
    Expired,
    /// Taken back.
    Cancelled,
    /// The mail could not be delivered.
    Bounced,
}

impl InvitationState {
    /// Its stored word.
    pub fn word(self) -> &'static str {
        match self {
            Self::PendingSend => "pending_send",
            Self::Pending => "pending",
            Self::Accepted => "accepted",
            Self::Expired => "expired",
            Self::Cancelled => "cancelled",
            Self::Bounced => "bounced",
        }
    }

    /// The state as of now: an invitation ends at its instant, whether or not the schedule came by.
    pub fn at(self, expires_at: Timestamp, now: Timestamp) -> Self {
        match self {
            Self::PendingSend | Self::Pending if now >= expires_at => Self::Expired,
            other => other,
        }
    }

    /// Whether somebody may still come; such an invitation holds a seat.
    pub fn is_live(self) -> bool {
        matches!(self, Self::PendingSend | Self::Pending)
    }

    /// Whether a new mail may be sent for it. Accepted and cancelled ones are over.
    pub fn may_resend(self) -> bool {
        !matches!(self, Self::Accepted | Self::Cancelled)
    }

    /// Refuses what cannot be accepted any more: 409 `invitation_used`, 410 `invitation_expired` or
    /// `invitation_cancelled`.
    pub fn require_live(self) -> Result<(), AppError> {
        let gone = |code: &'static str, detail: &str| Err(AppError::new(ErrorKind::Gone, code, detail));
        match self {
            Self::PendingSend | Self::Pending => Ok(()),
            Self::Accepted => Err(AppError::conflict("invitation_used", "This invitation was used already.")),
            Self::Cancelled => gone("invitation_cancelled", "This invitation was taken back."),
            Self::Expired | Self::Bounced => gone("invitation_expired", "This invitation has ended."),
        }
    }
}

/// How long to wait after so many failed deliveries: three quick tries, then every ten minutes for a day; nothing means
/// to give up.
pub fn retry_in(failures: i32) -> Option<Duration> {
    const SLOW_TRIES: i32 = 24 * 6;
    match failures {
        ..=1 => Some(Duration::seconds(1)),
        2 => Some(Duration::seconds(4)),
        3 => Some(Duration::seconds(16)),
        n if n <= 3 + SLOW_TRIES => Some(Duration::minutes(10)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_id_53_seats() {
        assert_eq!(Seats { limit: 3, used: 2 }.left(), 1);
        assert_eq!(Seats { limit: 3, used: 3 }.require_one().unwrap_err().code, "seat_limit_reached");
        // Lowered below the use: nothing breaks, nobody more comes.
        assert_eq!(Seats { limit: 3, used: 5 }.left(), 0);
    }

    #[test]
    fn golden_7_an_invitation_ends_exactly_at_its_instant() {
        let end: Timestamp = "2026-06-08T08:00:00Z".parse().unwrap();
        let pending = InvitationState::Pending;
        assert_eq!(pending.at(end, end - Duration::seconds(1)), InvitationState::Pending);
        assert_eq!(pending.at(end, end), InvitationState::Expired);
        assert_eq!(InvitationState::Cancelled.at(end, end), InvitationState::Cancelled);
    }

    #[test]
    fn deliveries_are_tried_three_times_quickly_then_for_a_day() {
        let quick: Vec<i64> = (1..=3).map(|n| retry_in(n).unwrap().num_seconds()).collect();
        assert_eq!(quick, [1, 4, 16]);
        let slow: i64 = (4..).map_while(retry_in).map(|wait| wait.num_seconds()).sum();
        assert_eq!(slow, 24 * 3600);
    }

    #[test]
    fn the_owner_comes_first() {
        let mut roles = ["provider_billing", "provider_owner", "provider_clinical", "provider_manager"];
        roles.sort_by_key(|role| rank(role));
        assert_eq!(roles, ["provider_owner", "provider_manager", "provider_clinical", "provider_billing"]);
    }
}
