//! HTTP of this wing.

mod documents;
mod languages;
mod legal;

use platform::App;
use platform::routes;
use utoipa_axum::router::OpenApiRouter;

pub(crate) use documents::file;

/// The routes, relative to `/api/v1`.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(legal::show_legal))
        .routes(routes!(legal::show_legal_version))
        .routes(routes!(legal::list_pending_legal))
        .routes(routes!(legal::accept_legal))
        .routes(routes!(documents::list_legal_documents, documents::draft_legal_document))
        .routes(routes!(documents::show_legal_document, documents::edit_legal_document))
        .routes(routes!(documents::publish_legal_document))
        .routes(routes!(documents::revert_legal_document))
        .routes(routes!(documents::show_legal_coverage))
        .routes(routes!(documents::list_legal_pending))
        .routes(routes!(languages::list_languages))
        .routes(routes!(languages::list_all_languages, languages::add_language))
        .routes(routes!(languages::change_language))
}
