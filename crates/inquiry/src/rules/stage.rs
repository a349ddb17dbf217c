//! What a stage allows.

use crate::entity::inquiries::InquiryStatus;

/// Whether a patient may still cancel the case (R-IQ-60).
pub fn may_cancel(stage: InquiryStatus) -> bool {
    matches!(stage, InquiryStatus::Inquiry | InquiryStatus::Quote | InquiryStatus::Accepted)
}

/// Whether the case counts as the patient's one active inquiry (R-IQ-02).
pub fn is_active(stage: InquiryStatus) -> bool {
    ACTIVE.contains(&stage)
}

/// Whether clinics may still answer (R-IQ-30).
pub fn takes_quotes(stage: InquiryStatus) -> bool {
    matches!(stage, InquiryStatus::Inquiry | InquiryStatus::Quote)
}

/// Whether staff may put the case away: nothing can happen to it any more (4.1).
pub fn may_archive(stage: InquiryStatus) -> bool {
    matches!(stage, InquiryStatus::Cancelled | InquiryStatus::Expired | InquiryStatus::Completed)
}

/// The stages that count as active: the unique index of `inquiries` says the same.
pub const ACTIVE: [InquiryStatus; 5] = [
    InquiryStatus::Inquiry,
    InquiryStatus::Quote,
    InquiryStatus::Accepted,
    InquiryStatus::Confirmed,
    InquiryStatus::Inprogress,
];

#[cfg(test)]
mod tests {
    use sea_orm::Iterable;

    use super::*;

    #[test]
    fn what_each_stage_allows() {
        use InquiryStatus::*;
        let which =
            |allows: fn(InquiryStatus) -> bool| InquiryStatus::iter().filter(|s| allows(*s)).collect::<Vec<_>>();
        assert_eq!(which(may_cancel), [Inquiry, Quote, Accepted]);
        assert_eq!(which(is_active), [Inquiry, Quote, Accepted, Confirmed, Inprogress]);
        assert_eq!(which(takes_quotes), [Inquiry, Quote]);
        assert_eq!(which(may_archive), [Completed, Cancelled, Expired]);
    }
}
