//! The sheet on which an offer is accepted: what is held, what happens next, and any refusal where it is read.

use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::ids::QuoteId;
use kernel::{Amount, AppError, Currency, ErrorKind, Money};
use platform::web::{ApiResult, Path, status_of};
use ui::{Chrome, Ctx, Form, Html, Inside, Posted, page};

use super::at_clinic;
use super::show::detail;
use crate::entity::quotes::QuoteStatus;
use crate::rules::accept::Ask;
use crate::service::accept;
use crate::settings;

#[derive(Template)]
#[template(path = "quote_patient_accept.html")]
struct AcceptSheet {
    chrome: Chrome,
    clinic: String,
    treatment: String,
    when: String,
    until: Html,
    total: String,
    deposit: String,
    deposit_percent: String,
    hold_hours: String,
    back: String,
    action: String,
    form: Form,
    version: i32,
    amount: String,
    currency: String,
    open: bool,
}

pub(super) async fn sheet(Inside(ctx): Inside, Path(id): Path<QuoteId>) -> ApiResult<Response> {
    let form = Form::new(&ctx.chrome);
    draw(&ctx, id, form).await
}

async fn draw(ctx: &Ctx, id: QuoteId, form: Form) -> ApiResult<Response> {
    let quote = detail(ctx, id).await?;
    let summary = &quote.summary;
    if matches!(summary.status, QuoteStatus::Accepted | QuoteStatus::Confirmed) {
        // Taken already: what is left to do is to pay.
        return Ok(Redirect::to(&format!("/patient/bookings/{id}")).into_response());
    }
    let percent = settings::DEPOSIT_PERCENT.get(&ctx.app).await?;
    let hours = settings::HOLD_HOURS.get(&ctx.app).await?;
    let chrome = ctx.chrome.clone();
    let total = quote.price.total;
    page(&AcceptSheet {
        clinic: summary.clinic.name.clone(),
        treatment: summary.treatment_name.clone(),
        when: at_clinic(&chrome, summary.slot_at, summary.timezone.as_deref()),
        until: summary.expires_at.map(|at| chrome.when(at)).unwrap_or_default(),
        total: chrome.money(total),
        deposit: total
            .amount
            .percent(percent)
            .map(|it| chrome.money(Money::new(it, total.currency)))
            .unwrap_or_default(),
        deposit_percent: percent.normalize().to_string(),
        hold_hours: hours.to_string(),
        back: format!("/patient/quotes/{id}"),
        action: format!("/patient/quotes/{id}/accept"),
        // After a change by the clinic the sheet shows, and sends, the new version.
        version: summary.version,
        amount: total.amount.to_string(),
        currency: total.currency.code().to_owned(),
        open: summary.status == QuoteStatus::Quote && summary.live,
        form,
        chrome,
    })
}

fn ask(posted: &Posted) -> Result<Ask, AppError> {
    let amount: Amount = posted.parse("amount")?;
    let currency: Currency = posted.parse("currency")?;
    let expected_total = Money::new(amount, currency);
    Ok(Ask { version: posted.parse("version")?, expected_total, terms: posted.ticked("terms") })
}

pub(super) async fn submit(Inside(ctx): Inside, Path(id): Path<QuoteId>, posted: Posted) -> ApiResult<Response> {
    let outcome = match ask(&posted) {
        Ok(ask) => accept::accept(&ctx.app, &ctx.actor, id, ask).await.map(|_| ()),
        Err(error) => Err(error),
    };
    match outcome {
        Ok(()) => Ok(ctx.done(&format!("/patient/bookings/{id}/pay"), "offer-accepted")),
        Err(error) if !matches!(error.kind, ErrorKind::Internal | ErrorKind::NotFound) => {
            let form = Form::posted(&ctx.chrome, &posted).refused(&error);
            let mut response = draw(&ctx, id, form).await?;
            if response.status().is_success() {
                *response.status_mut() = status_of(error.kind);
            }
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}
