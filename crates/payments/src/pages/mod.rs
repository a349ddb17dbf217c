//! The pages of this wing: the patient's booking, the checkout, the card and what became of it; staff's desk.

mod accounts;
mod add_ons;
mod booking;
mod cancel;
mod card;
mod charge;
mod checkout;
mod desk;
mod events;
mod flags;
mod invoices;
mod ledger;
mod plan;
mod plans;
mod refunds;
mod result;
mod transfers;
mod words;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use platform::App;
use platform::web::routing::{get, handled, post};

use crate::service::cancellation::MOST_FILES;

/// What the text of a form with files may take.
const FORM: usize = 64 * 1024;

/// A test card with what it does.
struct TestCard {
    number: &'static str,
    text: String,
}

/// The pages of this wing.
pub fn pages() -> Router<App> {
    let with_files = DefaultBodyLimit::max(MOST_FILES * 10 * 1024 * 1024 + FORM);
    Router::new()
        .route("/patient/bookings/{quote_id}/cancel", get(cancel::show).post(handled(cancel::submit)).layer(with_files))
        .route(
            "/provider/bookings/{quote_id}/cancel",
            get(cancel::show_clinic).post(handled(cancel::submit_clinic)).layer(with_files),
        )
        .route("/provider/bookings/{quote_id}/no-show", get(flags::show_no_show).post(handled(flags::submit_no_show)))
        .route("/patient/bookings/{quote_id}/discount", get(checkout::back).post(handled(checkout::apply_code)))
        .route("/patient/bookings/{quote_id}/discount/remove", post(checkout::remove_code))
        .route("/patient/aftercare-payments/{charge_id}", get(charge::show).post(handled(charge::submit)))
        .route("/patient/aftercare-payments/{charge_id}/authenticate", post(charge::authenticate))
        .route("/patient/aftercare-payments/{charge_id}/result", get(charge::result))
        .route("/patient/documents/{document_id}", get(booking::paper))
        .route("/admin/documents/{document_id}", get(booking::paper))
        .route("/patient/bookings/{quote_id}/installments", get(plan::show))
        .route("/patient/bookings/{quote_id}/installments/{number}/pay", get(plan::back).post(handled(plan::pay)))
        .route("/patient/payment-methods", get(plan::cards).post(handled(plan::add_card)))
        .route("/patient/payment-methods/{method_id}/remove", post(plan::remove_card))
        .route("/admin/settings/gateway-accounts", get(accounts::list))
        .route("/admin/settings/gateway-accounts/new", get(accounts::show_new).post(handled(accounts::create)))
        .route("/admin/settings/gateway-accounts/{account_id}", get(accounts::show).post(handled(accounts::save)))
        .route("/admin/settings/gateway-accounts/{account_id}/test", post(accounts::test))
        .route("/admin/bookings", get(desk::list))
        .route("/admin/bookings/{quote_id}", get(desk::show))
        .route("/admin/bookings/{quote_id}/move", get(desk::show_move).post(handled(desk::submit_move)))
        .route("/admin/bookings/{quote_id}/add-ons", get(add_ons::show).post(handled(add_ons::submit)))
        .route("/admin/bookings/{quote_id}/flags", get(desk::back).post(handled(flags::add)))
        .route("/admin/bookings/{quote_id}/flags/{flag_id}/close", get(desk::back_from).post(handled(flags::close)))
        .route("/admin/installments", get(plans::list))
        .route("/admin/installments/{plan_id}/retry", post(plans::retry))
        .route("/admin/installments/{plan_id}/resolve", post(plans::resolve))
        .route("/admin/installments/{plan_id}/cancel", post(plans::cancel))
        .route("/admin/bank-receipts", get(transfers::list).post(handled(transfers::record)))
        .route("/admin/bank-receipts/{payment_id}/sent", post(transfers::sent))
        .route("/admin/invoices", get(invoices::list))
        .route("/admin/invoices/{quote_id}/remind", post(invoices::remind))
        .route("/admin/invoices/{quote_id}/override-status", post(invoices::override_status))
        .route("/admin/ledger", get(ledger::list))
        .route("/admin/gateway-events", get(events::list))
        .route("/admin/gateway-events/{event_id}/replay", post(events::replay))
        .route("/admin/refunds", get(refunds::list))
        .route("/admin/refunds/{refund_id}", get(refunds::show))
        .route("/admin/refunds/{refund_id}/approve", post(refunds::approve))
        .route("/admin/refunds/{refund_id}/deny", post(refunds::deny))
        .route("/admin/refunds/{refund_id}/retry", post(refunds::retry))
        .route("/patient/bookings/{quote_id}", get(booking::show))
        .route("/patient/bookings/{quote_id}/pay", get(checkout::show).post(handled(checkout::submit)))
        .route("/patient/bookings/{quote_id}/pay/{payment_id}", get(card::show).post(handled(card::submit)))
        .route("/patient/bookings/{quote_id}/pay/{payment_id}/authenticate", post(card::authenticate))
        .route("/patient/bookings/{quote_id}/pay/{payment_id}/result", get(result::show).post(handled(result::ask)))
}
