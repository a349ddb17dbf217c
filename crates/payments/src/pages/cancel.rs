//! Cancelling a booking: for its patient with what comes back, for its clinic as a wish.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::ids::QuoteId;
use kernel::{AppError, AppResult, ErrorKind, Money};
use platform::web::{ApiResult, Path, Problem, status_of};
use quoting::entity::quotes::QuoteStatus;
use ui::{Chrome, Ctx, Form, Inside, PostedFiles, page};

use super::words;
use crate::service::cancellation::{self, CancelInput, MOST_FILES, Preview};

/// Sums of a cancellation in the reader's words.
struct Sums {
    paid: String,
    back: String,
    kept: String,
    exception: String,
    rule: String,
    /// Nothing comes back.
    nothing: bool,
    /// What the form sends back: the refund that was shown.
    amount: String,
    currency: String,
}

impl Sums {
    fn of(chrome: &Chrome, figures: &cancellation::Figures) -> Self {
        let money = |amount| chrome.money(Money::new(amount, figures.currency));
        let days = chrome.tn("cancel-days", "days", figures.days_before.max(0));
        let percent = figures.percent.normalize().to_string();
        let args = [("days", days.into()), ("percent", percent.into())];
        Self {
            paid: money(figures.paid),
            back: money(figures.back),
            kept: money(figures.kept()),
            exception: money(figures.with_exception),
            rule: platform::locale::tr(chrome.locale, "cancel-rule", &args),
            nothing: figures.back.is_zero(),
            amount: figures.back.to_string(),
            currency: figures.currency.code().to_owned(),
        }
    }
}

#[derive(Template)]
#[template(path = "pay_cancel.html")]
struct CancelPage {
    chrome: Chrome,
    form: Form,
    back: String,
    action: String,
    reference: String,
    sums: Sums,
    most: usize,
}

#[derive(Template)]
#[template(path = "pay_clinic_cancel.html")]
struct ClinicCancelPage {
    chrome: Chrome,
    form: Form,
    back: String,
    action: String,
    reference: String,
    sums: Sums,
    /// A wish that waits for staff.
    waits: bool,
    /// Why the last wish was refused.
    refused: Option<String>,
}

pub(super) fn treatment_path(id: QuoteId) -> String {
    format!("/provider/treatments/{id}")
}

pub(super) async fn show(Inside(ctx): Inside, Path(id): Path<QuoteId>) -> ApiResult<Response> {
    ctx.actor.patient()?;
    let seen = cancellation::preview(&ctx.app, &ctx.actor, id).await?;
    match seen.quote.status {
        // Nothing is paid yet: the request ends as a whole.
        QuoteStatus::Accepted => {
            Ok(Redirect::to(&format!("/patient/cases/{}/cancel", seen.quote.inquiry_id)).into_response())
        }
        QuoteStatus::Confirmed => {
            let form = Form::new(&ctx.chrome);
            patient_page(&ctx, id, &seen, form, StatusCode::OK)
        }
        // The page of the booking says why.
        _ => Ok(Redirect::to(&words::booking_path(id)).into_response()),
    }
}

fn patient_page(ctx: &Ctx, id: QuoteId, seen: &Preview, form: Form, status: StatusCode) -> ApiResult<Response> {
    let Some(figures) = &seen.figures else { return Err(AppError::not_found().into()) };
    let mut response = page(&CancelPage {
        back: words::booking_path(id),
        action: format!("{}/cancel", words::booking_path(id)),
        reference: seen.reference.clone(),
        sums: Sums::of(&ctx.chrome, figures),
        most: MOST_FILES,
        form,
        chrome: ctx.chrome.clone(),
    })?;
    *response.status_mut() = status;
    Ok(response)
}

fn input(sent: &PostedFiles) -> AppResult<CancelInput> {
    let fields = &sent.fields;
    let expected = match fields.given("expected_amount") {
        None => None,
        Some(amount) => {
            let wrong = || AppError::conflict("amount_changed", "The refund is not what was shown. Look at it again.");
            let amount = amount.parse().map_err(|_| wrong())?;
            Some(Money::new(amount, fields.get("expected_currency").parse().map_err(|_| wrong())?))
        }
    };
    Ok(CancelInput {
        reason: fields.get("reason").to_owned(),
        medical: fields.ticked("medical"),
        expected,
        documents: sent.files.iter().map(|file| (file.file_name.clone(), file.bytes.clone())).collect(),
    })
}

/// A form that does not come from our pages ends here; one with too much in it is shown again.
fn readable(sent: Result<PostedFiles, Problem>) -> Result<Result<PostedFiles, Problem>, Problem> {
    match sent {
        Err(Problem(error)) if error.kind != ErrorKind::TooLarge => Err(Problem(error)),
        read => Ok(read),
    }
}

async fn send(ctx: &Ctx, id: QuoteId, sent: &Result<PostedFiles, Problem>) -> AppResult<()> {
    match sent {
        Ok(sent) => cancellation::cancel(&ctx.app, &ctx.actor, id, &input(sent)?).await.map(|_| ()),
        Err(Problem(error)) if error.kind == ErrorKind::TooLarge => {
            Err(AppError::field("documents", "media_size_exceeded", "At most 10 MB for each document."))
        }
        Err(Problem(error)) => Err(AppError::new(error.kind, error.code.clone(), error.detail.clone())),
    }
}

/// What was typed, with what is wrong.
fn again(ctx: &Ctx, sent: Result<PostedFiles, Problem>, error: &AppError) -> Form {
    let fields = sent.map(|sent| sent.fields).unwrap_or_default();
    Form::posted(&ctx.chrome, &fields).refused(error)
}

pub(super) async fn submit(
    Inside(ctx): Inside,
    Path(id): Path<QuoteId>,
    sent: Result<PostedFiles, Problem>,
) -> ApiResult<Response> {
    ctx.actor.patient()?;
    let sent = readable(sent)?;
    // Whose it is comes first, also for a form that is too large.
    let seen = cancellation::preview(&ctx.app, &ctx.actor, id).await?;
    match send(&ctx, id, &sent).await {
        Ok(()) => Ok(ctx.done(&words::booking_path(id), "booking-cancelled")),
        Err(error) if is_sayable(&error) && seen.figures.is_some() => {
            let form = again(&ctx, sent, &error);
            patient_page(&ctx, id, &seen, form, status_of(error.kind))
        }
        Err(error) => Err(error.into()),
    }
}

fn is_sayable(error: &AppError) -> bool {
    matches!(error.kind, ErrorKind::Invalid | ErrorKind::Conflict | ErrorKind::TooLarge)
}

pub(super) async fn show_clinic(Inside(ctx): Inside, Path(id): Path<QuoteId>) -> ApiResult<Response> {
    ctx.actor.provider()?;
    let seen = cancellation::preview(&ctx.app, &ctx.actor, id).await?;
    if seen.quote.status != QuoteStatus::Confirmed {
        return Ok(Redirect::to(&treatment_path(id)).into_response());
    }
    let form = Form::new(&ctx.chrome);
    clinic_page(&ctx, id, &seen, form, StatusCode::OK)
}

fn clinic_page(ctx: &Ctx, id: QuoteId, seen: &Preview, form: Form, status: StatusCode) -> ApiResult<Response> {
    use booking::entity::cancellation_requests::CancellationRequestStatus as Status;
    let Some(figures) = &seen.figures else { return Err(AppError::not_found().into()) };
    let request = seen.request.as_ref();
    let mut response = page(&ClinicCancelPage {
        back: treatment_path(id),
        action: format!("/provider/bookings/{id}/cancel"),
        reference: seen.reference.clone(),
        sums: Sums::of(&ctx.chrome, figures),
        waits: request.is_some_and(|row| row.status == Status::Pending),
        refused: request.filter(|row| row.status == Status::Denied).and_then(|row| row.decision_reason.clone()),
        form,
        chrome: ctx.chrome.clone(),
    })?;
    *response.status_mut() = status;
    Ok(response)
}

pub(super) async fn submit_clinic(
    Inside(ctx): Inside,
    Path(id): Path<QuoteId>,
    sent: Result<PostedFiles, Problem>,
) -> ApiResult<Response> {
    ctx.actor.provider()?;
    let sent = readable(sent)?;
    let seen = cancellation::preview(&ctx.app, &ctx.actor, id).await?;
    match send(&ctx, id, &sent).await {
        Ok(()) => Ok(ctx.done(&format!("/provider/bookings/{id}/cancel"), "booking-cancel-asked")),
        Err(error) if is_sayable(&error) && seen.figures.is_some() => {
            let form = again(&ctx, sent, &error);
            clinic_page(&ctx, id, &seen, form, status_of(error.kind))
        }
        Err(error) => Err(error.into()),
    }
}
