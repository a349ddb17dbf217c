//! Submitted inquiries, for patients, clinics and staff.

use axum::extract::State;
use axum::http::StatusCode;
use chrono::NaiveDate;
use kernel::ids::InquiryId;
use kernel::{AppError, CursorPage, CursorQuery, Page, PageQuery};
use platform::App;
use platform::web::{ApiResult, Json, Path, ProblemDocument, Query, Who};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::entity::inquiries::{InquiryProblem, InquiryStatus};
use crate::queries::{InquiryFilter, Sort};
use crate::rules::alert::AlertLevel;
use crate::rules::submission::QuestionnaireInput;
use crate::service::clinic::{self, AcknowledgeInput, DeclineInput};
use crate::service::edit::{self, EditInput, ReopenInput};
use crate::service::show;
use crate::service::submit::{self, SubmitInput};
use crate::views::{AlertView, InquiryLine, InquiryView, TimelineEntryView};

/// The reader's wishes for a list of inquiries.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct InquiryQuery {
    /// Number of the page.
    page: Option<u64>,
    /// Entries per page.
    per_page: Option<u64>,
    /// `-submitted_at` (default), `submitted_at`, `quote_deadline_at` or `-quote_deadline_at`.
    sort: Option<String>,
    /// Only this stage.
    #[serde(rename = "filter[status]")]
    status: Option<InquiryStatus>,
    /// Only patients of this country (ISO code).
    #[serde(rename = "filter[country]")]
    country: Option<String>,
    /// Only this urgency; for clinics.
    #[serde(rename = "filter[alert_level]")]
    alert_level: Option<AlertLevel>,
    /// Only this concern.
    #[serde(rename = "filter[problem]")]
    problem: Option<InquiryProblem>,
    /// Only patients of at least this age.
    #[serde(rename = "filter[age_from]")]
    age_from: Option<u32>,
    /// Only patients of at most this age.
    #[serde(rename = "filter[age_to]")]
    age_to: Option<u32>,
    /// Only patients who can come on or after this day.
    #[serde(rename = "filter[dates_from]")]
    dates_from: Option<NaiveDate>,
    /// Only patients who can come on or before this day.
    #[serde(rename = "filter[dates_to]")]
    dates_to: Option<NaiveDate>,
    /// Only those that went to a clinic of this country (ISO code); for staff.
    #[serde(rename = "filter[provider_country]")]
    provider_country: Option<String>,
    /// Only those sent on or after this day.
    #[serde(rename = "filter[submitted_from]")]
    submitted_from: Option<NaiveDate>,
    /// Only those sent on or before this day.
    #[serde(rename = "filter[submitted_to]")]
    submitted_to: Option<NaiveDate>,
    /// Only those that were put away, or only the others; for staff, who see the others when nothing is said.
    #[serde(rename = "filter[archived]")]
    archived: Option<bool>,
    /// Part of the inquiry's or the patient's code.
    q: Option<String>,
}

impl InquiryQuery {
    fn read(self) -> Result<(InquiryFilter, PageQuery), AppError> {
        let unknown = || {
            let words = Sort::WORDS.join(", ");
            AppError::field("sort", "unknown_value", format!("Sort by one of {words}."))
        };
        let sort = match self.sort.as_deref() {
            None => Sort::default(),
            Some(word) => Sort::from_word(word).ok_or_else(unknown)?,
        };
        let default = PageQuery::default();
        let page =
            PageQuery { page: self.page.unwrap_or(default.page), per_page: self.per_page.unwrap_or(default.per_page) };
        let filter = InquiryFilter {
            status: self.status,
            country: self.country,
            alert_level: self.alert_level,
            problem: self.problem,
            code: self.q,
            age_from: self.age_from,
            age_to: self.age_to,
            dates_from: self.dates_from,
            dates_to: self.dates_to,
            provider_country: self.provider_country,
            submitted_from: self.submitted_from,
            submitted_to: self.submitted_to,
            archived: self.archived,
            sort,
        };
        Ok((filter, page))
    }
}

/// Lists inquiries: a patient's own, a clinic's received ones, all for staff.
#[utoipa::path(get, path = "/inquiries", tag = "inquiries", operation_id = "list_inquiries", params(InquiryQuery),
    responses((status = 200, body = Page<InquiryLine>), (status = 403, body = ProblemDocument)))]
pub async fn list_inquiries(
    State(app): State<App>,
    Who(actor): Who,
    Query(query): Query<InquiryQuery>,
) -> ApiResult<Json<Page<InquiryLine>>> {
    let (filter, page) = query.read()?;
    Ok(Json(show::list(&app, &actor, &filter, page).await?))
}

/// A submitted inquiry.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SubmittedView {
    /// Its id.
    pub id: InquiryId,
    /// The inquiry.
    pub inquiry: InquiryView,
}

/// Submits the draft (R-IQ-01..18).
#[utoipa::path(post, path = "/inquiries", tag = "inquiries", operation_id = "submit_inquiry", request_body = SubmitInput,
    responses((status = 201, body = SubmittedView), (status = 403, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn submit_inquiry(
    State(app): State<App>,
    Who(actor): Who,
    Json(input): Json<SubmitInput>,
) -> ApiResult<(StatusCode, Json<SubmittedView>)> {
    let id = submit::submit(&app, &actor, &input).await?;
    let inquiry = show::inquiry(&app, &actor, id).await?;
    Ok((StatusCode::CREATED, Json(SubmittedView { id, inquiry })))
}

/// Shows an inquiry in the shape for whoever asks.
#[utoipa::path(get, path = "/inquiries/{id}", tag = "inquiries", operation_id = "show_inquiry",
    params(("id" = InquiryId, Path)),
    responses((status = 200, body = InquiryView), (status = 404, body = ProblemDocument)))]
pub async fn show_inquiry(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<InquiryId>,
) -> ApiResult<Json<InquiryView>> {
    Ok(Json(show::inquiry(&app, &actor, id).await?))
}

/// Changes an inquiry: its patient before the first quote (R-IQ-11), staff with a reason. Medical answers and pictures
/// are not part of it.
#[utoipa::path(patch, path = "/inquiries/{id}", tag = "inquiries", operation_id = "edit_inquiry",
    params(("id" = InquiryId, Path)), request_body = EditInput,
    responses((status = 200, body = InquiryView), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn edit_inquiry(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<InquiryId>,
    Json(input): Json<EditInput>,
) -> ApiResult<Json<InquiryView>> {
    edit::edit(&app, &actor, id, &input).await?;
    Ok(Json(show::inquiry(&app, &actor, id).await?))
}

/// Answers the medical questionnaire again (R-IQ-21).
#[utoipa::path(put, path = "/inquiries/{id}/medical-answers", tag = "inquiries", operation_id = "answer_inquiry_again",
    params(("id" = InquiryId, Path)), request_body = QuestionnaireInput,
    responses((status = 200, body = InquiryView), (status = 403, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn answer_again(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<InquiryId>,
    Json(input): Json<QuestionnaireInput>,
) -> ApiResult<Json<InquiryView>> {
    edit::answer_again(&app, &actor, id, &input).await?;
    Ok(Json(show::inquiry(&app, &actor, id).await?))
}

/// Reopens the medical questionnaire for the patient (R-IQ-21).
#[utoipa::path(post, path = "/inquiries/{id}/reopen-answers", tag = "inquiries", operation_id = "reopen_inquiry_answers",
    params(("id" = InquiryId, Path)), request_body = ReopenInput,
    responses((status = 204), (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument)))]
pub async fn reopen_answers(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<InquiryId>,
    Json(input): Json<ReopenInput>,
) -> ApiResult<StatusCode> {
    edit::reopen_answers(&app, &actor, id, &input).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Shows the history of a case, newest first.
#[utoipa::path(get, path = "/inquiries/{id}/timeline", tag = "inquiries", operation_id = "show_inquiry_timeline",
    params(("id" = InquiryId, Path), CursorQuery),
    responses((status = 200, body = CursorPage<TimelineEntryView>), (status = 404, body = ProblemDocument)))]
pub async fn show_timeline(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<InquiryId>,
    Query(query): Query<CursorQuery>,
) -> ApiResult<Json<CursorPage<TimelineEntryView>>> {
    Ok(Json(show::history(&app, &actor, id, &query).await?))
}

/// Acknowledges the medical alert for the asking clinic (R-IQ-20).
#[utoipa::path(post, path = "/inquiries/{id}/acknowledge-alert", tag = "inquiries",
    operation_id = "acknowledge_inquiry_alert", params(("id" = InquiryId, Path)), request_body = AcknowledgeInput,
    responses((status = 200, body = AlertView), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument)))]
pub async fn acknowledge_alert(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<InquiryId>,
    Json(input): Json<AcknowledgeInput>,
) -> ApiResult<Json<AlertView>> {
    Ok(Json(clinic::acknowledge_alert(&app, &actor, id, &input).await?.into()))
}

/// Gives the inquiry back without a quote.
#[utoipa::path(post, path = "/inquiries/{id}/decline", tag = "inquiries", operation_id = "decline_inquiry",
    params(("id" = InquiryId, Path)), request_body = DeclineInput,
    responses((status = 204), (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument)))]
pub async fn decline_inquiry(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<InquiryId>,
    Json(input): Json<DeclineInput>,
) -> ApiResult<StatusCode> {
    clinic::decline(&app, &actor, id, &input).await?;
    Ok(StatusCode::NO_CONTENT)
}
