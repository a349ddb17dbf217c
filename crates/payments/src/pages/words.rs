//! Rows of this wing in the reader's words.

use kernel::Money;
use kernel::ids::{PaymentId, QuoteId};
use platform::locale;
use quoting::entity::quotes::QuoteStatus;
use quoting::rules::slot;
use ui::{Badge, Chrome, Tone};

use crate::entity::payments::{self, PaymentMethod, PaymentStatus, PaymentType};
use crate::metadata::Metadata;
use crate::queries::page::RefundTier;
use crate::rules::state::PaymentState;
use crate::views::AppointmentView;

/// Where a booking's page is.
pub(super) fn booking_path(quote: QuoteId) -> String {
    format!("/patient/bookings/{quote}")
}

/// Where a booking is paid.
pub(super) fn checkout_path(quote: QuoteId) -> String {
    format!("/patient/bookings/{quote}/pay")
}

/// Where the card of an attempt is entered.
pub(super) fn card_path(quote: QuoteId, payment: PaymentId) -> String {
    format!("/patient/bookings/{quote}/pay/{payment}")
}

/// Where the outcome of an attempt is told.
pub(super) fn result_path(quote: QuoteId, payment: PaymentId) -> String {
    format!("/patient/bookings/{quote}/pay/{payment}/result")
}

/// The appointment on the clinic's calendar and clock, and whose clock it is; beside it the reader's own, where that one
/// is known and shows something else (R-CM-96).
pub(super) fn appointment(chrome: &Chrome, seen: &AppointmentView) -> String {
    let zone = slot::clinic_zone(Some(&seen.timezone));
    match (seen.time, seen.starts_at) {
        (Some(_), Some(at)) => {
            let place = seen.timezone.rsplit('/').next().unwrap_or_default().replace('_', " ");
            let args = [("when", chrome.datetime(at, zone).into()), ("place", place.into())];
            let there = locale::tr(chrome.locale, "pay-appointment", &args);
            let clock = |zone| at.with_timezone(&zone).naive_local();
            match chrome.zone.filter(|own| clock(*own) != clock(zone)) {
                Some(_) => format!("{there} · {}", chrome.tw("pay-appointment-own", "when", chrome.moment(at))),
                None => there,
            }
        }
        _ => chrome.date(seen.date),
    }
}

/// Where the case stands.
pub(super) fn status_badge(chrome: &Chrome, status: QuoteStatus) -> Badge {
    let (tone, key) = match status {
        QuoteStatus::Accepted => (Tone::Warn, "pay-status-accepted"),
        QuoteStatus::Confirmed => (Tone::Good, "pay-status-confirmed"),
        QuoteStatus::Inprogress => (Tone::Info, "pay-status-inprogress"),
        QuoteStatus::Aftercare => (Tone::Info, "pay-status-aftercare"),
        QuoteStatus::Completed => (Tone::Good, "pay-status-completed"),
        QuoteStatus::Cancelled | QuoteStatus::Rejected => (Tone::Calm, "pay-status-cancelled"),
        QuoteStatus::Inquiry | QuoteStatus::Quote => (Tone::Calm, "pay-status-released"),
    };
    Badge::new(tone, chrome.t(key))
}

/// Where the money stands.
pub(super) fn state_badge(chrome: &Chrome, state: PaymentState) -> Badge {
    let (tone, key) = match state {
        PaymentState::Unpaid => (Tone::Warn, "pay-state-unpaid"),
        PaymentState::Partial => (Tone::Warn, "pay-state-partial"),
        PaymentState::DepositPaid => (Tone::Info, "pay-state-deposit-paid"),
        PaymentState::InstallmentsActive => (Tone::Info, "pay-state-installments-active"),
        PaymentState::AtRisk => (Tone::Bad, "pay-state-at-risk"),
        PaymentState::FullyPaid => (Tone::Good, "pay-state-fully-paid"),
        PaymentState::Overdue => (Tone::Bad, "pay-state-overdue"),
        PaymentState::Refunded => (Tone::Calm, "pay-state-refunded"),
        PaymentState::PartiallyRefunded => (Tone::Calm, "pay-state-partially-refunded"),
    };
    Badge::new(tone, chrome.t(key))
}

/// What an attempt was for.
pub(super) fn purpose(chrome: &Chrome, row: &payments::Model) -> String {
    if let (Some(number), Some(of)) = (row.installment_number, row.total_installments) {
        let args = [("number", number.to_string().into()), ("of", of.to_string().into())];
        return locale::tr(chrome.locale, "pay-purpose-part", &args);
    }
    chrome.t(match row.payment_type {
        PaymentType::Deposit => "pay-purpose-deposit",
        PaymentType::Final if Metadata::of(row).full_payment == Some(true) => "pay-purpose-full",
        PaymentType::Final => "pay-purpose-balance",
        PaymentType::Refund => "pay-purpose-refund",
    })
}

/// The word that starts the same payment again.
pub(super) fn option_of(row: &payments::Model) -> &'static str {
    match row.payment_type {
        _ if row.is_installment => "installments",
        PaymentType::Deposit => "deposit",
        _ if Metadata::of(row).full_payment == Some(true) => "full",
        _ => "balance",
    }
}

/// The card of an attempt, as far as it may be shown.
pub(super) fn card(chrome: &Chrome, row: &payments::Model) -> String {
    if row.payment_method == PaymentMethod::BankTransfer {
        return chrome.t("method-bank-transfer");
    }
    card_of(chrome, &Metadata::of(row))
}

/// The card that was tried, as far as it may be shown.
pub(super) fn card_of(chrome: &Chrome, words: &Metadata) -> String {
    let Some(card) = words.card() else { return String::new() };
    let brand = chrome.word("pay-brand", &card.brand);
    locale::tr(chrome.locale, "pay-card", &[("brand", brand.into()), ("last4", card.last4.into())])
}

/// What became of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It waits for a card.
    Card,
    /// It waits for a transfer.
    Transfer,
    /// The bank asks its customer.
    Question,
    /// The bank has not answered yet.
    Processing,
    /// The money is there.
    Paid,
    /// It was there and went back.
    Returned,
    /// The bank refused.
    Declined(String),
    /// Nobody waits for it any more.
    Closed,
}

/// Reasons this program gave an attempt up for, none of them the bank's.
const OURS: [&str; 5] = ["replaced", "abandoned", "hold_expired", "canceled", "amount_differs"];

impl Outcome {
    /// What became of an attempt.
    pub(super) fn of(row: &payments::Model) -> Self {
        let words = Metadata::of(row);
        match row.payment_status {
            PaymentStatus::Completed => Self::Paid,
            PaymentStatus::Refunded => Self::Returned,
            PaymentStatus::Failed => match row.failure_code.as_deref() {
                Some(code) if !OURS.contains(&code) => Self::Declined(code.to_owned()),
                _ => Self::Closed,
            },
            PaymentStatus::Pending => match words.gateway_status.as_deref() {
                Some("succeeded" | "processing") => Self::Processing,
                Some("requires_action") => Self::Question,
                Some("canceled") => Self::Closed,
                _ if row.payment_method == PaymentMethod::BankTransfer => Self::Transfer,
                _ if row.stripe_payment_intent_id.is_none() => Self::Closed,
                _ => words.gateway_error.map_or(Self::Card, Self::Declined),
            },
        }
    }
}

/// Why a bank refused, in a sentence that says what to do.
pub(super) fn reason(chrome: &Chrome, code: &str) -> String {
    let key = format!("pay-declined-{}", code.replace('_', "-"));
    locale::find_text(chrome.locale, &key).unwrap_or_else(|| chrome.t("pay-declined-generic-decline"))
}

/// An amount as a hidden field carries it.
pub(super) fn plain(money: Money) -> String {
    format!("{} {}", money.amount, money.currency.code())
}

/// A line of the cancellation policy.
pub(super) struct TierLine {
    pub(super) when: String,
    pub(super) back: String,
}

/// The cancellation policy on the calendar of this booking.
pub(super) fn tiers(chrome: &Chrome, tiers: &[RefundTier], day: Option<chrono::NaiveDate>) -> Vec<TierLine> {
    let line = |tier: &RefundTier| {
        let last_day = day.and_then(|day| day.checked_sub_days(chrono::Days::new(u64::from(tier.from_days))));
        let when = match last_day.filter(|_| tier.from_days > 0) {
            Some(last) => chrome.tw("pay-tier-until", "day", chrome.date(last)),
            None if tier.from_days > 0 => chrome.tn("pay-tier-days", "days", i64::from(tier.from_days)),
            None => chrome.t("pay-tier-later"),
        };
        let back = match tier.percent.trim_end_matches(".0") {
            "0" => chrome.t("pay-tier-nothing"),
            percent => chrome.tw("pay-tier-percent", "percent", percent),
        };
        TierLine { when, back }
    };
    tiers.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use kernel::{Actor, Timestamp};
    use platform::locale::Locale;

    use super::*;

    #[test]
    fn the_policy_is_told_in_days_of_the_calendar() {
        let now = Timestamp::default();
        let chrome = Chrome::new(Locale::En, &Actor::anonymous(), "/patient", String::new(), now);
        let policy = [(31, "90"), (15, "50"), (0, "0")]
            .map(|(from_days, percent)| RefundTier { from_days, percent: percent.to_owned() });
        let told = tiers(&chrome, &policy, Some("2026-06-15".parse().unwrap()));
        assert!(told[0].when.contains("15 May 2026") && told[0].back.contains("90"), "{}", told[0].when);
        assert_eq!((told[2].when.as_str(), told[2].back.as_str()), ("After that", "No refund"));
    }

    #[test]
    fn an_unknown_reason_is_a_plain_decline() {
        let chrome = Chrome::new(Locale::Tr, &Actor::anonymous(), "/patient", String::new(), Timestamp::default());
        assert_eq!(reason(&chrome, "never_heard_of"), reason(&chrome, "generic_decline"));
        assert_ne!(reason(&chrome, "insufficient_funds"), reason(&chrome, "generic_decline"));
    }
}
