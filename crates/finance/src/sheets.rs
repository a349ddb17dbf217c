//! Tables as comma-separated values: English heads and plain numbers, for programs.

use kernel::Money;
use platform::csv::line;
use sea_orm::ActiveEnum;

use crate::queries::reconciliation::ItemView;
use crate::views::{EarningLine, EarningState, PayoutDetail, PayoutLine};

/// An amount as programs read it.
fn amount(money: Money) -> String {
    money.amount.to_string()
}

fn rows<T>(head: &[&str], all: &[T], cells: impl Fn(&T) -> Vec<String>) -> String {
    let mut out = line(head.iter().copied());
    for one in all {
        out.push_str(&line(cells(one).iter().map(String::as_str)));
    }
    out
}

/// Earnings, one treatment a line.
pub(crate) fn earnings(all: &[EarningLine]) -> String {
    let head =
        ["booking", "treatment", "treated_on", "currency", "gross", "commission", "net", "refunded_share", "state"];
    rows(&head, all, |it| {
        let state = match it.state {
            EarningState::Running => "running",
            EarningState::Pending => "pending",
            EarningState::Processing => "processing",
            EarningState::Paid => "paid",
        };
        vec![
            it.booking_reference.clone(),
            it.treatment.clone(),
            it.treated_on.map(|day| day.to_string()).unwrap_or_default(),
            it.net.currency.code().to_owned(),
            amount(it.gross),
            amount(it.commission),
            amount(it.net),
            amount(it.refunded_share),
            state.to_owned(),
        ]
    })
}

/// Differences between the books and the gateways, one a line.
pub(crate) fn reconciliation(all: &[ItemView]) -> String {
    let head = [
        "found_at",
        "class",
        "booking",
        "payment",
        "remote_reference",
        "currency",
        "expected",
        "found",
        "status",
        "note",
        "closed_by",
        "closed_at",
    ];
    rows(&head, all, |it| {
        let money = it.expected.or(it.found);
        vec![
            it.found_at.to_rfc3339(),
            it.class.to_value(),
            it.booking_reference.clone().unwrap_or_default(),
            it.payment_id.map(|id| id.to_string()).unwrap_or_default(),
            it.remote_ref.clone().unwrap_or_default(),
            money.map(|money| money.currency.code().to_owned()).unwrap_or_default(),
            it.expected.map(amount).unwrap_or_default(),
            it.found.map(amount).unwrap_or_default(),
            it.status.to_value(),
            it.note.clone().unwrap_or_default(),
            it.closed_by.clone().unwrap_or_default(),
            it.closed_at.map(|at| at.to_rfc3339()).unwrap_or_default(),
        ]
    })
}

/// Payouts, one a line.
pub(crate) fn payouts(all: &[PayoutLine]) -> String {
    let head = [
        "reference",
        "period_start",
        "period_end",
        "payout_date",
        "currency",
        "gross",
        "commission",
        "adjustment",
        "net",
        "status",
    ];
    rows(&head, all, |it| {
        vec![
            it.reference.clone(),
            it.period_start.to_string(),
            it.period_end.to_string(),
            it.payout_date.to_string(),
            it.sums.net.currency.code().to_owned(),
            amount(it.sums.gross),
            amount(it.sums.commission),
            amount(it.sums.adjustment),
            amount(it.sums.net),
            it.status.to_value(),
        ]
    })
}

/// The lines of one payout.
pub(crate) fn payout(it: &PayoutDetail) -> String {
    let head = ["reference", "kind", "booking", "currency", "gross", "commission", "net", "rate", "carried"];
    rows(&head, &it.items, |item| {
        vec![
            it.line.reference.clone(),
            item.kind.to_value(),
            item.booking_reference.clone().or_else(|| item.label.clone()).unwrap_or_default(),
            item.net.currency.code().to_owned(),
            amount(item.gross),
            amount(item.commission),
            amount(item.net),
            item.rate.to_string(),
            amount(item.carried),
        ]
    })
}
