//! Request id, client address, language, log line, metrics, and the shape of refusals.

use std::net::{IpAddr, SocketAddr};
use std::time::Instant;

use axum::Json;
use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use kernel::Actor;
use kernel::actor::Origin;
use platform::App;
use platform::locale::Locale;
use platform::web::{ProblemDocument, RequestId, finish_problem};
use serde_json::json;
use tracing::Instrument;
use ui::{Chrome, ErrorPage, Spoken, Theme, Viewing};

/// The header that carries the request id, in both directions.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The cookie that remembers the chosen language.
pub const LANGUAGE_COOKIE: &str = "hl_lang";

/// Surrounds a request with its context and completes the answer.
pub async fn surround(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let begin = Instant::now();
    let id = request_id(&app, request.headers());
    let (locale, spoken) = content::languages::spoken(&app, locale_of(&request)).await;
    let theme = theme_of(request.headers());
    let path = request.uri().path().to_owned();
    let method = request.method().clone();
    let is_api = path.starts_with("/api/");
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let origin = Origin {
        ip: client_ip(&app, &request).map(|ip| ip.to_string()),
        agent: request
            .headers()
            .get(header::USER_AGENT)
            .and_then(|value| value.to_str().ok())
            .map(|agent| agent.chars().take(500).collect()),
        request_id: Some(id.clone()),
    };
    request.extensions_mut().insert(RequestId(id.clone()));
    request.extensions_mut().insert(locale);
    request.extensions_mut().insert(Spoken(spoken));
    request.extensions_mut().insert(origin);

    let span = tracing::info_span!("request", request.id = %id, %method, path);
    let response = next.run(request).instrument(span.clone()).await;
    let _inside = span.enter();
    let viewing = response.extensions().get::<Viewing>().cloned();
    // An account's own choice of a language counts more than the browser's (R-CM-91).
    let locale = response.extensions().get::<Locale>().copied().unwrap_or(locale);
    let draw = |problem: &ProblemDocument| {
        // The error page needs no session: it may be the session that failed.
        let mut chrome = Chrome::new(locale, &Actor::anonymous(), &path, String::new(), app.now());
        chrome.theme = theme;
        chrome.viewing = viewing.clone();
        ErrorPage { chrome, problem }.respond()
    };
    let speak = |problem: &ProblemDocument| spoken_to_program(problem);
    let shape: Option<&dyn Fn(&ProblemDocument) -> Response> = match () {
        () if is_api => None,
        () if PROGRAMS.iter().any(|prefix| path.starts_with(prefix)) => Some(&speak),
        () => Some(&draw),
    };
    let mut response = finish_problem(response, Some(&id), &path, locale, shape);
    response.headers_mut().entry(header::CONTENT_LANGUAGE).or_insert(HeaderValue::from_static(locale.code()));
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    let status = response.status().as_u16();
    let elapsed = begin.elapsed();
    tracing::info!(status, elapsed_ms = elapsed.as_millis() as u64, "answered");
    let labels = [
        ("method", method.to_string()),
        ("route", route.unwrap_or_else(|| "other".to_owned())),
        ("status", status.to_string()),
    ];
    metrics::counter!("hairline_http_requests_total", &labels).increment(1);
    metrics::histogram!("hairline_http_request_seconds", &labels[..2]).record(elapsed.as_secs_f64());
    response
}

/// What programs ask the OAuth server.
const PROGRAMS: [&str; 4] = ["/oauth/token", "/oauth/revoke", "/oauth/introspect", "/oauth/personal"];

/// A refusal before the OAuth server itself was reached, in its form (RFC 6749, section 5.2).
fn spoken_to_program(problem: &ProblemDocument) -> Response {
    let word = match problem.status {
        401 => "invalid_client",
        429 | 500.. => "temporarily_unavailable",
        _ => "invalid_request",
    };
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let body = json!({ "error": word, "error_description": problem.detail, "hint": problem.code });
    let mut response = (status, Json(body)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(seconds) = problem.retry_after {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

fn request_id(app: &App, headers: &HeaderMap) -> String {
    let plain = |id: &&str| (8..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    match headers.get(REQUEST_ID).and_then(|value| value.to_str().ok()).filter(plain) {
        Some(id) => id.to_owned(),
        None => app.random.hex(16),
    }
}

fn theme_of(headers: &HeaderMap) -> Theme {
    let chosen = CookieJar::from_headers(headers);
    chosen.get(Theme::COOKIE).map(|cookie| Theme::from_word(cookie.value())).unwrap_or_default()
}

/// What the reader chose, what the address of a public page says, what the browser asks for.
fn locale_of(request: &Request) -> Locale {
    let headers = request.headers();
    let cookie = || CookieJar::from_headers(headers).get(LANGUAGE_COOKIE).map(|cookie| cookie.value().to_owned());
    let query = request.uri().query().unwrap_or_default();
    let named = query.split('&').find_map(|part| part.strip_prefix(ui::LANGUAGE_PARAMETER)?.strip_prefix('='));
    let chosen = named.and_then(Locale::from_code).or_else(|| Locale::from_code(&cookie()?));
    let accepted = || headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    chosen.unwrap_or_else(|| accepted().map(Locale::from_accept_language).unwrap_or_default())
}

/// The client's address: the peer's, or what a trusted proxy says it is (R-ID-25).
fn client_ip(app: &App, request: &Request) -> Option<IpAddr> {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip())?;
    let trusted = |ip: &IpAddr| app.config.http.trusted_proxies.contains(ip);
    if !trusted(&peer) {
        return Some(peer);
    }
    // From the right: each trusted proxy appended the address it saw, to the line or as a line of its own; the first other
    // one is the client. What stands left of it is whatever the client sent.
    let lines = request.headers().get_all("x-forwarded-for").iter().rev();
    let texts = lines.map(|line| String::from_utf8_lossy(line.as_bytes()).into_owned());
    let parts = texts.flat_map(|line| line.rsplit(',').map(|part| part.trim().to_owned()).collect::<Vec<_>>());
    let addresses = parts.map(|part| part.parse().ok());
    // What cannot be read ends the search: it was not written by a proxy one trusts.
    addresses.map_while(|address| address).find(|ip| !trusted(ip)).or(Some(peer))
}
