//! The pages of this wing.

mod answers;
mod case;
mod compare;
mod guide;
mod patient;
mod scan;
mod team;
mod words;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use platform::App;
use platform::web::routing::{get, handled, post};

/// The pages of this wing.
pub fn pages() -> Router<App> {
    let uploads = Router::new()
        .route("/patient/aftercare/{case_id}/scan", get(scan::show).post(handled(scan::send)))
        .layer(DefaultBodyLimit::max(crate::api::scan_limit()));
    Router::new()
        .route("/patient/aftercare", get(patient::show))
        .route(
            "/patient/aftercare/{case_id}/questionnaires/{questionnaire_id}",
            get(answers::show).post(handled(answers::send)),
        )
        .route("/patient/aftercare/{case_id}/alert", get(answers::alert))
        .route("/admin/aftercare", get(team::worklist))
        .route("/admin/aftercare/{case_id}", get(case::show))
        .route("/admin/aftercare/{case_id}/reason", post(team::reason))
        .route("/admin/aftercare/{case_id}/alarms/{workflow_id}/take", post(team::take))
        .route("/admin/aftercare/{case_id}/alarms/{workflow_id}/steps", post(team::add_step))
        .route("/admin/aftercare/{case_id}/alarms/{workflow_id}/resolve", post(team::resolve))
        .route("/provider/aftercare", get(team::clinic))
        .route("/provider/aftercare/{case_id}", get(case::show))
        .route("/provider/aftercare/{case_id}/alarms/{workflow_id}/take", post(team::take))
        .route("/provider/aftercare/{case_id}/alarms/{workflow_id}/steps", post(team::add_step))
        .merge(uploads)
}
