//! "From" prices of countries and places: display only, never part of a charge (R-IQ-81, R-MG-61).

mod bulk;
mod grid;
mod import;

use std::collections::HashMap;

use chrono::{Days, NaiveDate};
use directory::entity::locations;
use kernel::ids::{AnyId, LocationId, LocationStartingPriceId, UserId};
use kernel::{Actor, AppError, AppResult, Currency, FieldErrors, Money, Page, PageQuery, Permission};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::entity::countries;
use platform::outbox::{self, Event};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Set,
};
use serde::Deserialize;
use serde_json::json;

pub use self::bulk::{BulkInput, BulkLine, bulk, bulk_preview};
pub use self::grid::{GridRow, grid};
pub use self::import::{Import, LineError, import};
use super::checks;
use crate::entity::location_starting_prices as rows;
use crate::money_input::MoneyInput;
use crate::rules::starting_prices::{Meeting, Range, meet};

const SUBJECT: &str = "StartingPrice";

/// Where a price holds: a whole country by its ISO code, or one place.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// A whole country.
    Country(String),
    /// A place of the directory.
    Location(LocationId),
}

/// A price as it is entered.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartingPriceInput {
    /// ISO code of a whole country; this or `location_id`.
    #[schema(example = "TR")]
    pub country_code: Option<String>,
    /// A place; this or `country_code`.
    pub location_id: Option<LocationId>,
    /// Above zero.
    pub price: MoneyInput,
    /// Whether it stands in where the reader's currency has no price.
    #[serde(default)]
    pub is_fallback: bool,
    /// First day; today when left out. What stood until then ends the day before.
    #[schema(example = "2026-04-01")]
    pub effective_from: Option<NaiveDate>,
    /// Last day; until further notice when left out.
    pub effective_to: Option<NaiveDate>,
    /// At most 500 characters.
    pub description: Option<String>,
    /// Why: 10 to 500 characters.
    #[schema(example = "New season, new prices.")]
    pub reason: String,
}

/// A price with the name of its place.
#[derive(Clone, Debug)]
pub struct Priced {
    /// Its row.
    pub row: rows::Model,
    /// The place: a country's name, or a city with its country.
    pub place: String,
}

/// What narrows the list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only of this country's name.
    pub country: Option<String>,
    /// Only in this currency.
    pub currency: Option<Currency>,
    /// Only those in effect today or later.
    pub is_current: bool,
}

fn keeper(actor: &Actor) -> AppResult<UserId> {
    let user = actor.admin()?;
    actor.require(Permission::ManageAppData)?;
    Ok(user)
}

async fn name_places(conn: &impl ConnectionTrait, found: Vec<rows::Model>) -> AppResult<Vec<Priced>> {
    let ids: Vec<LocationId> = found.iter().filter_map(|row| row.location_id).collect();
    let mut places: HashMap<LocationId, String> = HashMap::new();
    if !ids.is_empty() {
        for place in locations::Entity::find().filter(locations::Column::Id.is_in(ids)).all(conn).await? {
            let country = place.country.unwrap_or_default();
            let city = place.city.unwrap_or(place.name);
            places.insert(place.id, if country.is_empty() { city } else { format!("{city}, {country}") });
        }
    }
    let named = |row: rows::Model| Priced {
        place: row
            .location_id
            .and_then(|id| places.get(&id).cloned())
            .or_else(|| row.country_name.clone())
            .unwrap_or_default(),
        row,
    };
    Ok(found.into_iter().map(named).collect())
}

/// A page of prices by place, currency and day, the newest first: three statements.
///
/// Errors: 403 without `manage_app_data`.
pub async fn list(app: &App, actor: &Actor, filter: &Filter, page: PageQuery) -> AppResult<Page<Priced>> {
    keeper(actor)?;
    let page = page.checked()?;
    let mut query = rows::Entity::find();
    if let Some(country) = &filter.country {
        query = query.filter(rows::Column::CountryName.eq(country));
    }
    if let Some(currency) = filter.currency {
        query = query.filter(rows::Column::Currency.eq(currency));
    }
    if filter.is_current {
        query = query.filter(until(app.now().date_naive()));
    }
    let conn = app.db.conn();
    let total = query.clone().count(conn).await?;
    let found = query
        .order_by_asc(rows::Column::CountryName)
        .order_by_asc(rows::Column::LocationId)
        .order_by_asc(rows::Column::Currency)
        .order_by_asc(rows::Column::IsFallback)
        .order_by_desc(rows::Column::EffectiveFrom)
        .order_by_asc(rows::Column::Id)
        .offset(page.offset())
        .limit(page.per_page)
        .all(conn)
        .await?;
    Ok(Page::new(name_places(conn, found).await?, page, total))
}

/// Prices that have not ended on a day.
fn until(day: NaiveDate) -> Condition {
    Condition::any().add(rows::Column::EffectiveTo.is_null()).add(rows::Column::EffectiveTo.gte(day))
}

/// Prices in effect on a day.
fn now(day: NaiveDate) -> Condition {
    let began = Condition::any().add(rows::Column::EffectiveFrom.is_null()).add(rows::Column::EffectiveFrom.lte(day));
    Condition::all().add(began).add(until(day))
}

/// What everybody may read: the prices in effect today, of whole countries by name and then of places, in one page.
pub async fn public(app: &App, page: PageQuery) -> AppResult<Page<Priced>> {
    let page = page.checked()?;
    let query = rows::Entity::find().filter(now(app.now().date_naive()));
    let conn = app.replica.conn();
    let total = query.clone().count(conn).await?;
    let found = query
        .order_by_asc(rows::Column::CountryName)
        .order_by_asc(rows::Column::Currency)
        .order_by_asc(rows::Column::Id)
        .offset(page.offset())
        .limit(page.per_page)
        .all(conn)
        .await?;
    Ok(Page::new(name_places(conn, found).await?, page, total))
}

/// A price that was checked and waits for its transaction.
#[derive(Clone, Debug)]
struct Ready {
    place: Place,
    money: Money,
    is_fallback: bool,
    range: Range,
    description: Option<String>,
    reason: String,
}

fn read(app: &App, input: &StartingPriceInput) -> AppResult<Ready> {
    let mut errors = FieldErrors::new();
    let money = input.price.read("price", &mut errors);
    if money.is_some_and(|money| !money.amount.is_positive()) {
        errors.add("price.amount", "invalid_amount", "The price must be above zero.");
    }
    let country = input.country_code.as_deref().map(str::trim).filter(|code| !code.is_empty());
    let place = match (country, input.location_id) {
        (Some(code), None) => Some(Place::Country(code.to_ascii_uppercase())),
        (None, Some(id)) => Some(Place::Location(id)),
        _ => {
            errors.add("country_code", "required", "Choose a country or a place.");
            None
        }
    };
    let today = app.now().date_naive();
    let from = input.effective_from.unwrap_or(today);
    if input.effective_to.is_some_and(|to| to < from) {
        errors.add("effective_to", "date_range_invalid", "The last day lies before the first.");
    }
    let description = checks::maybe_text(&mut errors, "description", input.description.as_deref(), 500);
    if !(10..=500).contains(&input.reason.trim().chars().count()) {
        errors.add("reason", "reason_required", "Say why, in 10 to 500 characters.");
    }
    match (money, place) {
        (Some(money), Some(place)) if errors.is_empty() => Ok(Ready {
            place,
            money,
            is_fallback: input.is_fallback,
            range: Range { from: Some(from), to: input.effective_to },
            description,
            reason: input.reason.trim().to_owned(),
        }),
        _ => Err(AppError::fields(errors)),
    }
}

/// The columns of a place, with its row locked: prices of one place are changed one after the other.
async fn lock_place(txn: &Txn, place: &Place) -> AppResult<(Option<LocationId>, Option<String>)> {
    match place {
        Place::Country(code) => {
            let country = countries::Entity::find()
                .filter(countries::Column::IsoCode.eq(code))
                .filter(countries::Column::IsActive.eq(true))
                .lock_exclusive()
                .one(txn)
                .await?;
            let country = country
                .ok_or_else(|| AppError::field("country_code", "country_unknown", "Choose a country from the list."))?;
            Ok((None, Some(country.name)))
        }
        Place::Location(id) => {
            let place = locations::Entity::find_by_id(*id)
                .filter(locations::Column::DeletedAt.is_null())
                .lock_exclusive()
                .one(txn)
                .await?
                .ok_or_else(|| AppError::field("location_id", "place_unknown", "There is no such place."))?;
            // Only the place decides; its country stands beside it so that lists can be narrowed.
            Ok((Some(place.id), place.country))
        }
    }
}

/// The price rows of one place.
fn of_place(location: Option<LocationId>, country: Option<&String>) -> Condition {
    match location {
        Some(id) => Condition::all().add(rows::Column::LocationId.eq(id)),
        None => Condition::all()
            .add(rows::Column::LocationId.is_null())
            .add(rows::Column::CountryName.eq(country.cloned().unwrap_or_default())),
    }
}

/// Writes a price and closes the one that stood; every row stays for ten years.
async fn put(txn: &Txn, app: &App, user: UserId, new: &Ready) -> AppResult<LocationStartingPriceId> {
    let (location, country) = lock_place(txn, &new.place).await?;
    let standing = rows::Entity::find()
        .filter(of_place(location, country.as_ref()))
        .filter(rows::Column::Currency.eq(new.money.currency))
        .filter(rows::Column::IsFallback.eq(new.is_fallback))
        .all(txn)
        .await?;
    let now = app.now();
    for row in &standing {
        match meet(Range { from: row.effective_from, to: row.effective_to }, new.range) {
            Meeting::Apart => {}
            Meeting::Collides => {
                let sentence = "A price of this place begins on that day or later.";
                return Err(AppError::field("effective_from", "starting_price_overlap", sentence));
            }
            Meeting::Closes(day) => {
                rows::ActiveModel {
                    id: Set(row.id),
                    effective_to: Set(Some(day)),
                    updated_by_user_id: Set(Some(user)),
                    updated_at: Set(now),
                    ..Default::default()
                }
                .update(txn)
                .await?;
            }
        }
    }
    let id = LocationStartingPriceId::new();
    rows::ActiveModel {
        id: Set(id),
        location_id: Set(location),
        country_name: Set(country),
        starting_price: Set(new.money.amount),
        currency: Set(new.money.currency),
        description: Set(new.description.clone()),
        effective_from: Set(new.range.from),
        effective_to: Set(new.range.to),
        is_fallback: Set(new.is_fallback),
        updated_by_user_id: Set(Some(user)),
        change_reason: Set(Some(new.reason.clone())),
        created_at: Set(now),
        updated_at: Set(now),
    }
    .insert(txn)
    .await?;
    Ok(id)
}

async fn note(txn: &Txn, app: &App, actor: &Actor, id: AnyId, reason: &str, after: serde_json::Value) -> AppResult<()> {
    let entry = Entry::new("starting_price.changed").subject(SUBJECT, id).reason(reason).change(None, Some(after));
    audit::record(txn, app, actor, entry).await?;
    outbox::emit(txn, app, actor, Event::new("starting_price.changed", SUBJECT, id)).await
}

/// Sets a price from a day on. What stood ends the day before; both stay.
///
/// Errors: 403; 422 with every field at fault, `starting_price_overlap` when a price begins on that day or later.
pub async fn set(app: &App, actor: &Actor, input: &StartingPriceInput) -> AppResult<LocationStartingPriceId> {
    let user = keeper(actor)?;
    let ready = read(app, input)?;
    platform::write_txn!(app.db, |txn| {
        let id = put(txn, app, user, &ready).await?;
        let after = json!({ "price": ready.money, "from": ready.range.from, "to": ready.range.to,
            "is_fallback": ready.is_fallback });
        note(txn, app, actor, id.any(), &ready.reason, after).await?;
        Ok(id)
    })
}

/// Prices that end in exactly seven days: admins are told once each (R-MG-61).
pub async fn remind(app: &App) -> AppResult<u64> {
    let Some(day) = app.now().date_naive().checked_add_days(Days::new(7)) else { return Ok(0) };
    let ending = rows::Entity::find().filter(rows::Column::EffectiveTo.eq(day)).all(app.db.conn()).await?;
    let ending = name_places(app.db.conn(), ending).await?;
    if ending.is_empty() {
        return Ok(0);
    }
    let system = Actor::system();
    platform::write_txn!(app.db, |txn| {
        for row in &ending {
            let event = Event::new("starting_price.expiring", SUBJECT, row.row.id)
                .occurrence(day)
                .with("place", &row.place)
                .with("until", day);
            outbox::emit(txn, app, &system, event).await?;
        }
        Ok(ending.len() as u64)
    })
}
