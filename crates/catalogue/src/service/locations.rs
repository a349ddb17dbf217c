//! Places: cities and addresses that prices, clinics and patients refer to (R-MG-61, management-analytics 3).

use directory::entity::{locations as rows, providers};
use identity::entity::patients;
use identity::rules::fields;
use kernel::ids::{LocationId, UserId};
use kernel::{Actor, AppError, AppResult, FieldErrors, Page, PageQuery, Permission};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::entity::countries;
use platform::web::like_contains;
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Set,
};
use serde::Deserialize;
use serde_json::json;

use super::checks;
use crate::entity::{location_preferences_countries, location_starting_prices};

const SUBJECT: &str = "Location";
/// Hosts a map may be shown on.
const MAP_HOSTS: [&str; 5] =
    ["www.google.com", "maps.google.com", "maps.app.goo.gl", "www.openstreetmap.org", "maps.apple.com"];

/// A place as it is entered.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LocationInput {
    /// At most 200 characters.
    #[schema(example = "Istanbul Şişli")]
    pub name: String,
    /// Street and number; more lines below.
    #[schema(example = "Büyükdere Cad. 12")]
    pub address: String,
    /// Second line.
    pub address2: Option<String>,
    /// Third line.
    pub address3: Option<String>,
    /// Fourth line.
    pub address4: Option<String>,
    /// Fifth line.
    pub address5: Option<String>,
    /// At most 50 characters; prices are looked up by it.
    #[schema(example = "Istanbul")]
    pub city: Option<String>,
    /// Region or province.
    pub state: Option<String>,
    /// At most 20 characters.
    pub postal_code: Option<String>,
    /// ISO 3166-1.
    #[schema(example = "TR")]
    pub country_code: String,
    /// `latitude,longitude`, or an https address of a known map.
    #[schema(example = "41.0602,28.9877")]
    pub map_selector: Option<String>,
    /// `+` and 7 to 15 digits, with blanks, brackets and hyphens between them; at most 20 characters.
    #[schema(example = "+90 212 555 01 01")]
    pub phone: String,
    /// Address for letters by e-mail.
    #[schema(example = "sisli@hairline.example")]
    pub email: String,
    /// A number or an address for short messages.
    pub whatsapp_or_sms: Option<String>,
    /// Fax.
    pub fax: Option<String>,
    /// At most 2000 characters.
    #[schema(example = "Close to the metro.")]
    pub description: String,
    /// Who runs it, as registered.
    #[schema(example = "Hairline Istanbul A.Ş.")]
    pub legal_name: String,
    /// Tax number.
    #[schema(example = "1234567890")]
    pub tax: String,
    /// The version that was seen; left out when a place is made.
    pub version: Option<i32>,
}

fn keeper(actor: &Actor) -> AppResult<UserId> {
    let user = actor.admin()?;
    actor.require(Permission::ManageAppData)?;
    Ok(user)
}

/// A page of places by country, city and name, narrowed by a word of them: two statements.
///
/// Errors: 403 without `manage_app_data`.
pub async fn list(
    app: &App,
    actor: &Actor,
    word: Option<&str>,
    country: Option<&str>,
    page: PageQuery,
) -> AppResult<Page<rows::Model>> {
    keeper(actor)?;
    let page = page.checked()?;
    let mut query = rows::Entity::find().filter(rows::Column::DeletedAt.is_null());
    if let Some(word) = word.map(str::trim).filter(|word| !word.is_empty()) {
        let like = |column: rows::Column| Expr::col((rows::Entity, column)).like(like_contains(word));
        query = query.filter(
            Condition::any()
                .add(like(rows::Column::Name))
                .add(like(rows::Column::City))
                .add(like(rows::Column::Address)),
        );
    }
    if let Some(code) = country.map(str::trim).filter(|code| !code.is_empty()) {
        query = query.filter(rows::Column::CountryCode.eq(code.to_ascii_uppercase()));
    }
    let conn = app.db.conn();
    let total = query.clone().count(conn).await?;
    let found = query
        .order_by_asc(rows::Column::Country)
        .order_by_asc(rows::Column::City)
        .order_by_asc(rows::Column::Name)
        .order_by_asc(rows::Column::Id)
        .offset(page.offset())
        .limit(page.per_page)
        .all(conn)
        .await?;
    Ok(Page::new(found, page, total))
}

async fn find(conn: &impl ConnectionTrait, id: LocationId) -> AppResult<rows::Model> {
    rows::Entity::find_by_id(id)
        .filter(rows::Column::DeletedAt.is_null())
        .one(conn)
        .await?
        .ok_or_else(AppError::not_found)
}

/// One place.
///
/// Errors: 403, 404.
pub async fn show(app: &App, actor: &Actor, id: LocationId) -> AppResult<rows::Model> {
    keeper(actor)?;
    find(app.db.conn(), id).await
}

/// Whether a map can be shown from this: coordinates on earth, or a page of a known map, never markup.
fn is_map(text: &str) -> bool {
    if let Some(rest) = text.strip_prefix("https://") {
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        return MAP_HOSTS.contains(&host) && !text.contains(['<', '>', '"', ' ']);
    }
    let within = |part: Option<&str>, most: f64| {
        part.and_then(|part| part.trim().parse::<f64>().ok()).is_some_and(|degrees| degrees.abs() <= most)
    };
    let mut parts = text.split(',');
    within(parts.next(), 90.0) && within(parts.next(), 180.0) && parts.next().is_none()
}

fn is_phone(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    (7..=15).contains(&digits)
        && text.starts_with('+')
        && text.chars().all(|c| c.is_ascii_digit() || "+()- ".contains(c))
}

/// The columns of an input, with the country's own name beside its code.
async fn checked(app: &App, input: &LocationInput) -> AppResult<rows::ActiveModel> {
    let mut errors = FieldErrors::new();
    let code = input.country_code.trim().to_ascii_uppercase();
    let country = countries::Entity::find()
        .filter(countries::Column::IsoCode.eq(&code))
        .filter(countries::Column::IsActive.eq(true))
        .one(app.db.conn())
        .await?;
    if country.is_none() {
        errors.add("country_code", "country_unknown", "Choose a country from the list.");
    }
    let map = checks::maybe_text(&mut errors, "map_selector", input.map_selector.as_deref(), 500);
    if map.as_deref().is_some_and(|map| !is_map(map)) {
        errors.add("map_selector", "map_invalid", "Give latitude,longitude or the https address of a known map.");
    }
    let phone = checks::text(&mut errors, "phone", &input.phone, 1, 20);
    if !phone.is_empty() && !is_phone(&phone) {
        errors.add("phone", "phone_invalid", "Give a phone number.");
    }
    let mut maybe = |field: &str, value: &Option<String>, most: usize| {
        checks::maybe_text(&mut errors, field, value.as_deref(), most)
    };
    let (address2, address3) = (maybe("address2", &input.address2, 200), maybe("address3", &input.address3, 200));
    let (address4, address5) = (maybe("address4", &input.address4, 200), maybe("address5", &input.address5, 200));
    let (city, state) = (maybe("city", &input.city, 50), maybe("state", &input.state, 50));
    let postal_code = maybe("postal_code", &input.postal_code, 20);
    let whatsapp_or_sms = maybe("whatsapp_or_sms", &input.whatsapp_or_sms, 200);
    let fax = maybe("fax", &input.fax, 50);
    let row = rows::ActiveModel {
        name: Set(checks::text(&mut errors, "name", &input.name, 1, 200)),
        address: Set(checks::text(&mut errors, "address", &input.address, 1, 200)),
        address2: Set(address2),
        address3: Set(address3),
        address4: Set(address4),
        address5: Set(address5),
        city: Set(city),
        state: Set(state),
        postal_code: Set(postal_code),
        country: Set(country.map(|country| country.name)),
        country_code: Set(Some(code)),
        map_selector: Set(map),
        phone: Set(phone),
        email: Set(fields::email(&mut errors, "email", &input.email)),
        whatsapp_or_sms: Set(whatsapp_or_sms),
        fax: Set(fax),
        description: Set(checks::text(&mut errors, "description", &input.description, 1, 2000)),
        legal_name: Set(checks::text(&mut errors, "legal_name", &input.legal_name, 1, 200)),
        tax: Set(checks::text(&mut errors, "tax", &input.tax, 1, 100)),
        updated_at: Set(app.now()),
        ..Default::default()
    };
    errors.check()?;
    Ok(row)
}

async fn note(txn: &Txn, app: &App, actor: &Actor, action: &'static str, row: &rows::Model) -> AppResult<()> {
    let after = json!({ "name": row.name, "city": row.city, "country_code": row.country_code });
    audit::record(txn, app, actor, Entry::new(action).subject(SUBJECT, row.id).change(None, Some(after))).await
}

/// Adds a place.
///
/// Errors: 403; 422 with every field at fault.
pub async fn create(app: &App, actor: &Actor, input: &LocationInput) -> AppResult<LocationId> {
    keeper(actor)?;
    let row = checked(app, input).await?;
    platform::write_txn!(app.db, |txn| {
        let made = rows::ActiveModel {
            id: Set(LocationId::new()),
            version: Set(1),
            deleted_at: Set(None),
            created_at: Set(app.now()),
            ..row.clone()
        };
        let made = made.insert(txn).await?;
        note(txn, app, actor, "location.created", &made).await?;
        Ok(made.id)
    })
}

async fn lock(txn: &Txn, id: LocationId, version: Option<i32>) -> AppResult<rows::Model> {
    let row = rows::Entity::find_by_id(id)
        .filter(rows::Column::DeletedAt.is_null())
        .lock_exclusive()
        .one(txn)
        .await?
        .ok_or_else(AppError::not_found)?;
    if Some(row.version) == version { Ok(row) } else { Err(AppError::stale_version()) }
}

/// Changes a place.
///
/// Errors: 403, 404, 409 `stale_version`, 422 with every field at fault.
pub async fn change(app: &App, actor: &Actor, id: LocationId, input: &LocationInput) -> AppResult<()> {
    keeper(actor)?;
    let row = checked(app, input).await?;
    platform::write_txn!(app.db, |txn| {
        let before = lock(txn, id, input.version).await?;
        let change = rows::ActiveModel { id: Set(id), version: Set(before.version + 1), ..row.clone() };
        let after = change.update(txn).await?;
        note(txn, app, actor, "location.changed", &after).await
    })
}

/// Takes a place away; doing it twice changes nothing.
///
/// Errors: 403; 404; 409 `stale_version`, `location_in_use` while a patient, a clinic, a price or a list refers to it.
pub async fn remove(app: &App, actor: &Actor, id: LocationId, version: i32) -> AppResult<()> {
    keeper(actor)?;
    platform::write_txn!(app.db, |txn| {
        let gone = rows::Entity::find_by_id(id).filter(rows::Column::DeletedAt.is_not_null()).one(txn).await?;
        if gone.is_some() {
            return Ok(());
        }
        let row = lock(txn, id, Some(version)).await?;
        if is_used(txn, id).await? {
            let sentence = "Patients, clinics, prices or lists refer to this place.";
            return Err(AppError::conflict("location_in_use", sentence));
        }
        let change = rows::ActiveModel {
            id: Set(id),
            deleted_at: Set(Some(app.now())),
            version: Set(row.version + 1),
            updated_at: Set(app.now()),
            ..Default::default()
        };
        let row = change.update(txn).await?;
        note(txn, app, actor, "location.removed", &row).await
    })
}

/// Whether anything refers to a place: one statement.
async fn is_used(conn: &impl ConnectionTrait, id: LocationId) -> AppResult<bool> {
    let exists = |select: &mut SelectStatement| Expr::exists(select.expr(Expr::val(1)).limit(1).take());
    let any = Condition::any()
        .add(exists(Query::select().from(patients::Entity).and_where(patients::Column::LocationId.eq(id))))
        .add(exists(Query::select().from(providers::Entity).and_where(providers::Column::LocationId.eq(id))))
        .add(exists(
            Query::select()
                .from(location_starting_prices::Entity)
                .and_where(location_starting_prices::Column::LocationId.eq(id)),
        ))
        .add(exists(
            Query::select()
                .from(location_preferences_countries::Entity)
                .and_where(location_preferences_countries::Column::LocationId.eq(id)),
        ));
    Ok(rows::Entity::find_by_id(id).filter(any).count(conn).await? > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_are_coordinates_or_known_pages() {
        for good in ["41.0602,28.9877", "-90,180", "https://www.openstreetmap.org/#map=15/41/29", "0, 0"] {
            assert!(is_map(good), "{good}");
        }
        for bad in [
            "91,0",
            "0,181",
            "41",
            "1,2,3",
            "http://www.google.com/maps",
            "https://evil.example/maps",
            "https://www.google.com.evil.example/",
            "<iframe src=x>",
            "https://www.google.com/\"onload=1",
            "nan,1",
        ] {
            assert!(!is_map(bad), "{bad}");
        }
    }

    #[test]
    fn phones_have_digits() {
        assert!(is_phone("+90 (212) 555-01-01"));
        assert!(!is_phone("+90 call me") && !is_phone("+1234") && !is_phone("0212 555 01 01"));
    }
}
