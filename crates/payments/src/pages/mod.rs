//! The pages of this wing: the patient's booking, the checkout, the card and what became of it.

mod booking;
mod card;
mod checkout;
mod result;
mod words;

use axum::Router;
use axum::routing::{get, post};
use platform::App;

/// The pages of this wing.
pub fn pages() -> Router<App> {
    Router::new()
        .route("/patient/bookings/{quote_id}", get(booking::show))
        .route("/patient/bookings/{quote_id}/pay", get(checkout::show).post(checkout::submit))
        .route("/patient/bookings/{quote_id}/pay/{payment_id}", get(card::show).post(card::submit))
        .route("/patient/bookings/{quote_id}/pay/{payment_id}/authenticate", post(card::authenticate))
        .route("/patient/bookings/{quote_id}/pay/{payment_id}/result", get(result::show).post(result::ask))
}
