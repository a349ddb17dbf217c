//! Words and sums that several pages share.

use chrono::NaiveDate;
use kernel::Money;
use sea_orm::ActiveEnum;
use ui::{Badge, Chrome, Tone};

use crate::entity::provider_bill_items::ProviderBillItemKind as Kind;
use crate::entity::provider_bills::ProviderBillStatus as Status;
use crate::rules::readiness::Block;
use crate::views::{BillItem, BillSums};

/// A line as it is shown.
pub(super) struct Item {
    pub title: String,
    pub note: String,
    pub gross: String,
    pub commission: String,
    pub net: String,
}

/// Sums as they are shown.
pub(super) struct Sums {
    pub gross: String,
    pub commission: String,
    pub adjustment: Option<String>,
    pub net: String,
}

/// A sum that may lie below zero.
pub(super) fn signed(chrome: &Chrome, money: Money) -> String {
    let below = Money::new(-money.amount, money.currency);
    if below.amount.is_positive() { format!("− {}", chrome.money(below)) } else { chrome.money(money) }
}

pub(super) fn item(chrome: &Chrome, row: &BillItem) -> Item {
    let of = row.booking_reference.clone().or_else(|| row.label.clone()).unwrap_or_default();
    let key = match row.kind {
        Kind::Earning | Kind::Aftercare => None,
        Kind::RefundDeduction => Some("payout-line-deduction"),
        Kind::CarryForward => Some("payout-line-carried"),
        Kind::Manual => Some("payout-line-manual"),
    };
    let is_earning = key.is_none();
    let carried = row.carried.amount.is_positive().then(|| {
        let amount = chrome.money(row.carried);
        chrome.tw("payout-line-left", "amount", amount)
    });
    Item {
        title: key.map_or_else(|| of.clone(), |key| format!("{} {of}", chrome.t(key))),
        note: carried.unwrap_or_default(),
        gross: if is_earning { chrome.money(row.gross) } else { String::new() },
        commission: if is_earning { chrome.money(row.commission) } else { String::new() },
        net: signed(chrome, row.net),
    }
}

pub(super) fn sums(chrome: &Chrome, sums: &BillSums) -> Sums {
    Sums {
        gross: chrome.money(sums.gross),
        commission: chrome.money(sums.commission),
        adjustment: sums.adjustment.amount.is_positive().then(|| chrome.money(sums.adjustment)),
        net: chrome.money(sums.net),
    }
}

pub(super) fn days(chrome: &Chrome, start: NaiveDate, end: NaiveDate) -> String {
    if start == end {
        return chrome.date(start);
    }
    format!("{} – {}", chrome.date(start), chrome.date(end))
}

pub(super) fn state(chrome: &Chrome, status: Status) -> Badge {
    let tone = match status {
        Status::PendingApproval => Tone::Warn,
        Status::Approved | Status::Processing => Tone::Info,
        Status::Paid => Tone::Good,
        Status::Overdue | Status::Failed => Tone::Bad,
        Status::Voided => Tone::Calm,
    };
    Badge::new(tone, chrome.word("bill-state", status.to_value()))
}

/// What a clinic reads: a transfer that failed is being looked after.
pub(super) fn clinic_state(chrome: &Chrome, status: Status) -> Badge {
    let tone = match status {
        Status::Paid => Tone::Good,
        Status::Failed => Tone::Warn,
        _ => Tone::Info,
    };
    Badge::new(tone, chrome.word("payout-state", status.to_value()))
}

pub(super) fn block(chrome: &Chrome, block: Block) -> String {
    chrome.word("bill-block", block.word())
}
