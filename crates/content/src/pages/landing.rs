//! What Hairline is, how it works, where the clinics are.

use askama::Template;
use axum::response::Response;
use directory::directory::{Search, list_clinics};
use directory::views::ClinicCard;
use kernel::{Currency, Money, PageQuery};
use platform::locale::{self, Locale};
use platform::web::ApiResult;
use ui::{Chrome, Ctx, page};

/// Clinics shown on the first page.
const SHOWN: u64 = 6;

struct ClinicView {
    name: String,
    place: String,
    rating: String,
    reviews: i32,
    price: Option<String>,
    featured: bool,
}

struct DestinationView {
    name: String,
    price: Option<String>,
    clinics: u64,
}

#[derive(Template)]
#[template(path = "landing.html")]
struct Landing {
    chrome: Chrome,
    clinics: Vec<ClinicView>,
    destinations: Vec<DestinationView>,
    treatments: Vec<String>,
}

pub(super) async fn show(ctx: Ctx) -> ApiResult<Response> {
    let (app, actor, lang) = (&ctx.app, &ctx.actor, ctx.locale());
    let first = PageQuery { page: 1, per_page: SHOWN };
    let clinics = list_clinics(app, actor, &Search::default(), first).await?;
    let conn = app.replica.conn();
    let today = app.now().date_naive();
    let destinations = catalogue::destinations::list(conn, None, Currency::EUR, today).await?;
    let treatments = catalogue::treatments::list(conn, false).await?;
    page(&Landing {
        clinics: clinics.data.into_iter().map(|card| clinic_view(lang, card)).collect(),
        destinations: destinations
            .into_iter()
            .take(8)
            .map(|it| DestinationView {
                name: it.country.name,
                price: it.price.map(|price| locale::money(lang, Money::new(price.price, Currency::EUR))),
                clinics: it.clinics,
            })
            .collect(),
        treatments: treatments.into_iter().map(|treatment| treatment.treatment_name).collect(),
        chrome: ctx.chrome,
    })
}

fn clinic_view(lang: Locale, card: ClinicCard) -> ClinicView {
    ClinicView {
        name: card.name,
        place: format!("{}, {}", card.city, card.country),
        rating: card.rating.average.map(|average| format!("{average:.1}")).unwrap_or_default(),
        reviews: card.rating.count,
        price: card.starting_price.map(|price| locale::money(lang, price)),
        featured: card.is_featured,
    }
}
