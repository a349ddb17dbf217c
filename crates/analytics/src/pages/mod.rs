//! The staff's pages: the list of cases and one case.

mod case;
mod cases;
mod patient_case;
mod patient_home;
mod provider_home;

use axum::Router;
use axum::routing::get;
use platform::App;
use platform::locale::{self, Locale};

/// The pages of this wing.
pub fn pages() -> Router<App> {
    Router::new()
        .route("/admin", get(cases::show))
        .route("/admin/cases", get(cases::show))
        .route("/admin/cases/{inquiry_id}", get(case::show))
        .merge(patient_home::routes())
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
