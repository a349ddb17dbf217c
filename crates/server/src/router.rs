//! The whole site: API, pages, files, health, and what surrounds every request.

use std::sync::LazyLock;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Router};
use kernel::AppError;
use kernel::error::ErrorKind;
use platform::App;
use platform::web::Problem;
use platform::web::routing::get;
use tower::ServiceExt;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::TimeoutLayer;
use ui::Portal;

use crate::middleware::{context, idempotency, limits, security, sign_in, suspended, terms};
use crate::{api, compose, health, owners, pages};

/// How long a request may take.
const TIME_LIMIT: Duration = Duration::from_secs(60);

/// Every route of the server with its middleware.
pub fn router(app: &App) -> Router {
    let api = Router::new()
        .nest(api::PREFIX, api::endpoints())
        .layer(from_fn_with_state(app.clone(), idempotency::replay))
        .layer(from_fn_with_state(app.clone(), terms::on_api))
        .layer(from_fn(suspended::on_api))
        .layer(from_fn_with_state(app.clone(), limits::by_account))
        .layer(from_fn_with_state(app.clone(), sign_in::by_token));

    let site = pages::routes(app)
        .merge(platform::files::routes())
        .layer(from_fn_with_state(app.clone(), terms::on_pages))
        .layer(from_fn(suspended::on_pages))
        .layer(from_fn_with_state(app.clone(), limits::by_searcher))
        .layer(from_fn_with_state(app.clone(), sign_in::by_cookie))
        .layer(from_fn_with_state(app.clone(), security::csrf_cookie));

    Router::new()
        .merge(api)
        .merge(site)
        .merge(ui::routes())
        .merge(identity::endpoints())
        .route("/api/openapi.json", get(document))
        .merge(
            utoipa_swagger_ui::SwaggerUi::new("/api/docs")
                // The page would ask a site elsewhere whether the description is valid.
                .config(utoipa_swagger_ui::Config::new(["/api/openapi.json"]).validator_url("none")),
        )
        .fallback(nowhere)
        .method_not_allowed_fallback(|| async {
            Problem(AppError::new(ErrorKind::NotAllowed, "method_not_allowed", "This cannot be done here."))
        })
        .layer(Extension(compose::work()))
        .layer(Extension(owners::owners()))
        .layer(from_fn_with_state(app.clone(), limits::by_address))
        .layer(DefaultBodyLimit::max(app.config.limits.body_bytes))
        .layer(CompressionLayer::new())
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, TIME_LIMIT))
        .layer(CatchPanicLayer::custom(|_| Problem(AppError::internal("a handler panicked")).into_response()))
        .layer(from_fn_with_state(app.clone(), security::headers))
        .layer(from_fn_with_state(app.clone(), context::surround))
        // Probes are asked every second: outside the logs, the limits and the sessions.
        .merge(health::routes())
        .with_state(app.clone())
}

/// The description of the API, written when it is first asked for.
async fn document() -> impl IntoResponse {
    static DOCUMENT: LazyLock<Bytes> =
        LazyLock::new(|| Bytes::from(serde_json::to_vec(&api::published()).unwrap_or_default()));
    ([(header::CONTENT_TYPE, "application/json")], DOCUMENT.clone())
}

/// An address that is no route. Within a portal it is answered as a page of the portal would be, so that whoever looks
/// through another's eyes is told so here too (R-ID-56).
async fn nowhere(State(app): State<App>, request: Request) -> Response {
    let missing = || async { Problem(AppError::not_found()) };
    if Portal::of_path(request.uri().path()) == Portal::Public {
        return missing().await.into_response();
    }
    let portal = Router::<()>::new()
        .fallback(missing)
        .layer(from_fn_with_state(app.clone(), sign_in::by_cookie))
        .layer(from_fn_with_state(app, security::csrf_cookie));
    match portal.oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}
