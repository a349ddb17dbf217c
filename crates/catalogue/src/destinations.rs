//! The places a patient can choose, in order, with a "from" price (R-IQ-80, R-IQ-81).

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::NaiveDate;
use directory::entity::providers;
use kernel::{AppError, AppResult, Currency, Money};
use moka::future::Cache;
use platform::App;
use platform::config::Mode;
use platform::db::uncounted;
use platform::entity::countries;
use rust_decimal::Decimal;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use crate::entity::location_preferences::{self, LocationPreferenceStatus, LocationPreferenceType};
use crate::entity::location_preferences_countries::{self as listed, LocationPreferenceCountryRole};
use crate::entity::location_starting_prices as prices;
use crate::fx;
use crate::rules::destinations::{PriceRow, ShownPrice, ordered, shown_price};

/// A country with accepting clinics.
#[derive(Clone, Debug)]
pub struct Destination {
    /// The country.
    pub country: countries::Model,
    /// How many clinics accept patients there.
    pub clinics: u64,
    /// "From" price in the reader's currency; `None` means on request.
    pub price: Option<ShownPrice>,
    /// Whether it is shown before "more": ten places, or as many as the reader's region says.
    pub is_first: bool,
}

/// How many destinations are shown before "more" where no region says otherwise.
const SHOWN: i32 = 10;

/// The groups of countries staff keep, those that are in use.
pub fn active_groups() -> Select<location_preferences::Entity> {
    location_preferences::Entity::find()
        .filter(location_preferences::Column::PreferenceType.eq(LocationPreferenceType::Region))
        .filter(location_preferences::Column::Status.eq(LocationPreferenceStatus::Active))
}

/// All destinations in the order for a reader at `home`, with prices in `currency` as of `today`.
pub async fn list(
    conn: &impl ConnectionTrait,
    home: Option<&str>,
    currency: Currency,
    today: NaiveDate,
) -> AppResult<Vec<Destination>> {
    let clinics: Vec<(Option<String>, i64)> = providers::Entity::find()
        .select_only()
        .column(providers::Column::CountryCode)
        .column_as(providers::Column::Id.count(), "clinics")
        .filter(crate::clinics::accepting())
        .group_by(providers::Column::CountryCode)
        .into_tuple()
        .all(conn)
        .await?;
    let clinics: HashMap<String, u64> =
        clinics.into_iter().filter_map(|(code, many)| Some((code?, u64::try_from(many).ok()?))).collect();
    let known = countries::Entity::find()
        .filter(countries::Column::IsActive.eq(true))
        .filter(countries::Column::IsoCode.is_in(clinics.keys().cloned()))
        .all(conn)
        .await?;
    let mut by_code: HashMap<String, countries::Model> =
        known.into_iter().map(|country| (country.iso_code.clone(), country)).collect();
    let (region, shown) = region_of(conn, home).await?;
    let order = ordered(
        by_code.keys().map(|code| (code.clone(), clinics.get(code).copied().unwrap_or_default())).collect(),
        &region,
        home,
    );
    let rows = prices_of(conn, by_code.values().map(|country| country.name.clone()).collect(), today).await?;
    let rates = rates_for(conn, rows.values().flatten(), currency).await?;
    Ok(order
        .into_iter()
        .zip(1..)
        .filter_map(|(code, place)| {
            let country = by_code.remove(&code)?;
            let price = rows.get(&country.name).and_then(|rows| shown_price(rows, currency, &rates));
            let clinics = clinics.get(&code).copied().unwrap_or_default();
            Some(Destination { clinics, country, price, is_first: place <= shown })
        })
        .collect())
}

/// How old the list of a home country may be: clinics and prices change seldom (R-IQ-86).
const FRESH: Duration = Duration::from_secs(60);

/// The destinations by the reader's home and currency: the same for everybody there.
struct Kept(Cache<(Option<String>, Currency), Arc<Vec<Destination>>>);

impl Default for Kept {
    fn default() -> Self {
        Self(Cache::builder().max_capacity(2_000).time_to_live(FRESH).build())
    }
}

/// The same as [`list`] as it was at most a minute ago, for everybody to look at.
pub async fn kept(app: &App, home: Option<&str>, currency: Currency) -> AppResult<Arc<Vec<Destination>>> {
    let list = list(app.replica.conn(), home, currency, app.now().date_naive());
    let listed = async { uncounted(list).await.map(Arc::new) };
    if app.config.mode == Mode::Test {
        // Tests change rows behind the program's back and look at once.
        return listed.await;
    }
    let kept = app.memory.of::<Kept>().0.try_get_with((home.map(str::to_owned), currency), listed).await;
    kept.map_err(|error: Arc<AppError>| AppError::internal(error.to_string()))
}

/// The countries with accepting clinics by name, in one statement: what a filter offers.
pub async fn countries_with_clinics(conn: &impl ConnectionTrait) -> AppResult<Vec<countries::Model>> {
    let mut accepting = providers::Entity::find()
        .select_only()
        .column(providers::Column::CountryCode)
        .filter(crate::clinics::accepting())
        .filter(providers::Column::CountryCode.is_not_null());
    Ok(countries::Entity::find()
        .filter(countries::Column::IsActive.eq(true))
        .filter(countries::Column::IsoCode.in_subquery(QuerySelect::query(&mut accepting).to_owned()))
        .order_by_asc(countries::Column::Name)
        .all(conn)
        .await?)
}

/// The destinations of the active region whose audience holds the country, in their order, and how many are shown first;
/// in one statement.
async fn region_of(conn: &impl ConnectionTrait, home: Option<&str>) -> AppResult<(Vec<String>, i32)> {
    let Some(home) = home else { return Ok((Vec::new(), SHOWN)) };
    let mut of_home = listed::Entity::find()
        .select_only()
        .column(listed::Column::LocationPreferenceId)
        .filter(listed::Column::Role.eq(LocationPreferenceCountryRole::Audience))
        .filter(listed::Column::CountryCode.eq(home))
        .filter(listed::Column::RemovedAt.is_null());
    let rows = listed::Entity::find()
        .find_also_related(location_preferences::Entity)
        .filter(location_preferences::Column::PreferenceType.eq(LocationPreferenceType::Region))
        .filter(location_preferences::Column::Status.eq(LocationPreferenceStatus::Active))
        .filter(listed::Column::LocationPreferenceId.in_subquery(QuerySelect::query(&mut of_home).to_owned()))
        .filter(listed::Column::Role.eq(LocationPreferenceCountryRole::Destination))
        .filter(listed::Column::RemovedAt.is_null())
        .order_by_asc(listed::Column::Position)
        .all(conn)
        .await?;
    let shown = rows.iter().find_map(|(_, list)| list.as_ref()).map_or(SHOWN, |list| list.max_shown);
    Ok((rows.into_iter().map(|(row, _)| row.country_code).collect(), shown))
}

/// The "from" prices of some countries as a reader with this currency sees them; none where it is on request.
pub async fn prices_in(
    conn: &impl ConnectionTrait,
    codes: &[String],
    currency: Currency,
    today: NaiveDate,
) -> AppResult<HashMap<String, Money>> {
    let known = countries::Entity::find()
        .filter(countries::Column::IsoCode.is_in(codes.iter().map(String::as_str)))
        .all(conn)
        .await?;
    let rows = prices_of(conn, known.iter().map(|country| country.name.clone()).collect(), today).await?;
    let rates = rates_for(conn, rows.values().flatten(), currency).await?;
    let price = |country: &countries::Model| shown_price(rows.get(&country.name)?, currency, &rates);
    Ok(known
        .iter()
        .filter_map(|country| Some((country.iso_code.clone(), Money::new(price(country)?.price, currency))))
        .collect())
}

/// The price rows of whole countries in effect on a day, the newest first.
async fn prices_of(
    conn: &impl ConnectionTrait,
    names: Vec<String>,
    today: NaiveDate,
) -> AppResult<HashMap<String, Vec<PriceRow>>> {
    let open = |column: prices::Column, fits| Condition::any().add(column.is_null()).add(fits);
    let rows = prices::Entity::find()
        .filter(prices::Column::LocationId.is_null())
        .filter(prices::Column::CountryName.is_in(names))
        .filter(open(prices::Column::EffectiveFrom, prices::Column::EffectiveFrom.lte(today)))
        .filter(open(prices::Column::EffectiveTo, prices::Column::EffectiveTo.gte(today)))
        .order_by_desc(prices::Column::EffectiveFrom)
        .all(conn)
        .await?;
    let mut found: HashMap<String, Vec<PriceRow>> = HashMap::new();
    for row in rows {
        let Some(name) = row.country_name else { continue };
        let price = PriceRow { price: row.starting_price, currency: row.currency, is_fallback: row.is_fallback };
        found.entry(name).or_default().push(price);
    }
    Ok(found)
}

async fn rates_for(
    conn: &impl ConnectionTrait,
    rows: impl Iterator<Item = &PriceRow>,
    currency: Currency,
) -> AppResult<HashMap<Currency, Decimal>> {
    let mut foreign: Vec<_> = rows.map(|row| row.currency).filter(|other| *other != currency).collect();
    foreign.sort();
    foreign.dedup();
    if foreign.is_empty() {
        return Ok(HashMap::new());
    }
    fx::rates_to(conn, currency, &foreign).await
}
