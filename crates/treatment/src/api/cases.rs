//! Cases: list, detail, check-in, drafts, days, completion.

use axum::extract::State;
use kernel::ids::QuoteId;
use kernel::{Page, PageQuery};
use platform::App;
use platform::web::{ApiResult, Json, Path, ProblemDocument, Query, Who};
use quoting::entity::quotes::QuoteStatus;
use serde::Deserialize;

use crate::queries;
use crate::service::check_in::{self, CheckIn};
use crate::service::complete::{self, Completion};
use crate::service::document::{self, DayChange, Draft};
use crate::views::{CaseSummary, CaseView};

/// Filters of the list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct CaseFilter {
    /// Only cases that are `confirmed`, `inprogress`, `aftercare` or `completed`.
    #[serde(rename = "filter[status]")]
    #[param(inline)]
    status: Option<QuoteStatus>,
}

/// Treatments of the asker: a clinic's, a patient's own, all for staff.
#[utoipa::path(
    get, path = "/treatment-cases", tag = "treatment", operation_id = "list_treatment_cases",
    params(CaseFilter, PageQuery),
    responses((status = 200, body = Page<CaseSummary>), (status = 403, body = ProblemDocument))
)]
pub(super) async fn list_treatment_cases(
    State(app): State<App>,
    Who(actor): Who,
    Query(filter): Query<CaseFilter>,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<CaseSummary>>> {
    Ok(Json(queries::list(&app, &actor, filter.status, page.checked()?).await?))
}

/// One treatment, in the shape of its reader.
#[utoipa::path(
    get, path = "/treatment-cases/{quote_id}", tag = "treatment", operation_id = "show_treatment_case",
    params(("quote_id" = QuoteId, Path, description = "The booking")),
    responses((status = 200, body = CaseView), (status = 404, body = ProblemDocument))
)]
pub(super) async fn show_treatment_case(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<QuoteId>,
) -> ApiResult<Json<CaseView>> {
    Ok(Json(queries::show(&app, &actor, id).await?))
}

/// The patient arrived: the treatment begins.
#[utoipa::path(
    post, path = "/treatment-cases/{quote_id}/check-in", tag = "treatment", operation_id = "check_in_patient",
    params(("quote_id" = QuoteId, Path, description = "The booking")), request_body = CheckIn,
    responses(
        (status = 200, body = CaseView), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument, description = "`balance_outstanding`, `too_early`, \
            `early_check_in_confirm`, `already_checked_in`, `patient_already_in_treatment`, `clinician_missing`, \
            `closure_pending`, `invalid_status`")
    )
)]
pub(super) async fn check_in_patient(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<QuoteId>,
    Json(ask): Json<CheckIn>,
) -> ApiResult<Json<CaseView>> {
    check_in::check_in(&app, &actor, id, &ask).await?;
    Ok(Json(queries::show(&app, &actor, id).await?))
}

/// Saves drafts of notes and result.
#[utoipa::path(
    patch, path = "/treatment-cases/{quote_id}", tag = "treatment", operation_id = "edit_treatment_case",
    params(("quote_id" = QuoteId, Path, description = "The booking")), request_body = Draft,
    responses(
        (status = 200, body = CaseView), (status = 404, body = ProblemDocument), (status = 422, body = ProblemDocument),
        (status = 409, body = ProblemDocument, description = "`stale_version`, `invalid_status`, `already_completed`")
    )
)]
pub(super) async fn edit_treatment_case(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<QuoteId>,
    Json(draft): Json<Draft>,
) -> ApiResult<Json<CaseView>> {
    document::save_draft(&app, &actor, id, &draft).await?;
    Ok(Json(queries::show(&app, &actor, id).await?))
}

/// Changes the state or the note of a day.
#[utoipa::path(
    patch, path = "/treatment-cases/{quote_id}/days/{day}", tag = "treatment", operation_id = "change_treatment_day",
    params(("quote_id" = QuoteId, Path, description = "The booking"), ("day" = i32, Path, description = "From 1")),
    request_body = DayChange,
    responses(
        (status = 200, body = CaseView), (status = 404, body = ProblemDocument), (status = 422, body = ProblemDocument),
        (status = 409, body = ProblemDocument, description = "`stale_version`, `day_in_future`, `invalid_status`")
    )
)]
pub(super) async fn change_treatment_day(
    State(app): State<App>,
    Who(actor): Who,
    Path((id, day)): Path<(QuoteId, i32)>,
    Json(change): Json<DayChange>,
) -> ApiResult<Json<CaseView>> {
    document::change_day(&app, &actor, id, day, &change).await?;
    Ok(Json(queries::show(&app, &actor, id).await?))
}

/// Ends the treatment; aftercare begins.
#[utoipa::path(
    post, path = "/treatment-cases/{quote_id}/complete", tag = "treatment", operation_id = "complete_treatment",
    params(("quote_id" = QuoteId, Path, description = "The booking")), request_body = Completion,
    responses(
        (status = 200, body = CaseView), (status = 404, body = ProblemDocument),
        (status = 422, body = ProblemDocument, description = "`validation_failed`, `aftercare_template_required`, \
            `template_inactive`"),
        (status = 409, body = ProblemDocument, description = "`days_not_terminal`, `media_not_ready`, \
            `already_completed`, `stale_version`")
    )
)]
pub(super) async fn complete_treatment(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<QuoteId>,
    Json(ask): Json<Completion>,
) -> ApiResult<Json<CaseView>> {
    complete::complete(&app, &actor, id, &ask).await?;
    Ok(Json(queries::show(&app, &actor, id).await?))
}
