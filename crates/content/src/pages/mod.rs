//! The public site: landing page, treatments, clinics, legal documents, the switches of language and theme; the first
//! page of affiliates; and for everybody what they agreed to.

mod affiliate;
mod clinic;
mod clinic_edit;
mod clinic_pictures;
mod clinics;
mod destinations;
mod documents;
mod landing;
mod languages;
mod legal;
mod pictures;
mod places;
mod search;
mod terms;
mod treatments;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use notifications::preferences;
use platform::App;
use platform::locale::Locale;
use platform::web::routing::{get, handled, post};
use platform::web::{ApiResult, Query};
use serde::Deserialize;
use ui::{Ctx, Theme, local_path};

pub use terms::{interrupt, waits};

/// The pages of this wing.
pub fn pages() -> Router<App> {
    let router = Router::new()
        .route("/", get(landing::show))
        .route("/clinics", get(clinics::show))
        .route("/clinics/{country}", get(clinics::in_country))
        .route("/clinics/{country}/{city}", get(clinics::in_city))
        .route("/clinics/{country}/{city}/{clinic}", get(clinic::show))
        .route("/destinations", get(destinations::list))
        .route("/destinations/{country}", get(destinations::show))
        .route("/provider/profile", get(clinic::own))
        .route("/provider/profile/edit", get(clinic_edit::show).post(handled(clinic_edit::save)))
        .route("/treatments", get(treatments::show))
        .route("/treatments/{treatment}", get(treatments::one))
        .route("/legal/{slug}", get(legal::show))
        .route("/sitemap.xml", get(search::sitemap))
        .route("/robots.txt", get(search::robots))
        .route("/language", get(choose_language))
        .route("/theme", get(choose_theme))
        .route("/affiliate", get(affiliate::show))
        .route("/admin/legal-documents", get(documents::list))
        .route("/admin/legal-documents/new", get(documents::show_new).post(handled(documents::create)))
        .route("/admin/legal-documents/{document_id}", get(documents::show).post(handled(documents::save)))
        .route("/admin/legal-documents/{document_id}/publish", post(documents::publish))
        .route("/admin/legal-documents/{document_id}/revert", post(documents::revert))
        .route("/admin/legal-documents/{document_id}/pending.csv", get(documents::pending))
        .route("/admin/languages", get(languages::list))
        .route("/admin/languages/new", get(languages::show_new).post(handled(languages::create)))
        .route("/admin/languages/{language_id}", get(languages::show).post(handled(languages::save)))
        .merge(clinic_pictures::routes());
    ["/patient/legal", "/provider/account/legal", "/admin/account/legal", "/affiliate/account/legal"]
        .into_iter()
        .fold(router, |router, path| router.route(path, get(terms::show).post(handled(terms::submit))))
}

/// The answer of an address that was given up for another one (R-MG-21).
fn moved_to(path: &str) -> Response {
    (StatusCode::MOVED_PERMANENTLY, [(header::LOCATION, path.to_owned())]).into_response()
}

/// The word of a value as it is stored.
fn word(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|json| json.as_str().map(str::to_owned)).unwrap_or_default()
}

#[derive(Deserialize)]
struct Choice {
    to: String,
    #[serde(default)]
    back: String,
}

/// Remembers a choice for a year and goes back to where it was made.
fn remember(app: &App, cookie: &str, value: &str, back: &str) -> Response {
    let secure = if app.config.http.secure_cookies { "; Secure" } else { "" };
    let cookie = format!("{cookie}={value}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax{secure}");
    ([(header::SET_COOKIE, cookie)], Redirect::to(&local_path(back, "/"))).into_response()
}

async fn choose_language(ctx: Ctx, Query(choice): Query<Choice>) -> ApiResult<Response> {
    let locale = Locale::from_code(&choice.to).unwrap_or_default();
    // An account's own choice counts more than the browser's (R-CM-91), so it has to follow.
    if ctx.chrome.spoken.contains(&locale) {
        preferences::remember_language(&ctx.app, &ctx.actor, &ctx.chrome.spoken, locale).await?;
    }
    Ok(remember(&ctx.app, "hl_lang", locale.code(), &choice.back))
}

async fn choose_theme(State(app): State<App>, Query(choice): Query<Choice>) -> Response {
    remember(&app, Theme::COOKIE, Theme::from_word(&choice.to).word(), &choice.back)
}
