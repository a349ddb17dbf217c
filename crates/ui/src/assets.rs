//! Stylesheet and pictures, embedded in the executable and cached for ever under their content's hash.

use std::sync::LazyLock;

use axum::Router;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rust_embed::RustEmbed;

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
    Router::new().route("/assets/{version}/{name}", get(serve))
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
