//! Hands a file to the reader a link was made for.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_SECURITY_POLICY,
    CONTENT_TYPE, RANGE, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use axum::{Extension, Router};
use kernel::ids::PatientId;
use kernel::{Actor, AppError, AppResult};
use object_store::{GetOptions, GetRange, ObjectStore};

use super::{link, load, path};
use crate::entity::files;
use crate::web::Problem;
use crate::web::routing::get;
use crate::{App, audit};

/// Owners whose files are no medical data: reading them leaves no audit row. Everything else does.
const NOT_MEDICAL: &[&str] = &[
    "Patient",
    "ProviderUser",
    "User",
    "Affiliate",
    "Provider",
    "ProviderMedia",
    "ProviderAward",
    "Review",
    "Treatment",
    "Package",
];

/// The patient a file is about, once somebody looked it up.
pub type Whose = Pin<Box<dyn Future<Output = AppResult<Option<PatientId>>> + Send>>;

/// Tells whose data a file is. The wings know: the server hands this to the route as an extension.
#[derive(Clone)]
pub struct Owners(Arc<dyn Fn(App, files::Model) -> Whose + Send + Sync>);

impl Owners {
    /// Asks this function.
    pub fn new(find: impl Fn(App, files::Model) -> Whose + Send + Sync + 'static) -> Self {
        Self(Arc::new(find))
    }
}

/// `GET /files/{token}`.
pub fn routes() -> Router<App> {
    Router::new().route("/files/{token}", get(show_file))
}

async fn show_file(
    State(app): State<App>,
    actor: Option<Extension<Actor>>,
    owners: Option<Extension<Owners>>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let actor = actor.map_or_else(Actor::anonymous, |Extension(actor)| actor);
    let range = headers.get(RANGE).and_then(|value| value.to_str().ok()).and_then(wanted_range);
    Ok(serve(&app, &actor, &token, range, owners.map(|Extension(owners)| owners)).await?)
}

/// The file behind a token as an answer, whole or the range asked for; 404 when the link is wrong or over.
async fn serve(
    app: &App,
    actor: &Actor,
    token: &str,
    range: Option<GetRange>,
    owners: Option<Owners>,
) -> AppResult<Response> {
    let id = link::verify(app, actor, token)?;
    let file = load(app.db.conn(), id).await?;
    let partial = range.is_some();
    let options = GetOptions { range, ..GetOptions::default() };
    let object = match app.files.store.get_opts(&path(&file.file_path)?, options).await {
        Ok(object) => object,
        Err(object_store::Error::NotFound { .. }) => return Err(AppError::not_found()),
        Err(_) if partial => return unsatisfiable(&file),
        Err(error) => return Err(AppError::internal(error)),
    };
    if !NOT_MEDICAL.contains(&file.fileable_type.as_str()) {
        let patient = match owners {
            Some(Owners(find)) => find(app.clone(), file.clone()).await?,
            None => None,
        };
        let mut entry = audit::Entry::new("file.viewed").subject("File", file.id).fields(&["media"]);
        if let Some(patient) = patient {
            entry = entry.patient(patient);
        }
        if let Ok((_, provider)) = actor.provider() {
            entry = entry.provider(provider);
        }
        audit::record(app.db.conn(), app, actor, entry).await?;
    }
    let (sent, total) = (object.range.clone(), object.meta.size);
    let mut answer = headers(&file)?.header(CONTENT_LENGTH, sent.end - sent.start);
    if partial {
        let last = sent.end.saturating_sub(1);
        answer = answer
            .status(StatusCode::PARTIAL_CONTENT)
            .header(CONTENT_RANGE, format!("bytes {}-{last}/{total}", sent.start));
    }
    answer.body(Body::from_stream(object.into_stream())).map_err(AppError::internal)
}

fn headers(file: &files::Model) -> AppResult<axum::http::response::Builder> {
    let shown = file.file_type.starts_with("image/") || file.file_type.starts_with("video/");
    let disposition = disposition(if shown { "inline" } else { "attachment" }, &file.file_name);
    Ok(Response::builder()
        .header(CONTENT_TYPE, HeaderValue::from_str(&file.file_type).map_err(AppError::internal)?)
        .header(CONTENT_DISPOSITION, disposition)
        .header(X_CONTENT_TYPE_OPTIONS, "nosniff")
        .header(CACHE_CONTROL, "private, no-store")
        // Whatever the content might be taken for, it runs nothing and loads nothing.
        .header(CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox")
        .header(ACCEPT_RANGES, "bytes"))
}

/// The header with the name twice: reduced to ASCII for old readers, and whole (RFC 6266).
fn disposition(kind: &str, name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ') { c } else { '_' })
        .collect();
    let mut whole = String::with_capacity(name.len() * 3);
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_') {
            whole.push(char::from(byte));
        } else {
            whole.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("{kind}; filename=\"{plain}\"; filename*=UTF-8''{whole}")
}

fn unsatisfiable(file: &files::Model) -> AppResult<Response> {
    Response::builder()
        .status(StatusCode::RANGE_NOT_SATISFIABLE)
        .header(CONTENT_RANGE, format!("bytes */{}", file.file_size))
        .body(Body::empty())
        .map_err(AppError::internal)
}

/// One range of bytes, as players ask for; anything else is answered with the whole file.
fn wanted_range(header: &str) -> Option<GetRange> {
    let (from, to) = header.strip_prefix("bytes=")?.split_once('-')?;
    let number = |text: &str| text.trim().parse::<u64>().ok();
    match (from.trim(), to.trim()) {
        ("", last) => number(last).filter(|last| *last > 0).map(GetRange::Suffix),
        (from, "") => number(from).map(GetRange::Offset),
        (from, to) => {
            let (from, end) = (number(from)?, number(to)?.checked_add(1)?);
            (from < end).then_some(GetRange::Bounded(from..end))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_break_out_of_the_header() {
        let header = disposition("attachment", "şöz\"; x=\r\n.pdf");
        assert_eq!(
            header,
            "attachment; filename=\"__z__ x___.pdf\"; filename*=UTF-8''%C5%9F%C3%B6z%22%3B%20x%3D%0D%0A.pdf"
        );
        assert!(HeaderValue::from_str(&header).is_ok());
    }

    #[test]
    fn ranges_as_players_ask_for_them() {
        assert_eq!(wanted_range("bytes=0-1"), Some(GetRange::Bounded(0..2)));
        assert_eq!(wanted_range("bytes=5-"), Some(GetRange::Offset(5)));
        assert_eq!(wanted_range("bytes=-5"), Some(GetRange::Suffix(5)));
        for ignored in
            ["bytes=0-1,4-5", "bytes=5-1", "items=0-1", "bytes=-", "bytes=-0", "bytes=0-18446744073709551615"]
        {
            assert_eq!(wanted_range(ignored), None, "{ignored}");
        }
    }
}
