//! What became of an attempt.

use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::ids::{PaymentId, QuoteId};
use kernel::{AppError, ErrorKind, Money};
use platform::web::{ApiResult, Path};
use ui::{Chrome, Inside, Posted, page};

use super::words::{self, Outcome};
use crate::entity::payments::PaymentType;
use crate::queries::page as query;
use crate::service::poll;

#[derive(Template)]
#[template(path = "pay_result.html")]
struct ResultView {
    chrome: Chrome,
    /// `paid`, `processing`, `declined`, `returned` or `closed`.
    outcome: &'static str,
    icon: &'static str,
    title: String,
    text: String,
    /// Why it was refused; may be empty.
    reason: String,
    amount: Money,
    purpose: String,
    card: String,
    reference: String,
    clinic: String,
    appointment: Option<String>,
    due: Option<String>,
    booking_href: String,
    checkout_href: String,
    here: String,
    can_retry: bool,
    option: &'static str,
    expected: String,
}

pub(super) async fn show(Inside(ctx): Inside, Path((quote, id)): Path<(QuoteId, PaymentId)>) -> ApiResult<Response> {
    let chrome = &ctx.chrome;
    if !ctx.asked("payment_intent").is_empty() {
        // Back from the gateway's own form: it knows by now, its webhook may still be on the way.
        query::attempt(&ctx.app, &ctx.actor, quote, id).await?;
        if let Err(error) = poll::sync(&ctx.app, &ctx.actor, id).await {
            tracing::warn!(payment.id = %id, %error, "the outcome is not known yet, its webhook will tell");
        }
        return Ok(Redirect::to(&words::result_path(quote, id)).into_response());
    }
    let seen = query::booking(&ctx.app, &ctx.actor, quote).await?;
    let row = seen.payments.iter().find(|row| row.id == id && row.payment_type != PaymentType::Refund);
    let row = row.ok_or_else(AppError::not_found)?;
    let (outcome, icon) = match Outcome::of(row) {
        Outcome::Card | Outcome::Question | Outcome::Transfer => {
            return Ok(Redirect::to(&words::card_path(quote, id)).into_response());
        }
        Outcome::Processing => ("processing", "clock"),
        Outcome::Paid => ("paid", "check-circle"),
        Outcome::Returned => ("returned", "refresh"),
        Outcome::Declined(_) => ("declined", "alert"),
        Outcome::Closed => ("closed", "info"),
    };
    let reason = match Outcome::of(row) {
        Outcome::Declined(code) => words::reason(chrome, &code),
        _ => String::new(),
    };
    let money = Money::new(row.amount, row.currency);
    let owed = seen.booking.payment;
    let due = owed.due_on.filter(|_| outcome == "paid" && owed.due.amount.is_positive()).map(|day| {
        let args = [("amount", chrome.money(owed.due).into()), ("day", chrome.date(day).into())];
        platform::locale::tr(chrome.locale, "pay-option-later", &args)
    });
    let shown = ResultView {
        title: chrome.t(format!("pay-result-{outcome}-title")),
        text: chrome.t(format!("pay-result-{outcome}-text")),
        outcome,
        icon,
        reason,
        amount: money,
        purpose: words::purpose(chrome, row),
        card: words::card(chrome, row),
        reference: seen.booking.head.booking_reference.clone(),
        clinic: seen.booking.clinic.name.clone(),
        appointment: seen.booking.head.appointment.as_ref().map(|seen| words::appointment(chrome, seen)),
        due,
        booking_href: match row.installment_number {
            Some(1) if outcome != "paid" => words::checkout_path(quote),
            Some(_) if outcome != "paid" => format!("{}/installments", words::booking_path(quote)),
            _ => words::booking_path(quote),
        },
        checkout_href: words::checkout_path(quote),
        here: words::result_path(quote, id),
        // A part of a plan is chosen again where its plan is.
        can_retry: matches!(outcome, "declined" | "closed") && owed.due.amount.is_positive() && !row.is_installment,
        option: words::option_of(row),
        expected: words::plain(money),
        chrome: chrome.clone(),
    };
    page(&shown)
}

/// Asks the gateway now, for those whose patience is at its end.
pub(super) async fn ask(
    Inside(ctx): Inside,
    Path((quote, id)): Path<(QuoteId, PaymentId)>,
    _: Posted,
) -> ApiResult<Response> {
    query::attempt(&ctx.app, &ctx.actor, quote, id).await?;
    match poll::sync(&ctx.app, &ctx.actor, id).await {
        Err(error) if error.kind == ErrorKind::Internal => Err(error.into()),
        // The page tells how it stands, whatever the gateway said.
        _ => Ok(Redirect::to(&words::result_path(quote, id)).into_response()),
    }
}
