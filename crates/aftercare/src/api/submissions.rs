//! What patients send, and what the team reads of it.

use axum::extract::State;
use axum::http::StatusCode;
use kernel::ids::{AfterCareId, AftercareQuestionnaireId};
use kernel::{AppError, AppResult, Page, PageQuery};
use platform::App;
use platform::locale::t;
use platform::web::{ApiResult, Json, Lang, Multipart, Path, ProblemDocument, Query, Who, files_of};
use sea_orm::EntityTrait;

use crate::entity::after_cares;
use crate::queries;
use crate::service::respond::{self, Response};
use crate::service::scan::{self, Picture, ScanSet};
use crate::views::{QuestionnaireView, ResponseReceipt, ResponseView, ScanReceipt, ScanView};

/// The form of a scan set: all four views.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "describes the form; it is read field by field")]
pub(super) struct ScanForm {
    /// The day it is for; the latest open one when absent.
    #[schema(value_type = Option<String>, format = Date)]
    due_date: Option<String>,
    /// JPEG or PNG, at most 50 MB, shorter side at least 600 pixels.
    #[schema(value_type = String, format = Binary)]
    front: (),
    /// JPEG or PNG, at most 50 MB, shorter side at least 600 pixels.
    #[schema(value_type = String, format = Binary)]
    top: (),
    /// JPEG or PNG, at most 50 MB, shorter side at least 600 pixels.
    #[schema(value_type = String, format = Binary)]
    sides: (),
    /// JPEG or PNG, at most 50 MB, shorter side at least 600 pixels.
    #[schema(value_type = String, format = Binary)]
    back: (),
}

/// The scans of a recovery, newest first.
#[utoipa::path(
    get, path = "/aftercare-cases/{case_id}/scans", tag = "aftercare", operation_id = "list_aftercare_scans",
    params(("case_id" = AfterCareId, Path, description = "The case"), PageQuery),
    responses((status = 200, body = Page<ScanView>), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument))
)]
pub(super) async fn list_aftercare_scans(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<AfterCareId>,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<ScanView>>> {
    Ok(Json(queries::scans(&app, &actor, id, page.checked()?).await?))
}

/// Uploads a head-scan set.
#[utoipa::path(
    post, path = "/aftercare-cases/{case_id}/scans", tag = "aftercare", operation_id = "upload_aftercare_scan",
    params(("case_id" = AfterCareId, Path, description = "The case")),
    request_body(content = ScanForm, content_type = "multipart/form-data"),
    responses(
        (status = 201, body = ScanReceipt), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument, description = "`slot_not_open`, `slot_already_done`, `slot_excused`, \
            `case_suspended`, `case_closed`"),
        (status = 422, body = ProblemDocument, description = "`scan_set_incomplete`, `slot_unknown`, \
            `media_type_invalid`, `media_size_exceeded`, `media_unreadable`, `media_quality_insufficient`")
    )
)]
pub(super) async fn upload_aftercare_scan(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<AfterCareId>,
    form: Multipart,
) -> ApiResult<(StatusCode, Json<ScanReceipt>)> {
    let scanned = scan::upload(&app, &actor, id, set_of(form).await?).await?;
    let receipt = ScanReceipt {
        ids: scanned.ids,
        due_date: scanned.due_date,
        is_overdue: scanned.is_overdue,
        recovery_percentage: recovery(&app, id).await?,
    };
    Ok((StatusCode::CREATED, Json(receipt)))
}

async fn set_of(form: Multipart) -> AppResult<ScanSet> {
    let (files, texts) = files_of(form).await?;
    let due_date = texts.get("due_date").filter(|text| !text.trim().is_empty()).map(|text| text.trim().parse());
    let due_date =
        due_date.transpose().map_err(|_| AppError::field("due_date", "invalid", "Write a day as 2026-03-22."))?;
    let files = files
        .into_iter()
        .map(|file| Picture { field: file.field, file_name: file.file_name, bytes: file.bytes })
        .collect();
    Ok(ScanSet { due_date, files })
}

async fn recovery(app: &App, id: AfterCareId) -> AppResult<i32> {
    let case = after_cares::Entity::find_by_id(id).one(app.db.conn()).await?;
    Ok(case.map_or(0, |case| case.recovery_percentage))
}

/// A questionnaire to fill in.
#[utoipa::path(
    get, path = "/aftercare-cases/{case_id}/questionnaires/{questionnaire_id}", tag = "aftercare",
    operation_id = "show_aftercare_questionnaire",
    params(("case_id" = AfterCareId, Path, description = "The case"),
        ("questionnaire_id" = AftercareQuestionnaireId, Path, description = "The questionnaire")),
    responses((status = 200, body = QuestionnaireView), (status = 404, body = ProblemDocument))
)]
pub(super) async fn show_aftercare_questionnaire(
    State(app): State<App>,
    Who(actor): Who,
    Path((case, id)): Path<(AfterCareId, AftercareQuestionnaireId)>,
) -> ApiResult<Json<QuestionnaireView>> {
    Ok(Json(queries::questionnaire(&app, &actor, case, id).await?))
}

/// Answers a questionnaire. Dangerous answers alarm the care team at once.
#[utoipa::path(
    post, path = "/aftercare-cases/{case_id}/questionnaires/{questionnaire_id}/responses", tag = "aftercare",
    operation_id = "answer_aftercare_questionnaire",
    params(("case_id" = AfterCareId, Path, description = "The case"),
        ("questionnaire_id" = AftercareQuestionnaireId, Path, description = "The questionnaire")),
    request_body = Response,
    responses(
        (status = 201, body = ResponseReceipt), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument, description = "`slot_not_open`, `slot_already_done`, `slot_excused`, \
            `case_suspended`, `case_closed`"),
        (status = 422, body = ProblemDocument, description = "`response_invalid`, `slot_unknown`")
    )
)]
pub(super) async fn answer_aftercare_questionnaire(
    State(app): State<App>,
    Who(actor): Who,
    Lang(locale): Lang,
    Path((case, id)): Path<(AfterCareId, AftercareQuestionnaireId)>,
    Json(ask): Json<Response>,
) -> ApiResult<(StatusCode, Json<ResponseReceipt>)> {
    let answered = respond::answer(&app, &actor, case, id, &ask).await?;
    let receipt = ResponseReceipt {
        id: answered.id,
        due_date: answered.due_date,
        is_overdue: answered.is_overdue,
        flagged_urgent: answered.flagged_urgent,
        warning: answered.flagged_urgent.then(|| t(locale, "aftercare-urgent-warning")),
        recovery_percentage: recovery(&app, case).await?,
    };
    Ok((StatusCode::CREATED, Json(receipt)))
}

/// The answers of a recovery, newest first.
#[utoipa::path(
    get, path = "/aftercare-cases/{case_id}/responses", tag = "aftercare", operation_id = "list_aftercare_responses",
    params(("case_id" = AfterCareId, Path, description = "The case"), PageQuery),
    responses((status = 200, body = Page<ResponseView>), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument))
)]
pub(super) async fn list_aftercare_responses(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<AfterCareId>,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<ResponseView>>> {
    Ok(Json(queries::responses(&app, &actor, id, page.checked()?).await?))
}
