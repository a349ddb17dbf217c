//! Refusals in the words of RFC 6749, section 5.2.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kernel::{AppError, ErrorKind};
use serde_json::json;

/// A refusal of an OAuth endpoint.
#[derive(Debug)]
pub(crate) struct OauthError {
    status: StatusCode,
    /// One of the words of the standard.
    pub error: &'static str,
    /// A sentence for whoever writes the client.
    pub description: String,
    /// Our own code for it.
    pub hint: Option<String>,
    retry_after: Option<u64>,
    /// The client tried HTTP Basic, so it is told the scheme.
    basic: bool,
}

/// What an OAuth endpoint returns.
pub(crate) type OauthResult<T> = Result<T, OauthError>;

impl OauthError {
    fn new(error: &'static str, description: impl Into<String>) -> Self {
        let (status, description) = (StatusCode::BAD_REQUEST, description.into());
        Self { status, error, description, hint: None, retry_after: None, basic: false }
    }

    /// A parameter is missing, repeated or malformed.
    pub fn invalid_request(description: impl Into<String>) -> Self {
        Self::new("invalid_request", description)
    }

    /// The client is unknown or could not prove itself.
    pub fn invalid_client(basic: bool) -> Self {
        let refusal = Self::new("invalid_client", "The client is unknown or its secret is wrong.");
        Self { status: StatusCode::UNAUTHORIZED, basic, ..refusal }
    }

    /// The code or token is not good, or not this client's.
    pub fn invalid_grant(description: impl Into<String>) -> Self {
        Self::new("invalid_grant", description)
    }

    /// The client may not do this.
    pub fn unauthorized_client(description: impl Into<String>) -> Self {
        Self::new("unauthorized_client", description)
    }

    /// A grant this server does not have.
    pub fn unsupported_grant() -> Self {
        Self::new("unsupported_grant_type", "This grant is not offered here.")
    }

    /// A kind of answer this server does not give.
    pub fn unsupported_response() -> Self {
        Self::new("unsupported_response_type", "This server answers with a code only.")
    }

    /// A scope that does not exist or is not this client's.
    pub fn invalid_scope() -> Self {
        Self::new("invalid_scope", "A scope does not exist or is not open to this client.")
    }

    /// The same with our own code.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// A refusal of a use case as the failure of a grant: what went wrong with the account stays readable in the hint.
    pub fn of_grant(error: AppError) -> Self {
        match error.kind {
            ErrorKind::Internal | ErrorKind::Unavailable => error.into(),
            _ if error.code == "scope_refused" => Self::invalid_scope(),
            _ => {
                let retry_after = error.retry_after;
                Self { retry_after, ..Self::invalid_grant(error.detail).hint(error.code) }
            }
        }
    }
}

impl<E: Into<AppError>> From<E> for OauthError {
    fn from(error: E) -> Self {
        let error = error.into();
        let (status, word) = match error.kind {
            ErrorKind::Internal => {
                tracing::error!(%error, "request failed");
                (StatusCode::INTERNAL_SERVER_ERROR, "server_error")
            }
            ErrorKind::Unavailable | ErrorKind::TooMany | ErrorKind::Locked => {
                (platform::web::status_of(error.kind), "temporarily_unavailable")
            }
            ErrorKind::Unauthenticated | ErrorKind::Forbidden => {
                (platform::web::status_of(error.kind), "access_denied")
            }
            kind => (platform::web::status_of(kind), "invalid_request"),
        };
        let description = match error.fields.0.iter().next() {
            Some((field, faults)) => {
                let what = faults.first().map(|fault| fault.message.as_str()).unwrap_or_default();
                format!("{field}: {what}")
            }
            None => error.detail,
        };
        let retry_after = error.retry_after;
        Self { status, retry_after, ..Self::new(word, description).hint(error.code) }
    }
}

impl IntoResponse for OauthError {
    fn into_response(self) -> Response {
        let mut body = json!({ "error": self.error, "error_description": self.description });
        if let (Some(hint), Some(members)) = (self.hint, body.as_object_mut()) {
            members.insert("hint".into(), hint.into());
        }
        let mut response = (self.status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.basic {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"oauth\""));
        }
        response
    }
}
