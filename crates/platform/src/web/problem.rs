//! Errors as RFC 9457 problem documents.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kernel::error::{ErrorKind, FieldError};
use kernel::{AppError, FieldErrors};
use sea_orm::DbErr;
use serde::{Deserialize, Serialize};

use crate::locale::Locale;

/// What an API handler returns.
pub type ApiResult<T> = Result<T, Problem>;

/// An [`AppError`] on its way to a client.
///
/// As a response it carries the error beside the body, so that the outer layer can add the request id, translate
/// it, or draw it as a page.
#[derive(Debug)]
pub struct Problem(pub AppError);

impl<E: Into<AppError>> From<E> for Problem {
    fn from(err: E) -> Self {
        Self(err.into())
    }
}

/// The id of the request being answered, as the server put it into the request's extensions.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// The document an API client receives with every refusal (RFC 9457).
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ProblemDocument {
    /// `about:blank`: the code tells the kind.
    #[serde(rename = "type")]
    pub kind: String,
    /// The status in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// A sentence for people, in their language.
    pub detail: String,
    /// The path that was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    /// Stable snake_case code for programs.
    #[schema(example = "quote_expired")]
    pub code: String,
    /// What is wrong, by field.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub errors: BTreeMap<String, Vec<FieldError>>,
    /// Seconds to wait before asking again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
    /// Quote this when you ask for help.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// More members of some codes, such as `existing_id`.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

/// The HTTP status of a kind of error.
pub fn status_of(kind: ErrorKind) -> StatusCode {
    match kind {
        ErrorKind::Malformed => StatusCode::BAD_REQUEST,
        ErrorKind::Unauthenticated => StatusCode::UNAUTHORIZED,
        ErrorKind::Forbidden => StatusCode::FORBIDDEN,
        ErrorKind::NotFound => StatusCode::NOT_FOUND,
        ErrorKind::NotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        ErrorKind::Conflict => StatusCode::CONFLICT,
        ErrorKind::Gone => StatusCode::GONE,
        ErrorKind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ErrorKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        ErrorKind::Locked => StatusCode::LOCKED,
        ErrorKind::TooMany => StatusCode::TOO_MANY_REQUESTS,
        ErrorKind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        ErrorKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
    }
}

impl ProblemDocument {
    /// The document for an error, in the reader's language where the sentence is known.
    pub fn new(error: &AppError, locale: Locale) -> Self {
        let status = status_of(error.kind);
        Self {
            kind: "about:blank".to_owned(),
            title: status.canonical_reason().unwrap_or("Error").to_owned(),
            status: status.as_u16(),
            detail: error_sentence(locale, &error.code, &error.detail),
            instance: None,
            code: error.code.to_string(),
            errors: translated(&error.fields, locale),
            retry_after: error.retry_after,
            request_id: None,
            extra: error.extra.clone(),
        }
    }
}

fn error_sentence(locale: Locale, code: &str, english: &str) -> String {
    sentence(locale, &["error"], code, english)
}

fn sentence(locale: Locale, kinds: &[&str], code: &str, english: &str) -> String {
    // English sentences in code may carry facts of the case; other languages come from the catalogue by code.
    if locale == Locale::En {
        return english.to_owned();
    }
    let known = kinds.iter().find_map(|kind| crate::locale::find_text(locale, &format!("{kind}-{code}")));
    known.unwrap_or_else(|| english.to_owned())
}

fn translated(fields: &FieldErrors, locale: Locale) -> BTreeMap<String, Vec<FieldError>> {
    let one = |fault: &FieldError| FieldError {
        code: fault.code.clone(),
        message: sentence(locale, &["error", "field"], &fault.code, &fault.message),
    };
    fields.0.iter().map(|(field, faults)| (field.clone(), faults.iter().map(one).collect())).collect()
}

/// The error beside the body of a refusal.
#[derive(Clone)]
struct Refused(Arc<AppError>);

/// The code of the refusal behind a response, if it is one.
pub fn refusal_code(response: &Response) -> Option<&str> {
    response.extensions().get::<Refused>().map(|refused| refused.0.code.as_ref())
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let error = self.0;
        if matches!(error.kind, ErrorKind::Internal) {
            let cause = error.source.as_ref().map(|source| chain(source.as_ref())).unwrap_or_default();
            tracing::error!(code = %error.code, cause, "request failed");
        }
        let error = Arc::new(error);
        let mut response = json_response(&error, &ProblemDocument::new(&error, Locale::En));
        response.extensions_mut().insert(Refused(error));
        response
    }
}

fn chain(err: &(dyn std::error::Error + 'static)) -> String {
    let mut text = err.to_string();
    let mut next = err.source();
    while let Some(cause) = next {
        text = format!("{text}: {cause}");
        next = cause.source();
    }
    text
}

fn json_response(error: &AppError, document: &ProblemDocument) -> Response {
    let body = serde_json::to_vec(document).unwrap_or_default();
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status_of(error.kind);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(seconds) = error.retry_after {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    if let Some(challenge) = challenge(error) {
        headers.insert(header::WWW_AUTHENTICATE, challenge);
    }
    response
}

/// What a client is told of its token (RFC 6750, section 3): nothing but the scheme when it brought none, that the token
/// is no good, or which scope it lacks.
fn challenge(error: &AppError) -> Option<HeaderValue> {
    let scheme = HeaderValue::from_static("Bearer");
    match (error.kind, error.code.as_ref()) {
        (ErrorKind::Unauthenticated, "token_invalid" | "token_expired" | "session_revoked" | "wrong_guard") => {
            Some(HeaderValue::from_static("Bearer error=\"invalid_token\""))
        }
        (ErrorKind::Unauthenticated, _) => Some(scheme),
        (ErrorKind::Forbidden, "insufficient_scope") => {
            let scope = error.extra.get("scope").and_then(serde_json::Value::as_str);
            let scope = scope.map(|scope| format!(", scope=\"{scope}\"")).unwrap_or_default();
            Some(HeaderValue::from_str(&format!("Bearer error=\"insufficient_scope\"{scope}")).unwrap_or(scheme))
        }
        _ => None,
    }
}

/// Completes a refusal with what only the server knows: request id, path and the reader's language.
///
/// `page` draws it for a browser instead when given. Answers that are no refusal pass untouched.
pub fn finish_problem(
    response: Response,
    request_id: Option<&str>,
    path: &str,
    locale: Locale,
    page: Option<&dyn Fn(&ProblemDocument) -> Response>,
) -> Response {
    let Some(Refused(error)) = response.extensions().get::<Refused>().cloned() else { return response };
    let mut document = ProblemDocument::new(&error, locale);
    document.request_id = request_id.map(str::to_owned);
    document.instance = Some(path.to_owned());
    match page {
        Some(draw) => draw(&document),
        None => json_response(&error, &document),
    }
}

impl From<DbErr> for Box<Problem> {
    fn from(err: DbErr) -> Self {
        Box::new(Problem(err.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn body_of(response: Response) -> serde_json::Value {
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        serde_json::from_slice(&bytes).unwrap()
    }

    #[tokio::test]
    async fn a_refusal_is_a_problem_document() {
        let error = AppError::conflict("quote_expired", "This offer ended.").with("existing_id", "7");
        let response = finish_problem(Problem(error).into_response(), Some("req-1"), "/x", Locale::En, None);
        assert_eq!(response.status(), StatusCode::CONFLICT);
        assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json");
        let body = body_of(response).await;
        assert_eq!(body["code"], "quote_expired");
        assert_eq!(body["existing_id"], "7");
        assert_eq!(body["request_id"], "req-1");
        assert_eq!(body["instance"], "/x");
    }

    #[test]
    fn fields_speak_the_readers_language() {
        let mut faults = FieldErrors::new();
        faults.add("password", "password_too_short", "At least 12 characters.");
        let document = ProblemDocument::new(&faults.check().unwrap_err(), Locale::Tr);
        let message = &document.errors["password"][0].message;
        assert_ne!(message, "At least 12 characters.");
        assert_eq!(Some(message), crate::locale::find_text(Locale::Tr, "field-password_too_short").as_ref());
    }

    #[tokio::test]
    async fn an_internal_error_shows_nothing_of_its_cause() {
        let error = AppError::internal("password of the database is hunter2");
        let body = body_of(Problem(error).into_response()).await;
        assert_eq!(body["code"], "internal");
        assert!(!body.to_string().contains("hunter2"));
    }
}
