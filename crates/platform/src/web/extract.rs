//! Extractors that refuse with problem documents.

use std::collections::HashMap;

use axum::body::Bytes;
pub use axum::extract::Multipart;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use kernel::error::ErrorKind;
use kernel::{Actor, AppError, AppResult};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::problem::Problem;
use crate::locale::Locale;

/// A JSON body in, a JSON body out.
///
/// In: 400 `malformed` for what is no JSON, 422 `validation_failed` for an unknown or ill-typed field, 413 for too much.
#[derive(Clone, Copy, Debug)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(req: Request, state: &S) -> Result<Self, Problem> {
        let is_json = req
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.parse::<mime::Mime>().ok())
            .is_some_and(|mime| mime.subtype() == "json" || mime.suffix().is_some_and(|suffix| suffix == "json"));
        let body = Bytes::from_request(req, state).await.map_err(|rejection| too_large(rejection.status().as_u16()))?;
        if body.is_empty() {
            // A POST without a body means an object without members.
            return from_json(b"{}").map(Json).map_err(Problem);
        }
        if !is_json {
            return Err(AppError::malformed("Send the body as application/json.").into());
        }
        from_json(&body).map(Json).map_err(Problem)
    }
}

fn too_large(status: u16) -> Problem {
    if status == 413 {
        AppError::new(ErrorKind::TooLarge, "body_too_large", "That is more than we take at once.").into()
    } else {
        AppError::malformed("The body could not be read.").into()
    }
}

fn from_json<T: DeserializeOwned>(body: &[u8]) -> AppResult<T> {
    // Members have names: a list would be read as members in the order in which the program happens to hold them.
    if body.trim_ascii_start().first() == Some(&b'[') {
        return Err(AppError::malformed("The body is a JSON object."));
    }
    let mut reader = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|err| {
        let path = err.path().to_string();
        let inner = err.into_inner();
        match inner.classify() {
            serde_json::error::Category::Data => {
                let said = inner.to_string();
                AppError::field(field_of(path, &said), field_code(&said), clean(&inner))
            }
            _ => AppError::malformed("The body is not valid JSON."),
        }
    })?;
    reader.end().map_err(|_| AppError::malformed("The body is not valid JSON."))?;
    Ok(value)
}

/// The field an error is about: what is missing has no place in the body, so the path ends where it should be.
fn field_of(path: String, message: &str) -> String {
    let missing = message.strip_prefix("missing field `").and_then(|rest| rest.split('`').next());
    match missing {
        Some(name) if path == "." => name.to_owned(),
        Some(name) => format!("{path}.{name}"),
        None => path,
    }
}

fn field_code(message: &str) -> &'static str {
    if message.starts_with("missing field") {
        "required"
    } else if message.starts_with("unknown field") {
        "unknown_field"
    } else if message.starts_with("unknown variant") {
        "unknown_value"
    } else {
        "invalid"
    }
}

fn clean(err: &serde_json::Error) -> String {
    // Line and column are of no use to a reader of a form.
    let text = err.to_string();
    text.split(" at line ").next().unwrap_or_default().to_owned()
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

/// A typed path parameter: an id that is none is 400 `malformed`.
#[derive(Clone, Copy, Debug)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        axum::extract::Path::<T>::from_request_parts(parts, state)
            .await
            .map(|axum::extract::Path(value)| Self(value))
            .map_err(|_| AppError::malformed("The address holds no valid id.").into())
    }
}

/// A typed query string; lists are written by repeating the name.
#[derive(Clone, Copy, Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        axum_extra::extract::Query::<T>::from_request_parts(parts, state)
            .await
            .map(|axum_extra::extract::Query(value)| Self(value))
            .map_err(|err| AppError::field("query", "invalid", err.to_string()).into())
    }
}

/// Who asks, as the server resolved it; [`Actor::anonymous`] when nobody is signed in.
#[derive(Clone, Debug)]
pub struct Who(pub Actor);

impl<S: Send + Sync> FromRequestParts<S> for Who {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Ok(Self(parts.extensions.get::<Actor>().cloned().unwrap_or_else(Actor::anonymous)))
    }
}

/// The reader's language: chosen before, else what the browser asks for, else English.
#[derive(Clone, Copy, Debug)]
pub struct Lang(pub Locale);

impl<S: Send + Sync> FromRequestParts<S> for Lang {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        if let Some(locale) = parts.extensions.get::<Locale>() {
            return Ok(Self(*locale));
        }
        let accepted = parts.headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        Ok(Self(accepted.map(Locale::from_accept_language).unwrap_or_default()))
    }
}

/// One file of a multipart form.
#[derive(Clone, Debug)]
pub struct UploadedFile {
    /// Name of the form field.
    pub field: String,
    /// The name the client gave; shown back to its owner only.
    pub file_name: String,
    /// Content.
    pub bytes: Bytes,
}

/// Reads a multipart form into its files and its text fields.
///
/// Errors: 400 `malformed` for a broken form, 413 `body_too_large` beyond the route's limit.
pub async fn files_of(mut form: Multipart) -> AppResult<(Vec<UploadedFile>, HashMap<String, String>)> {
    let (mut files, mut texts) = (Vec::new(), HashMap::new());
    let broken = |err: axum::extract::multipart::MultipartError| {
        if err.status().as_u16() == 413 {
            AppError::new(ErrorKind::TooLarge, "body_too_large", "That is more than we take at once.")
        } else {
            AppError::malformed("The form could not be read.")
        }
    };
    while let Some(field) = form.next_field().await.map_err(broken)? {
        let name = field.name().unwrap_or_default().to_owned();
        match field.file_name().map(str::to_owned) {
            Some(file_name) => {
                let bytes = field.bytes().await.map_err(broken)?;
                files.push(UploadedFile { field: name, file_name, bytes });
            }
            None => {
                texts.insert(name, field.text().await.map_err(broken)?);
            }
        }
    }
    Ok((files, texts))
}

/// An HTML form body, typed; the same refusals as [`Json`].
pub(super) async fn form_fields<S: Send + Sync>(req: Request, state: &S) -> AppResult<Bytes> {
    Bytes::from_request(req, state).await.map_err(|rejection| too_large(rejection.status().as_u16()).0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize, Debug)]
    #[serde(deny_unknown_fields)]
    struct Ask {
        #[expect(dead_code, reason = "only its presence matters")]
        version: i32,
    }

    #[test]
    fn bodies_are_refused_by_what_is_wrong_with_them() {
        let code = |body: &str| from_json::<Ask>(body.as_bytes()).map(|_| ()).unwrap_err();
        assert_eq!(code("{").code, "malformed");
        assert_eq!(code(" [1]").code, "malformed", "no members by position");
        assert_eq!(code("{\"version\":1} x").code, "malformed");
        let wrong = code("{\"version\":\"one\"}");
        assert_eq!((wrong.code.as_ref(), wrong.fields.0["version"][0].code.as_ref()), ("validation_failed", "invalid"));
        assert_eq!(code("{\"version\":1,\"extra\":2}").fields.0["extra"][0].code, "unknown_field");
        let missing = code("{}");
        assert_eq!(missing.fields.0["version"][0].code, "required");
        assert_eq!(field_of("items[0]".into(), "missing field `name` at line 1"), "items[0].name");
        assert!(from_json::<Ask>(b"{\"version\":1}").is_ok());
    }
}
