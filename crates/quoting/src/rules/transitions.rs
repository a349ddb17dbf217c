//! Which status a quote may move to, and what the case's stage becomes (spec 4.2, Q1 to Q16).

use inquiry::entity::inquiries::InquiryStatus;

use crate::entity::quotes::{QuoteStatus, QuoteStatusReason};

/// What moves a quote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// Q2: the clinic submits its draft.
    Submit,
    /// Q4: the patient accepts.
    Accept,
    /// Q5: the patient declines.
    Decline,
    /// Q6: the hold ended unpaid.
    LapseHold,
    /// Q7: the initial amount is paid.
    Confirm,
    /// Q8: its time is over.
    Expire,
    /// Q9: the clinic withdraws.
    Withdraw,
    /// Q10: another offer was accepted.
    OtherAccepted,
    /// Q11: the patient cancelled the request.
    CancelInquiry,
    /// Q12: the draft was left alone too long.
    LapseDraft,
    /// Q16: check-in.
    StartTreatment,
    /// Q16: end of treatment.
    CompleteTreatment,
    /// Q16: end of aftercare.
    Finish,
    /// Q16: a paid booking is cancelled.
    CancelBooking,
    /// Q14: staff grant the clinic's wish to step back from an accepted offer.
    GrantWithdrawal,
    /// Q15: staff bring an offer back.
    Restore,
    /// Q15: staff bring a draft back.
    RestoreDraft,
}

/// Where a move leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// New status.
    pub status: QuoteStatus,
    /// Why, for cancelled ones.
    pub reason: Option<QuoteStatusReason>,
    /// New stage of the inquiry, when the case follows this quote.
    pub stage: Option<InquiryStatus>,
}

/// The target of a move from a status, or `None` when it is not allowed from there.
pub fn target(from: QuoteStatus, by: Move) -> Option<Target> {
    use QuoteStatus as S;
    let to = |status, stage| Some(Target { status, reason: None, stage });
    let cancelled = |reason, stage| Some(Target { status: S::Cancelled, reason: Some(reason), stage });
    match (by, from) {
        (Move::Submit, S::Inquiry) => to(S::Quote, Some(InquiryStatus::Quote)),
        (Move::Accept, S::Quote) => to(S::Accepted, Some(InquiryStatus::Accepted)),
        (Move::Decline, S::Quote) => to(S::Rejected, None),
        (Move::LapseHold, S::Accepted) => to(S::Quote, Some(InquiryStatus::Quote)),
        (Move::Confirm, S::Accepted) => to(S::Confirmed, Some(InquiryStatus::Confirmed)),
        (Move::Expire, S::Quote) => cancelled(QuoteStatusReason::Expired, None),
        (Move::Withdraw, S::Quote) => cancelled(QuoteStatusReason::Withdrawn, None),
        (Move::OtherAccepted, S::Quote | S::Inquiry) => cancelled(QuoteStatusReason::OtherAccepted, None),
        // Q11 reaches every quote that was not declined, dead ones too: the timeline keeps what they were before.
        (Move::CancelInquiry, S::Inquiry | S::Quote | S::Accepted | S::Cancelled) => {
            cancelled(QuoteStatusReason::InquiryCancelled, None)
        }
        (Move::LapseDraft, S::Inquiry) => cancelled(QuoteStatusReason::DraftLapsed, None),
        (Move::StartTreatment, S::Confirmed) => to(S::Inprogress, Some(InquiryStatus::Inprogress)),
        (Move::CompleteTreatment, S::Inprogress) => to(S::Aftercare, Some(InquiryStatus::Aftercare)),
        (Move::Finish, S::Aftercare) => to(S::Completed, Some(InquiryStatus::Completed)),
        (Move::CancelBooking, S::Confirmed) => {
            cancelled(QuoteStatusReason::BookingCancelled, Some(InquiryStatus::Cancelled))
        }
        (Move::GrantWithdrawal, S::Accepted) => {
            cancelled(QuoteStatusReason::ProviderWithdrawal, Some(InquiryStatus::Quote))
        }
        // Which of the cancelled ones may come back is decided by their reason: `restore`.
        (Move::Restore, S::Cancelled) => to(S::Quote, Some(InquiryStatus::Quote)),
        (Move::RestoreDraft, S::Cancelled) => to(S::Inquiry, None),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_moves_of_the_table_exist() {
        use QuoteStatus as S;
        let statuses = [
            S::Inquiry,
            S::Quote,
            S::Accepted,
            S::Confirmed,
            S::Inprogress,
            S::Aftercare,
            S::Completed,
            S::Rejected,
            S::Cancelled,
        ];
        let allowed: &[(Move, &[S])] = &[
            (Move::Submit, &[S::Inquiry]),
            (Move::Accept, &[S::Quote]),
            (Move::Decline, &[S::Quote]),
            (Move::LapseHold, &[S::Accepted]),
            (Move::Confirm, &[S::Accepted]),
            (Move::Expire, &[S::Quote]),
            (Move::Withdraw, &[S::Quote]),
            (Move::OtherAccepted, &[S::Inquiry, S::Quote]),
            (Move::CancelInquiry, &[S::Inquiry, S::Quote, S::Accepted, S::Cancelled]),
            (Move::LapseDraft, &[S::Inquiry]),
            (Move::StartTreatment, &[S::Confirmed]),
            (Move::CompleteTreatment, &[S::Inprogress]),
            (Move::Finish, &[S::Aftercare]),
            (Move::CancelBooking, &[S::Confirmed]),
            (Move::GrantWithdrawal, &[S::Accepted]),
            (Move::Restore, &[S::Cancelled]),
            (Move::RestoreDraft, &[S::Cancelled]),
        ];
        for (by, froms) in allowed {
            for from in statuses {
                assert_eq!(target(from, *by).is_some(), froms.contains(&from), "{by:?} from {from:?}");
            }
        }
    }

    #[test]
    fn the_case_follows_its_booking() {
        let stage = |from, by| target(from, by).unwrap().stage;
        assert_eq!(stage(QuoteStatus::Accepted, Move::Confirm), Some(InquiryStatus::Confirmed));
        assert_eq!(stage(QuoteStatus::Accepted, Move::LapseHold), Some(InquiryStatus::Quote));
        assert_eq!(stage(QuoteStatus::Aftercare, Move::Finish), Some(InquiryStatus::Completed));
        assert_eq!(stage(QuoteStatus::Quote, Move::Decline), None);
        assert_eq!(stage(QuoteStatus::Accepted, Move::GrantWithdrawal), Some(InquiryStatus::Quote));
        assert_eq!(stage(QuoteStatus::Cancelled, Move::Restore), Some(InquiryStatus::Quote));
    }
}
