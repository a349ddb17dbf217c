//! The public landing page, and the first page of each portal.

mod home;
mod landing;

use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use platform::App;
use platform::locale::Locale;
use platform::web::Query;
use serde::Deserialize;

/// The pages of this wing.
pub fn pages() -> Router<App> {
    Router::new()
        .route("/", get(landing::show))
        .route("/language", get(choose_language))
        .route("/patient", get(home::show))
        .route("/provider", get(home::show))
        .route("/affiliate", get(home::show))
}

#[derive(Deserialize)]
struct Choice {
    to: String,
}

/// Remembers the chosen language for a year and goes back to the start.
async fn choose_language(State(app): State<App>, Query(choice): Query<Choice>) -> Response {
    let locale = Locale::from_code(&choice.to).unwrap_or_default();
    let secure = if app.config.http.secure_cookies { "; Secure" } else { "" };
    let cookie = format!("hl_lang={}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax{secure}", locale.code());
    ([(header::SET_COOKIE, cookie)], Redirect::to("/")).into_response()
}
