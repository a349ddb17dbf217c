//! Inquiries over HTTP.

mod drafts;
mod evidence;
mod inquiries;
mod oversight;

use axum::extract::DefaultBodyLimit;
use platform::App;
use platform::files::Purpose;
use platform::routes;
use utoipa_axum::router::OpenApiRouter;

/// Room for the form around the largest file.
const FORM: usize = 64 * 1024;

/// All routes of this wing, below `/api/v1`.
pub fn routes() -> OpenApiRouter<App> {
    let uploads = OpenApiRouter::new()
        .routes(routes!(drafts::add_draft_media))
        .routes(routes!(evidence::add_evidence))
        .layer(DefaultBodyLimit::max(Purpose::EvidenceVideo.max_bytes() + FORM));
    OpenApiRouter::new()
        .routes(routes!(drafts::show_draft, drafts::save_draft, drafts::discard_draft))
        .routes(routes!(drafts::remove_draft_media))
        .routes(routes!(evidence::remove_evidence))
        .routes(routes!(inquiries::list_inquiries, inquiries::submit_inquiry))
        .routes(routes!(inquiries::show_inquiry, inquiries::edit_inquiry))
        .routes(routes!(inquiries::show_timeline))
        .routes(routes!(inquiries::answer_again))
        .routes(routes!(inquiries::reopen_answers))
        .routes(routes!(inquiries::acknowledge_alert))
        .routes(routes!(inquiries::decline_inquiry))
        .routes(routes!(oversight::extend_inquiry))
        .routes(routes!(oversight::distribute_inquiry))
        .routes(routes!(oversight::add_providers))
        .routes(routes!(oversight::remove_provider))
        .routes(routes!(oversight::set_deadline))
        .routes(routes!(oversight::archive_inquiry))
        .routes(routes!(oversight::link_media))
        .merge(uploads)
}
