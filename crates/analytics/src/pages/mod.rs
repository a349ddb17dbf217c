//! The staff's pages: the list of cases and one case.

mod case;
mod cases;

use axum::Router;
use axum::http::Uri;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use kernel::{Actor, Guard};
use platform::App;
use platform::locale::{self, Locale};
use platform::web::CsrfToken;
use ui::{Chrome, Portal};

/// The pages of this wing.
pub fn pages() -> Router<App> {
    Router::new().route("/admin", get(cases::show)).route("/admin/cases/{inquiry_id}", get(case::show))
}

/// The surroundings of a staff page, or the way to the sign-in.
fn chrome_of(app: &App, actor: &Actor, locale: Locale, csrf: &CsrfToken, uri: &Uri) -> Result<Chrome, Box<Response>> {
    if actor.guard() != Some(Guard::Api) {
        return Err(Box::new(Redirect::to(Portal::Admin.login()).into_response()));
    }
    Ok(Chrome::new(locale, actor, uri.path(), csrf.field(app)))
}

/// The name of a stage and the look of its badge.
fn stage_badge(locale: Locale, stage: &str) -> (String, &'static str) {
    let look = match stage {
        "confirmed" | "inprogress" | "aftercare" | "completed" => "good",
        "accepted" => "warn",
        "cancelled" | "expired" | "rejected" => "calm",
        _ => "",
    };
    (locale::t(locale, &format!("stage-{stage}")), look)
}

/// The stored word of an enumeration, as JSON writes it.
fn word(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|json| json.as_str().map(str::to_owned)).unwrap_or_default()
}
