//! Questionnaires, as staff keep them (R-IQ-22).

use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use kernel::ids::QuestionnaireSetId;
use kernel::{Page, PageQuery};
use platform::App;
use platform::web::{ApiResult, Json, Path, ProblemDocument, Query, Who};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::treatments::Made;
use crate::entity::questionnaire_sets::{QuestionnaireSetContextType as Context, QuestionnaireSetStatus as Status};
use crate::rules::questions::Question;
use crate::service::questionnaires::{self, SetInput, Version};

/// A version of a set.
#[derive(Debug, Serialize, ToSchema)]
pub struct SetView {
    /// The version's id.
    pub id: QuestionnaireSetId,
    /// What all versions of the set share.
    pub set_code: String,
    /// Number of the version.
    pub version: i32,
    /// Name of the set.
    #[schema(example = "Medical questionnaire")]
    pub name: String,
    /// Where it is used.
    pub context_type: Context,
    /// What it is about.
    pub category: Option<String>,
    /// More about it.
    pub description: Option<String>,
    /// Draft, active or archived.
    pub status: Status,
    /// Whether patients answer it with an inquiry.
    pub is_active_for_inquiry: bool,
    /// For the next edit.
    pub lock_version: i32,
    /// When it was published.
    pub published_at: Option<DateTime<Utc>>,
    /// Its questions in order.
    pub questions: Vec<Question>,
}

impl From<Version> for SetView {
    fn from(Version { row, questions }: Version) -> Self {
        Self {
            id: row.id,
            set_code: row.set_code,
            version: row.version,
            name: row.name,
            context_type: row.context_type,
            category: row.category,
            description: row.description,
            status: row.status,
            is_active_for_inquiry: row.is_active_for_inquiry,
            lock_version: row.lock_version,
            published_at: row.published_at,
            questions,
        }
    }
}

/// A version with the others of its set.
#[derive(Debug, Serialize, ToSchema)]
pub struct SetDetail {
    /// The version.
    #[serde(flatten)]
    pub set: SetView,
    /// All versions of the set, newest first.
    pub versions: Vec<VersionLine>,
}

/// A version in the list of a set's versions.
#[derive(Debug, Serialize, ToSchema)]
pub struct VersionLine {
    /// Its id.
    pub id: QuestionnaireSetId,
    /// Its number.
    pub version: i32,
    /// Draft, active or archived.
    pub status: Status,
    /// When it was published.
    pub published_at: Option<DateTime<Utc>>,
}

/// The reader's wishes for a list of sets.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SetQuery {
    /// Number of the page.
    page: Option<u64>,
    /// Entries per page.
    per_page: Option<u64>,
    /// Only sets used there.
    #[serde(rename = "filter[context]")]
    context: Option<Context>,
    /// Only sets whose newest version is in this state.
    #[serde(rename = "filter[status]")]
    status: Option<Status>,
}

/// Lists the sets, each by its newest version.
#[utoipa::path(get, path = "/admin/questionnaire-sets", tag = "questionnaires",
    operation_id = "list_questionnaire_sets", params(SetQuery),
    responses((status = 200, body = Page<SetView>), (status = 403, body = ProblemDocument)))]
pub async fn list_questionnaire_sets(
    State(app): State<App>,
    Who(actor): Who,
    Query(query): Query<SetQuery>,
) -> ApiResult<Json<Page<SetView>>> {
    let default = PageQuery::default();
    let page =
        PageQuery { page: query.page.unwrap_or(default.page), per_page: query.per_page.unwrap_or(default.per_page) };
    let found = questionnaires::list(&app, &actor, query.context, query.status, page).await?;
    Ok(Json(found.map(SetView::from)))
}

/// Begins a set.
#[utoipa::path(post, path = "/admin/questionnaire-sets", tag = "questionnaires",
    operation_id = "create_questionnaire_set", request_body = SetInput,
    responses((status = 201, body = Made), (status = 403, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn create_questionnaire_set(
    State(app): State<App>,
    Who(actor): Who,
    Json(input): Json<SetInput>,
) -> ApiResult<(StatusCode, Json<Made>)> {
    let id = questionnaires::create(&app, &actor, input).await?;
    Ok((StatusCode::CREATED, Json(Made { id: id.any() })))
}

/// Shows a version as patients would see it, with the versions of its set.
#[utoipa::path(get, path = "/admin/questionnaire-sets/{id}", tag = "questionnaires",
    operation_id = "show_questionnaire_set", params(("id" = QuestionnaireSetId, Path)),
    responses((status = 200, body = SetDetail), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument)))]
pub async fn show_questionnaire_set(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<QuestionnaireSetId>,
) -> ApiResult<Json<SetDetail>> {
    let (set, versions) = questionnaires::show(&app, &actor, id).await?;
    let line = |version: Version| VersionLine {
        id: version.row.id,
        version: version.row.version,
        status: version.row.status,
        published_at: version.row.published_at,
    };
    Ok(Json(SetDetail { set: set.into(), versions: versions.into_iter().map(line).collect() }))
}

/// Saves a draft, or makes the next version's draft from a published one.
#[utoipa::path(patch, path = "/admin/questionnaire-sets/{id}", tag = "questionnaires",
    operation_id = "save_questionnaire_set", params(("id" = QuestionnaireSetId, Path)), request_body = SetInput,
    responses((status = 200, body = Made), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn save_questionnaire_set(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<QuestionnaireSetId>,
    Json(input): Json<SetInput>,
) -> ApiResult<Json<Made>> {
    Ok(Json(Made { id: questionnaires::save(&app, &actor, id, input).await?.any() }))
}

/// What to publish.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PublishSetBody {
    /// The `lock_version` that was seen.
    pub lock_version: i32,
    /// Whether patients answer it with inquiries from now on.
    #[serde(default)]
    pub for_inquiries: bool,
}

/// Publishes a draft; the version before is archived.
#[utoipa::path(post, path = "/admin/questionnaire-sets/{id}/publish", tag = "questionnaires",
    operation_id = "publish_questionnaire_set", params(("id" = QuestionnaireSetId, Path)),
    request_body = PublishSetBody,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn publish_questionnaire_set(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<QuestionnaireSetId>,
    Json(body): Json<PublishSetBody>,
) -> ApiResult<StatusCode> {
    questionnaires::publish(&app, &actor, id, body.lock_version, body.for_inquiries).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Makes a published version the one patients answer with inquiries (R-IQ-15).
#[utoipa::path(post, path = "/admin/questionnaire-sets/{id}/activate-inquiry", tag = "questionnaires",
    operation_id = "activate_questionnaire_set", params(("id" = QuestionnaireSetId, Path)),
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument)))]
pub async fn activate_questionnaire_set(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<QuestionnaireSetId>,
) -> ApiResult<StatusCode> {
    questionnaires::activate(&app, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The name of a copy.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CopyBody {
    /// At most 100 characters, unique among sets.
    #[schema(example = "Medical questionnaire, short")]
    pub name: String,
}

/// Begins another set with the same questions.
#[utoipa::path(post, path = "/admin/questionnaire-sets/{id}/duplicate", tag = "questionnaires",
    operation_id = "duplicate_questionnaire_set", params(("id" = QuestionnaireSetId, Path)), request_body = CopyBody,
    responses((status = 201, body = Made), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn duplicate_questionnaire_set(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<QuestionnaireSetId>,
    Json(body): Json<CopyBody>,
) -> ApiResult<(StatusCode, Json<Made>)> {
    let made = questionnaires::duplicate(&app, &actor, id, &body.name).await?;
    Ok((StatusCode::CREATED, Json(Made { id: made.any() })))
}

/// Archives a version; answers given with it stay.
#[utoipa::path(post, path = "/admin/questionnaire-sets/{id}/archive", tag = "questionnaires",
    operation_id = "archive_questionnaire_set", params(("id" = QuestionnaireSetId, Path)),
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument)))]
pub async fn archive_questionnaire_set(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<QuestionnaireSetId>,
) -> ApiResult<StatusCode> {
    questionnaires::archive(&app, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Deletes a version that was never published; one that was can be archived (R-IQ-22).
#[utoipa::path(delete, path = "/admin/questionnaire-sets/{id}", tag = "questionnaires",
    operation_id = "delete_questionnaire_set", params(("id" = QuestionnaireSetId, Path)),
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument)))]
pub async fn delete_questionnaire_set(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<QuestionnaireSetId>,
) -> ApiResult<StatusCode> {
    questionnaires::remove(&app, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
