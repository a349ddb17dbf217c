//! Recoveries for demonstrations and for tests of the wings above, made by the real use cases.

use ::catalogue as catalogue_of;
use bytes::Bytes;
use chrono::NaiveDate;
use kernel::ids::{
    AfterCareId, AftercareMilestoneTemplateId, AftercareQuestionnaireId, AftercareTemplateId, PatientId, QuoteId,
};
use kernel::{Actor, AppError, AppResult, Currency};
use payments::entity::aftercare_payments::AftercarePaymentPricingModel as Model;
use platform::App;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;

use crate::catalogue;
use crate::entity::aftercare_templates::{self as offerings, AftercareTemplatePricingModel};
use crate::entity::{after_cares, aftercare_milestone_templates as templates, aftercare_questionnaires};
use crate::queries::standalone as standalone_rows;
use crate::rules::offering::{self, Cost, Prices};
use crate::rules::questions::Answers;
use crate::service::respond::{self, Answered, Response};
use crate::service::scan::{self, Picture, ScanSet, Scanned};
use crate::service::standalone::{self, OfferingChange, prices_of};

/// The shipped six-month template; installed first when it is missing.
pub async fn template(app: &App) -> AppResult<AftercareMilestoneTemplateId> {
    crate::install(app).await?;
    let by_name = templates::Column::TemplateName.eq(catalogue::SIX_MONTHS);
    let found = templates::Entity::find().filter(by_name).one(app.db.conn()).await?;
    found.map(|row| row.id).ok_or_else(AppError::not_found)
}

/// The case of a booking.
pub async fn case_of(app: &App, quote: QuoteId) -> AppResult<AfterCareId> {
    let of_quote = after_cares::Column::QuoteId.eq(quote);
    let found = after_cares::Entity::find().filter(of_quote).one(app.db.conn()).await?;
    found.map(|row| row.id).ok_or_else(AppError::not_found)
}

/// A shipped questionnaire by its name.
pub async fn questionnaire(app: &App, name: &str) -> AppResult<AftercareQuestionnaireId> {
    let by_name = aftercare_questionnaires::Column::QuestionnaireName.eq(name);
    let found = aftercare_questionnaires::Entity::find().filter(by_name).one(app.db.conn()).await?;
    found.map(|row| row.id).ok_or_else(AppError::not_found)
}

/// Puts the shipped plans on sale, by the month or once, in four currencies.
pub async fn on_sale(app: &App, staff: &Actor) -> AppResult<()> {
    for row in standalone_rows::offering_settings(app, staff).await? {
        let (text, prices) = match row.months {
            6 => (
                "Half a year with a clinic of ours: pictures, questions and answers, medication, and somebody who notices.",
                json!({ "USD": { "monthly": "69.00", "fixed": "390.00" }, "EUR": { "monthly": "65.00", "fixed": "370.00" },
                    "GBP": { "monthly": "55.00", "fixed": "310.00" }, "TRY": { "monthly": "1900.00", "fixed": "10900.00" } }),
            ),
            _ => (
                "A whole year, until the result is there: closely in the first months, then as often as it needs.",
                json!({ "USD": { "monthly": "59.00", "fixed": "660.00" }, "EUR": { "monthly": "55.00", "fixed": "620.00" },
                    "GBP": { "monthly": "47.00", "fixed": "520.00" }, "TRY": { "monthly": "1600.00", "fixed": "18500.00" } }),
            ),
        };
        let enabled = catalogue_of::fx::enabled(app.db.conn()).await?;
        let mut prices: Prices = serde_json::from_value(prices)?;
        prices.retain(|currency, _| enabled.contains(currency));
        let change = OfferingChange {
            is_purchasable: true,
            service_description: text.to_owned(),
            pricing_model: AftercareTemplatePricingModel::Both,
            prices,
            lock_version: row.lock_version,
        };
        standalone::change(app, staff, row.id, &change).await?;
    }
    Ok(())
}

/// The first offering a patient can buy by a model, in their own money where it is sold in it, and what it costs.
pub async fn first_offer(app: &App, patient: PatientId, model: Model) -> AppResult<(AftercareTemplateId, Cost)> {
    let person = identity::patients::load(app.db.conn(), patient).await?;
    let home = quoting::rules::terms::home_currency(person.country_code.as_deref());
    let rows = offerings::Entity::find()
        .filter(offerings::Column::IsPurchasable.eq(true))
        .order_by_asc(offerings::Column::Id)
        .all(app.db.conn())
        .await?;
    for row in rows {
        let template = templates::Entity::find_by_id(row.milestone_template_id).one(app.db.conn()).await?;
        let months = template.and_then(|template| u32::try_from(template.duration_months).ok()).unwrap_or_default();
        let prices = prices_of(row.prices.as_ref());
        let cost = [home, Currency::USD].into_iter().find_map(|it| offering::cost(&prices, model, it, months));
        if let Some(cost) = cost {
            return Ok((row.id, cost));
        }
    }
    Err(AppError::not_found())
}

/// Answers the pain questionnaire for a day, or for the latest open one.
pub async fn answer_pain(
    app: &App,
    patient: &Actor,
    case: AfterCareId,
    pain: i64,
    due_date: Option<NaiveDate>,
) -> AppResult<Answered> {
    let questionnaire = questionnaire(app, catalogue::PAIN).await?;
    let location = if pain == 0 { "nowhere" } else { "donor_area" };
    let responses = Answers::from([
        ("pain_level".to_owned(), json!(pain)),
        ("location".to_owned(), json!(location)),
        ("medication_taken".to_owned(), json!("yes")),
    ]);
    respond::answer(app, patient, case, questionnaire, &Response { due_date, responses }).await
}

/// Uploads a scan set (front, top, sides, back) for a day, or for the latest open one.
pub async fn upload_scan(
    app: &App,
    patient: &Actor,
    case: AfterCareId,
    views: [Vec<u8>; 4],
    due_date: Option<NaiveDate>,
) -> AppResult<Scanned> {
    let files = scan::VIEWS
        .iter()
        .zip(views)
        .map(|((field, _), bytes)| Picture {
            field: (*field).to_owned(),
            file_name: format!("{field}.jpg"),
            bytes: Bytes::from(bytes),
        })
        .collect();
    scan::upload(app, patient, case, ScanSet { due_date, files }).await
}
