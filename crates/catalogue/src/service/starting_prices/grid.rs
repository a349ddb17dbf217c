//! The prices in effect as a grid: places down, currencies across.

use std::collections::BTreeMap;

use kernel::ids::LocationId;
use kernel::{Actor, AppResult, Currency, Money, Page, PageQuery};
use platform::App;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{Priced, keeper, name_places, now, rows};

/// A place with what is shown for it today.
#[derive(Clone, Debug)]
pub struct GridRow {
    /// A country by its stored name, or a place with its country.
    pub place: String,
    /// Whether it is a whole country.
    pub is_country: bool,
    /// By currency; a fallback only where nothing else is in effect.
    pub prices: BTreeMap<Currency, (Money, bool)>,
}

/// A page of places with their prices of today: four statements.
///
/// Errors: 403 without `manage_app_data`.
pub async fn grid(app: &App, actor: &Actor, page: PageQuery) -> AppResult<Page<GridRow>> {
    keeper(actor)?;
    let page = page.checked()?;
    let conn = app.db.conn();
    let in_effect = rows::Entity::find().filter(now(app.now().date_naive()));
    let places = in_effect
        .clone()
        .select_only()
        .columns([rows::Column::CountryName, rows::Column::LocationId])
        .group_by(rows::Column::CountryName)
        .group_by(rows::Column::LocationId);
    let total = platform::db::total(conn, &places).await?;
    let places: Vec<(Option<String>, Option<LocationId>)> = places
        .order_by_asc(rows::Column::CountryName)
        .order_by_asc(rows::Column::LocationId)
        .offset(page.offset())
        .limit(page.per_page)
        .into_tuple()
        .all(conn)
        .await?;
    let of_page = Condition::any()
        .add(rows::Column::CountryName.is_in(places.iter().filter_map(|(country, _)| country.clone())))
        .add(rows::Column::LocationId.is_in(places.iter().filter_map(|(_, location)| *location)));
    let found = in_effect.filter(of_page).order_by_asc(rows::Column::Id).all(conn).await?;
    let mut named = name_places(conn, found).await?;
    // What is no fallback comes last and stays.
    named.sort_by_key(|priced| !priced.row.is_fallback);
    let row = |(country, location): (Option<String>, Option<LocationId>)| {
        let own = named.iter().filter(|it| it.row.country_name == country && it.row.location_id == location);
        let price =
            |it: &Priced| (it.row.currency, (Money::new(it.row.starting_price, it.row.currency), it.row.is_fallback));
        GridRow {
            place: own.clone().next().map(|it| it.place.clone()).unwrap_or_default(),
            is_country: location.is_none(),
            prices: own.map(price).collect(),
        }
    };
    Ok(Page::new(places.into_iter().map(row).collect(), page, total))
}
