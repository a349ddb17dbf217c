//! All prices of a place changed together, looked at first.

use chrono::{Days, NaiveDate};
use kernel::ids::LocationId;
use kernel::{Actor, AppError, AppResult, FieldErrors, Money};
use platform::App;
use rust_decimal::Decimal;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::Deserialize;
use serde_json::json;

use super::{Place, Ready, keeper, lock_place, note, of_place, put, until};
use crate::entity::location_starting_prices as rows;
use crate::rules::starting_prices::{Change, Range, changed};
use crate::service::checks;

/// A change of all prices of one place.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BulkInput {
    /// ISO code of a whole country; this or `location_id`.
    #[schema(example = "TR")]
    pub country_code: Option<String>,
    /// A place; this or `country_code`.
    pub location_id: Option<LocationId>,
    /// -50 to 100; this or `amount`.
    #[schema(example = "5", value_type = Option<String>)]
    pub percent: Option<Decimal>,
    /// Up or down, in each price's own currency; this or `percent`.
    #[schema(value_type = Option<String>)]
    pub amount: Option<Decimal>,
    /// Round half-up to a multiple of 5, 10, 50 or 100.
    #[schema(example = 10)]
    pub round_to: Option<u32>,
    /// The day the new prices begin; tomorrow when left out.
    pub effective_from: Option<NaiveDate>,
    /// Why: 10 to 500 characters; not needed to look first.
    #[serde(default)]
    pub reason: String,
}

/// One price before and after a change of all.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct BulkLine {
    /// The price today.
    pub before: Money,
    /// The price afterwards; `null` when it would not be above zero, which keeps all from being saved.
    pub after: Option<Money>,
    /// Whether it stands in for other currencies.
    pub is_fallback: bool,
}

fn bulk_change(input: &BulkInput) -> AppResult<(Place, Change)> {
    let mut errors = FieldErrors::new();
    let country = input.country_code.as_deref().map(str::trim).filter(|code| !code.is_empty());
    let place = match (country, input.location_id) {
        (Some(code), None) => Some(Place::Country(code.to_ascii_uppercase())),
        (None, Some(id)) => Some(Place::Location(id)),
        _ => {
            errors.add("country_code", "required", "Choose a country or a place.");
            None
        }
    };
    let change = match (input.percent, input.amount) {
        (Some(percent), None) if (Decimal::from(-50)..=Decimal::ONE_HUNDRED).contains(&percent) => {
            Some(Change::Percent(percent))
        }
        (Some(_), None) => {
            errors.add("percent", "out_of_range", "Between -50 and 100 percent.");
            None
        }
        (None, Some(amount)) if amount.normalize().scale() <= 2 => Some(Change::Amount(amount)),
        (None, Some(_)) => {
            errors.add("amount", "invalid_amount", "At most two decimals.");
            None
        }
        _ => {
            errors.add("percent", "required", "Give a percentage or an amount.");
            None
        }
    };
    if input.round_to.is_some_and(|step| ![5, 10, 50, 100].contains(&step)) {
        errors.add("round_to", "unknown_value", "5, 10, 50 or 100.");
    }
    match (place, change) {
        (Some(place), Some(change)) if errors.is_empty() => Ok((place, change)),
        _ => Err(AppError::fields(errors)),
    }
}

fn lines(present: &[rows::Model], change: Change, step: Option<u32>) -> Vec<BulkLine> {
    let line = |row: &rows::Model| BulkLine {
        before: Money::new(row.starting_price, row.currency),
        after: changed(row.starting_price, row.currency, change, step).map(|amount| Money::new(amount, row.currency)),
        is_fallback: row.is_fallback,
    };
    present.iter().map(line).collect()
}

/// The prices of a place in effect on the day before a change begins.
async fn present(
    conn: &impl ConnectionTrait,
    location: Option<LocationId>,
    country: Option<&String>,
    day: NaiveDate,
) -> AppResult<Vec<rows::Model>> {
    let began = Condition::any().add(rows::Column::EffectiveFrom.is_null()).add(rows::Column::EffectiveFrom.lte(day));
    Ok(rows::Entity::find()
        .filter(of_place(location, country))
        .filter(began)
        .filter(until(day))
        .order_by_asc(rows::Column::Currency)
        .order_by_asc(rows::Column::IsFallback)
        .all(conn)
        .await?)
}

fn begins(app: &App, input: &BulkInput) -> AppResult<(NaiveDate, NaiveDate)> {
    let today = app.now().date_naive();
    let from = input.effective_from.or_else(|| today.checked_add_days(Days::new(1))).unwrap_or(today);
    match from.checked_sub_days(Days::new(1)) {
        Some(before) if before >= today => Ok((from, before)),
        _ => Err(AppError::field("effective_from", "date_range_too_soon", "Tomorrow at the earliest.")),
    }
}

/// What a change of all prices of a place would make of them; nothing is saved.
///
/// Errors: 403; 404 `starting_prices_missing` when the place has no price; 422.
pub async fn bulk_preview(app: &App, actor: &Actor, input: &BulkInput) -> AppResult<Vec<BulkLine>> {
    keeper(actor)?;
    let (place, change) = bulk_change(input)?;
    let (_, before) = begins(app, input)?;
    platform::write_txn!(app.db, |txn| {
        let (location, country) = lock_place(txn, &place).await?;
        let present = present(txn, location, country.as_ref(), before).await?;
        if present.is_empty() { Err(nothing_there()) } else { Ok(lines(&present, change, input.round_to)) }
    })
}

fn nothing_there() -> AppError {
    AppError::field("country_code", "starting_prices_missing", "This place has no prices to change.")
}

/// Changes all prices of a place from a day on: one new row per price, one entry in the audit log, all or nothing.
///
/// Errors: 403; 422 with every field at fault, `invalid_amount` when one result would not be above zero.
pub async fn bulk(app: &App, actor: &Actor, input: &BulkInput) -> AppResult<Vec<BulkLine>> {
    let user = keeper(actor)?;
    let (place, change) = bulk_change(input)?;
    let reason = checks::reason(&input.reason)?;
    let (from, before) = begins(app, input)?;
    platform::write_txn!(app.db, |txn| {
        let (location, country) = lock_place(txn, &place).await?;
        let present = present(txn, location, country.as_ref(), before).await?;
        let Some(first) = present.first() else { return Err(nothing_there()) };
        let changes = lines(&present, change, input.round_to);
        for (row, line) in present.iter().zip(&changes) {
            let Some(money) = line.after else {
                let sentence = format!("{} would not be above zero. Nothing was saved.", line.before);
                return Err(AppError::field("percent", "invalid_amount", sentence));
            };
            let ready = Ready {
                place: place.clone(),
                money,
                is_fallback: row.is_fallback,
                // What had an end keeps it.
                range: Range { from: Some(from), to: row.effective_to.filter(|to| *to >= from) },
                description: row.description.clone(),
                reason: reason.clone(),
            };
            put(txn, app, user, &ready).await?;
        }
        let after = json!({ "from": from, "prices": changes });
        note(txn, app, actor, first.id.any(), &reason, after).await?;
        Ok(changes)
    })
}
