//! `Idempotency-Key` on POSTs of the API: the same key gives the same answer and does the thing once.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use kernel::error::ErrorKind;
use kernel::{Actor, AppError};
use platform::App;
use platform::idempotency::{self, Begin};
use platform::web::Problem;
use sha2::{Digest, Sha256};

const KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// Told on an answer that was given before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// The largest form with files that is taken with a key: an upload of five pictures.
const LARGEST: usize = 32 * 1024 * 1024;

/// Answers a repeated POST with the first answer; refuses the key for another body (422) or while it runs (409).
pub async fn replay(State(app): State<App>, request: Request, next: Next) -> Response {
    let Some(key) = request.headers().get(KEY).cloned().filter(|_| request.method() == Method::POST) else {
        return next.run(request).await;
    };
    match run(&app, &key, request, next).await {
        Ok(response) => response,
        Err(error) => Problem(error).into_response(),
    }
}

async fn run(app: &App, key: &HeaderValue, request: Request, next: Next) -> Result<Response, AppError> {
    let key = key
        .to_str()
        .ok()
        .filter(|key| (1..=255).contains(&key.len()))
        .ok_or_else(|| AppError::malformed("An Idempotency-Key has 1 to 255 printable characters."))?;
    let actor = request.extensions().get::<Actor>().cloned().unwrap_or_else(Actor::anonymous);
    let (kind, id) = match actor.reference() {
        (kind, Some(id)) => (kind, id.to_string()),
        // Guests are told apart by address: nobody shall replay another's answer.
        _ => ("Guest", actor.origin.ip.clone().unwrap_or_default()),
    };
    let route = request.extensions().get::<MatchedPath>().map_or_else(|| request.uri().path(), MatchedPath::as_str);
    // The template alone would make two resources share a key.
    let route = format!("POST {route}");
    let path = request.uri().path().to_owned();
    let (parts, body) = request.into_parts();
    let has_files = kind_of(&parts.headers).is_some_and(|kind| kind.starts_with("multipart/"));
    // As where there is no key: strangers send keys too.
    let body = to_bytes(body, if has_files { LARGEST } else { app.config.limits.body_bytes })
        .await
        .map_err(|_| AppError::new(ErrorKind::TooLarge, "body_too_large", "That is more than we take at once."))?;
    let hash = hex::encode(Sha256::new().chain_update(&path).chain_update([0]).chain_update(&body).finalize());
    // A body may hold a password: whoever reads the row alone shall not be able to try words against it.
    let hash = app.keys.mac("idempotent_request", &hash);

    let row = match idempotency::begin(app, kind, &id, &route, key, &hash).await? {
        Begin::Fresh(row) => row,
        Begin::Replay { status, body } => return Ok(stored_answer(status, body)),
        Begin::Running => {
            return Err(AppError::conflict("request_in_progress", "The same request is still being worked on."));
        }
        Begin::Mismatch => {
            return Err(AppError::invalid("idempotency_key_reused", "This key was used for another request."));
        }
    };
    let response = next.run(Request::from_parts(parts, Body::from(body))).await;
    let status = response.status();
    if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
        // Nothing was decided: the same key may ask again.
        idempotency::abandon(app, row).await?;
        return Ok(response);
    }
    if kind_of(response.headers()).is_some_and(|kind| !is_text(kind)) {
        // A file is no answer to keep: whoever asks again is handed it anew.
        idempotency::abandon(app, row).await?;
        return Ok(response);
    }
    let (parts, body) = response.into_parts();
    let bytes: Bytes = to_bytes(body, LARGEST).await.map_err(AppError::internal)?;
    idempotency::finish(app, row, status.as_u16(), &String::from_utf8_lossy(&bytes)).await?;
    Ok(Response::from_parts(parts, Body::from(bytes)))
}

fn kind_of(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok())
}

/// What a row can keep and [`stored_answer`] can give again.
fn is_text(kind: &str) -> bool {
    kind.starts_with("application/json") || kind.starts_with("application/problem+json")
}

fn stored_answer(status: u16, body: String) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let kind = if status.is_success() { "application/json" } else { "application/problem+json" };
    let headers =
        [(header::CONTENT_TYPE, HeaderValue::from_static(kind)), (REPLAYED, HeaderValue::from_static("true"))];
    (status, headers, body).into_response()
}
