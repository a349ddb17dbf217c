//! The directory of clinics.

use askama::Template;
use axum::response::Response;
use directory::directory::{Search, browse};
use directory::views::ClinicCard;
use kernel::page::PageMeta;
use kernel::{AppError, AppResult, Currency, ErrorKind, Money, Page};
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
    prices: Vec<Choice>,
    languages: Vec<Choice>,
    sorts: Vec<Choice>,
    clinics: Vec<ClinicView>,
    fault: Option<String>,
}

/// The upper ends of the prices that can be chosen, in dollars: clinics price in many currencies.
const PRICES: [i32; 5] = [1000, 2000, 3000, 5000, 8000];

/// The word of a language; its code where there is none.
fn language(chrome: &Chrome, code: &str) -> String {
    locale::find_text(chrome.locale, &format!("spoken-{code}")).unwrap_or_else(|| code.to_uppercase())
}

/// The words of languages a clinic speaks, as far as they are known.
pub(super) fn languages(chrome: &Chrome, codes: &[String]) -> String {
    codes.iter().map(|code| language(chrome, code)).collect::<Vec<_>>().join(", ")
}

/// The name of a clinic in its public address: its own, or its id while it has none.
pub(super) fn name_in_address(card: &ClinicCard) -> String {
    card.slug.clone().unwrap_or_else(|| card.id.to_string())
}

/// The least price, and what that is in the money of the reader's home.
fn price(chrome: &Chrome, card: &ClinicCard) -> String {
    let price = card.starting_price.map(|price| chrome.money(price)).unwrap_or_default();
    match card.starting_price_estimate {
        Some(estimate) => format!("{price} (≈ {})", chrome.money(estimate)),
        None => price,
    }
}

pub(super) fn view(app: &App, chrome: &Chrome, card: &ClinicCard, pictures: Option<&Vec<Picture>>) -> ClinicView {
    let rating = card.rating.average.map(|average| average.to_string()).unwrap_or_default();
    ClinicView {
        href: format!("/clinics/{}", name_in_address(card)),
        name: card.name.clone(),
        place: format!(
            "{}, {}",
            card.city,
            chrome.country(card.country_code.as_deref().unwrap_or_default(), &card.country)
        ),
        stars: rating.parse::<f64>().map(|rating| chrome.stars(rating)).unwrap_or_default(),
        rating,
        reviews: card.rating.count,
        price: price(chrome, card),
        featured: card.is_featured,
        languages: languages(chrome, &card.languages),
        experience: card
            .years_experience
            .map(|years| chrome.tn("public-years", "count", i64::from(years)))
            .unwrap_or_default(),
        picture: cover(pictures).map(|picture| (picture.src(app), picture.alt.clone())),
    }
}

fn asked(ctx: &Ctx) -> AppResult<Search> {
    let given = |name: &str| Some(ctx.asked(name)).filter(|text| !text.is_empty());
    let many = |name: &str| given(name).into_iter().collect::<Vec<_>>();
    let sort = given("sort");
    let search = Search::parse(given("q"), &many("country"), &many("rating"), &many("scope"), sort.as_deref())?;
    search.speaking(&many("language")).priced_to(given("price").as_deref())
}

pub(super) async fn show(ctx: Ctx) -> ApiResult<Response> {
    let found = match asked(&ctx) {
        Ok(search) => browse(&ctx.app, &ctx.actor, &search, ctx.page_query()).await,
        Err(error) => Err(error),
    };
    // An address that asks for something unknown shows what is wrong with it, not an error page.
    let ((found, spoken), refused) = match found {
        Ok(found) => (found, None),
        Err(error) if error.kind == ErrorKind::Invalid => {
            let (_, spoken) = browse(&ctx.app, &ctx.actor, &Search::default(), ctx.page_query()).await?;
            ((Page::new(Vec::new(), ctx.page_query(), 0), spoken), Some(error))
        }
        Err(error) => return Err(error.into()),
    };
    let countries = catalogue::destinations::countries_with_clinics(ctx.app.replica.conn()).await?;
    let ids: Vec<_> = found.data.iter().map(|clinic| clinic.id).collect();
    let pictures = pictures::of(&ctx.app, &ids).await?;
    let text = ctx.chrome.t("public-clinics-about");
    let chrome = ctx.chrome.clone().found_at(&ctx.app.config.http.public_url, "/clinics", &text);
    let words = |pairs: &[(&str, &str)]| pairs.iter().map(|(word, key)| Choice::new(*word, chrome.t(key))).collect();
    let meta: PageMeta = found.meta;
    let shown = ClinicsPage {
        list: ListView::new(&chrome, &meta),
        countries: countries
            .into_iter()
            .map(|it| {
                let name = chrome.country(&it.iso_code, &it.name);
                Choice::new(it.iso_code, name)
            })
            .collect(),
        ratings: words(&[("4.5", "public-rating-45"), ("4", "public-rating-4")]),
        scopes: words(&[("hair", "public-scope-hair"), ("beard", "public-scope-beard"), ("both", "public-scope-both")]),
        prices: PRICES
            .iter()
            .map(|dollars| {
                let most = chrome.money(Money::new(kernel::Amount::from_units(*dollars), Currency::USD));
                Choice::new(dollars.to_string(), chrome.tw("public-price-to", "price", most))
            })
            .collect(),
        languages: spoken_choices(&chrome, &spoken),
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

/// By their words, as the reader sorts them.
pub(super) fn spoken_choices(chrome: &Chrome, codes: &[String]) -> Vec<Choice> {
    let mut choices: Vec<Choice> = codes.iter().map(|code| Choice::new(code, language(chrome, code))).collect();
    choices.sort_by(|a, b| a.label.cmp(&b.label));
    choices
}

fn sentence(chrome: &Chrome, error: &AppError) -> String {
    locale::error_sentence(chrome.locale, error)
}
