//! Earnings and payouts as a clinic reads them.

use askama::Template;
use axum::response::Response;
use kernel::PageQuery;
use kernel::ids::{ProviderBillId, QuoteId};
use platform::web::{ApiResult, Path};
use sea_orm::ActiveEnum;
use ui::{Badge, Choice, Chrome, Html, Inside, ListView, Tone, page};

use super::{pdf, words};
use crate::api::csv;
use crate::entity::provider_bills::ProviderBillStatus as Status;
use crate::queries::{self, PayoutFilter, earnings as query};
use crate::rules::state::SHOWN_TO_CLINICS;
use crate::service::invoice as papers;
use crate::sheets;
use crate::views::{CareEarningLine, EarningLine, EarningState, PayoutLine};

/// A file holds at most this many lines.
const FILE: PageQuery = PageQuery { page: 1, per_page: 100 };

struct Earned {
    booking: QuoteId,
    reference: String,
    treatment: String,
    day: String,
    gross: String,
    commission: String,
    net: String,
    refunded: Option<String>,
    state: Badge,
    payout: Option<String>,
}

#[derive(Template)]
#[template(path = "fin_earnings.html")]
struct EarningsPage {
    chrome: Chrome,
    list: ListView,
    pending: Vec<String>,
    next: String,
    lines: Vec<Earned>,
    /// Owner and billing read what Hairline keeps (spec 6).
    sees_terms: bool,
    gives_aftercare: bool,
}

fn state(chrome: &Chrome, state: EarningState) -> Badge {
    let (tone, key) = match state {
        EarningState::Running => (Tone::Calm, "earnings-state-running"),
        EarningState::Pending => (Tone::Calm, "earnings-state-pending"),
        EarningState::Processing => (Tone::Info, "earnings-state-processing"),
        EarningState::Paid => (Tone::Good, "earnings-state-paid"),
    };
    Badge::new(tone, chrome.t(key))
}

fn earned(chrome: &Chrome, row: &EarningLine, sees_payouts: bool) -> Earned {
    Earned {
        booking: row.booking_id,
        reference: row.booking_reference.clone(),
        treatment: row.treatment.clone(),
        day: row.treated_on.map(|day| chrome.date(day)).unwrap_or_default(),
        gross: chrome.money(row.gross),
        commission: chrome.money(row.commission),
        net: chrome.money(row.net),
        refunded: row.refunded_share.amount.is_positive().then(|| chrome.money(row.refunded_share)),
        state: state(chrome, row.state),
        payout: row.payout_id.filter(|_| sees_payouts).map(|id| format!("/provider/payouts/{id}")),
    }
}

pub(super) async fn earnings(Inside(ctx): Inside) -> ApiResult<Response> {
    let found = query::list(&ctx.app, &ctx.actor, ctx.page_query()).await?;
    let summary = query::summary(&ctx.app, &ctx.actor).await?;
    let sees_payouts = ctx.actor.can(kernel::Permission::ViewPayout);
    let chrome = ctx.chrome;
    page(&EarningsPage {
        list: ListView::new(&chrome, &found.meta),
        pending: summary.pending.iter().map(|sum| chrome.money(*sum)).collect(),
        next: chrome.date(summary.next_payout),
        sees_terms: sees_payouts,
        gives_aftercare: summary.gives_aftercare,
        lines: found.data.iter().map(|row| earned(&chrome, row, sees_payouts)).collect(),
        chrome,
    })
}

struct CareEarned {
    href: Option<String>,
    name: String,
    days: String,
    gross: String,
    commission: String,
    net: String,
    refunded: Option<String>,
    state: Badge,
    payout: Option<String>,
}

#[derive(Template)]
#[template(path = "fin_care_earnings.html")]
struct CarePage {
    chrome: Chrome,
    list: ListView,
    lines: Vec<CareEarned>,
}

fn care_earned(chrome: &Chrome, row: &CareEarningLine, sees_payouts: bool) -> CareEarned {
    let days = row.service_start.zip(row.service_end).map(|(first, last)| words::days(chrome, first, last));
    CareEarned {
        href: row.case_id.map(|id| format!("/provider/aftercare/{id}")),
        name: row.name.clone(),
        days: days.unwrap_or_default(),
        gross: chrome.money(row.gross),
        commission: chrome.money(row.commission),
        net: chrome.money(row.net),
        refunded: row.refunded_share.amount.is_positive().then(|| chrome.money(row.refunded_share)),
        state: state(chrome, row.state),
        payout: row.payout_id.filter(|_| sees_payouts).map(|id| format!("/provider/payouts/{id}")),
    }
}

pub(super) async fn care(Inside(ctx): Inside) -> ApiResult<Response> {
    let found = queries::care::list(&ctx.app, &ctx.actor, ctx.page_query()).await?;
    let sees_payouts = ctx.actor.can(kernel::Permission::ViewPayout);
    let chrome = ctx.chrome;
    page(&CarePage {
        list: ListView::new(&chrome, &found.meta),
        lines: found.data.iter().map(|row| care_earned(&chrome, row, sees_payouts)).collect(),
        chrome,
    })
}

pub(super) async fn earnings_csv(Inside(ctx): Inside) -> ApiResult<Response> {
    let found = query::list(&ctx.app, &ctx.actor, FILE).await?;
    Ok(csv("earnings", sheets::earnings(&found.data)))
}

struct Line {
    href: String,
    reference: String,
    period: String,
    day: String,
    net: String,
    state: Badge,
}

#[derive(Template)]
#[template(path = "fin_payouts.html")]
struct PayoutsPage {
    chrome: Chrome,
    list: ListView,
    states: Vec<Choice>,
    lines: Vec<Line>,
}

fn line(chrome: &Chrome, row: &PayoutLine) -> Line {
    Line {
        href: format!("/provider/payouts/{}", row.id),
        reference: row.reference.clone(),
        period: words::days(chrome, row.period_start, row.period_end),
        day: chrome.date(row.payout_date),
        net: chrome.money(row.sums.net),
        state: words::clinic_state(chrome, row.status),
    }
}

pub(super) async fn payouts(Inside(ctx): Inside) -> ApiResult<Response> {
    let status = Status::try_from_value(&ctx.asked("status")).ok().filter(|it| SHOWN_TO_CLINICS.contains(it));
    let found = queries::payouts(&ctx.app, &ctx.actor, &PayoutFilter { status }, ctx.page_query()).await?;
    let chrome = ctx.chrome;
    let choice = |status: &Status| Choice::new(status.to_value(), chrome.word("payout-state", status.to_value()));
    page(&PayoutsPage {
        list: ListView::new(&chrome, &found.meta),
        states: SHOWN_TO_CLINICS.iter().map(choice).collect(),
        lines: found.data.iter().map(|row| line(&chrome, row)).collect(),
        chrome,
    })
}

pub(super) async fn payouts_csv(Inside(ctx): Inside) -> ApiResult<Response> {
    let found = queries::payouts(&ctx.app, &ctx.actor, &PayoutFilter::default(), FILE).await?;
    Ok(csv("payouts", sheets::payouts(&found.data)))
}

#[derive(Template)]
#[template(path = "fin_payout.html")]
struct PayoutPage {
    chrome: Chrome,
    reference: String,
    period: String,
    day: String,
    paid: Option<Html>,
    last4: Option<String>,
    state: Badge,
    failed: bool,
    items: Vec<words::Item>,
    sums: words::Sums,
    invoice: Option<(String, String)>,
    csv: String,
}

pub(super) async fn payout(Inside(ctx): Inside, Path(id): Path<ProviderBillId>) -> ApiResult<Response> {
    let seen = queries::payout(&ctx.app, &ctx.actor, id).await?;
    let (chrome, row) = (ctx.chrome, seen.line);
    page(&PayoutPage {
        reference: row.reference,
        period: words::days(&chrome, row.period_start, row.period_end),
        day: chrome.date(row.payout_date),
        paid: row.paid_at.map(|at| chrome.when(at)),
        last4: seen.account_last4,
        state: words::clinic_state(&chrome, row.status),
        failed: row.status == Status::Failed,
        items: seen.items.iter().map(|item| words::item(&chrome, item)).collect(),
        sums: words::sums(&chrome, &row.sums),
        invoice: seen.document_number.map(|number| (number, format!("/provider/payout-invoices/{id}"))),
        csv: format!("/provider/payouts/{id}/csv"),
        chrome,
    })
}

pub(super) async fn payout_csv(Inside(ctx): Inside, Path(id): Path<ProviderBillId>) -> ApiResult<Response> {
    let seen = queries::payout(&ctx.app, &ctx.actor, id).await?;
    Ok(csv(&seen.line.reference, sheets::payout(&seen)))
}

pub(super) async fn invoice(Inside(ctx): Inside, Path(id): Path<ProviderBillId>) -> ApiResult<Response> {
    Ok(pdf(papers::file(&ctx.app, &ctx.actor, id, ctx.locale()).await?))
}
