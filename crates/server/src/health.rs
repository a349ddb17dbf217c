//! Whether the process lives, whether it can serve, and how it is doing.

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use platform::App;
use serde::Serialize;

#[derive(Serialize)]
struct Health {
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    database: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    files: Option<&'static str>,
}

/// `/health/live`, `/health/ready` and `/metrics`.
pub fn routes() -> Router<App> {
    Router::new().route("/health/live", get(live)).route("/health/ready", get(ready)).route("/metrics", get(metrics))
}

async fn live() -> axum::Json<Health> {
    axum::Json(Health { status: "ok", database: None, files: None })
}

async fn ready(State(app): State<App>) -> Response {
    let word = |ok: bool| Some(if ok { "ok" } else { "unreachable" });
    let database = app.db.ping().await.is_ok();
    let files = app.files.is_reachable().await;
    let (status, text) =
        if database && files { (StatusCode::OK, "ok") } else { (StatusCode::SERVICE_UNAVAILABLE, "unavailable") };
    (status, axum::Json(Health { status: text, database: word(database), files: word(files) })).into_response()
}

async fn metrics() -> Response {
    match platform::telemetry::metrics() {
        Some(handle) => ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], handle.render()).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
