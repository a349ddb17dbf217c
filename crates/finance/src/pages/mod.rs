//! The pages of this wing: earnings, payouts and the account of a clinic, statements for staff.

mod account;
mod bills;
mod clinic;
mod reconciliation;
mod revenue;
mod words;

use axum::Router;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use payments::service::documents::File;
use platform::App;
use platform::web::routing::{get, handled, post};

/// The pages of this wing.
pub fn pages() -> Router<App> {
    Router::new()
        .route("/provider/earnings", get(clinic::earnings))
        .route("/provider/earnings/csv", get(clinic::earnings_csv))
        .route("/provider/earnings/aftercare", get(clinic::care))
        .route("/provider/payouts", get(clinic::payouts))
        .route("/provider/payouts/csv", get(clinic::payouts_csv))
        .route("/provider/payouts/{bill_id}", get(clinic::payout))
        .route("/provider/payouts/{bill_id}/csv", get(clinic::payout_csv))
        .route("/provider/payout-invoices/{bill_id}", get(clinic::invoice))
        .route("/provider/bank-details", get(account::show).post(handled(account::submit)))
        .route("/patient/bank-details", get(account::show_refunds).post(handled(account::submit_refunds)))
        .route("/admin/bank-receipts/{payment_id}/account", get(account::show_send).post(handled(account::send)))
        .route("/admin/payouts", get(bills::list))
        .route("/admin/payouts/approve", get(bills::to_list).post(handled(bills::approve_chosen)))
        .route("/admin/payouts/{bill_id}", get(bills::show))
        .route("/admin/payouts/{bill_id}/approve", get(bills::back).post(handled(bills::approve)))
        .route("/admin/payouts/{bill_id}/unapprove", get(bills::back).post(handled(bills::unapprove)))
        .route("/admin/payouts/{bill_id}/void", get(bills::back).post(handled(bills::void)))
        .route("/admin/payouts/{bill_id}/retry", get(bills::back).post(handled(bills::retry)))
        .route("/admin/payouts/{bill_id}/notes", get(bills::back).post(handled(bills::note)))
        .route("/admin/payouts/{bill_id}/clear-account", get(bills::back).post(handled(bills::clear)))
        .route("/admin/revenue", get(revenue::show))
        .route("/admin/reconciliation", get(reconciliation::list))
        .route("/admin/reconciliation/csv", get(reconciliation::csv))
        .route("/admin/reconciliation/runs", post(reconciliation::start))
        .route("/admin/reconciliation/items/{item_id}/close", post(reconciliation::close))
        .route("/admin/payout-invoices/{bill_id}", get(clinic::invoice))
}

/// A PDF that browsers show and save under its name.
fn pdf(file: File) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, format!("inline; filename=\"{}\"", file.name)),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    (headers, file.bytes).into_response()
}
