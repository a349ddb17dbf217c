//! What Hairline's staff decide about quotes and look after.

use axum::extract::State;
use kernel::ids::QuoteId;
use kernel::{Page, PageQuery};
use platform::App;
use platform::web::{ApiResult, Json, Path, ProblemDocument, Query, Who};
use serde::Deserialize;

use crate::oversight::{self, Acceptance, AcceptanceState, WithdrawalLine};
use crate::queries;
use crate::service::archive;
use crate::service::withdrawal::{self, Verdict};
use crate::views::{QuoteDetail, QuoteView};

/// What staff decide about a clinic that wants to step back.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResolveInput {
    /// `grant` or `refuse`.
    decision: Verdict,
    /// 10 to 500 characters.
    #[schema(example = "Spoke to the clinic and to the patient.")]
    reason: String,
}

/// Decides about a clinic's wish to step back from an accepted offer (Q14).
#[utoipa::path(post, path = "/quotes/{id}/resolve-withdrawal", tag = "quotes", operation_id = "resolve_withdrawal",
    params(("id" = QuoteId, Path)), request_body = ResolveInput,
    responses((status = 200, body = QuoteView<QuoteDetail>), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn resolve_withdrawal(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<QuoteId>,
    Json(input): Json<ResolveInput>,
) -> ApiResult<Json<QuoteView<QuoteDetail>>> {
    withdrawal::resolve(&app, &actor, id, input.decision, &input.reason).await?;
    Ok(Json(queries::show(&app, &actor, id).await?))
}

/// Why a quote is brought back.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RestoreInput {
    /// 10 to 500 characters.
    #[schema(example = "The clinic withdrew it by mistake.")]
    reason: String,
}

/// Brings a quote back: on offer, as a draft, or out of the archive (Q15).
#[utoipa::path(post, path = "/quotes/{id}/restore", tag = "quotes", operation_id = "restore_quote",
    params(("id" = QuoteId, Path)), request_body = RestoreInput,
    responses((status = 200, body = QuoteView<QuoteDetail>), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn restore_quote(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<QuoteId>,
    Json(input): Json<RestoreInput>,
) -> ApiResult<Json<QuoteView<QuoteDetail>>> {
    archive::restore(&app, &actor, id, &input.reason).await?;
    Ok(Json(queries::show(&app, &actor, id).await?))
}

/// What the list of acceptances is narrowed by.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AcceptanceQuery {
    /// Number of the page.
    page: Option<u64>,
    /// Entries per page.
    per_page: Option<u64>,
    /// Only acceptances in this state.
    #[serde(rename = "filter[state]")]
    state: Option<AcceptanceState>,
}

/// Lists what patients accepted, newest first, with what became of it.
#[utoipa::path(get, path = "/admin/acceptances", tag = "quotes", operation_id = "list_acceptances",
    params(AcceptanceQuery),
    responses((status = 200, body = Page<Acceptance>), (status = 403, body = ProblemDocument)))]
pub async fn list_acceptances(
    State(app): State<App>,
    Who(actor): Who,
    Query(query): Query<AcceptanceQuery>,
) -> ApiResult<Json<Page<Acceptance>>> {
    let page = page_of(query.page, query.per_page);
    Ok(Json(oversight::acceptances(&app, &actor, query.state, page).await?))
}

fn page_of(page: Option<u64>, per_page: Option<u64>) -> PageQuery {
    let default = PageQuery::default();
    PageQuery { page: page.unwrap_or(default.page), per_page: per_page.unwrap_or(default.per_page) }
}

/// Lists clinics' open wishes to step back, the oldest first (Q13).
#[utoipa::path(get, path = "/admin/withdrawals", tag = "quotes", operation_id = "list_withdrawals", params(PageQuery),
    responses((status = 200, body = Page<WithdrawalLine>), (status = 403, body = ProblemDocument)))]
pub async fn list_withdrawals(
    State(app): State<App>,
    Who(actor): Who,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<WithdrawalLine>>> {
    Ok(Json(oversight::withdrawals(&app, &actor, page).await?))
}
