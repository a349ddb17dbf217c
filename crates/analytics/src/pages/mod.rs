//! Pages over everything: first pages of patients and clinics, a patient's case, and the staff's: dashboard, cases, clinics, patients, settings, jobs, audit.

mod audit;
mod case;
mod cases;
mod clinic_media;
mod clinics;
mod commission;
mod dashboard;
mod jobs;
mod patient_case;
mod patient_home;
mod patients;
mod provider_home;
mod seats;
mod settings;

use axum::Router;
use platform::App;
use platform::locale::{self, Locale};
use platform::web::routing::{get, handled, post};
use ui::{Badge, Tone};

/// The pages of this wing.
pub fn pages() -> Router<App> {
    Router::new()
        .route("/admin", get(dashboard::show))
        .route("/admin/cases", get(cases::show))
        .route("/admin/cases/{inquiry_id}", get(case::show))
        .route("/admin/cases/{inquiry_id}/export", get(case::back).post(handled(case::export)))
        .route("/admin/clinics", get(clinics::list))
        .route("/admin/clinics/{provider_id}", get(clinics::show))
        .route("/admin/clinics/{provider_id}/featured", post(clinics::feature))
        .route("/admin/clinics/{provider_id}/seats", get(seats::show).post(handled(seats::save)))
        .route("/admin/clinic-pictures", get(clinic_media::list))
        .route("/admin/clinic-pictures/{media_id}", get(clinic_media::list).post(handled(clinic_media::step)))
        .route("/admin/patients", get(patients::list))
        .route("/admin/patients/{patient_id}", get(patients::show))
        .route(
            "/admin/clinics/{provider_id}/commission",
            get(commission::show_clinic).post(handled(commission::save_clinic)),
        )
        .route("/provider/commission", get(commission::show_own))
        .route("/admin/settings", get(settings::index))
        .route("/admin/settings/commission", get(commission::show).post(handled(commission::save)))
        .route("/admin/settings/{group}", get(settings::show).post(handled(settings::save)))
        .route("/admin/settings/{group}/preview", get(settings::show).post(handled(settings::preview)))
        .route("/admin/jobs", get(jobs::show))
        .route("/admin/jobs/{failed_id}/retry", post(jobs::retry))
        .route("/admin/jobs/{failed_id}/discard", post(jobs::discard))
        .route("/admin/audit", get(audit::show))
        .route("/admin/audit/export", post(audit::export))
        .merge(patient_home::routes())
}

/// The badge of a stage.
fn stage_badge(locale: Locale, stage: &str) -> Badge {
    let tone = match stage {
        "confirmed" | "inprogress" | "aftercare" | "completed" => Tone::Good,
        "quote-confirmed" | "quote-inprogress" | "quote-aftercare" | "quote-completed" => Tone::Good,
        "accepted" | "quote-accepted" => Tone::Warn,
        "inquiry" | "quote" | "quote-quote" => Tone::Info,
        _ => Tone::Calm,
    };
    Badge::new(tone, locale::t(locale, &format!("stage-{stage}")))
}

/// The stored word of an enumeration, as JSON writes it.
fn word(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|json| json.as_str().map(str::to_owned)).unwrap_or_default()
}
