//! One error type for use cases: a kind, a stable code, a sentence, field errors.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::error::Error as StdError;
use std::fmt;

use sea_orm::DbErr;
use serde::{Deserialize, Serialize};

/// The result of a use case.
pub type AppResult<T> = Result<T, AppError>;

/// What kind of refusal or failure it is; each has one HTTP status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// 400: the request cannot be read.
    Malformed,
    /// 401: nobody is signed in, or the credentials are wrong.
    Unauthenticated,
    /// 403: signed in, but not allowed.
    Forbidden,
    /// 404: absent, or not the asker's to see.
    NotFound,
    /// 405: not done to this resource.
    NotAllowed,
    /// 409: the state of the thing refuses it.
    Conflict,
    /// 410: it was there and has ended.
    Gone,
    /// 413: too large.
    TooLarge,
    /// 422: understood, but not acceptable.
    Invalid,
    /// 423: locked for a time.
    Locked,
    /// 429: too often.
    TooMany,
    /// 500: our failure.
    Internal,
    /// 503: for a moment not possible; ask again.
    Unavailable,
}

/// One thing wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct FieldError {
    /// Stable snake_case code.
    pub code: Cow<'static, str>,
    /// A sentence for people.
    pub message: String,
}

/// What is wrong, by field; dots and indexes name nested ones (`date_ranges.0.start`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FieldErrors(pub BTreeMap<String, Vec<FieldError>>);

impl FieldErrors {
    /// Nothing wrong yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Notes one fault of one field.
    pub fn add(&mut self, field: impl Into<String>, code: impl Into<Cow<'static, str>>, message: impl Into<String>) {
        self.0.entry(field.into()).or_default().push(FieldError { code: code.into(), message: message.into() });
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `Ok` when nothing is wrong, else 422 `validation_failed` with all of it.
    pub fn check(self) -> AppResult<()> {
        if self.is_empty() { Ok(()) } else { Err(AppError::fields(self)) }
    }
}

/// A refusal or failure, ready for any reader: API, page or log.
#[derive(Debug)]
pub struct AppError {
    /// Its kind.
    pub kind: ErrorKind,
    /// Stable snake_case code for programs; also the key of the translated sentence (`error-<code>`).
    pub code: Cow<'static, str>,
    /// An English sentence for people.
    pub detail: String,
    /// What is wrong, by field.
    pub fields: FieldErrors,
    /// Seconds to wait before asking again.
    pub retry_after: Option<u64>,
    /// More members for the problem document (`existing_id`, `current_version`).
    pub extra: serde_json::Map<String, serde_json::Value>,
    /// What went wrong inside; logged once, never shown.
    pub source: Option<Box<dyn StdError + Send + Sync>>,
}

impl AppError {
    /// An error of a kind with its code and sentence.
    pub fn new(kind: ErrorKind, code: impl Into<Cow<'static, str>>, detail: impl Into<String>) -> Self {
        Self {
            kind,
            code: code.into(),
            detail: detail.into(),
            fields: FieldErrors::default(),
            retry_after: None,
            extra: serde_json::Map::new(),
            source: None,
        }
    }

    /// 400 `malformed`.
    pub fn malformed(detail: impl Into<String>) -> Self {
        Self::new(ErrorKind::Malformed, "malformed", detail)
    }

    /// 401 `unauthenticated`.
    pub fn unauthenticated() -> Self {
        Self::new(ErrorKind::Unauthenticated, "unauthenticated", "Sign in to continue.")
    }

    /// 403 `forbidden`.
    pub fn forbidden() -> Self {
        Self::new(ErrorKind::Forbidden, "forbidden", "You are not allowed to do this.")
    }

    /// 403 with its own code.
    pub fn denied(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(ErrorKind::Forbidden, code, detail)
    }

    /// 404 `not_found`: absent and not yours alike.
    pub fn not_found() -> Self {
        Self::new(ErrorKind::NotFound, "not_found", "There is nothing here.")
    }

    /// 409 with its code.
    pub fn conflict(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(ErrorKind::Conflict, code, detail)
    }

    /// 409 `stale_version`: somebody else changed it meanwhile.
    pub fn stale_version() -> Self {
        Self::conflict("stale_version", "This was changed meanwhile. Load it again and repeat your change.")
    }

    /// 422 with its code.
    pub fn invalid(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(ErrorKind::Invalid, code, detail)
    }

    /// 422 `validation_failed` for one field.
    pub fn field(field: impl Into<String>, code: &'static str, message: impl Into<String>) -> Self {
        let mut fields = FieldErrors::new();
        fields.add(field, code, message);
        Self::fields(fields)
    }

    /// 422 `validation_failed` for several fields.
    pub fn fields(fields: FieldErrors) -> Self {
        let mut error = Self::invalid("validation_failed", "Some fields need your attention.");
        error.fields = fields;
        error
    }

    /// 429 with the seconds to wait.
    pub fn too_many(code: &'static str, detail: impl Into<String>, retry_after: u64) -> Self {
        let mut error = Self::new(ErrorKind::TooMany, code, detail);
        error.retry_after = Some(retry_after);
        error
    }

    /// 500: `source` is logged, the reader sees only a reference.
    pub fn internal(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        let mut error = Self::new(ErrorKind::Internal, "internal", "Something went wrong on our side.");
        error.source = Some(source.into());
        error
    }

    /// The same error with a field's fault beside the code, for forms.
    pub fn on_field(mut self, field: impl Into<String>) -> Self {
        let (code, message) = (self.code.clone(), self.detail.clone());
        self.fields.add(field, code, message);
        self
    }

    /// The same error with one more member in the problem document.
    pub fn with(mut self, key: &str, value: impl Serialize) -> Self {
        let value = serde_json::to_value(value).unwrap_or(serde_json::Value::Null);
        self.extra.insert(key.to_owned(), value);
        self
    }

    /// The database error inside, if that is the cause.
    pub fn db_error(&self) -> Option<&DbErr> {
        self.source.as_ref().and_then(|source| source.downcast_ref())
    }
}

impl fmt::Display for AppError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.detail)?;
        if !self.fields.is_empty() {
            write!(f, " {:?}", self.fields.0)?;
        }
        if let Some(source) = &self.source {
            write!(f, " ({source})")?;
        }
        Ok(())
    }
}

impl StdError for AppError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_ref().map(|source| &**source as &(dyn StdError + 'static))
    }
}

impl From<DbErr> for AppError {
    fn from(err: DbErr) -> Self {
        Self::internal(err)
    }
}

impl From<serde_json::Error> for AppError {
    fn from(err: serde_json::Error) -> Self {
        Self::internal(err)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_field_faults_come_in_one_answer() {
        let mut fields = FieldErrors::new();
        fields.add("email", "email_invalid", "Not an address.");
        fields.add("password", "password_too_short", "At least 12 characters.");
        let error = fields.check().unwrap_err();
        assert_eq!((error.kind, &*error.code, error.fields.0.len()), (ErrorKind::Invalid, "validation_failed", 2));
        assert!(FieldErrors::new().check().is_ok());
    }
}
