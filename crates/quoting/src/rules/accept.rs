//! Whether a patient may take an offer now (R-IQ-50..54).

use chrono::Duration;
use inquiry::entity::inquiries::InquiryStatus;
use kernel::ids::QuoteId;
use kernel::{AppError, Money, Timestamp};

use crate::entity::quotes::{QuoteStatus, QuoteStatusReason};

/// How far ahead a slot must start (R-PY-01).
pub const LEAD_TIME: Duration = Duration::hours(24);

/// What the decision depends on, read under the lock of the case.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The offer asked for.
    pub quote: QuoteId,
    /// Its status.
    pub status: QuoteStatus,
    /// Detail of a cancelled one.
    pub reason: Option<QuoteStatusReason>,
    /// Archived by the clinic.
    pub archived: bool,
    /// End of its validity.
    pub expires_at: Option<Timestamp>,
    /// Its version now.
    pub version: i32,
    /// Its total now.
    pub total: Money,
    /// Start of its slot.
    pub slot_at: Option<Timestamp>,
    /// Stage of the inquiry.
    pub stage: InquiryStatus,
    /// The offer accepted before, if any.
    pub accepted: Option<QuoteId>,
    /// The clinic is active; a paused intake does not matter.
    pub provider_active: bool,
}

/// What the patient saw and ticked.
#[derive(Clone, Copy, Debug)]
pub struct Ask {
    /// Version of the offer on the screen.
    pub version: i32,
    /// Total on the screen.
    pub expected_total: Money,
    /// Terms ticked.
    pub terms: bool,
}

/// The verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Take it now.
    Take,
    /// It was taken before by the same patient: same answer, nothing new (R-IQ-52).
    AlreadyTaken,
}

/// Why an offer cannot be taken. Every variant is something the patient can act on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The terms are not ticked.
    #[error("The terms have to be accepted.")]
    TermsMissing,
    /// Another offer of the request was taken.
    #[error("Another offer was already accepted for this request.")]
    AnotherAccepted,
    /// The request is cancelled or over.
    #[error("This request is no longer open.")]
    NotActive,
    /// The clinic is suspended or closed.
    #[error("The clinic cannot take bookings at the moment.")]
    ProviderUnavailable,
    /// Its time is over.
    #[error("This offer has ended.")]
    Expired,
    /// Withdrawn, declined, cancelled, archived or never sent.
    #[error("This offer is no longer available.")]
    NotAvailable,
    /// The clinic changed it meanwhile.
    #[error("The clinic changed this offer. Please read version {current}.")]
    Changed {
        /// The version to read.
        current: i32,
    },
    /// The total differs from what was shown.
    #[error("The price is {current}, not what was shown.")]
    PriceChanged {
        /// The total now.
        current: Money,
    },
    /// Less than a day to the slot, or taken by somebody else.
    #[error("This appointment is no longer free.")]
    SlotUnavailable,
}

impl From<Refusal> for AppError {
    fn from(why: Refusal) -> Self {
        let sentence = why.to_string();
        match why {
            Refusal::TermsMissing => Self::field("terms", "terms_required", sentence),
            Refusal::AnotherAccepted => Self::conflict("inquiry_already_accepted", sentence),
            Refusal::NotActive => Self::conflict("inquiry_not_active", sentence),
            Refusal::ProviderUnavailable => Self::conflict("provider_unavailable", sentence),
            Refusal::Expired => Self::conflict("quote_expired", sentence),
            Refusal::NotAvailable => Self::conflict("quote_not_available", sentence),
            Refusal::Changed { current } => Self::conflict("quote_changed", sentence).with("current_version", current),
            Refusal::PriceChanged { current } => {
                Self::conflict("price_changed", sentence).with("current_total", current)
            }
            Refusal::SlotUnavailable => Self::conflict("slot_unavailable", sentence),
        }
    }
}

/// Decides whether the offer can be taken at `now`.
///
/// Asking twice is not an error: phones retry, and the second call changes nothing. Expiry is judged by the clock here,
/// so a late job cannot lend an offer more time.
pub fn decide(facts: &Facts, ask: &Ask, now: Timestamp) -> Result<Decision, Refusal> {
    let taken = matches!(
        facts.status,
        QuoteStatus::Accepted
            | QuoteStatus::Confirmed
            | QuoteStatus::Inprogress
            | QuoteStatus::Aftercare
            | QuoteStatus::Completed
    );
    match facts.accepted {
        Some(id) if id == facts.quote && taken => return Ok(Decision::AlreadyTaken),
        Some(_) => return Err(Refusal::AnotherAccepted),
        None => {}
    }
    if facts.stage != InquiryStatus::Quote {
        return Err(Refusal::NotActive);
    }
    if !ask.terms {
        return Err(Refusal::TermsMissing);
    }
    if facts.reason == Some(QuoteStatusReason::Expired) {
        return Err(Refusal::Expired);
    }
    if facts.status != QuoteStatus::Quote || facts.archived {
        return Err(Refusal::NotAvailable);
    }
    if facts.expires_at.is_none_or(|end| now >= end) {
        return Err(Refusal::Expired);
    }
    if !facts.provider_active {
        return Err(Refusal::ProviderUnavailable);
    }
    if facts.version != ask.version {
        return Err(Refusal::Changed { current: facts.version });
    }
    if facts.total != ask.expected_total {
        return Err(Refusal::PriceChanged { current: facts.total });
    }
    if facts.slot_at.is_none_or(|start| start < now + LEAD_TIME) {
        return Err(Refusal::SlotUnavailable);
    }
    Ok(Decision::Take)
}

#[cfg(test)]
mod tests {
    use kernel::{Amount, Currency};

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn facts() -> Facts {
        Facts {
            quote: QuoteId::new(),
            status: QuoteStatus::Quote,
            reason: None,
            archived: false,
            expires_at: Some(at("2026-03-06T18:30:00Z")),
            version: 2,
            total: Money::new(Amount::from_units(8950), Currency::GBP),
            slot_at: Some(at("2026-05-12T06:00:00Z")),
            stage: InquiryStatus::Quote,
            accepted: None,
            provider_active: true,
        }
    }

    fn ask() -> Ask {
        Ask { version: 2, expected_total: Money::new(Amount::from_units(8950), Currency::GBP), terms: true }
    }

    const NOON: &str = "2026-03-06T12:00:00Z";

    #[test]
    fn gs_5_an_offer_ends_on_the_second() {
        assert_eq!(decide(&facts(), &ask(), at("2026-03-06T18:29:59Z")), Ok(Decision::Take));
        assert_eq!(decide(&facts(), &ask(), at("2026-03-06T18:30:00Z")), Err(Refusal::Expired));
    }

    #[test]
    fn the_slot_starts_a_day_ahead_at_least() {
        let near = Facts { slot_at: Some(at("2026-03-07T12:00:00Z")), ..facts() };
        assert_eq!(decide(&near, &ask(), at(NOON)), Ok(Decision::Take));
        assert_eq!(decide(&near, &ask(), at("2026-03-06T12:00:01Z")), Err(Refusal::SlotUnavailable));
        assert_eq!(decide(&Facts { slot_at: None, ..facts() }, &ask(), at(NOON)), Err(Refusal::SlotUnavailable));
    }

    #[test]
    fn every_refusal_has_its_reason() {
        let total = Money::new(Amount::from_units(9000), Currency::GBP);
        let cases: Vec<(Facts, Ask, Refusal)> = vec![
            (facts(), Ask { terms: false, ..ask() }, Refusal::TermsMissing),
            (facts(), Ask { version: 1, ..ask() }, Refusal::Changed { current: 2 }),
            (Facts { total, ..facts() }, ask(), Refusal::PriceChanged { current: total }),
            (Facts { status: QuoteStatus::Cancelled, ..facts() }, ask(), Refusal::NotAvailable),
            (
                Facts { status: QuoteStatus::Cancelled, reason: Some(QuoteStatusReason::Expired), ..facts() },
                ask(),
                Refusal::Expired,
            ),
            (Facts { status: QuoteStatus::Inquiry, ..facts() }, ask(), Refusal::NotAvailable),
            (Facts { archived: true, ..facts() }, ask(), Refusal::NotAvailable),
            (Facts { provider_active: false, ..facts() }, ask(), Refusal::ProviderUnavailable),
            (Facts { stage: InquiryStatus::Cancelled, ..facts() }, ask(), Refusal::NotActive),
            (Facts { accepted: Some(QuoteId::new()), ..facts() }, ask(), Refusal::AnotherAccepted),
        ];
        for (facts, ask, refusal) in cases {
            assert_eq!(decide(&facts, &ask, at(NOON)), Err(refusal));
        }
    }

    #[test]
    fn asking_again_is_the_same_acceptance() {
        let base = facts();
        let taken =
            Facts { accepted: Some(base.quote), status: QuoteStatus::Accepted, stage: InquiryStatus::Accepted, ..base };
        assert_eq!(decide(&taken, &Ask { version: 1, ..ask() }, at(NOON)), Ok(Decision::AlreadyTaken));
    }
}
