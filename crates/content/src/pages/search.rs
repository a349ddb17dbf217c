//! What search engines read: which pages there are, and which are nobody's business.

use std::fmt::Write as _;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use kernel::AppResult;
use moka::future::Cache;
use platform::App;
use platform::web::ApiResult;

/// As many addresses as one file may hold (sitemaps.org).
const MOST: u64 = 50_000;
/// Public pages beside those of clinics.
const PAGES: [&str; 6] = ["/", "/clinics", "/treatments", "/legal/terms", "/legal/privacy", "/legal/cancellation"];

/// The list is asked for seldom and is long: it may be an hour old. By database, so that two programs in one process
/// do not mix.
static CACHE: LazyLock<Cache<String, Arc<str>>> =
    LazyLock::new(|| Cache::builder().max_capacity(16).time_to_live(Duration::from_secs(3600)).build());

/// All public pages, with the day each clinic last changed.
pub(super) async fn sitemap(State(app): State<App>) -> ApiResult<Response> {
    let key = app.config.database.url.expose().to_owned();
    let text = match CACHE.get(&key).await {
        Some(text) => text,
        None => {
            let text: Arc<str> = written(&app).await?.into();
            CACHE.insert(key, text.clone()).await;
            text
        }
    };
    let head = [(CONTENT_TYPE, "application/xml; charset=utf-8"), (CACHE_CONTROL, "public, max-age=3600")];
    Ok((head, text.to_string()).into_response())
}

async fn written(app: &App) -> AppResult<String> {
    let site = app.config.http.public_url.trim_end_matches('/');
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for path in PAGES {
        // A string takes every write.
        let _ = writeln!(text, "<url><loc>{site}{path}</loc></url>");
    }
    // Names in addresses are letters, digits and lines: nothing to escape.
    for (name, changed) in directory::clinics::addresses(app, MOST - PAGES.len() as u64).await? {
        let day = changed.date_naive();
        let _ = writeln!(text, "<url><loc>{site}/clinics/{name}</loc><lastmod>{day}</lastmod></url>");
    }
    text.push_str("</urlset>\n");
    Ok(text)
}

/// Portals, the API and files are for those they belong to.
pub(super) async fn robots(State(app): State<App>) -> Response {
    let site = app.config.http.public_url.trim_end_matches('/');
    let closed = ["/patient", "/provider", "/admin", "/affiliate", "/api", "/files", "/oauth", "/demo"];
    let mut text = String::from("User-agent: *\n");
    for path in closed {
        let _ = writeln!(text, "Disallow: {path}");
    }
    let _ = writeln!(text, "Sitemap: {site}/sitemap.xml");
    ([(CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}
