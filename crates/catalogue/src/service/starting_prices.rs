//! "From" prices of countries and places: display only, never part of a charge (R-IQ-81, R-MG-61).

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
use rust_decimal::Decimal;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Set,
};
use serde::Deserialize;
use serde_json::json;

use super::checks;
use crate::entity::location_starting_prices as rows;
use crate::money_input::MoneyInput;
use crate::rules::starting_prices::{Change, Meeting, Range, changed, meet};

const SUBJECT: &str = "StartingPrice";
/// Most lines of an imported file.
const MOST_LINES: usize = 2000;

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

/// What everybody may read: the prices in effect today, of whole countries by name and then of places, in one page.
pub async fn public(app: &App, page: PageQuery) -> AppResult<Page<Priced>> {
    let page = page.checked()?;
    let today = app.now().date_naive();
    let began = Condition::any().add(rows::Column::EffectiveFrom.is_null()).add(rows::Column::EffectiveFrom.lte(today));
    let query = rows::Entity::find().filter(began).filter(until(today));
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

/// One line of a file of prices that cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, Deserialize, utoipa::ToSchema)]
pub struct LineError {
    /// Number of the line; the head is line 1.
    #[schema(example = 3)]
    pub line: usize,
    /// Stable code.
    #[schema(example = "country_unknown")]
    pub code: String,
    /// A sentence.
    pub message: String,
}

/// What a file of prices would do, or did.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Import {
    /// How many prices are in it.
    pub prices: usize,
    /// What is wrong with it; when there is anything, nothing is saved.
    pub errors: Vec<LineError>,
    /// Whether it was saved.
    pub saved: bool,
}

/// Reads prices from CSV (`country_code,price,currency,is_fallback,effective_from,effective_to`): a trial that only
/// tells what is wrong, line by line, or, when `save`, all of them or none.
///
/// Errors: 403; 422 `csv_head`, `too_many_prices`; faults of lines stand in the answer.
pub async fn import(app: &App, actor: &Actor, csv: &str, reason: &str, save: bool) -> AppResult<Import> {
    let user = keeper(actor)?;
    let reason = checks::reason(reason)?;
    let inputs = parse(csv, &reason)?;
    let mut import = Import { prices: inputs.len(), ..Import::default() };
    let mut ready = Vec::new();
    for (line, input) in inputs {
        match input.and_then(|input| read(app, &input)) {
            Ok(one) => ready.push((line, one)),
            Err(error) => import.errors.push(line_error(line, &error)),
        }
    }
    // Tried in a transaction that is thrown away unless all of it is right: overlaps show only against the rows.
    let tried: AppResult<Vec<LineError>> = platform::write_txn!(app.db, |txn| {
        let mut faults = Vec::new();
        let mut last = None;
        for (line, one) in &ready {
            match put(txn, app, user, one).await {
                Ok(id) => last = Some(id),
                Err(error) if error.db_error().is_some() => return Err(error),
                Err(error) => faults.push(line_error(*line, &error)),
            }
        }
        if !save || !faults.is_empty() || !import.errors.is_empty() {
            return Err(AppError::conflict("trial", "Nothing is kept.").with("faults", &faults));
        }
        if let Some(id) = last {
            note(txn, app, actor, id.any(), &reason, json!({ "imported": ready.len() })).await?;
        }
        Ok(faults)
    });
    match tried {
        Ok(_) => import.saved = true,
        Err(error) if error.code == "trial" => {
            let faults = error.extra.get("faults").cloned().unwrap_or_default();
            import.errors.extend(serde_json::from_value::<Vec<LineError>>(faults)?);
            import.errors.sort_by_key(|error| error.line);
        }
        Err(error) => return Err(error),
    }
    Ok(import)
}

fn line_error(line: usize, error: &AppError) -> LineError {
    let first = error.fields.0.values().flatten().next();
    LineError {
        line,
        code: first.map_or_else(|| error.code.to_string(), |fault| fault.code.to_string()),
        message: first.map_or_else(|| error.detail.clone(), |fault| fault.message.clone()),
    }
}

const HEAD: [&str; 6] = ["country_code", "price", "currency", "is_fallback", "effective_from", "effective_to"];

fn parse(csv: &str, reason: &str) -> AppResult<Vec<(usize, AppResult<StartingPriceInput>)>> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).flexible(true).from_reader(csv.as_bytes());
    let head = reader.headers().map(|head| head.iter().map(str::to_ascii_lowercase).collect::<Vec<_>>());
    if head.map_or(true, |head| head != HEAD) {
        let sentence = format!("The first line must read {}.", HEAD.join(","));
        return Err(AppError::field("file", "csv_head", sentence));
    }
    let mut found = Vec::new();
    for (record, line) in reader.records().zip(2..) {
        if line > MOST_LINES + 1 {
            return Err(AppError::field("file", "too_many_prices", format!("At most {MOST_LINES} prices at once.")));
        }
        found.push((line, record.map_err(|_| unreadable("line")).and_then(|record| one(&record, reason))));
    }
    Ok(found)
}

fn unreadable(field: &str) -> AppError {
    AppError::field(field, "invalid", format!("{field} cannot be read."))
}

fn one(record: &csv::StringRecord, reason: &str) -> AppResult<StartingPriceInput> {
    let cell = |at: usize| record.get(at).unwrap_or_default();
    let day = |at: usize, name: &str| match cell(at) {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| unreadable(name)),
    };
    let is_fallback = match cell(3).to_ascii_lowercase().as_str() {
        "" | "0" | "no" | "false" => false,
        "1" | "yes" | "true" => true,
        _ => return Err(unreadable("is_fallback")),
    };
    Ok(StartingPriceInput {
        country_code: Some(cell(0).to_owned()),
        location_id: None,
        price: MoneyInput { amount: cell(1).to_owned(), currency: cell(2).to_owned() },
        is_fallback,
        effective_from: day(4, "effective_from")?,
        effective_to: day(5, "effective_to")?,
        description: None,
        reason: reason.to_owned(),
    })
}

/// Prices that end in exactly seven days: admins are told once each (R-MG-61).
pub async fn remind(app: &App) -> AppResult<u64> {
    let Some(day) = app.now().date_naive().checked_add_days(Days::new(7)) else { return Ok(0) };
    let ending = rows::Entity::find().filter(rows::Column::EffectiveTo.eq(day)).all(app.db.conn()).await?;
    let system = Actor::system();
    let mut told = 0;
    for row in name_places(app.db.conn(), ending).await? {
        platform::write_txn!(app.db, |txn| {
            let event = Event::new("starting_price.expiring", SUBJECT, row.row.id)
                .occurrence(day)
                .with("place", &row.place)
                .with("until", day);
            outbox::emit(txn, app, &system, event).await
        })?;
        told += 1;
    }
    Ok(told)
}
