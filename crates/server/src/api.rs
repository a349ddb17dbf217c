//! The JSON API: the wings' routes under one prefix, and their description.

use std::sync::LazyLock;

use axum::Router;
use platform::App;
use platform::web::routing::described;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Components, ContactBuilder, InfoBuilder, OpenApi, OpenApiBuilder, SecurityRequirement, Server};
use utoipa_axum::router::OpenApiRouter;

use crate::examples;

/// The prefix of every endpoint.
pub const PREFIX: &str = "/api/v1";

/// The routes of all wings, relative to [`PREFIX`].
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(description())
        .merge(identity::routes())
        .merge(directory::routes())
        .merge(catalogue::routes())
        .merge(inquiry::routes())
        .merge(quoting::routes())
        .merge(promotions::routes())
        .merge(booking::routes())
        .merge(payments::routes())
        .merge(finance::routes())
        .merge(treatment::routes())
        .merge(aftercare::routes())
        .merge(messaging::routes())
        .merge(notifications::routes())
        .merge(reviews::routes())
        .merge(content::routes())
        .merge(analytics::routes())
        .merge(privacy::routes())
        .merge(crate::encryption::routes())
}

/// The routes without their description, put together once: a router is made of them for every server of a process.
pub fn endpoints() -> Router<App> {
    static ENDPOINTS: LazyLock<Router<App>> = LazyLock::new(|| routes().into());
    ENDPOINTS.clone()
}

/// The OpenAPI 3.1 document of the API, with paths relative to its prefix.
pub fn openapi() -> OpenApi {
    described(routes).into_openapi()
}

/// The document as it is published: whole paths, so that it reads right without knowing the prefix, what stands beside
/// the API, and an example of every body.
pub fn published() -> serde_json::Value {
    let mut document = openapi();
    document.servers = None;
    document.paths.paths = std::mem::take(&mut document.paths.paths)
        .into_iter()
        .map(|(path, item)| (format!("{PREFIX}{path}"), item))
        .collect();
    document.merge(identity::oauth_document());
    let mut document = serde_json::to_value(document).unwrap_or_default();
    examples::fill(&mut document);
    document
}

fn description() -> OpenApi {
    let bearer = SecurityScheme::Http(
        HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("The access token that signing in returns."))
            .build(),
    );
    let mut components = Components::new();
    components.add_security_scheme("bearer", bearer);
    OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("Hairline API")
                .version(env!("CARGO_PKG_VERSION"))
                .description(Some(
                    "From a patient's request to the review, for patients, clinics and Hairline's staff. Money is \
                     `{\"amount\":\"540.98\",\"currency\":\"GBP\"}`, instants are UTC, refusals are RFC 9457 problem \
                     documents with a stable `code`. POSTs honour an `Idempotency-Key` for 24 hours.",
                ))
                .contact(Some(ContactBuilder::new().name(Some("Hairline")).build()))
                .build(),
        )
        .servers(Some([Server::new(PREFIX)]))
        .components(Some(components))
        .security(Some([SecurityRequirement::default(), SecurityRequirement::new::<_, [&str; 0], &str>("bearer", [])]))
        .build()
}
