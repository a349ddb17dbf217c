//! The directory of clinics.

use askama::Template;
use axum::response::Response;
use directory::directory::{Search, list_clinics};
use directory::views::ClinicCard;
use kernel::page::PageMeta;
use kernel::{AppError, ErrorKind, Page};
use platform::App;
use platform::locale;
use platform::web::{ApiResult, status_of};
use ui::{Choice, Chrome, Ctx, Html, ListView, page};

use super::pictures::{self, Picture, cover};

/// A clinic on a card.
pub(super) struct ClinicView {
    pub href: String,
    pub name: String,
    pub place: String,
    pub stars: Html,
    pub rating: String,
    pub reviews: i32,
    pub price: String,
    pub featured: bool,
    pub languages: String,
    pub experience: String,
    pub picture: Option<(String, String)>,
}

#[derive(Template)]
#[template(path = "clinics.html")]
struct ClinicsPage {
    chrome: Chrome,
    list: ListView,
    countries: Vec<Choice>,
    ratings: Vec<Choice>,
    scopes: Vec<Choice>,
    sorts: Vec<Choice>,
    clinics: Vec<ClinicView>,
    fault: Option<String>,
}

/// The words of languages a clinic speaks, as far as they are known.
pub(super) fn languages(chrome: &Chrome, codes: &[String]) -> String {
    let name = |code: &String| {
        locale::find_text(chrome.locale, &format!("spoken-{code}")).unwrap_or_else(|| code.to_uppercase())
    };
    codes.iter().map(name).collect::<Vec<_>>().join(", ")
}

pub(super) fn view(app: &App, chrome: &Chrome, card: &ClinicCard, pictures: Option<&Vec<Picture>>) -> ClinicView {
    let rating = card.rating.average.map(|average| average.to_string()).unwrap_or_default();
    ClinicView {
        href: format!("/clinics/{}", card.id),
        name: card.name.clone(),
        place: format!("{}, {}", card.city, card.country),
        stars: rating.parse::<f64>().map(|rating| chrome.stars(rating)).unwrap_or_default(),
        rating,
        reviews: card.rating.count,
        price: card.starting_price.map(|price| chrome.money(price)).unwrap_or_default(),
        featured: card.is_featured,
        languages: languages(chrome, &card.languages),
        experience: card
            .years_experience
            .map(|years| chrome.tn("public-years", "count", i64::from(years)))
            .unwrap_or_default(),
        picture: cover(pictures).map(|picture| (picture.src(app), picture.alt.clone())),
    }
}

pub(super) async fn show(ctx: Ctx) -> ApiResult<Response> {
    let given = |name: &str| Some(ctx.asked(name)).filter(|text| !text.is_empty());
    let many = |name: &str| given(name).into_iter().collect::<Vec<_>>();
    let sort = given("sort");
    let asked = Search::parse(given("q"), &many("country"), &many("rating"), &many("scope"), sort.as_deref());
    let found = match asked {
        Ok(search) => list_clinics(&ctx.app, &ctx.actor, &search, ctx.page_query()).await,
        Err(error) => Err(error),
    };
    // An address that asks for something unknown shows what is wrong with it, not an error page.
    let (found, refused) = match found {
        Ok(found) => (found, None),
        Err(error) if error.kind == ErrorKind::Invalid => (Page::new(Vec::new(), ctx.page_query(), 0), Some(error)),
        Err(error) => return Err(error.into()),
    };
    let countries = catalogue::destinations::countries_with_clinics(ctx.app.replica.conn()).await?;
    let ids: Vec<_> = found.data.iter().map(|clinic| clinic.id).collect();
    let pictures = pictures::of(&ctx.app, &ids).await?;
    let chrome = ctx.chrome.clone();
    let words = |pairs: &[(&str, &str)]| pairs.iter().map(|(word, key)| Choice::new(*word, chrome.t(key))).collect();
    let meta: PageMeta = found.meta;
    let shown = ClinicsPage {
        list: ListView::new(&chrome, &meta),
        countries: countries.into_iter().map(|it| Choice::new(it.iso_code, it.name)).collect(),
        ratings: words(&[("4.5", "public-rating-45"), ("4", "public-rating-4")]),
        scopes: words(&[("hair", "public-scope-hair"), ("beard", "public-scope-beard"), ("both", "public-scope-both")]),
        sorts: words(&[
            ("rating", "public-sort-rating"),
            ("price", "public-sort-price"),
            ("experience", "public-sort-experience"),
        ]),
        clinics: found.data.iter().map(|card| view(&ctx.app, &chrome, card, pictures.get(&card.id))).collect(),
        fault: refused.as_ref().map(|error| sentence(&chrome, error)),
        chrome,
    };
    let mut response = page(&shown)?;
    if let Some(error) = refused {
        *response.status_mut() = status_of(error.kind);
    }
    Ok(response)
}

fn sentence(chrome: &Chrome, error: &AppError) -> String {
    locale::error_sentence(chrome.locale, error)
}
