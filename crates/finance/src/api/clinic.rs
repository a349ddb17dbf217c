//! Earnings and payouts of the asking clinic.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use kernel::ids::ProviderBillId;
use kernel::{Page, PageQuery};
use platform::App;
use platform::web::{ApiResult, Json, Path, ProblemDocument, Query, Who};
use serde::Serialize;
use utoipa::ToSchema;

use super::{FormatQuery, ListFormat, csv};
use crate::queries::{self, PayoutFilter, care, earnings};
use crate::sheets;
use crate::views::{CareEarningLine, EarningLine, EarningSummary, PayoutDetail, PayoutLine};

/// A clinic's earnings.
#[derive(Debug, Serialize, ToSchema)]
pub struct EarningsAnswer {
    /// In short.
    pub summary: EarningSummary,
    /// By treatment.
    #[serde(flatten)]
    pub page: Page<EarningLine>,
}

/// Lists what the clinic's treatments bring, the newest first.
#[utoipa::path(get, path = "/provider/earnings", tag = "payouts", operation_id = "list_earnings",
    params(PageQuery, FormatQuery),
    responses((status = 200, content((EarningsAnswer = "application/json"), (String = "text/csv"))),
        (status = 403, body = ProblemDocument)))]
pub async fn list_earnings(
    State(app): State<App>,
    Who(actor): Who,
    Query(page): Query<PageQuery>,
    Query(wanted): Query<FormatQuery>,
) -> ApiResult<Response> {
    let page = earnings::list(&app, &actor, page).await?;
    if wanted.format == ListFormat::Csv {
        return Ok(csv("earnings", sheets::earnings(&page.data)));
    }
    let summary = earnings::summary(&app, &actor).await?;
    Ok(Json(EarningsAnswer { summary, page }).into_response())
}

/// Lists what aftercare bought on its own brings the clinic, the newest service first.
#[utoipa::path(get, path = "/provider/earnings/aftercare", tag = "payouts", operation_id = "list_aftercare_earnings",
    params(PageQuery),
    responses((status = 200, body = Page<CareEarningLine>), (status = 403, body = ProblemDocument)))]
pub async fn list_aftercare_earnings(
    State(app): State<App>,
    Who(actor): Who,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<CareEarningLine>>> {
    Ok(Json(care::list(&app, &actor, page).await?))
}

/// Lists the clinic's payouts, the newest first. A statement is there once its money has left.
#[utoipa::path(get, path = "/provider/payouts", tag = "payouts", operation_id = "list_payouts",
    params(PageQuery, PayoutFilter, FormatQuery),
    responses((status = 200, content((Page<PayoutLine> = "application/json"), (String = "text/csv"))),
        (status = 403, body = ProblemDocument)))]
pub async fn list_payouts(
    State(app): State<App>,
    Who(actor): Who,
    Query(page): Query<PageQuery>,
    Query(filter): Query<PayoutFilter>,
    Query(wanted): Query<FormatQuery>,
) -> ApiResult<Response> {
    let page = queries::payouts(&app, &actor, &filter, page).await?;
    if wanted.format == ListFormat::Csv {
        return Ok(csv("payouts", sheets::payouts(&page.data)));
    }
    Ok(Json(page).into_response())
}

/// Shows a payout with its lines.
#[utoipa::path(get, path = "/provider/payouts/{id}", tag = "payouts", operation_id = "show_payout",
    params(("id" = ProviderBillId, Path), FormatQuery),
    responses((status = 200, content((PayoutDetail = "application/json"), (String = "text/csv"))),
        (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument)))]
pub async fn show_payout(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<ProviderBillId>,
    Query(wanted): Query<FormatQuery>,
) -> ApiResult<Response> {
    let payout = queries::payout(&app, &actor, id).await?;
    if wanted.format == ListFormat::Csv {
        return Ok(csv(&payout.line.reference, sheets::payout(&payout)));
    }
    Ok(Json(payout).into_response())
}
