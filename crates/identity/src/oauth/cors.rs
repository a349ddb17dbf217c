//! Programs that live in a browser ask from pages of their own origin (WHATWG Fetch, "CORS protocol").
//!
//! Everybody may read these answers: they are public, or they are given for a code and its verifier, for a refresh
//! token, for a client's secret. Cookies are never part of it, so no answer ever depends on who uses the browser.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// What a browser is told that asks beforehand; it may remember it for ten minutes.
pub(super) async fn ask_first() -> Response {
    let allowed: [(HeaderName, HeaderValue); 3] = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST")),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("authorization, content-type")),
        (header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600")),
    ];
    (StatusCode::NO_CONTENT, allowed).into_response()
}

/// Lets pages of any origin read the answer.
pub(super) async fn open(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    // Said to everybody alike: what is kept on the way serves every origin.
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(
        header::ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderValue::from_static("retry-after, www-authenticate, x-request-id"),
    );
    response
}
