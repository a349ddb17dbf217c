//! Pages as answers, and the page a refusal becomes in a browser.

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use kernel::AppError;
use platform::web::{ApiResult, Problem, ProblemDocument};

use crate::Chrome;

/// The type of the template a page was made from; tests read it to know what they have seen.
#[derive(Clone, Copy, Debug)]
pub struct Rendered(pub &'static str);

/// Renders a page.
pub fn page<T: Template>(template: &T) -> ApiResult<Response> {
    let html = template.render().map_err(|err| Problem(AppError::internal(err)))?;
    let mut response = Html(html).into_response();
    // Every page may hold something personal.
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.extensions_mut().insert(Rendered(std::any::type_name::<T>()));
    Ok(response)
}

/// The page a refusal becomes in a browser: what happened, what to do, a reference.
#[derive(Template)]
#[template(path = "error.html")]
pub struct ErrorPage<'a> {
    /// What surrounds it.
    pub chrome: Chrome,
    /// The refusal.
    pub problem: &'a ProblemDocument,
}

impl ErrorPage<'_> {
    /// The page with the refusal's status.
    pub fn respond(&self) -> Response {
        let status = StatusCode::from_u16(self.problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = self.render().unwrap_or_else(|_| self.problem.detail.clone());
        (status, [(header::CACHE_CONTROL, "no-store")], Html(body)).into_response()
    }
}
