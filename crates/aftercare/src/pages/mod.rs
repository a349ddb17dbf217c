//! The pages of this wing.

mod answers;
mod buy;
mod case;
mod compare;
mod guide;
mod offerings;
mod patient;
mod requests;
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
        .route("/patient/aftercare/buy", get(buy::show).post(handled(buy::submit)))
        .route("/patient/aftercare/requests/{request_id}", get(buy::request))
        .route("/patient/aftercare/requests/{request_id}/pay", get(buy::back).post(handled(buy::pay)))
        .route("/patient/aftercare/requests/{request_id}/stop", get(buy::back).post(handled(buy::stop)))
        .route("/provider/aftercare/requests", get(requests::clinic_list))
        .route("/provider/aftercare/requests/{request_id}", get(requests::show_clinic))
        .route(
            "/provider/aftercare/requests/{request_id}/begin",
            get(requests::back_clinic).post(handled(requests::begin_clinic)),
        )
        .route(
            "/provider/aftercare/requests/{request_id}/decline",
            get(requests::back_clinic).post(handled(requests::decline)),
        )
        .route("/admin/aftercare/offerings", get(offerings::list))
        .route("/admin/aftercare/offerings/{offering_id}", get(offerings::list).post(handled(offerings::save)))
        .route("/admin/aftercare/offerings/{offering_id}/approve", post(offerings::approve))
        .route("/admin/aftercare/requests", get(requests::list))
        .route("/admin/aftercare/requests/{request_id}", get(requests::show))
        .route("/admin/aftercare/requests/{request_id}/assign", get(requests::back).post(handled(requests::assign)))
        .route("/admin/aftercare/requests/{request_id}/hold", get(requests::back).post(handled(requests::hold)))
        .route(
            "/admin/aftercare/requests/{request_id}/take-back",
            get(requests::back).post(handled(requests::take_back)),
        )
        .route("/admin/aftercare/requests/{request_id}/reject", get(requests::back).post(handled(requests::reject)))
        .route("/admin/aftercare/requests/{request_id}/begin", get(requests::back).post(handled(requests::begin)))
        .route("/admin/aftercare/requests/{request_id}/charges/{charge_id}/refund", post(requests::refund))
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
