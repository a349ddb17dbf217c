//! Stylesheet, script and pictures, embedded in the executable and cached for ever under their content's hash; and the
//! files a browser looks for at fixed addresses to install the site as an app.

use std::sync::LazyLock;

use axum::Router;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rust_embed::RustEmbed;
use serde_json::json;

#[derive(RustEmbed)]
#[folder = "assets/"]
struct Assets;

static VERSION: LazyLock<String> = LazyLock::new(|| {
    // One version for all files: they change together, with the executable.
    let mut sum: u64 = 0xcbf2_9ce4_8422_2325;
    for name in Assets::iter() {
        if let Some(file) = Assets::get(&name) {
            for byte in file.metadata.sha256_hash() {
                sum = (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
            }
        }
    }
    format!("{sum:016x}")
});

/// The address of an embedded file; it changes whenever the file does.
pub fn asset_url(name: &str) -> String {
    format!("/assets/{}/{name}", *VERSION)
}

/// Serves the embedded files.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/assets/{version}/{name}", get(serve))
        .route("/sw.js", get(service_worker))
        .route("/manifest.webmanifest", get(manifest))
}

async fn serve(Path((_, name)): Path<(String, String)>) -> Response {
    match Assets::get(&name) {
        Some(file) => (
            [
                (header::CONTENT_TYPE, file.metadata.mimetype().to_owned()),
                (header::CACHE_CONTROL, "public, max-age=31536000, immutable".to_owned()),
            ],
            file.data,
        )
            .into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// The service worker: it must lie at the top to speak for the whole site, and its text changes with the assets so that
/// browsers take the new ones.
async fn service_worker() -> Response {
    let Some(file) = Assets::get("sw.js") else { return StatusCode::NOT_FOUND.into_response() };
    let text = String::from_utf8_lossy(&file.data).replace("%VERSION%", &VERSION);
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")], text)
        .into_response()
}

/// What a phone shows when the site is installed.
async fn manifest() -> Response {
    let icon = |purpose: &str| json!({ "src": asset_url("app.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": purpose });
    let body = json!({
        "name": "Hairline", "short_name": "Hairline", "id": "/patient", "start_url": "/patient", "scope": "/",
        "display": "standalone", "background_color": "#f7f5f1", "theme_color": "#0d5c52",
        "icons": [icon("any"), icon("maskable")]
    });
    (
        [(header::CONTENT_TYPE, "application/manifest+json"), (header::CACHE_CONTROL, "public, max-age=3600")],
        body.to_string(),
    )
        .into_response()
}
