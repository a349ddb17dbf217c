//! What is sold, and for how much (R-AC-05).

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use identity::confirm;
use kernel::ids::AftercareTemplateId;
use kernel::{Amount, AppError, AppResult, Currency, ErrorKind};
use platform::web::{ApiResult, Path, status_of};
use sea_orm::ActiveEnum;
use ui::{Choice, Chrome, Ctx, Form, Inside, Posted, page};

use crate::entity::aftercare_templates::AftercareTemplatePricingModel as Sold;
use crate::queries::standalone::{self as queries, OfferingSetting};
use crate::rules::offering::{Price, Prices};
use crate::service::standalone::{self, OfferingChange};

const LIST: &str = "/admin/aftercare/offerings";

/// An offering with its form.
struct Card {
    id: AftercareTemplateId,
    name: String,
    is_on: bool,
    /// What is charged now.
    prices: Vec<String>,
    form: Form,
    version: i32,
    currencies: Vec<String>,
    /// New prices, where some wait.
    waits: Vec<String>,
}

#[derive(Template)]
#[template(path = "care_offerings.html")]
struct OfferingsPage {
    chrome: Chrome,
    cards: Vec<Card>,
    models: Vec<Choice>,
}

const MODELS: [Sold; 3] = [Sold::Both, Sold::MonthlySubscription, Sold::Fixed];

fn told(chrome: &Chrome, prices: &Prices) -> Vec<String> {
    let line = |(currency, price): (&Currency, &Price)| {
        let part = |amount: Option<Amount>| amount.map(|amount| chrome.money(kernel::Money::new(amount, *currency)));
        let monthly = part(price.monthly).map(|amount| chrome.tw("offering-monthly", "amount", amount));
        let fixed = part(price.fixed).map(|amount| chrome.tw("offering-fixed", "amount", amount));
        [monthly, fixed].into_iter().flatten().collect::<Vec<_>>().join(" · ")
    };
    prices.iter().map(line).collect()
}

fn filled(chrome: &Chrome, row: &OfferingSetting) -> Form {
    let model = row.pricing_model.unwrap_or(Sold::Both);
    let mut form = Form::new(chrome)
        .with("service_description", row.service_description.clone())
        .with("pricing_model", model.to_value());
    if row.is_purchasable {
        form = form.with("is_purchasable", "on");
    }
    for (currency, price) in &row.prices {
        let name = |kind: &str| format!("prices.{}.{kind}", currency.code());
        form = form
            .with_some(&name("monthly"), price.monthly.map(|amount| amount.to_string()))
            .with_some(&name("fixed"), price.fixed.map(|amount| amount.to_string()));
    }
    form
}

async fn offerings_page(
    ctx: &Ctx,
    typed: Option<(AftercareTemplateId, Form)>,
    status: StatusCode,
) -> ApiResult<Response> {
    let chrome = &ctx.chrome;
    let rows = queries::offering_settings(&ctx.app, &ctx.actor).await?;
    let enabled = catalogue::fx::enabled(ctx.app.db.conn()).await?;
    let currencies: Vec<String> = enabled.iter().map(|currency| currency.code().to_owned()).collect();
    let mut typed = typed;
    let cards = rows
        .iter()
        .map(|row| Card {
            id: row.id,
            name: row.name.clone(),
            is_on: row.is_purchasable,
            prices: told(chrome, &row.prices),
            form: typed.take_if(|(id, _)| *id == row.id).map_or_else(|| filled(chrome, row), |(_, form)| form),
            version: row.lock_version,
            currencies: currencies.clone(),
            waits: row.pending_prices.as_ref().map(|prices| told(chrome, prices)).unwrap_or_default(),
        })
        .collect();
    let mut response = page(&OfferingsPage {
        cards,
        models: MODELS
            .map(|model| Choice::new(model.to_value(), chrome.word("offering-model", model.to_value())))
            .into(),
        chrome: chrome.clone(),
    })?;
    *response.status_mut() = status;
    Ok(response)
}

pub(super) async fn list(Inside(ctx): Inside) -> ApiResult<Response> {
    offerings_page(&ctx, None, StatusCode::OK).await
}

async fn change(ctx: &Ctx, posted: &Posted) -> AppResult<OfferingChange> {
    let model = Sold::try_from_value(&posted.get("pricing_model").to_owned());
    let mut prices = Prices::new();
    for currency in catalogue::fx::enabled(ctx.app.db.conn()).await? {
        let read = |kind: &str| -> AppResult<Option<Amount>> {
            let name = format!("prices.{}.{kind}", currency.code());
            let wrong = |_| AppError::field(name.clone(), "out_of_range", "Give an amount of this currency.");
            posted.given(&name).map(|text| text.trim().replace(',', ".").parse().map_err(wrong)).transpose()
        };
        let price = Price { monthly: read("monthly")?, fixed: read("fixed")? };
        if price != Price::default() {
            prices.insert(currency, price);
        }
    }
    Ok(OfferingChange {
        is_purchasable: posted.ticked("is_purchasable"),
        service_description: posted.get("service_description").to_owned(),
        pricing_model: model.map_err(|_| AppError::field("pricing_model", "required", "Choose how it is sold."))?,
        prices,
        lock_version: posted.get("lock_version").parse().unwrap_or(-1),
    })
}

pub(super) async fn save(
    Inside(ctx): Inside,
    Path(id): Path<AftercareTemplateId>,
    posted: Posted,
) -> ApiResult<Response> {
    ctx.actor.admin()?;
    if let Some(question) = confirm::ask(&ctx, &posted, LIST).await? {
        return Ok(question);
    }
    let outcome = match change(&ctx, &posted).await {
        Ok(change) => standalone::change(&ctx.app, &ctx.actor, id, &change).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(waits) => Ok(ctx.done(LIST, if waits { "prices-wait" } else { "saved" })),
        Err(error) if matches!(error.kind, ErrorKind::Invalid | ErrorKind::Conflict) => {
            let form = Form::posted(&ctx.chrome, &posted).refused(&error);
            offerings_page(&ctx, Some((id, form)), status_of(error.kind)).await
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn approve(
    Inside(ctx): Inside,
    Path(id): Path<AftercareTemplateId>,
    posted: Posted,
) -> ApiResult<Response> {
    ctx.actor.admin()?;
    if let Some(question) = confirm::ask(&ctx, &posted, LIST).await? {
        return Ok(question);
    }
    match standalone::approve_prices(&ctx.app, &ctx.actor, id).await {
        Ok(()) => Ok(ctx.done(LIST, "saved")),
        Err(error) if error.kind == ErrorKind::Conflict || error.code == "second_admin_required" => {
            let form = Form::posted(&ctx.chrome, &posted).refused(&error);
            offerings_page(&ctx, Some((id, form)), status_of(error.kind)).await
        }
        Err(error) => Err(error.into()),
    }
}
