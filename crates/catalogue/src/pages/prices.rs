//! What a clinic charges for the treatments of the catalogue (R-IQ-71).

use askama::Template;
use axum::response::Response;
use kernel::ids::TreatmentId;
use kernel::{AppError, AppResult, Money, PageQuery, Permission};
use platform::web::ApiResult;
use ui::{Badge, Choice, Chrome, Ctx, Form, Inside, ListView, Posted, Tone, page};

use super::{currency_choices, refused, sayable, word};
use crate::entity::provider_treatment_pricing::{self as pricing, ProviderTreatmentPricingStatus as Status};
use crate::entity::treatments::{self as catalogued, TreatmentStatus};
use crate::money_input::MoneyInput;
use crate::pricing::{PriceInput, of_clinic, of_treatment, set_price};
use crate::treatments;

const BASE: &str = "/provider/prices";

struct Line {
    href: String,
    name: String,
    technique: String,
    picture: Option<String>,
    state: Badge,
    price: String,
    grafts: String,
}

#[derive(Template)]
#[template(path = "cat_prices.html")]
struct PricesPage {
    chrome: Chrome,
    list: ListView,
    lines: Vec<Line>,
}

#[derive(Template)]
#[template(path = "cat_price.html")]
struct PricePage {
    chrome: Chrome,
    form: Form,
    action: String,
    name: String,
    technique: String,
    text: String,
    includes: Vec<String>,
    currencies: Vec<Choice>,
    ended: bool,
}

fn technique(chrome: &Chrome, row: &catalogued::Model) -> String {
    chrome.word("offer-technique", word(&row.treatment_type).to_lowercase())
}

fn state(chrome: &Chrome, treatment: &catalogued::Model, price: Option<&pricing::Model>) -> Badge {
    let (tone, key) = match price {
        _ if treatment.status == TreatmentStatus::Inactive => (Tone::Calm, "ended"),
        None => (Tone::Warn, "unset"),
        Some(row) if row.status == Status::Offered => (Tone::Good, "offered"),
        Some(_) => (Tone::Calm, "not-offered"),
    };
    Badge::new(tone, chrome.word("cat-price", key))
}

/// "£2,500.00 + £2.00 per graft".
fn in_words(chrome: &Chrome, row: &pricing::Model) -> String {
    let base = chrome.money(Money::new(row.base_price, row.currency));
    if row.price_per_graft.is_positive() {
        let each = chrome.money(Money::new(row.price_per_graft, row.currency));
        return format!("{base} + {}", chrome.tw("cat-price-per-graft-short", "amount", each));
    }
    base
}

fn bounds(chrome: &Chrome, row: &pricing::Model) -> String {
    match (row.min_grafts, row.max_grafts) {
        (Some(least), Some(most)) => chrome.tw("cat-price-grafts", "range", format!("{least}–{most}")),
        (Some(least), None) => chrome.tw("cat-price-grafts", "range", format!("≥ {least}")),
        (None, Some(most)) => chrome.tw("cat-price-grafts", "range", format!("≤ {most}")),
        (None, None) => String::new(),
    }
}

pub(super) async fn list(Inside(ctx): Inside) -> ApiResult<Response> {
    let (_, provider) = ctx.actor.provider()?;
    ctx.actor.require(Permission::ManageTreatmentOffering)?;
    let conn = ctx.app.db.conn();
    let prices = of_clinic(conn, provider).await?;
    let found = treatments::page(conn, true, PageQuery { per_page: 50, ..ctx.page_query() }).await?;
    let chrome = ctx.chrome.clone();
    let price_of = |id| prices.iter().find(|price| price.treatment_id == id);
    let line = |row: &catalogued::Model| {
        let price = price_of(row.id);
        Line {
            href: address(row.id),
            technique: technique(&chrome, row),
            picture: crate::views::thumbnail(&ctx.app, row),
            state: state(&chrome, row, price),
            price: price.map(|price| in_words(&chrome, price)).unwrap_or_default(),
            grafts: price.map(|price| bounds(&chrome, price)).unwrap_or_default(),
            name: row.treatment_name.clone(),
        }
    };
    // What ended and was never priced is nothing to a clinic.
    let kept = |row: &&catalogued::Model| row.status == TreatmentStatus::Active || price_of(row.id).is_some();
    let lines = found.data.iter().filter(kept).map(line).collect();
    page(&PricesPage { list: ListView::new(&chrome, &found.meta), lines, chrome })
}

/// Where the clinic's own price of a treatment is entered. The treatment is everybody's, so it stands in the query: what
/// stands in a path belongs to somebody.
fn address(id: TreatmentId) -> String {
    format!("{BASE}/edit?treatment={id}")
}

/// The treatment the address names.
fn wanted(ctx: &Ctx) -> AppResult<TreatmentId> {
    ctx.asked("treatment").parse().map_err(|_| AppError::not_found())
}

async fn price_page(ctx: &Ctx, id: TreatmentId, form: Form) -> ApiResult<Response> {
    let conn = ctx.app.db.conn();
    let row = treatments::load(conn, id).await?;
    let includes = treatments::includes(conn, &[id]).await?;
    page(&PricePage {
        action: address(id),
        technique: technique(&ctx.chrome, &row),
        ended: row.status == TreatmentStatus::Inactive,
        name: row.treatment_name,
        text: row.treatment_description,
        includes: includes.into_iter().map(|row| row.include_name).collect(),
        currencies: currency_choices(&ctx.app).await?,
        form,
        chrome: ctx.chrome.clone(),
    })
}

pub(super) async fn show(Inside(ctx): Inside) -> ApiResult<Response> {
    let (_, provider) = ctx.actor.provider()?;
    ctx.actor.require(Permission::ManageTreatmentOffering)?;
    let id = wanted(&ctx)?;
    let form = Form::new(&ctx.chrome);
    let form = match of_treatment(ctx.app.db.conn(), provider, id).await? {
        None => {
            // A clinic that prices in one currency goes on in it.
            let known = of_clinic(ctx.app.db.conn(), provider).await?;
            let currency = known.first().map_or_else(|| "USD".to_owned(), |row| row.currency.to_string());
            form.with("currency", currency).with("offered", "true")
        }
        Some(row) => {
            let form = form
                .with("base", row.base_price.to_string())
                .with("per_graft", row.price_per_graft.to_string())
                .with("currency", row.currency.to_string())
                .with_some("min_grafts", row.min_grafts.map(|grafts| grafts.to_string()))
                .with_some("max_grafts", row.max_grafts.map(|grafts| grafts.to_string()))
                .with("version", row.version.to_string());
            if row.status == Status::Offered { form.with("offered", "true") } else { form }
        }
    };
    price_page(&ctx, id, form).await
}

fn input_of(posted: &Posted) -> AppResult<PriceInput> {
    let money = |field: &str| MoneyInput {
        amount: posted.get(field).replace(',', "."),
        currency: posted.get("currency").to_owned(),
    };
    Ok(PriceInput {
        base_price: money("base"),
        price_per_graft: posted.given("per_graft").map(|_| money("per_graft")),
        min_grafts: posted.maybe("min_grafts")?,
        max_grafts: posted.maybe("max_grafts")?,
        status: if posted.ticked("offered") { Status::Offered } else { Status::NotOffered },
        version: posted.maybe("version")?,
    })
}

pub(super) async fn save(Inside(ctx): Inside, posted: Posted) -> ApiResult<Response> {
    ctx.actor.provider()?;
    ctx.actor.require(Permission::ManageTreatmentOffering)?;
    let id = wanted(&ctx)?;
    let outcome = match input_of(&posted) {
        Ok(input) => set_price(&ctx.app, &ctx.actor, id, input).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(_) => Ok(ctx.done(BASE, "cat-price-saved")),
        Err(error) => {
            let mut error = sayable(error)?;
            for (named, shown) in [
                ("base_price.amount", "base"),
                ("base_price.currency", "currency"),
                ("price_per_graft.amount", "per_graft"),
                ("price_per_graft.currency", "currency"),
                ("base_price", "base"),
                ("price_per_graft", "per_graft"),
            ] {
                if let Some(faults) = error.fields.0.remove(named) {
                    error.fields.0.entry(shown.to_owned()).or_insert(faults);
                }
            }
            let form = Form::posted(&ctx.chrome, &posted).refused(&error);
            Ok(refused(price_page(&ctx, id, form).await?, &error))
        }
    }
}
