//! Taking a whole request back.

use askama::Template;
use axum::response::Response;
use inquiry::case::CancelInput;
use kernel::ids::InquiryId;
use kernel::{AppError, ErrorKind};
use platform::entity::app_list_items;
use platform::web::{ApiResult, Path, status_of};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use ui::{Choice, Chrome, Ctx, Form, Inside, Posted, page};

use crate::service::cancel;

#[derive(Template)]
#[template(path = "quote_patient_cancel.html")]
struct CancelPage {
    chrome: Chrome,
    case: String,
    action: String,
    form: Form,
    reasons: Vec<Choice>,
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
    match cancel::cancel_inquiry(&ctx.app, &ctx.actor, id, &input).await {
        Ok(_) => Ok(ctx.done(&format!("/patient/cases/{id}"), "request-cancelled")),
        Err(error) if !matches!(error.kind, ErrorKind::Internal | ErrorKind::NotFound) => {
            let form = Form::posted(&ctx.chrome, &posted).refused(&error);
            let mut response = cancel_page(&ctx, id, form).await?;
            *response.status_mut() = status_of(error.kind);
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}
