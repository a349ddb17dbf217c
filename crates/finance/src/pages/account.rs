//! The account a clinic is paid to, as its owner keeps it.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use identity::confirm;
use kernel::ErrorKind;
use platform::web::{ApiResult, status_of};
use sea_orm::ActiveEnum;
use ui::{Badge, Chrome, Ctx, Form, Html, Inside, Posted, Tone, page};

use crate::entity::banking_details::{self, BankingDetailStatus as Status};
use crate::rules::account::Typed;
use crate::service::account;

const PAGE: &str = "/provider/bank-details";

struct Shown {
    holder: String,
    bank: String,
    last4: String,
    currency: String,
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
        state: Badge::new(tone, chrome.word("bank-state", word.to_value())),
        waits,
        usable: chrome.when(row.usable_from),
    }
}

async fn bank_page(ctx: &Ctx, form: Form, status: StatusCode) -> ApiResult<Response> {
    let row = account::own(&ctx.app, &ctx.actor).await?;
    let chrome = &ctx.chrome;
    let account = row.as_ref().map(|row| shown(chrome, row));
    let mut response = page(&BankPage { account, form, chrome: chrome.clone() })?;
    *response.status_mut() = status;
    Ok(response)
}

pub(super) async fn show(Inside(ctx): Inside) -> ApiResult<Response> {
    bank_page(&ctx, Form::new(&ctx.chrome), StatusCode::OK).await
}

pub(super) async fn submit(Inside(ctx): Inside, posted: Posted) -> ApiResult<Response> {
    account::keeper(&ctx.actor)?;
    if let Some(question) = confirm::ask(&ctx, &posted, PAGE).await? {
        return Ok(question);
    }
    let typed = Typed {
        holder: posted.get("account_holder_name").to_owned(),
        bank: posted.get("bank_name").to_owned(),
        country: posted.get("bank_country").to_owned(),
        currency: posted.get("currency").to_owned(),
        iban: posted.get("iban").to_owned(),
        number: posted.get("account_number").to_owned(),
        swift: posted.get("swift_code").to_owned(),
        routing: posted.get("routing_number").to_owned(),
    };
    match account::replace(&ctx.app, &ctx.actor, &typed).await {
        Ok(_) => Ok(ctx.done(PAGE, "bank-saved")),
        Err(error) if matches!(error.kind, ErrorKind::Conflict | ErrorKind::Invalid) => {
            let form = Form::posted(&ctx.chrome, &posted).refused(&error);
            bank_page(&ctx, form, status_of(error.kind)).await
        }
        Err(error) => Err(error.into()),
    }
}
