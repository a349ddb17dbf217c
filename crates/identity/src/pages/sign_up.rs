//! A patient's account in three steps: who you are, the code of the mail, about you.

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use kernel::{AppError, ErrorKind, Guard, Secret};
use platform::web::{ApiResult, status_of};
use ui::{Chrome, Ctx, Form, Html, Portal, Posted, encode, local_path, page};

use crate::auth::session_cookie;
use crate::consents::{Given, PatientConsentChannel};
use crate::service::register::{self, Registration};
use crate::service::sessions::Carrier;

/// Holds the registration token between the steps: it opens nothing without the mailed code.
const COOKIE: &str = "hl_sign_up";

#[derive(Template)]
#[template(path = "sign_up.html")]
struct SignUpPage {
    chrome: Chrome,
    form: Form,
}

#[derive(Template)]
#[template(path = "sign_up_verify.html")]
struct VerifyPage {
    chrome: Chrome,
    form: Form,
    /// Where the code went.
    address: String,
    /// When the next one may be asked for.
    wait: Html,
}

async fn verify_page(ctx: Ctx, token: &str, form: Form) -> ApiResult<Response> {
    let awaited = register::awaited(&ctx.app, token).await?;
    let wait = ctx.chrome.code_wait(awaited.wait);
    page(&VerifyPage { chrome: ctx.chrome, form, address: awaited.address, wait })
}

/// The page somebody came for, if it is a patient's page of this site: other portals and other sites are nobody's next
/// step after a sign-up.
pub(super) fn onward(next: &str) -> Option<String> {
    let path = local_path(next, "");
    (Portal::of_path(&path) == Portal::Patient).then_some(path)
}

/// The same address, with the page to go on to afterwards.
pub(super) fn then(path: &str, next: Option<&str>) -> String {
    next.map_or_else(|| path.to_owned(), |next| format!("{path}?next={}", encode(next)))
}

/// An empty form of a step, with the page to go on to.
pub(super) fn step(ctx: &Ctx, next: Option<&str>) -> Form {
    Form::new(&ctx.chrome).with_some("next", next)
}

pub(super) async fn show(ctx: Ctx) -> ApiResult<Response> {
    let next = onward(&ctx.asked("next"));
    if ctx.actor.guard() == Some(Guard::Patient) {
        return Ok(Redirect::to(next.as_deref().unwrap_or("/patient")).into_response());
    }
    let form = step(&ctx, next.as_deref());
    page(&SignUpPage { chrome: ctx.chrome, form })
}

pub(super) async fn submit(ctx: Ctx, posted: Posted) -> ApiResult<Response> {
    // Blanks at the ends of a password are part of it.
    let raw =
        |name: &str| posted.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()).unwrap_or_default();
    let ask = Registration {
        first_name: posted.get("first_name").to_owned(),
        last_name: posted.get("last_name").to_owned(),
        email: posted.get("email").to_owned(),
        username: None,
        password: Secret::new(raw("password")),
        password_confirmation: Secret::new(raw("password_confirmation")),
        terms_accepted: posted.ticked("terms_accepted"),
        given: Given { locale: ctx.locale(), channel: PatientConsentChannel::Web },
    };
    match register::register(&ctx.app, &ctx.actor, ask).await {
        Ok(token) => {
            let to = then("/sign-up/verify", onward(posted.get("next")).as_deref());
            with_token(&ctx, &token, Redirect::to(&to).into_response())
        }
        Err(error) if error.kind != ErrorKind::Internal => {
            let form = Form::posted(&ctx.chrome, &posted).refused(&error);
            let mut response = page(&SignUpPage { chrome: ctx.chrome, form })?;
            *response.status_mut() = status_of(error.kind);
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

fn with_token(ctx: &Ctx, token: &str, mut response: Response) -> ApiResult<Response> {
    let secure = if ctx.app.config.http.secure_cookies { "; Secure" } else { "" };
    let age = if token.is_empty() { 0 } else { 86_400 };
    let cookie = format!("{COOKIE}={token}; Path=/sign-up; Max-Age={age}; HttpOnly; SameSite=Lax{secure}");
    let value = HeaderValue::from_str(&cookie).map_err(AppError::internal)?;
    response.headers_mut().append(header::SET_COOKIE, value);
    Ok(response)
}

/// Leads somebody whose address was never proven to where its code is entered.
pub(super) fn resume(ctx: &Ctx, token: &str, next: &str) -> ApiResult<Response> {
    let to = then("/sign-up/verify", onward(next).as_deref());
    with_token(ctx, token, Redirect::to(&to).into_response())
}

fn token_of(jar: &CookieJar) -> Option<String> {
    jar.get(COOKIE).map(|cookie| cookie.value().to_owned()).filter(|token| !token.is_empty())
}

pub(super) async fn show_verify(ctx: Ctx, jar: CookieJar) -> ApiResult<Response> {
    let Some(token) = token_of(&jar) else {
        // Verified already, or another browser: the sign-in sends a fresh code where one is needed.
        return Ok(Redirect::to(&then("/login", onward(&ctx.asked("next")).as_deref())).into_response());
    };
    let form = step(&ctx, onward(&ctx.asked("next")).as_deref());
    verify_page(ctx, &token, form).await
}

pub(super) async fn submit_verify(ctx: Ctx, jar: CookieJar, posted: Posted) -> ApiResult<Response> {
    let Some(token) = token_of(&jar) else { return Ok(Redirect::to("/login").into_response()) };
    let code: String = posted.get("code").chars().filter(|c| !c.is_whitespace()).collect();
    let carrier = (Carrier::Cookie, Some("Browser".to_owned()));
    match register::verify(&ctx.app, &ctx.actor, (&token, &code), carrier).await {
        Ok(tokens) => {
            let to = then("/patient/profile/complete", onward(posted.get("next")).as_deref());
            let mut response = with_token(&ctx, "", ctx.done(&to, "verified"))?;
            response.headers_mut().append(header::SET_COOKIE, session_cookie(&ctx.app, &tokens)?);
            Ok(response)
        }
        Err(error) if error.kind != ErrorKind::Internal => {
            let form = Form::posted(&ctx.chrome, &posted).refused(&error.on_field("code"));
            let mut response = verify_page(ctx, &token, form).await?;
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn resend(ctx: Ctx, jar: CookieJar, posted: Posted) -> ApiResult<Response> {
    let Some(token) = token_of(&jar) else { return Ok(Redirect::to("/login").into_response()) };
    match register::resend(&ctx.app, &token, ctx.locale()).await {
        Ok(()) => Ok(ctx.done(&then("/sign-up/verify", onward(posted.get("next")).as_deref()), "code-sent")),
        Err(error) if error.kind == ErrorKind::TooMany => {
            let form = step(&ctx, onward(posted.get("next")).as_deref()).refused(&error);
            let mut response = verify_page(ctx, &token, form).await?;
            *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_patients_follow_a_sign_up() {
        assert_eq!(onward("/patient/request?a=b").as_deref(), Some("/patient/request?a=b"));
        for elsewhere in
            ["", "/", "/admin", "/provider/inquiries", "//evil.example/patient", "https://evil.example/patient"]
        {
            assert_eq!(onward(elsewhere), None, "{elsewhere}");
        }
        assert_eq!(then("/sign-up", Some("/patient/request?a=b&c")), "/sign-up?next=/patient/request%3Fa%3Db%26c");
        assert_eq!(then("/sign-up", None), "/sign-up");
    }
}
