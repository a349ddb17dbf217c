//! A session that ends in the middle of a form: what was typed survives the sign-in.

use askama::Template;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::{Method, header};
use axum::response::{IntoResponse, Response};
use kernel::Sealed;
use platform::App;
use platform::web::ApiResult;
use serde::{Deserialize, Serialize};
use ui::{Chrome, Ctx, Portal, Posted, is_secret, page};

/// A form that was sent without a session.
#[derive(Serialize, Deserialize)]
pub(super) struct Kept {
    path: String,
    fields: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "login_resume.html")]
struct ResumePage {
    chrome: Chrome,
    path: String,
    fields: Vec<(String, String)>,
    leave: String,
}

/// Whether a request is a form of a portal whose reader is not signed in to it.
pub fn is_lost(request: &Request, actor: &kernel::Actor) -> bool {
    let path = request.uri().path();
    let Some(guard) = Portal::of_path(path).guard() else { return false };
    let is_form = request
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/x-www-form-urlencoded"));
    let is_sign_in = path.starts_with(Portal::of(guard).login()) || super::forgot::is_open(path);
    request.method() == Method::POST && is_form && !is_sign_in && actor.guard() != Some(guard)
}

/// Answers such a form with the sign-in page; what was typed is sealed into it and comes back afterwards.
pub async fn keep(app: &App, request: Request) -> Response {
    match take(app, request).await {
        Ok((ctx, resume)) => match super::login::again(ctx, resume) {
            Ok(response) => response,
            Err(problem) => problem.into_response(),
        },
        Err(response) => response,
    }
}

/// Takes a form out of its request, sealed: a page in between carries it along and gives it back with [`give_back`].
/// Passwords and cards are left out.
///
/// Errors: the answer to a form that none of our pages sent.
pub async fn take(app: &App, request: Request) -> Result<(Ctx, String), Response> {
    let path = request.uri().path().to_owned();
    let (mut parts, body) = request.into_parts();
    let ctx = Ctx::from_request_parts(&mut parts, app).await?;
    let posted = Posted::from_request(Request::from_parts(parts, body), app).await;
    let posted = posted.map_err(IntoResponse::into_response)?;
    let fields = posted.0.into_iter().filter(|(name, _)| !is_secret(name)).collect();
    let resume = sealed(app, Kept { path, fields }).map_err(IntoResponse::into_response)?;
    Ok((ctx, resume))
}

/// The page that gives a form back that was taken; nothing for what is no such form.
pub fn give_back(ctx: &Ctx, resume: &str) -> Option<ApiResult<Response>> {
    open(&ctx.app, resume).map(|kept| page_of(&ctx.chrome, kept, ctx.chrome.portal))
}

fn sealed(app: &App, kept: Kept) -> ApiResult<String> {
    let text = serde_json::to_string(&kept).map_err(kernel::AppError::from)?;
    Ok(app.keys.seal(&text).ciphertext().to_owned())
}

/// The form inside, if it is one of ours.
pub(super) fn open(app: &App, resume: &str) -> Option<Kept> {
    if resume.is_empty() {
        return None;
    }
    let text = app.keys.open(&Sealed::<String>::from_ciphertext(resume)).ok()?;
    serde_json::from_str(&text).ok()
}

/// The page that shows what was typed and sends it on request: never by itself, it may have been somebody else's turn.
pub(super) fn page_of(chrome: &Chrome, kept: Kept, portal: Portal) -> ApiResult<Response> {
    let leave = portal.home().to_owned();
    page(&ResumePage { chrome: chrome.clone(), path: kept.path, fields: kept.fields, leave })
}
