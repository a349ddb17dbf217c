//! The countries patients travel to (R-IQ-80, 81; R-MG-20).

use askama::Template;
use axum::response::Response;
use catalogue::destinations::{self, Destination};
use directory::directory::{Search, browse, cities};
use kernel::{Actor, AppError, AppResult, Currency, Money, PageQuery};
use platform::App;
use platform::web::{ApiResult, Path};
use ui::{Chrome, Ctx, page};

use super::clinics::{ClinicView, view};
use super::pictures;
use super::places::{self, Crumb};

/// Visitors have told no home: prices are in euros.
const CURRENCY: Currency = Currency::EUR;

/// The best clinics of a country, on its page.
const SHOWN: u64 = 6;

/// The address of a country's page (ISO code).
pub(super) fn path(code: &str) -> String {
    format!("/destinations/{}", code.to_ascii_lowercase())
}

/// A country on a card.
pub(super) struct DestinationView {
    pub href: String,
    pub name: String,
    pub price: String,
    pub clinics: String,
}

pub(super) fn destination(chrome: &Chrome, it: &Destination) -> DestinationView {
    DestinationView {
        href: path(&it.country.iso_code),
        name: chrome.country(&it.country.iso_code, &it.country.name),
        price: it.price.as_ref().map(|price| chrome.money(Money::new(price.price, CURRENCY))).unwrap_or_default(),
        clinics: chrome.tn("public-clinics", "count", i64::try_from(it.clinics).unwrap_or(0)),
    }
}

async fn all(app: &App) -> AppResult<Vec<Destination>> {
    destinations::list(app.replica.conn(), None, CURRENCY, app.now().date_naive()).await
}

#[derive(Template)]
#[template(path = "destinations.html")]
struct DestinationsPage {
    chrome: Chrome,
    destinations: Vec<DestinationView>,
}

/// All countries with accepting clinics.
pub(super) async fn list(ctx: Ctx) -> ApiResult<Response> {
    let found = all(&ctx.app).await?;
    let (title, text) = (ctx.chrome.t("public-destinations-title"), ctx.chrome.t("public-destinations-lead"));
    let site = &ctx.app.config.http.public_url;
    let chrome = ctx.chrome.clone().found_at(site, "/destinations", &text).entitled(&title);
    let destinations = found.iter().map(|it| destination(&chrome, it)).collect();
    page(&DestinationsPage { destinations, chrome })
}

#[derive(Template)]
#[template(path = "destination.html")]
struct DestinationPage {
    chrome: Chrome,
    crumbs: Vec<Crumb>,
    place: DestinationView,
    /// The list of all clinics there.
    clinics_href: String,
    cities: Vec<(String, String, String)>,
    clinics: Vec<ClinicView>,
}

/// One country: what it costs, its cities, its best clinics. 404 where no clinic accepts.
pub(super) async fn show(ctx: Ctx, Path(code): Path<String>) -> ApiResult<Response> {
    let app = &ctx.app;
    let wanted = code.to_ascii_uppercase();
    let found = all(app).await?;
    let it = found.iter().find(|it| it.country.iso_code == wanted).ok_or_else(AppError::not_found)?;
    let own = path(&wanted);
    if own != ctx.chrome.path {
        return Ok(super::moved_to(&own));
    }
    let name = ctx.chrome.country(&it.country.iso_code, &it.country.name);
    let (title, text) = (
        ctx.chrome.tw("public-destination-title", "place", &name),
        ctx.chrome.tw("public-clinics-in-about", "place", &name),
    );
    let chrome = ctx.chrome.clone().found_at(&app.config.http.public_url, &own, &text).entitled(&title);
    let best = PageQuery { page: 1, per_page: SHOWN };
    let search = Search::default().within(&wanted, None);
    let (clinics, _) = browse(app, &Actor::anonymous(), &search, best).await?;
    let ids: Vec<_> = clinics.data.iter().map(|card| card.id).collect();
    let pictures = pictures::of(app, &ids).await?;
    let cities = cities(app, &wanted).await?;
    page(&DestinationPage {
        crumbs: places::way(("/destinations", chrome.t("nav-destinations")), &name),
        place: destination(&chrome, it),
        clinics_href: places::of_country(&wanted),
        cities: cities
            .into_iter()
            .map(|city| {
                let many = chrome.tn("public-clinics", "count", city.clinics);
                (places::of_city(&wanted, &city.name), city.name, many)
            })
            .collect(),
        clinics: clinics.data.iter().map(|card| view(app, &chrome, card, pictures.get(&card.id))).collect(),
        chrome,
    })
}
