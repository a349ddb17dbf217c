//! What search engines read: which pages there are, and which are nobody's business.

use std::fmt::Write as _;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use kernel::{AppError, AppResult, Timestamp};
use moka::future::Cache;
use platform::App;
use platform::web::{ApiResult, Query};
use serde::Deserialize;

use super::places;

/// As many addresses as one file may hold (sitemaps.org).
const MOST: usize = 50_000;
/// More clinics than there are.
const CLINICS: u64 = 1_000_000;
/// Public pages that are always there.
const PAGES: [&str; 7] =
    ["/", "/clinics", "/destinations", "/treatments", "/legal/terms", "/legal/privacy", "/legal/cancellation"];

/// The list is long and asked for seldom. A change shows within a quarter of an hour (R-MG-21), so what is kept here and
/// at those who ask is younger together. By database, so that two programs in one process do not mix.
const FRESH: Duration = Duration::from_secs(7 * 60);

static CACHE: LazyLock<Cache<String, Arc<Vec<Entry>>>> =
    LazyLock::new(|| Cache::builder().max_capacity(16).time_to_live(FRESH).build());

/// One public page: its path, and the day it last changed where that is known.
type Entry = (String, Option<NaiveDate>);

#[derive(Deserialize)]
pub(super) struct Part {
    /// Which file of a long list, from 1.
    part: Option<usize>,
}

/// All public pages with the days they last changed; of more than a file may hold, the list of the files.
pub(super) async fn sitemap(State(app): State<App>, Query(asked): Query<Part>) -> ApiResult<Response> {
    let key = app.config.database.url.expose().to_owned();
    let entries = match CACHE.get(&key).await {
        Some(entries) => entries,
        None => {
            let entries = Arc::new(collected(&app).await?);
            CACHE.insert(key, entries.clone()).await;
            entries
        }
    };
    let site = app.config.http.public_url.trim_end_matches('/');
    let text = match asked.part {
        None if entries.len() > MOST => files(site, entries.len().div_ceil(MOST)),
        part => {
            let number = part.unwrap_or(1).checked_sub(1);
            let shown = number.and_then(|number| entries.chunks(MOST).nth(number)).ok_or_else(AppError::not_found)?;
            pages(site, shown)
        }
    };
    let head = [
        (CONTENT_TYPE, "application/xml; charset=utf-8".to_owned()),
        (CACHE_CONTROL, format!("public, max-age={}", FRESH.as_secs())),
    ];
    Ok((head, text).into_response())
}

async fn collected(app: &App) -> AppResult<Vec<Entry>> {
    let mut all: Vec<Entry> = PAGES.iter().map(|path| ((*path).to_owned(), None)).collect();
    let day = |at: Timestamp| Some(at.date_naive());
    all.extend(super::treatments::addresses(app).await?.into_iter().map(|(path, at)| (path, day(at))));
    for country in catalogue::destinations::countries_with_clinics(app.replica.conn()).await? {
        all.push((super::destinations::path(&country.iso_code), None));
        all.push((places::of_country(&country.iso_code), None));
        let cities = directory::directory::cities(app, &country.iso_code).await?;
        all.extend(cities.iter().map(|city| (places::of_city(&country.iso_code, &city.name), None)));
    }
    let clinics = directory::clinics::addresses(app, CLINICS).await?;
    all.extend(clinics.into_iter().map(|clinic| {
        let path = places::of(clinic.country_code.as_deref(), &clinic.city, &clinic.name);
        (path, day(clinic.changed))
    }));
    Ok(all)
}

/// Names in addresses are letters, digits and hyphens: nothing to escape.
fn pages(site: &str, entries: &[Entry]) -> String {
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for (path, day) in entries {
        let changed = day.map(|day| format!("<lastmod>{day}</lastmod>")).unwrap_or_default();
        // A string takes every write.
        let _ = writeln!(text, "<url><loc>{site}{path}</loc>{changed}</url>");
    }
    text.push_str("</urlset>\n");
    text
}

fn files(site: &str, many: usize) -> String {
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for part in 1..=many {
        let _ = writeln!(text, "<sitemap><loc>{site}/sitemap.xml?part={part}</loc></sitemap>");
    }
    text.push_str("</sitemapindex>\n");
    text
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_too_long_for_one_file_names_its_files() {
        let text = files("https://hairline.test", 2);
        assert!(text.contains("<sitemap><loc>https://hairline.test/sitemap.xml?part=2</loc></sitemap>"), "{text}");
        assert!(!text.contains("part=3"));
    }
}
