//! What Hairline is, how it works, where the clinics are, what patients say.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use askama::Template;
use axum::response::Response;
use catalogue::destinations::Destination;
use directory::clinics::still_accepting;
use directory::directory::{Search, list_clinics};
use directory::views::ClinicCard;
use kernel::{Actor, AppResult, Currency, PageQuery};
use moka::future::Cache;
use platform::App;
use platform::web::ApiResult;
use reviews::views::PublicReview;
use ui::{Chrome, Ctx, Html, page};

use super::clinics::{ClinicView, view};
use super::destinations::{DestinationView, destination};
use super::pictures;

/// Clinics shown on the first page.
const SHOWN: u64 = 6;

/// The first page is asked for most and changes least: its data may be this old.
const FRESH: Duration = Duration::from_secs(60);

/// What the page shows, whoever reads it in whatever language.
struct Data {
    clinics: Vec<ClinicCard>,
    pictures: std::collections::HashMap<kernel::ids::ProviderId, Vec<pictures::Picture>>,
    destinations: Vec<Destination>,
    reviews: Vec<(String, PublicReview)>,
}

/// By database, so that two programs in one process do not mix.
static CACHE: LazyLock<Cache<String, Arc<Data>>> =
    LazyLock::new(|| Cache::builder().max_capacity(16).time_to_live(FRESH).build());

struct ReviewView {
    stars: Html,
    text: String,
    author: String,
    clinic: String,
}

#[derive(Template)]
#[template(path = "landing.html")]
struct Landing {
    chrome: Chrome,
    clinics: Vec<ClinicView>,
    destinations: Vec<DestinationView>,
    reviews: Vec<ReviewView>,
}

async fn load(app: &App) -> AppResult<Data> {
    let first = PageQuery { page: 1, per_page: SHOWN };
    let clinics = list_clinics(app, &Actor::anonymous(), &Search::default(), first).await?.data;
    let ids: Vec<_> = clinics.iter().map(|clinic| clinic.id).collect();
    let conn = app.replica.conn();
    let found = reviews::queries::newest_published(conn, 3).await?;
    Ok(Data {
        pictures: pictures::of(app, &ids).await?,
        destinations: catalogue::destinations::list(conn, None, Currency::EUR, app.now().date_naive()).await?,
        reviews: found,
        clinics,
    })
}

pub(super) async fn show(ctx: Ctx) -> ApiResult<Response> {
    let app = &ctx.app;
    let key = app.config.database.url.expose().to_owned();
    let data = match CACHE.get(&key).await {
        Some(data) => data,
        None => {
            let data = Arc::new(load(app).await?);
            // An empty installation is not remembered: its first clinic shows at once.
            if !data.clinics.is_empty() {
                CACHE.insert(key, data.clone()).await;
            }
            data
        }
    };
    // A clinic that was suspended a moment ago is not shown from memory (R-IQ-86).
    let ids: Vec<_> = data.clinics.iter().map(|card| card.id).collect();
    let accepting = still_accepting(app.db.conn(), &ids).await?;
    let shown = data.clinics.iter().filter(|card| accepting.contains(&card.id));
    let text = ctx.chrome.t("landing-lead");
    let chrome = ctx.chrome.clone().found_at(&app.config.http.public_url, "/", &text);
    page(&Landing {
        clinics: shown.map(|card| view(app, &chrome, card, data.pictures.get(&card.id))).collect(),
        destinations: data.destinations.iter().take(8).map(|it| destination(&chrome, it)).collect(),
        reviews: data
            .reviews
            .iter()
            .map(|(clinic, review)| ReviewView {
                stars: chrome.stars(f64::from(review.ratings.overall_rating)),
                text: shortened(review.review_text.as_deref().unwrap_or_default()),
                author: review.author.clone(),
                clinic: clinic.clone(),
            })
            .collect(),
        chrome,
    })
}

/// The beginning of a text, ended at a word.
fn shortened(text: &str) -> String {
    const MOST: usize = 220;
    if text.chars().count() <= MOST {
        return text.to_owned();
    }
    let start: String = text.chars().take(MOST).collect();
    let end = start.rfind(' ').unwrap_or(start.len());
    format!("{}…", start.get(..end).unwrap_or(&start))
}

#[cfg(test)]
mod tests {
    use super::shortened;

    #[test]
    fn long_texts_end_at_a_word() {
        let short = shortened(&"word ".repeat(100));
        assert!(short.ends_with("word…") && short.chars().count() < 225, "{short}");
        assert_eq!(shortened("çok kısa"), "çok kısa");
    }
}
