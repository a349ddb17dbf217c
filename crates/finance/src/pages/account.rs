//! The account a clinic is paid to, as its owner keeps it, and the one a patient's refunds go to.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use identity::confirm;
use kernel::ids::PaymentId;
use kernel::{AppError, ErrorKind, Money};
use payments::service::payouts;
use platform::web::{ApiResult, Path, status_of};
use sea_orm::ActiveEnum;
use ui::{Badge, Chrome, Ctx, Form, Html, Inside, Posted, Tone, page};

use crate::entity::banking_details::{self, BankingDetailStatus as Status};
use crate::rules::account::Typed;
use crate::service::{account, refund_account};

const PAGE: &str = "/provider/bank-details";

struct Shown {
    holder: String,
    bank: String,
    last4: String,
    currency: String,
    /// The account at the gateway.
    connected: Option<String>,
    state: Badge,
    /// Whether it cannot be paid to yet.
    waits: bool,
    usable: Html,
}

#[derive(Template)]
#[template(path = "fin_bank.html")]
struct BankPage {
    chrome: Chrome,
    form: Form,
    account: Option<Shown>,
    /// Whether the gateway pays into accounts of its own.
    connects: bool,
}

fn shown(chrome: &Chrome, row: &banking_details::Model) -> Shown {
    let waits = row.usable_from > chrome.now;
    let (tone, word) = match row.status {
        Status::Invalid => (Tone::Bad, Status::Invalid),
        _ if waits => (Tone::Warn, Status::Pending),
        _ => (Tone::Good, Status::Active),
    };
    Shown {
        holder: row.account_holder_name.clone(),
        bank: row.bank_name.clone(),
        last4: row.account_last4.clone(),
        currency: row.currency.code().to_owned(),
        connected: row.gateway_destination_id.clone(),
        state: Badge::new(tone, chrome.word("bank-state", word.to_value())),
        waits,
        usable: chrome.when(row.usable_from),
    }
}

async fn bank_page(ctx: &Ctx, form: Form, status: StatusCode) -> ApiResult<Response> {
    let row = account::own(&ctx.app, &ctx.actor).await?;
    let chrome = &ctx.chrome;
    let account = row.as_ref().map(|row| shown(chrome, row));
    let mut response =
        page(&BankPage { connects: !payouts::reaches_banks(&ctx.app), account, form, chrome: chrome.clone() })?;
    *response.status_mut() = status;
    Ok(response)
}

fn typed(posted: &Posted) -> Typed {
    Typed {
        holder: posted.get("account_holder_name").to_owned(),
        bank: posted.get("bank_name").to_owned(),
        country: posted.get("bank_country").to_owned(),
        currency: posted.get("currency").to_owned(),
        iban: posted.get("iban").to_owned(),
        number: posted.get("account_number").to_owned(),
        swift: posted.get("swift_code").to_owned(),
        routing: posted.get("routing_number").to_owned(),
        connected: posted.get("gateway_destination_id").to_owned(),
    }
}

pub(super) async fn show(Inside(ctx): Inside) -> ApiResult<Response> {
    bank_page(&ctx, Form::new(&ctx.chrome), StatusCode::OK).await
}

pub(super) async fn submit(Inside(ctx): Inside, posted: Posted) -> ApiResult<Response> {
    account::keeper(&ctx.actor)?;
    if let Some(question) = confirm::ask(&ctx, &posted, PAGE).await? {
        return Ok(question);
    }
    let typed = typed(&posted);
    match account::replace(&ctx.app, &ctx.actor, &typed).await {
        Ok(_) => Ok(ctx.done(PAGE, "bank-saved")),
        Err(error) if matches!(error.kind, ErrorKind::Conflict | ErrorKind::Invalid) => {
            let form = Form::posted(&ctx.chrome, &posted).refused(&error);
            bank_page(&ctx, form, status_of(error.kind)).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Where a patient gives it.
const OF_PATIENT: &str = "/patient/bank-details";
/// Where staff find what waits to be sent.
const TO_SEND: &str = "/admin/bank-receipts?show=refunds";

#[derive(Template)]
#[template(path = "fin_refund_account.html")]
struct RefundAccountPage {
    chrome: Chrome,
    form: Form,
    account: Option<Shown>,
}

#[derive(Template)]
#[template(path = "fin_send_refund.html")]
struct SendPage {
    chrome: Chrome,
    form: Form,
    account: Option<Shown>,
    money: String,
    back: &'static str,
    action: String,
    is_open: bool,
    /// Whether the gateway sends to accounts at banks at all.
    reaches: bool,
}

async fn refund_page(ctx: &Ctx, form: Form, status: StatusCode) -> ApiResult<Response> {
    let row = refund_account::own(&ctx.app, &ctx.actor).await?;
    let account = row.as_ref().map(|row| shown(&ctx.chrome, row));
    let mut response = page(&RefundAccountPage { account, form, chrome: ctx.chrome.clone() })?;
    *response.status_mut() = status;
    Ok(response)
}

pub(super) async fn show_refunds(Inside(ctx): Inside) -> ApiResult<Response> {
    refund_page(&ctx, Form::new(&ctx.chrome), StatusCode::OK).await
}

pub(super) async fn submit_refunds(Inside(ctx): Inside, posted: Posted) -> ApiResult<Response> {
    refund_account::keeper(&ctx.actor)?;
    if let Some(question) = confirm::ask(&ctx, &posted, OF_PATIENT).await? {
        return Ok(question);
    }
    match refund_account::replace(&ctx.app, &ctx.actor, &typed(&posted)).await {
        Ok(_) => Ok(ctx.done(OF_PATIENT, "bank-saved")),
        Err(error) if matches!(error.kind, ErrorKind::Conflict | ErrorKind::Invalid) => {
            let form = Form::posted(&ctx.chrome, &posted).refused(&error);
            refund_page(&ctx, form, status_of(error.kind)).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn send_page(ctx: &Ctx, id: PaymentId, error: Option<&AppError>) -> ApiResult<Response> {
    use payments::entity::payments::PaymentStatus;
    let owed = refund_account::owed(&ctx.app, &ctx.actor, id).await?;
    let chrome = &ctx.chrome;
    let form = Form::new(chrome);
    let mut response = page(&SendPage {
        account: owed.account.as_ref().map(|row| shown(chrome, row)),
        money: chrome.money(Money::new(owed.refund.amount, owed.refund.currency)),
        back: TO_SEND,
        action: format!("/admin/bank-receipts/{id}/account"),
        is_open: owed.refund.payment_status == PaymentStatus::Pending,
        reaches: payouts::reaches_banks(&ctx.app),
        form: match error {
            Some(error) => form.refused(error),
            None => form,
        },
        chrome: chrome.clone(),
    })?;
    *response.status_mut() = error.map_or(StatusCode::OK, |error| status_of(error.kind));
    Ok(response)
}

pub(super) async fn show_send(Inside(ctx): Inside, Path(id): Path<PaymentId>) -> ApiResult<Response> {
    send_page(&ctx, id, None).await
}

pub(super) async fn send(Inside(ctx): Inside, Path(id): Path<PaymentId>, posted: Posted) -> ApiResult<Response> {
    // Whose it is, and who may, comes before the question.
    refund_account::owed(&ctx.app, &ctx.actor, id).await?;
    if let Some(question) = confirm::ask(&ctx, &posted, &format!("/admin/bank-receipts/{id}/account")).await? {
        return Ok(question);
    }
    match refund_account::send(&ctx.app, &ctx.actor, id).await {
        Ok(()) => Ok(ctx.done(TO_SEND, "refund-transfer-sent")),
        Err(error) if matches!(error.kind, ErrorKind::Conflict | ErrorKind::Invalid) => {
            send_page(&ctx, id, Some(&error)).await
        }
        Err(error) => Err(error.into()),
    }
}
