//! Flags of bookings: raised and closed on staff's page of a booking, and the clinic's word that a patient did not come.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use kernel::ids::{BookingFlagId, QuoteId};
use kernel::{AppError, AppResult, ErrorKind};
use platform::web::{ApiResult, Path, status_of};
use quoting::entity::booking_flags::BookingFlagKind as Kind;
use sea_orm::ActiveEnum;
use ui::{Badge, Chrome, Ctx, Form, Inside, Posted, Tone, page};

use super::cancel::treatment_path;
use super::desk::booking_page;
use crate::service::cancellation;
use crate::service::flags::{self, FlagInput};

/// The kinds staff raise by hand.
pub(super) const BY_HAND: [Kind; 3] = [Kind::Money, Kind::NoShow, Kind::Other];

/// A flag as a mark beside a booking.
pub(super) fn badge(chrome: &Chrome, kind: Kind) -> Badge {
    Badge::new(Tone::Warn, chrome.word("flag", kind.to_value()))
}

#[derive(Template)]
#[template(path = "pay_no_show.html")]
struct NoShowPage {
    chrome: Chrome,
    form: Form,
    reference: String,
    back: String,
    action: String,
}

fn is_sayable(error: &AppError) -> bool {
    matches!(error.kind, ErrorKind::Conflict | ErrorKind::Invalid)
}

/// Back to the booking, with the form as it was typed where something is wrong.
async fn answer(ctx: &Ctx, id: QuoteId, posted: &Posted, outcome: AppResult<()>, done: &str) -> ApiResult<Response> {
    match outcome {
        Ok(()) => Ok(ctx.done(&format!("/admin/bookings/{id}"), done)),
        Err(error) if is_sayable(&error) => {
            let form = Form::posted(&ctx.chrome, posted).refused(&error);
            let mut response = booking_page(ctx, id, form).await?;
            *response.status_mut() = status_of(error.kind);
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn add(Inside(ctx): Inside, Path(id): Path<QuoteId>, posted: Posted) -> ApiResult<Response> {
    let outcome = match BY_HAND.into_iter().find(|kind| kind.to_value() == posted.get("kind")) {
        Some(kind) => {
            let input = FlagInput { kind, note: posted.get("note").to_owned() };
            flags::add(&ctx.app, &ctx.actor, id, &input).await.map(drop)
        }
        None => Err(AppError::field("kind", "unknown_value", "Choose what is to be looked at.")),
    };
    answer(&ctx, id, &posted, outcome, "flag-raised").await
}

pub(super) async fn close(
    Inside(ctx): Inside,
    Path((id, flag)): Path<(QuoteId, BookingFlagId)>,
    posted: Posted,
) -> ApiResult<Response> {
    let outcome = flags::end(&ctx.app, &ctx.actor, id, flag, posted.get("note")).await;
    answer(&ctx, id, &posted, outcome, "flag-closed").await
}

async fn no_show_page(ctx: &Ctx, id: QuoteId, form: Form, status: StatusCode) -> ApiResult<Response> {
    let seen = cancellation::preview(&ctx.app, &ctx.actor, id).await?;
    let mut response = page(&NoShowPage {
        reference: seen.reference,
        back: treatment_path(id),
        action: format!("/provider/bookings/{id}/no-show"),
        form,
        chrome: ctx.chrome.clone(),
    })?;
    *response.status_mut() = status;
    Ok(response)
}

pub(super) async fn show_no_show(Inside(ctx): Inside, Path(id): Path<QuoteId>) -> ApiResult<Response> {
    ctx.actor.provider()?;
    no_show_page(&ctx, id, Form::new(&ctx.chrome), StatusCode::OK).await
}

pub(super) async fn submit_no_show(
    Inside(ctx): Inside,
    Path(id): Path<QuoteId>,
    posted: Posted,
) -> ApiResult<Response> {
    match flags::no_show(&ctx.app, &ctx.actor, id, posted.get("note")).await {
        Ok(_) => Ok(ctx.done(&treatment_path(id), "no-show-reported")),
        Err(error) if is_sayable(&error) => {
            let form = Form::posted(&ctx.chrome, &posted).refused(&error);
            no_show_page(&ctx, id, form, status_of(error.kind)).await
        }
        Err(error) => Err(error.into()),
    }
}
