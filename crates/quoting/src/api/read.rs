//! Reading quotes.

use axum::extract::State;
use kernel::ids::{InquiryId, ProviderId, QuoteId};
use kernel::{AppError, Page, PageQuery};
use platform::App;
use platform::web::{ApiResult, Json, Path, ProblemDocument, Query, Who};
use serde::{Deserialize, Serialize};

use crate::entity::quotes::{QuoteStatus, QuoteStatusReason};
use crate::queries::{self, Filter, Sort};
use crate::views::{QuoteDetail, QuoteSummary, QuoteView, VersionView};

/// What a list of quotes is narrowed by.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct QuoteQuery {
    /// Number of the page.
    page: Option<u64>,
    /// Entries per page.
    per_page: Option<u64>,
    /// `-created_at` (default), `created_at`, `price`, `-price`, `grafts`, `-grafts`, `expires_at`, `-expires_at` or
    /// `-rating`.
    sort: Option<String>,
    /// One request.
    #[serde(rename = "filter[inquiry_id]")]
    inquiry: Option<InquiryId>,
    /// One status.
    #[serde(rename = "filter[status]")]
    status: Option<QuoteStatus>,
    /// One way to end.
    #[serde(rename = "filter[status_reason]")]
    reason: Option<QuoteStatusReason>,
    /// One clinic.
    #[serde(rename = "filter[provider_id]")]
    provider: Option<ProviderId>,
    /// Only what can be accepted at this moment, or only what cannot.
    #[serde(rename = "filter[live]")]
    live: Option<bool>,
    /// Only what was archived, or only what was not.
    #[serde(rename = "filter[archived]")]
    archived: Option<bool>,
    /// The beginning of the code of the quote.
    q: Option<String>,
}

/// Lists quotes: a patient's own that were sent, a clinic's own, all for staff.
#[utoipa::path(get, path = "/quotes", tag = "quotes", operation_id = "list_quotes", params(QuoteQuery),
    responses((status = 200, body = Page<QuoteView<QuoteSummary>>), (status = 403, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn list_quotes(
    State(app): State<App>,
    Who(actor): Who,
    Query(query): Query<QuoteQuery>,
) -> ApiResult<Json<Page<QuoteView<QuoteSummary>>>> {
    let default = PageQuery::default();
    let page =
        PageQuery { page: query.page.unwrap_or(default.page), per_page: query.per_page.unwrap_or(default.per_page) };
    let sort = match query.sort.as_deref() {
        None => Sort::default(),
        Some(word) => Sort::from_word(word).ok_or_else(|| {
            let words: Vec<&str> = Sort::WORDS.iter().map(|(word, _)| *word).collect();
            AppError::field("sort", "sort_unknown", format!("Sort by one of {}.", words.join(", ")))
        })?,
    };
    let filter = Filter {
        inquiry: query.inquiry,
        status: query.status,
        reason: query.reason,
        provider: query.provider,
        live: query.live,
        archived: query.archived,
        code: query.q,
        sort,
    };
    Ok(Json(queries::list(&app, &actor, &filter, page).await?))
}

/// Shows a quote in full, shaped by who asks.
#[utoipa::path(get, path = "/quotes/{id}", tag = "quotes", operation_id = "show_quote", params(("id" = QuoteId, Path)),
    responses((status = 200, body = QuoteView<QuoteDetail>), (status = 404, body = ProblemDocument)))]
pub async fn show_quote(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<QuoteId>,
) -> ApiResult<Json<QuoteView<QuoteDetail>>> {
    Ok(Json(queries::show(&app, &actor, id).await?))
}

/// Which offers to compare.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CompareQuery {
    /// Two or three ids, separated by commas.
    #[param(example = "01970000-0000-7000-8000-000000000001,01970000-0000-7000-8000-000000000002")]
    ids: String,
}

/// Offers side by side.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Comparison {
    /// In the order asked for.
    data: Vec<QuoteSummary>,
}

/// Compares two or three offers of one request.
#[utoipa::path(get, path = "/inquiries/{id}/quotes/compare", tag = "quotes", operation_id = "compare_quotes",
    params(("id" = InquiryId, Path), CompareQuery),
    responses((status = 200, body = Comparison), (status = 404, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn compare_quotes(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<InquiryId>,
    Query(query): Query<CompareQuery>,
) -> ApiResult<Json<Comparison>> {
    let ids: Result<Vec<QuoteId>, _> = query.ids.split(',').map(|id| id.trim().parse()).collect();
    let ids = ids.map_err(|_| AppError::malformed("The ids are not readable."))?;
    Ok(Json(Comparison { data: queries::compare(&app, &actor, id, &ids).await? }))
}

/// The versions of a quote.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Versions {
    /// Newest first.
    data: Vec<VersionView>,
}

/// Lists the versions of a quote with what changed, for its clinic and staff.
#[utoipa::path(get, path = "/quotes/{id}/versions", tag = "quotes", operation_id = "list_quote_versions",
    params(("id" = QuoteId, Path)),
    responses((status = 200, body = Versions), (status = 404, body = ProblemDocument)))]
pub async fn list_quote_versions(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<QuoteId>,
) -> ApiResult<Json<Versions>> {
    Ok(Json(Versions { data: queries::versions(&app, &actor, id).await? }))
}
