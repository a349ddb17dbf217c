//! Transfers as staff match them with the bank's statement.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use identity::confirm;
use kernel::ids::PaymentId;
use kernel::{AppError, AppResult, Currency, ErrorKind, FieldErrors, Money, Permission};
use platform::web::{ApiResult, Path, status_of};
use ui::{Chrome, Ctx, Form, Html, Inside, ListView, Posted, page};

use crate::queries::transfers::{self as query, TransferFilter, TransferLine};
use crate::service::receipts::{self, BankReceipt};

const PAGE: &str = "/admin/bank-receipts";
const TO_SEND: &str = "/admin/bank-receipts?show=refunds";

struct Line {
    id: PaymentId,
    patient: String,
    patient_href: String,
    reference: String,
    written: String,
    money: String,
    since: Html,
    /// Fills the form with what is awaited.
    fill: String,
}

#[derive(Template)]
#[template(path = "pay_transfers.html")]
struct TransfersPage {
    chrome: Chrome,
    form: Form,
    list: ListView,
    lines: Vec<Line>,
    to_send: bool,
    may_record: bool,
    may_send: bool,
}

fn line(chrome: &Chrome, row: &TransferLine) -> Line {
    Line {
        id: row.payment_id,
        patient: row.patient_name.clone(),
        patient_href: format!("/admin/patients/{}", row.patient_id),
        reference: row.booking_reference.clone(),
        written: row.transfer_reference.clone().unwrap_or_default(),
        money: chrome.money(row.money),
        since: chrome.when(row.since),
        fill: format!(
            "{PAGE}?booking={}&amount={}&currency={}",
            row.booking_reference,
            row.money.amount,
            row.money.currency.code()
        ),
    }
}

pub(super) async fn list(Inside(ctx): Inside) -> ApiResult<Response> {
    let mut form = Form::new(&ctx.chrome).with("value_date", ctx.chrome.now.date_naive().to_string());
    for name in ["booking", "amount", "currency"] {
        form = form.with(name, ctx.asked(name));
    }
    let to_send = ctx.asked("show") == "refunds";
    transfers_page(&ctx, form, to_send, StatusCode::OK).await
}

async fn transfers_page(ctx: &Ctx, form: Form, to_send: bool, status: StatusCode) -> ApiResult<Response> {
    let filter = TransferFilter { refunds: to_send };
    let found = query::list(&ctx.app, &ctx.actor, filter, ctx.page_query()).await?;
    let chrome = &ctx.chrome;
    let mut response = page(&TransfersPage {
        list: ListView::new(chrome, &found.meta),
        lines: found.data.iter().map(|row| line(chrome, row)).collect(),
        to_send,
        may_record: ctx.actor.can(Permission::ProcessPayout),
        may_send: ctx.actor.can(Permission::IssueRefund),
        form,
        chrome: chrome.clone(),
    })?;
    *response.status_mut() = status;
    Ok(response)
}

/// What stands in the form.
fn receipt(posted: &Posted) -> AppResult<BankReceipt> {
    let mut faults = FieldErrors::new();
    let amount = posted.get("amount").trim().parse().ok();
    if amount.is_none() {
        faults.add("amount", "invalid", "Give the amount the bank shows.");
    }
    let currency: Option<Currency> = posted.get("currency").trim().to_ascii_uppercase().parse().ok();
    if currency.is_none() {
        faults.add("currency", "invalid", "Give the currency as three letters.");
    }
    let value_date = posted.get("value_date").trim().parse().ok();
    if value_date.is_none() {
        faults.add("value_date", "required", "Give the day the bank booked it.");
    }
    faults.check()?;
    let incomplete = || AppError::internal("a checked form is incomplete");
    Ok(BankReceipt {
        received: Money::new(amount.ok_or_else(incomplete)?, currency.ok_or_else(incomplete)?),
        value_date: value_date.ok_or_else(incomplete)?,
        bank_reference: posted.get("bank_reference").to_owned(),
    })
}

async fn recorded(ctx: &Ctx, posted: &Posted) -> AppResult<()> {
    let receipt = receipt(posted)?;
    let quote = query::booking_of(&ctx.app, &ctx.actor, posted.get("booking")).await?;
    receipts::record(&ctx.app, &ctx.actor, quote, &receipt).await.map_err(beside_amount)?;
    Ok(())
}

/// The form has a field for the amount and one for its currency.
fn beside_amount(mut error: AppError) -> AppError {
    for fault in error.fields.0.remove("received").unwrap_or_default() {
        let field = if fault.code == "currency_mismatch" { "currency" } else { "amount" };
        error.fields.0.entry(field.to_owned()).or_default().push(fault);
    }
    error
}

pub(super) async fn record(Inside(ctx): Inside, posted: Posted) -> ApiResult<Response> {
    ctx.actor.admin()?;
    ctx.actor.require(Permission::ProcessPayout)?;
    match recorded(&ctx, &posted).await {
        Ok(()) => Ok(ctx.done(PAGE, "transfer-recorded")),
        Err(error) if matches!(error.kind, ErrorKind::Conflict | ErrorKind::Invalid) => {
            let form = Form::posted(&ctx.chrome, &posted).refused(&error);
            transfers_page(&ctx, form, false, status_of(error.kind)).await
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn sent(Inside(ctx): Inside, Path(id): Path<PaymentId>, posted: Posted) -> ApiResult<Response> {
    ctx.actor.admin()?;
    ctx.actor.require(Permission::IssueRefund)?;
    if let Some(question) = confirm::ask(&ctx, &posted, TO_SEND).await? {
        return Ok(question);
    }
    match receipts::sent_back(&ctx.app, &ctx.actor, id, posted.get("bank_reference")).await {
        Ok(()) => Ok(ctx.done(PAGE, "refund-sent")),
        Err(error) if matches!(error.kind, ErrorKind::Conflict | ErrorKind::Invalid) => {
            let form = Form::posted(&ctx.chrome, &posted).refused(&error);
            transfers_page(&ctx, form, true, status_of(error.kind)).await
        }
        Err(error) => Err(error.into()),
    }
}
