//! The ledger, for staff.

use axum::extract::State;
use kernel::{Page, PageQuery};
use platform::App;
use platform::web::{ApiResult, Json, ProblemDocument, Query, Who};

use crate::queries::ledger::{self, LedgerFilter, LedgerLine};

/// Lists what was posted, the newest first.
#[utoipa::path(get, path = "/admin/ledger", tag = "payments", operation_id = "list_ledger_entries",
    params(PageQuery, LedgerFilter),
    responses((status = 200, body = Page<LedgerLine>), (status = 403, body = ProblemDocument)))]
pub async fn list_ledger_entries(
    State(app): State<App>,
    Who(actor): Who,
    Query(page): Query<PageQuery>,
    Query(filter): Query<LedgerFilter>,
) -> ApiResult<Json<Page<LedgerLine>>> {
    Ok(Json(ledger::list(&app, &actor, &filter, page).await?))
}
