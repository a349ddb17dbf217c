//! Whether a discount may stand on a quote (R-IQ-46, R-PY-47, R-FN-01, R-FN-07, R-FN-11).

use chrono::NaiveDate;

use crate::entity::quotes::QuoteDiscountFunding;

/// What a decision on a discount is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Neither a draft nor paused nor archived.
    pub active: bool,
    /// It can be chosen in the editor, and is not for the patient's checkout alone.
    pub in_editor: bool,
    /// First day, by the UTC calendar.
    pub starts: Option<NaiveDate>,
    /// Last day, by the UTC calendar.
    pub ends: Option<NaiveDate>,
    /// How often it may be used.
    pub limit: Option<i32>,
    /// How often it was used.
    pub used: i32,
    /// Who pays for it.
    pub funding: QuoteDiscountFunding,
    /// It belongs to this clinic.
    pub own: bool,
    /// This clinic agreed to share its cost.
    pub accepted: bool,
}

/// Why a discount cannot stand on a quote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// There is none, or it is not this clinic's to give.
    Unknown,
    /// A draft, paused or archived.
    Inactive,
    /// It begins later.
    NotStarted,
    /// Its days are over.
    Expired,
    /// It was used as often as it may.
    UsedUp,
    /// The clinic has not agreed to share its cost.
    NotAccepted,
    /// There is no amount of it in the quote's currency.
    Currency,
    /// Less than one unit of the currency would be left to pay.
    TooLarge,
}

impl Why {
    /// Its word in an answer.
    pub fn name(self) -> &'static str {
        self.code().trim_start_matches("discount_")
    }

    /// The code beside the field.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unknown => "discount_unknown",
            Self::Inactive => "discount_inactive",
            Self::NotStarted => "discount_not_started",
            Self::Expired => "discount_expired",
            Self::UsedUp => "discount_used_up",
            Self::NotAccepted => "discount_not_accepted",
            Self::Currency => "discount_currency",
            Self::TooLarge => "discount_too_large",
        }
    }

    /// A sentence for whoever chose it.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Unknown => "Choose a discount of your clinic.",
            Self::Inactive => "This discount is not active.",
            Self::NotStarted => "This discount has not begun.",
            Self::Expired => "This discount has ended.",
            Self::UsedUp => "This discount was used as often as it may be.",
            Self::NotAccepted => "Your clinic has not agreed to this discount.",
            Self::Currency => "This discount has no amount in the currency of the quote.",
            Self::TooLarge => "At least 1.00 must be left to pay.",
        }
    }
}

/// Whether a discount may be put on a quote that goes out today. A discount the platform pays for is never a clinic's to
/// give (R-FN-16).
pub fn usable(facts: &Facts, today: NaiveDate) -> Result<(), Why> {
    let theirs = match facts.funding {
        QuoteDiscountFunding::Provider => facts.own,
        QuoteDiscountFunding::Both => true,
        QuoteDiscountFunding::Platform => false,
    };
    if !theirs || !facts.in_editor {
        return Err(Why::Unknown);
    }
    if facts.funding == QuoteDiscountFunding::Both && !facts.accepted {
        return Err(Why::NotAccepted);
    }
    if !facts.active {
        return Err(Why::Inactive);
    }
    if facts.starts.is_some_and(|first| today < first) {
        return Err(Why::NotStarted);
    }
    if facts.ends.is_some_and(|last| today > last) {
        return Err(Why::Expired);
    }
    if facts.limit.is_some_and(|limit| facts.used >= limit) {
        return Err(Why::UsedUp);
    }
    Ok(())
}

/// Who pays for a discount (R-FN-01): it is derived, nobody sets it.
pub fn funding(of_clinic: bool, needs_approval: bool) -> QuoteDiscountFunding {
    match (of_clinic, needs_approval) {
        (_, true) => QuoteDiscountFunding::Both,
        (true, false) => QuoteDiscountFunding::Provider,
        (false, false) => QuoteDiscountFunding::Platform,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn own() -> Facts {
        Facts {
            active: true,
            in_editor: true,
            starts: Some(day("2026-03-01")),
            ends: Some(day("2026-03-31")),
            limit: Some(2),
            used: 1,
            funding: QuoteDiscountFunding::Provider,
            own: true,
            accepted: false,
        }
    }

    #[test]
    fn r_iq_46_both_ends_count_and_the_last_use_is_one() {
        for (today, verdict) in [
            ("2026-02-28", Err(Why::NotStarted)),
            ("2026-03-01", Ok(())),
            ("2026-03-31", Ok(())),
            ("2026-04-01", Err(Why::Expired)),
        ] {
            assert_eq!(usable(&own(), day(today)), verdict, "{today}");
        }
        let today = day("2026-03-10");
        assert_eq!(usable(&Facts { used: 2, ..own() }, today), Err(Why::UsedUp));
        assert_eq!(usable(&Facts { used: 900, limit: None, ..own() }, today), Ok(()));
        assert_eq!(usable(&Facts { starts: None, ends: None, ..own() }, day("2031-01-01")), Ok(()));
        assert_eq!(usable(&Facts { active: false, ..own() }, today), Err(Why::Inactive));
    }

    #[test]
    fn r_iq_46_a_clinic_gives_its_own_and_what_it_agreed_to() {
        let today = day("2026-03-10");
        assert_eq!(usable(&Facts { own: false, ..own() }, today), Err(Why::Unknown));
        assert_eq!(usable(&Facts { in_editor: false, ..own() }, today), Err(Why::Unknown), "for the checkout only");
        let both = Facts { funding: QuoteDiscountFunding::Both, own: false, ..own() };
        assert_eq!(usable(&both, today), Err(Why::NotAccepted));
        assert_eq!(usable(&Facts { accepted: true, ..both }, today), Ok(()));
        let platform = Facts { funding: QuoteDiscountFunding::Platform, accepted: true, ..own() };
        assert_eq!(usable(&platform, today), Err(Why::Unknown), "never in a clinic's picker");
    }

    #[test]
    fn r_fn_01_who_pays_is_derived() {
        assert_eq!(funding(true, false), QuoteDiscountFunding::Provider);
        assert_eq!(funding(true, true), QuoteDiscountFunding::Both);
        assert_eq!(funding(false, true), QuoteDiscountFunding::Both);
        assert_eq!(funding(false, false), QuoteDiscountFunding::Platform);
    }
}
