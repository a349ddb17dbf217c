//! Endpoints of aftercare, relative to the API's prefix.

mod cases;
mod standalone;
mod submissions;
mod team;

use axum::extract::DefaultBodyLimit;
use platform::App;
use platform::files::Purpose;
use platform::routes;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt};

/// Views of a set.
const VIEWS: usize = 4;

/// Most bytes of a form with a set.
pub(crate) fn scan_limit() -> usize {
    Purpose::AftercareScan.max_bytes() * VIEWS + 64 * 1024
}

/// The endpoints.
pub fn routes() -> OpenApiRouter<App> {
    let limit = DefaultBodyLimit::max(scan_limit());
    OpenApiRouter::new()
        .routes(routes!(cases::show_own_aftercare))
        .routes(routes!(cases::list_aftercare_cases))
        .routes(routes!(cases::show_aftercare_case))
        .routes(routes!(cases::list_aftercare_milestones))
        .routes(routes!(cases::list_aftercare_tasks))
        .routes(routes!(cases::list_aftercare_templates))
        .routes(routes!(submissions::list_aftercare_scans, submissions::upload_aftercare_scan).layer(limit))
        .routes(routes!(submissions::show_aftercare_questionnaire))
        .routes(routes!(submissions::answer_aftercare_questionnaire))
        .routes(routes!(submissions::list_aftercare_responses))
        .routes(routes!(standalone::list_aftercare_offerings))
        .routes(routes!(standalone::list_aftercare_offering_settings))
        .routes(routes!(standalone::change_aftercare_offering))
        .routes(routes!(standalone::approve_aftercare_prices))
        .routes(routes!(standalone::list_aftercare_requests, standalone::request_aftercare))
        .routes(routes!(standalone::show_aftercare_request))
        .routes(routes!(standalone::pay_aftercare_request))
        .routes(routes!(standalone::cancel_aftercare_subscription))
        .routes(routes!(standalone::assign_aftercare_request))
        .routes(routes!(standalone::hold_aftercare_request))
        .routes(routes!(standalone::decline_aftercare_request))
        .routes(routes!(standalone::take_aftercare_request_back))
        .routes(routes!(standalone::reject_aftercare_request))
        .routes(routes!(standalone::activate_aftercare_request))
        .routes(routes!(team::show_aftercare_worklist))
        .routes(routes!(team::acknowledge_escalation))
        .routes(routes!(team::add_escalation_step))
        .routes(routes!(team::resolve_escalation))
}
