//! Whether staff may bring a quote back, and as what (Q15).

use inquiry::entity::inquiries::InquiryStatus;
use kernel::ids::QuoteId;
use kernel::{AppError, AppResult};

use super::accept::Refusal;
use crate::entity::quotes::{QuoteStatus, QuoteStatusReason};

/// What the decision depends on, read under the lock of the case.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    /// Its status.
    pub status: QuoteStatus,
    /// Why it ended.
    pub reason: Option<QuoteStatusReason>,
    /// Archived by the clinic.
    pub archived: bool,
    /// Whether it ever went out.
    pub sent: bool,
    /// Stage of the inquiry.
    pub stage: InquiryStatus,
    /// The offer accepted on the inquiry, if any.
    pub accepted: Option<QuoteId>,
    /// The clinic is active and still has the case.
    pub clinic_takes_part: bool,
}

/// How a quote comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// On offer again, with a fresh validity.
    Offer,
    /// As the clinic's draft.
    Draft,
    /// Out of the archive, dead as it was.
    Unarchived,
}

/// Decides how a quote comes back. A cancelled request brings nothing back, and neither does a word of the patient.
pub fn decide(facts: &Facts) -> AppResult<Way> {
    use QuoteStatusReason::{DraftLapsed, Expired, OtherAccepted, Withdrawn};
    let way = match (facts.status, facts.reason) {
        (QuoteStatus::Cancelled, Some(Expired | Withdrawn | OtherAccepted | DraftLapsed)) => {
            if facts.sent {
                Way::Offer
            } else {
                Way::Draft
            }
        }
        (QuoteStatus::Inquiry, _) if facts.archived => Way::Draft,
        (QuoteStatus::Cancelled | QuoteStatus::Rejected, _) if facts.archived => return Ok(Way::Unarchived),
        _ => return Err(AppError::conflict("restore_not_allowed", "This quote cannot be brought back.")),
    };
    if facts.accepted.is_some() {
        return Err(Refusal::AnotherAccepted.into());
    }
    if !matches!(facts.stage, InquiryStatus::Inquiry | InquiryStatus::Quote) {
        return Err(Refusal::NotActive.into());
    }
    if !facts.clinic_takes_part {
        return Err(Refusal::ProviderUnavailable.into());
    }
    Ok(way)
}

#[cfg(test)]
mod tests {
    use sea_orm::Iterable;

    use super::*;

    fn dead(reason: QuoteStatusReason) -> Facts {
        Facts {
            status: QuoteStatus::Cancelled,
            reason: Some(reason),
            archived: false,
            sent: true,
            stage: InquiryStatus::Quote,
            accepted: None,
            clinic_takes_part: true,
        }
    }

    #[test]
    fn q15_only_four_endings_can_be_undone() {
        use QuoteStatusReason::{DraftLapsed, Expired, OtherAccepted, Withdrawn};
        for reason in QuoteStatusReason::iter() {
            let may = matches!(reason, Expired | Withdrawn | OtherAccepted | DraftLapsed);
            assert_eq!(decide(&dead(reason)).is_ok(), may, "{reason:?}");
        }
        assert_eq!(decide(&dead(Expired)).unwrap(), Way::Offer);
        assert_eq!(decide(&Facts { sent: false, ..dead(DraftLapsed) }).unwrap(), Way::Draft);
        for status in QuoteStatus::iter().filter(|status| *status != QuoteStatus::Cancelled) {
            let facts = Facts { status, reason: None, ..dead(Expired) };
            assert_eq!(decide(&facts).unwrap_err().code, "restore_not_allowed", "{status:?}");
        }
    }

    #[test]
    fn q15_every_guard_refuses() {
        let expired = dead(QuoteStatusReason::Expired);
        for (facts, code) in [
            (Facts { accepted: Some(QuoteId::new()), ..expired }, "inquiry_already_accepted"),
            (Facts { stage: InquiryStatus::Cancelled, ..expired }, "inquiry_not_active"),
            (Facts { stage: InquiryStatus::Expired, ..expired }, "inquiry_not_active"),
            (Facts { clinic_takes_part: false, ..expired }, "provider_unavailable"),
            (dead(QuoteStatusReason::InquiryCancelled), "restore_not_allowed"),
        ] {
            assert_eq!(decide(&facts).unwrap_err().code, code);
        }
    }

    #[test]
    fn only_staff_take_out_of_the_archive_and_the_dead_stay_dead() {
        let archived = |facts: Facts| Facts { archived: true, ..facts };
        let declined = Facts { status: QuoteStatus::Rejected, reason: None, ..dead(QuoteStatusReason::Expired) };
        assert_eq!(decide(&archived(declined)).unwrap(), Way::Unarchived);
        let cancelled = Facts { stage: InquiryStatus::Cancelled, ..dead(QuoteStatusReason::InquiryCancelled) };
        assert_eq!(decide(&archived(cancelled)).unwrap(), Way::Unarchived);
        let draft =
            Facts { status: QuoteStatus::Inquiry, reason: None, sent: false, ..dead(QuoteStatusReason::Expired) };
        assert_eq!(decide(&archived(draft)).unwrap(), Way::Draft);
        assert_eq!(decide(&archived(dead(QuoteStatusReason::Withdrawn))).unwrap(), Way::Offer);
    }
}
