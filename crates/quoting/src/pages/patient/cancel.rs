//! Taking a whole request back.

use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use inquiry::case::CancelInput;
use inquiry::entity::inquiries::InquiryStatus;
use kernel::ids::InquiryId;
use kernel::{AppError, ErrorKind};
use platform::entity::app_list_items;
use platform::web::{ApiResult, Path, status_of};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use ui::{Choice, Chrome, Ctx, Form, Inside, Posted, page};

use crate::offers;
use crate::service::cancel::{self, Cancelled};

#[derive(Template)]
#[template(path = "quote_patient_cancel.html")]
struct CancelPage {
    chrome: Chrome,
    case: String,
    action: String,
    form: Form,
    reasons: Vec<Choice>,
    /// Offers that end with the request.
    open: i64,
}

#[derive(Template)]
#[template(path = "quote_patient_cancelled.html")]
struct CancelledPage {
    chrome: Chrome,
    case: String,
    code: String,
    at: String,
    ended: i64,
}

async fn cancel_page(ctx: &Ctx, id: InquiryId, form: Form) -> ApiResult<Response> {
    let rows = app_list_items::Entity::find()
        .filter(app_list_items::Column::ListKey.eq(inquiry::case::CANCELLATION_REASONS))
        .filter(app_list_items::Column::IsActive.eq(true))
        .order_by_asc(app_list_items::Column::DisplayOrder)
        .all(ctx.app.replica.conn())
        .await
        .map_err(AppError::from)?;
    let reason = |row: app_list_items::Model| {
        let known = platform::locale::find_text(ctx.locale(), &format!("cancel-reason-{}", row.code.replace('_', "-")));
        Choice::new(row.code, known.unwrap_or(row.label))
    };
    page(&CancelPage {
        case: format!("/patient/cases/{id}"),
        action: format!("/patient/cases/{id}/cancel"),
        reasons: rows.into_iter().map(reason).collect(),
        open: i64::try_from(offers::count_open(&ctx.app, id).await?).unwrap_or_default(),
        form,
        chrome: ctx.chrome.clone(),
    })
}

pub(super) async fn ask(Inside(ctx): Inside, Path(id): Path<InquiryId>) -> ApiResult<Response> {
    inquiry::queries::find(&ctx.app, &ctx.actor, id).await?;
    let form = Form::new(&ctx.chrome);
    cancel_page(&ctx, id, form).await
}

pub(super) async fn submit(Inside(ctx): Inside, Path(id): Path<InquiryId>, posted: Posted) -> ApiResult<Response> {
    let input = CancelInput {
        reason: posted.get("reason").to_owned(),
        notes: posted.given("notes").map(str::to_owned),
        feedback: posted.given("feedback").map(str::to_owned),
    };
    let confirmation = || Redirect::to(&format!("/patient/cases/{id}/cancelled")).into_response();
    match cancel::cancel_inquiry(&ctx.app, &ctx.actor, id, &input).await {
        Ok(_) => Ok(confirmation()),
        // Sent twice: the first one cancelled it.
        Err(error) if error.kind == ErrorKind::Conflict && is_cancelled(&ctx, id).await? => Ok(confirmation()),
        Err(error) if !matches!(error.kind, ErrorKind::Internal | ErrorKind::NotFound) => {
            let form = Form::posted(&ctx.chrome, &posted).refused(&error);
            let mut response = cancel_page(&ctx, id, form).await?;
            *response.status_mut() = status_of(error.kind);
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

async fn is_cancelled(ctx: &Ctx, id: InquiryId) -> ApiResult<bool> {
    Ok(inquiry::queries::find(&ctx.app, &ctx.actor, id).await?.status == InquiryStatus::Cancelled)
}

/// What was cancelled and when, by the server's clock: to look up and to refer to.
pub(super) async fn done(Inside(ctx): Inside, Path(id): Path<InquiryId>) -> ApiResult<Response> {
    let Cancelled { inquiry_code, cancelled_at, quotes_cancelled, .. } =
        offers::cancelled(&ctx.app, &ctx.actor, id).await?;
    let chrome = ctx.chrome;
    page(&CancelledPage {
        case: format!("/patient/cases/{id}"),
        code: inquiry_code.unwrap_or_default(),
        at: cancelled_at.map(|at| chrome.moment(at)).unwrap_or_default(),
        ended: i64::try_from(quotes_cancelled).unwrap_or_default(),
        chrome,
    })
}
