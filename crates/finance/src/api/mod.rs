//! HTTP in, HTTP out.

mod accounts;
mod bills;
mod clinic;
mod reconciliation;
mod revenue;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use platform::App;
use platform::routes;
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;

/// The routes of this wing, relative to `/api/v1`.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(clinic::list_earnings))
        .routes(routes!(clinic::list_aftercare_earnings))
        .routes(routes!(clinic::list_payouts))
        .routes(routes!(clinic::show_payout))
        .routes(routes!(accounts::show_bank_details, accounts::replace_bank_details))
        .routes(routes!(accounts::clear_bank_details))
        .routes(routes!(accounts::show_refund_account, accounts::replace_refund_account))
        .routes(routes!(accounts::show_account_of_refund))
        .routes(routes!(accounts::send_refund))
        .routes(routes!(bills::list_bills))
        .routes(routes!(bills::show_bill))
        .routes(routes!(bills::batch_approve_bills))
        .routes(routes!(bills::approve_bill))
        .routes(routes!(bills::unapprove_bill))
        .routes(routes!(bills::void_bill))
        .routes(routes!(bills::retry_bill))
        .routes(routes!(bills::note_bill))
        .routes(routes!(revenue::show_revenue))
        .routes(routes!(reconciliation::list_reconciliation_runs))
        .routes(routes!(reconciliation::list_reconciliation_items))
        .routes(routes!(reconciliation::start_reconciliation_run))
        .routes(routes!(reconciliation::close_reconciliation_item))
}

/// How a list is answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ListFormat {
    /// As an object.
    #[default]
    Json,
    /// As comma-separated values, of the page that was asked for.
    Csv,
}

/// How an answer is wanted.
#[derive(Clone, Copy, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FormatQuery {
    /// `json` or `csv`.
    #[serde(default)]
    pub format: ListFormat,
}

/// A table as a file that browsers save.
pub(crate) fn csv(name: &str, text: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.csv\"")),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    (headers, text).into_response()
}
