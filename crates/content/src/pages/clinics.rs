//! The directory of clinics.

use askama::Template;
use axum::response::Response;
use directory::directory::{City, Search, browse, cities};
use directory::rules::search::slug;
use directory::views::ClinicCard;
use kernel::page::PageMeta;
use kernel::{AppError, AppResult, Currency, ErrorKind, Money, Page};
use platform::App;
use platform::locale;
use platform::web::{ApiResult, Path, status_of};
use ui::{Choice, Chrome, Ctx, Html, ListView, page};

use super::pictures::{self, Picture, cover};
use super::places::{self, Crumb};

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
    title: String,
    /// The way to a place; empty for the list of all.
    crumbs: Vec<Crumb>,
    /// The cities of a country, with how many clinics.
    cities: Vec<(String, String, String)>,
    /// About the country as a destination.
    destination: Option<String>,
}

/// Where the listed clinics are.
struct Place {
    code: String,
    country: String,
    city: Option<City>,
}

impl Place {
    fn path(&self) -> String {
        match &self.city {
            Some(city) => format!("{}/{}", places::of_country(&self.code), city.slug),
            None => places::of_country(&self.code),
        }
    }

    fn name(&self) -> &str {
        self.city.as_ref().map_or(&self.country, |city| &city.name)
    }
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
        href: places::of_clinic(card),
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

fn asked(ctx: &Ctx, place: Option<&Place>) -> AppResult<Search> {
    let given = |name: &str| Some(ctx.asked(name)).filter(|text| !text.is_empty());
    let many = |name: &str| given(name).into_iter().collect::<Vec<_>>();
    let sort = given("sort");
    let search = Search::parse(given("q"), &many("country"), &many("rating"), &many("scope"), sort.as_deref())?;
    let search = search.speaking(&many("language")).priced_to(given("price").as_deref())?;
    Ok(match place {
        Some(place) => search.within(&place.code, place.city.as_ref().map(|city| city.slug.as_str())),
        None => search,
    })
}

/// All clinics.
pub(super) async fn show(ctx: Ctx) -> ApiResult<Response> {
    list(ctx, None).await
}

/// The clinics of a country by its code, or, as addresses were before, a clinic by its name.
pub(super) async fn in_country(ctx: Ctx, Path(name): Path<String>) -> ApiResult<Response> {
    if name.len() != 2 {
        return Ok(super::clinic::moved(&ctx.app, &name).await?);
    }
    let place = country(&ctx, &name).await?;
    if place.path() != ctx.chrome.path {
        return Ok(super::moved_to(&place.path()));
    }
    list(ctx, Some(place)).await
}

/// The clinics of a city.
pub(super) async fn in_city(ctx: Ctx, Path((code, city)): Path<(String, String)>) -> ApiResult<Response> {
    let mut place = country(&ctx, &code).await?;
    let cities = cities(&ctx.app, &place.code).await?;
    let asked = slug(&city);
    place.city = Some(cities.into_iter().find(|city| city.slug == asked).ok_or_else(AppError::not_found)?);
    if place.path() != ctx.chrome.path {
        return Ok(super::moved_to(&place.path()));
    }
    list(ctx, Some(place)).await
}

/// A country where clinics accept; 404 for any other.
async fn country(ctx: &Ctx, code: &str) -> AppResult<Place> {
    let code = code.to_ascii_uppercase();
    let all = catalogue::destinations::countries_with_clinics(ctx.app.replica.conn()).await?;
    let row = all.into_iter().find(|country| country.iso_code == code).ok_or_else(AppError::not_found)?;
    Ok(Place { country: ctx.chrome.country(&row.iso_code, &row.name), code, city: None })
}

async fn list(ctx: Ctx, place: Option<Place>) -> ApiResult<Response> {
    let found = match asked(&ctx, place.as_ref()) {
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
    let (title, text, path) = match &place {
        Some(place) => (
            ctx.chrome.tw("public-clinics-in", "place", place.name()),
            ctx.chrome.tw("public-clinics-in-about", "place", place.name()),
            place.path(),
        ),
        None => (ctx.chrome.t("public-clinics-title"), ctx.chrome.t("public-clinics-about"), "/clinics".to_owned()),
    };
    let chrome = ctx.chrome.clone().found_at(&ctx.app.config.http.public_url, &path, &text).entitled(&title);
    let cities = match &place {
        Some(Place { code, city: None, .. }) => cities(&ctx.app, code).await?,
        _ => Vec::new(),
    };
    let at_country = place.as_ref().filter(|place| place.city.is_none());
    let words = |pairs: &[(&str, &str)]| pairs.iter().map(|(word, key)| Choice::new(*word, chrome.t(key))).collect();
    let meta: PageMeta = found.meta;
    let shown = ClinicsPage {
        list: ListView::new(&chrome, &meta),
        title,
        crumbs: place
            .as_ref()
            .map(|place| {
                let city = place.city.as_ref().map(|city| city.name.as_str());
                places::way_to_place(&chrome, &place.code, &place.country, city)
            })
            .unwrap_or_default(),
        cities: cities
            .iter()
            .map(|city| {
                let code = at_country.map(|place| places::of_country(&place.code)).unwrap_or_default();
                let many = chrome.tn("public-clinics", "count", city.clinics);
                (format!("{code}/{}", city.slug), city.name.clone(), many)
            })
            .collect(),
        destination: at_country.map(|place| super::destinations::path(&place.code)),
        // Within a place there is nothing to choose.
        countries: countries
            .into_iter()
            .filter(|_| place.is_none())
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
