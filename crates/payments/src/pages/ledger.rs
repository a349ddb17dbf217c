//! The ledger as a page: what was posted, and what a booking's accounts hold.

use askama::Template;
use axum::response::Response;
use kernel::{Amount, Money};
use platform::web::ApiResult;
use sea_orm::{ActiveEnum, Iterable};
use ui::{Choice, Chrome, Html, Inside, ListView, page};

use crate::entity::ledger_entries::LedgerEntryAccount as Account;
use crate::queries::ledger::{self as query, LedgerFilter, LedgerLine};

struct Line {
    account: String,
    cause: String,
    source: String,
    booking: Option<(String, String)>,
    at: Html,
    debit: Option<String>,
    credit: Option<String>,
}

#[derive(Template)]
#[template(path = "pay_ledger.html")]
struct LedgerPage {
    chrome: Chrome,
    list: ListView,
    accounts: Vec<Choice>,
    lines: Vec<Line>,
    held: Vec<(String, String)>,
}

fn named(chrome: &Chrome, account: Account) -> String {
    chrome.word("ledger-account", account.to_value())
}

/// What the key of a posting says happened: its first and last part, `payment:…:completed`.
fn cause(chrome: &Chrome, source: &str) -> String {
    let (kind, rest) = source.split_once(':').unwrap_or((source, ""));
    let what = rest.rsplit_once(':').map_or(rest, |(_, what)| what);
    chrome.word("ledger-cause", format!("{kind}_{what}"))
}

fn line(chrome: &Chrome, row: LedgerLine) -> Line {
    let side = |money: Money| money.amount.is_positive().then(|| chrome.money(money));
    Line {
        account: named(chrome, row.account),
        cause: cause(chrome, &row.source),
        booking: row.booking_id.zip(row.booking_reference).map(|(id, name)| (format!("/admin/bookings/{id}"), name)),
        at: chrome.when(row.posted_at),
        debit: side(row.debit),
        credit: side(row.credit),
        source: row.source,
    }
}

pub(super) async fn list(Inside(ctx): Inside) -> ApiResult<Response> {
    let chrome = &ctx.chrome;
    let booking = ctx.asked("q");
    let filter = LedgerFilter {
        account: Account::try_from_value(&ctx.asked("account")).ok(),
        currency: None,
        booking: Some(booking.clone()),
    };
    let found = query::list(&ctx.app, &ctx.actor, &filter, ctx.page_query()).await?;
    let one = found.data.first().and_then(|row| row.booking_id).filter(|_| !booking.trim().is_empty());
    let held = match one {
        Some(quote) => query::balances(&ctx.app, &ctx.actor, quote).await?,
        None => Vec::new(),
    };
    let told = |(account, money): (Account, Money)| {
        let side = if money.amount < Amount::ZERO { "ledger-credit" } else { "ledger-debit" };
        let sum = Money::new(if money.amount < Amount::ZERO { -money.amount } else { money.amount }, money.currency);
        let side = if sum.amount.is_zero() { String::new() } else { format!(" ({})", chrome.t(side)) };
        (named(chrome, account), format!("{}{side}", chrome.money(sum)))
    };
    page(&LedgerPage {
        list: ListView::new(chrome, &found.meta),
        accounts: Account::iter().map(|it| Choice::new(it.to_value(), named(chrome, it))).collect(),
        held: held.into_iter().map(told).collect(),
        lines: found.data.into_iter().map(|row| line(chrome, row)).collect(),
        chrome: chrome.clone(),
    })
}
