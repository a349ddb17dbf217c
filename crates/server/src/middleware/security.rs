//! Headers that keep browsers strict, and the cookie behind the forms' hidden field.

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use platform::App;
use platform::web::{CsrfToken, Embeds, FormTarget};

/// The cookie whose secret the forms' hidden field is made from.
const CSRF_COOKIE: &str = "hl_form";

const STRICT: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
    connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

// The documentation page sets style attributes from its script.
const DOCUMENTATION: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Adds the security headers to every answer.
pub async fn headers(State(app): State<App>, request: Request, next: Next) -> Response {
    let is_documentation = request.uri().path().starts_with("/api/docs");
    let mut response = next.run(request).await;
    let target = response.extensions_mut().remove::<FormTarget>();
    let embeds = response.extensions_mut().remove::<Embeds>();
    let headers = response.headers_mut();
    let policy = if is_documentation { DOCUMENTATION } else { STRICT };
    let fixed: [(HeaderName, &'static str); 6] = [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "strict-origin-when-cross-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(self), geolocation=(), microphone=()"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Some(FormTarget(origin)) = target
        && let Ok(value) =
            HeaderValue::from_str(&STRICT.replace("form-action 'self'", &format!("form-action 'self' {origin}")))
    {
        headers.insert(header::CONTENT_SECURITY_POLICY, value);
    }
    if let Some(embeds) = embeds
        && let Ok(value) = HeaderValue::from_str(&widened(embeds))
    {
        headers.insert(header::CONTENT_SECURITY_POLICY, value);
    }
    if app.config.http.public_url.starts_with("https:") {
        headers
            .insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=63072000; includeSubDomains"));
    }
    // API answers hold personal data; public ones say otherwise themselves.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// The strict policy with a payment provider's own form let in.
fn widened(embeds: Embeds) -> String {
    let Embeds { scripts, frames, connects } = embeds;
    let strict = STRICT
        .replace("script-src 'self'", &format!("script-src 'self' {scripts}"))
        .replace("connect-src 'self'", &format!("connect-src 'self' {connects}"));
    format!("{strict}; frame-src {frames}")
}

/// Gives each browser a secret of its own and hands it to the pages.
pub async fn csrf_cookie(
    State(app): State<App>,
    jar: CookieJar,
    mut request: Request,
    next: Next,
) -> (CookieJar, Response) {
    let known = jar.get(CSRF_COOKIE).map(|cookie| cookie.value().to_owned()).filter(|value| value.len() == 64);
    let (token, jar) = match known {
        Some(token) => (token, jar),
        None => {
            let token = app.random.token();
            let cookie = Cookie::build((CSRF_COOKIE, token.clone()))
                .path("/")
                .http_only(true)
                .secure(app.config.http.secure_cookies)
                .same_site(SameSite::Lax)
                .build();
            (token, jar.add(cookie))
        }
    };
    request.extensions_mut().insert(CsrfToken(token));
    (jar, next.run(request).await)
}
