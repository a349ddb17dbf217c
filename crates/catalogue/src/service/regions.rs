//! Regions: which destinations the patients of some countries see first (R-IQ-80, R-MG-60).

use std::collections::{BTreeSet, HashMap};

use kernel::ids::{LocationPreferenceCountryId, LocationPreferenceId, UserId};
use kernel::{Actor, AppError, AppResult, FieldErrors, Page, PageQuery, Permission};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::entity::countries;
use platform::outbox::{self, Event};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    Set, SqlErr,
};
use serde::Deserialize;
use serde_json::json;

use super::checks;
use crate::entity::location_preferences::{
    self as rows, LocationPreferenceStatus as Status, LocationPreferenceType as Type,
};
use crate::entity::location_preferences_countries::{self as listed, LocationPreferenceCountryRole as Role};

/// As many active regions as are made without being asked again.
const USUAL: u64 = 50;

/// A region as it is entered.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegionInput {
    /// At most 100 characters, unique among active regions.
    #[schema(example = "British Isles")]
    pub name: String,
    /// At most 500 characters.
    pub description: Option<String>,
    /// ISO codes of the patients' countries; each belongs to one active region at most.
    #[schema(example = json!(["GB", "IE"]))]
    pub audience: Vec<String>,
    /// ISO codes of the destinations in the order they are shown.
    #[schema(example = json!(["TR", "PL", "ES"]))]
    pub destinations: Vec<String>,
    /// How many are shown before "more": 5 to 20, 10 when left out.
    pub max_shown: Option<i32>,
    /// Why: 10 to 500 characters.
    #[schema(example = "Flights to Poland are cheaper this season.")]
    pub reason: String,
    /// The version that was seen; left out when a region is made.
    pub version: Option<i32>,
    /// Said yes to a 51st region.
    #[serde(default)]
    pub confirmed: bool,
}

/// A region with its countries.
#[derive(Clone, Debug)]
pub struct Region {
    /// Its row.
    pub row: rows::Model,
    /// Countries whose patients it is for.
    pub audience: Vec<String>,
    /// Destinations in order.
    pub destinations: Vec<String>,
}

fn keeper(actor: &Actor) -> AppResult<UserId> {
    let user = actor.admin()?;
    actor.require(Permission::ManageAppData)?;
    Ok(user)
}

/// Adds the countries of regions, in one statement.
async fn with_countries(conn: &impl ConnectionTrait, found: Vec<rows::Model>) -> AppResult<Vec<Region>> {
    let mut countries: HashMap<LocationPreferenceId, (Vec<String>, Vec<String>)> = HashMap::new();
    let all = listed::Entity::find()
        .filter(listed::Column::LocationPreferenceId.is_in(found.iter().map(|row| row.id)))
        .filter(listed::Column::RemovedAt.is_null())
        .order_by_asc(listed::Column::Position)
        .all(conn)
        .await?;
    for row in all {
        let (audience, destinations) = countries.entry(row.location_preference_id).or_default();
        match row.role {
            Role::Audience => audience.push(row.country_code),
            Role::Destination => destinations.push(row.country_code),
        }
    }
    let region = |row: rows::Model| {
        let (audience, destinations) = countries.remove(&row.id).unwrap_or_default();
        Region { row, audience, destinations }
    };
    Ok(found.into_iter().map(region).collect())
}

/// A page of regions by name, archived ones last: three statements.
///
/// Errors: 403 without `manage_app_data`.
pub async fn list(app: &App, actor: &Actor, page: PageQuery) -> AppResult<Page<Region>> {
    keeper(actor)?;
    let page = page.checked()?;
    let query = rows::Entity::find().filter(rows::Column::PreferenceType.eq(Type::Region));
    let conn = app.db.conn();
    let total = query.clone().count(conn).await?;
    let found = query
        .order_by_asc(rows::Column::Status)
        .order_by_asc(rows::Column::Name)
        .order_by_asc(rows::Column::Id)
        .offset(page.offset())
        .limit(page.per_page)
        .all(conn)
        .await?;
    Ok(Page::new(with_countries(conn, found).await?, page, total))
}

/// One region.
///
/// Errors: 403, 404.
pub async fn show(app: &App, actor: &Actor, id: LocationPreferenceId) -> AppResult<Region> {
    keeper(actor)?;
    let conn = app.db.conn();
    let row = rows::Entity::find_by_id(id)
        .filter(rows::Column::PreferenceType.eq(Type::Region))
        .one(conn)
        .await?
        .ok_or_else(AppError::not_found)?;
    with_countries(conn, vec![row]).await?.pop().ok_or_else(AppError::not_found)
}

struct Checked {
    name: String,
    description: Option<String>,
    audience: Vec<String>,
    destinations: Vec<String>,
    max_shown: i32,
    reason: String,
}

async fn checked(app: &App, input: &RegionInput) -> AppResult<Checked> {
    let mut errors = FieldErrors::new();
    let known: BTreeSet<String> = countries::Entity::find()
        .select_only()
        .column(countries::Column::IsoCode)
        .filter(countries::Column::IsActive.eq(true))
        .into_tuple()
        .all(app.db.conn())
        .await?
        .into_iter()
        .collect();
    let mut codes = |field: &str, given: &[String]| {
        let mut codes: Vec<String> = Vec::new();
        for code in given.iter().map(|code| code.trim().to_ascii_uppercase()).filter(|code| !code.is_empty()) {
            if !known.contains(&code) {
                errors.add(field, "country_unknown", "Choose countries from the list.");
            } else if !codes.contains(&code) {
                codes.push(code);
            }
        }
        if codes.is_empty() {
            errors.add(field, "required", "Choose at least one country.");
        }
        codes
    };
    let audience = codes("audience", &input.audience);
    let destinations = codes("destinations", &input.destinations);
    let checked = Checked {
        name: checks::text(&mut errors, "name", &input.name, 1, 100),
        description: checks::maybe_text(&mut errors, "description", input.description.as_deref(), 500),
        audience,
        destinations,
        max_shown: input.max_shown.unwrap_or(10),
        reason: input.reason.trim().to_owned(),
    };
    if !(5..=20).contains(&checked.max_shown) {
        errors.add("max_shown", "out_of_range", "Between 5 and 20.");
    }
    if !(10..=500).contains(&checked.reason.chars().count()) {
        errors.add("reason", "reason_required", "Say why, in 10 to 500 characters.");
    }
    errors.check()?;
    Ok(checked)
}

/// All active regions but one, locked: who belongs to which region is decided under this lock (R-IQ-80).
///
/// The countries come first: where there is no region yet, their rows are what two who begin at once meet at.
async fn lock_active(txn: &Txn, but: Option<LocationPreferenceId>, audience: &[String]) -> AppResult<Vec<rows::Model>> {
    countries::Entity::find()
        .filter(countries::Column::IsoCode.is_in(audience.iter().map(String::as_str)))
        .order_by_asc(countries::Column::IsoCode)
        .lock_exclusive()
        .all(txn)
        .await?;
    let active = rows::Entity::find()
        .filter(rows::Column::PreferenceType.eq(Type::Region))
        .filter(rows::Column::Status.eq(Status::Active))
        .order_by_asc(rows::Column::Id)
        .lock_exclusive()
        .all(txn)
        .await?;
    Ok(active.into_iter().filter(|row| Some(row.id) != but).collect())
}

/// Refuses countries that another active region holds, and a name another one has.
async fn check_free(txn: &Txn, others: &[rows::Model], name: &str, audience: &[String]) -> AppResult<()> {
    let same = |row: &&rows::Model| row.name.as_ref().is_some_and(|own| own.to_lowercase() == name.to_lowercase());
    if others.iter().any(|row| same(&row)) {
        return Err(AppError::field("name", "name_taken", "Another active region has this name."));
    }
    let held = listed::Entity::find()
        .filter(listed::Column::LocationPreferenceId.is_in(others.iter().map(|row| row.id)))
        .filter(listed::Column::Role.eq(Role::Audience))
        .filter(listed::Column::CountryCode.is_in(audience.iter().cloned()))
        .filter(listed::Column::RemovedAt.is_null())
        .order_by_asc(listed::Column::CountryCode)
        .all(txn)
        .await?;
    let Some(first) = held.first() else { return Ok(()) };
    let region = others.iter().find(|row| row.id == first.location_preference_id).and_then(|row| row.name.clone());
    let sentence = format!("{} belongs to the region {} already.", first.country_code, region.unwrap_or_default());
    Err(AppError::field("audience", "country_in_other_region", sentence))
}

fn name_taken(error: sea_orm::DbErr) -> AppError {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => {
            AppError::field("name", "name_taken", "Another active region has this name.")
        }
        _ => error.into(),
    }
}

/// Adds a region.
///
/// Errors: 403; 409 `many_regions` for a 51st one that was not confirmed; 422 with every field at fault.
pub async fn create(app: &App, actor: &Actor, input: RegionInput) -> AppResult<LocationPreferenceId> {
    let user = keeper(actor)?;
    let new = checked(app, &input).await?;
    let id = LocationPreferenceId::new();
    platform::write_txn!(app.db, |txn| {
        let active = lock_active(txn, None, &new.audience).await?;
        if active.len() as u64 >= USUAL && !input.confirmed {
            let sentence = "There are 50 regions already. Confirm that one more is wanted.";
            return Err(AppError::conflict("many_regions", sentence));
        }
        check_free(txn, &active, &new.name, &new.audience).await?;
        let now = app.now();
        rows::ActiveModel {
            id: Set(id),
            preference_type: Set(Type::Region),
            inquiry_id: Set(None),
            name: Set(Some(new.name.clone())),
            description: Set(new.description.clone()),
            status: Set(Status::Active),
            max_shown: Set(new.max_shown),
            version: Set(1),
            updated_by: Set(Some(user)),
            created_at: Set(now),
            updated_at: Set(now),
        }
        .insert(txn)
        .await
        .map_err(name_taken)?;
        put_countries(txn, app, id, Role::Audience, &new.audience).await?;
        put_countries(txn, app, id, Role::Destination, &new.destinations).await?;
        note(txn, app, actor, "region.created", id, None, &new).await?;
        Ok(id)
    })
}

async fn note(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    action: &'static str,
    id: LocationPreferenceId,
    before: Option<&Region>,
    after: &Checked,
) -> AppResult<()> {
    let was = before.map(|region| {
        json!({ "name": region.row.name, "audience": region.audience, "destinations": region.destinations,
            "max_shown": region.row.max_shown })
    });
    let is = json!({ "name": after.name, "audience": after.audience, "destinations": after.destinations,
        "max_shown": after.max_shown });
    let entry = Entry::new(action).subject("Region", id).reason(&after.reason).change(was, Some(is));
    audit::record(txn, app, actor, entry).await?;
    tell(txn, app, actor, id, before.map_or(1, |region| region.row.version + 1)).await
}

/// Other parts of the house hear that the order of destinations changed.
async fn tell(txn: &Txn, app: &App, actor: &Actor, id: LocationPreferenceId, version: i32) -> AppResult<()> {
    outbox::emit(txn, app, actor, Event::new("region.changed", "Region", id).occurrence(version)).await
}

/// Makes the countries of a region in one role what they are to be, in their order. What is taken off stays as a row.
async fn put_countries(txn: &Txn, app: &App, id: LocationPreferenceId, role: Role, codes: &[String]) -> AppResult<()> {
    let now = app.now();
    let present = listed::Entity::find()
        .filter(listed::Column::LocationPreferenceId.eq(id))
        .filter(listed::Column::Role.eq(role))
        .filter(listed::Column::RemovedAt.is_null())
        .all(txn)
        .await?;
    let gone: Vec<_> = present.iter().filter(|row| !codes.contains(&row.country_code)).map(|row| row.id).collect();
    if !gone.is_empty() {
        listed::Entity::update_many()
            .col_expr(listed::Column::RemovedAt, Expr::value(now))
            .col_expr(listed::Column::UpdatedAt, Expr::value(now))
            .filter(listed::Column::Id.is_in(gone))
            .exec(txn)
            .await?;
    }
    let mut added = Vec::new();
    for (code, position) in codes.iter().zip(1..) {
        match present.iter().find(|row| row.country_code == *code) {
            Some(row) if row.position == position => {}
            Some(row) => {
                listed::ActiveModel {
                    id: Set(row.id),
                    position: Set(position),
                    updated_at: Set(now),
                    ..Default::default()
                }
                .update(txn)
                .await?;
            }
            None => added.push(listed::ActiveModel {
                id: Set(LocationPreferenceCountryId::new()),
                location_preference_id: Set(id),
                country_code: Set(code.clone()),
                role: Set(role),
                position: Set(position),
                location_id: Set(None),
                shown_price: Set(None),
                shown_currency: Set(None),
                removed_at: Set(None),
                created_at: Set(now),
                updated_at: Set(now),
            }),
        }
    }
    if !added.is_empty() {
        listed::Entity::insert_many(added).exec(txn).await?;
    }
    Ok(())
}

/// The region with its row locked, of the version that was seen.
async fn lock_one(txn: &Txn, id: LocationPreferenceId, version: Option<i32>) -> AppResult<Region> {
    let row = rows::Entity::find_by_id(id)
        .filter(rows::Column::PreferenceType.eq(Type::Region))
        .lock_exclusive()
        .one(txn)
        .await?
        .ok_or_else(AppError::not_found)?;
    if Some(row.version) != version {
        return Err(AppError::stale_version());
    }
    with_countries(txn, vec![row]).await?.pop().ok_or_else(AppError::not_found)
}

/// Changes a region; patients see it within a minute.
///
/// Errors: 403, 404, 409 `stale_version`, 422 with every field at fault.
pub async fn change(app: &App, actor: &Actor, id: LocationPreferenceId, input: RegionInput) -> AppResult<()> {
    let user = keeper(actor)?;
    let new = checked(app, &input).await?;
    platform::write_txn!(app.db, |txn| {
        let others = lock_active(txn, Some(id), &new.audience).await?;
        let before = lock_one(txn, id, input.version).await?;
        if before.row.status == Status::Active {
            check_free(txn, &others, &new.name, &new.audience).await?;
        }
        rows::ActiveModel {
            id: Set(id),
            name: Set(Some(new.name.clone())),
            description: Set(new.description.clone()),
            max_shown: Set(new.max_shown),
            version: Set(before.row.version + 1),
            updated_by: Set(Some(user)),
            updated_at: Set(app.now()),
            ..Default::default()
        }
        .update(txn)
        .await
        .map_err(name_taken)?;
        put_countries(txn, app, id, Role::Audience, &new.audience).await?;
        put_countries(txn, app, id, Role::Destination, &new.destinations).await?;
        note(txn, app, actor, "region.changed", id, Some(&before), &new).await
    })
}

/// Archives a region (its patients see destinations by distance again) or opens it again. Doing it twice changes
/// nothing.
///
/// Errors: 403, 404, 409 `stale_version`, 422 `reason_required`, `name_taken`, `country_in_other_region`.
pub async fn switch(
    app: &App,
    actor: &Actor,
    id: LocationPreferenceId,
    version: i32,
    to: Status,
    reason: &str,
) -> AppResult<()> {
    let user = keeper(actor)?;
    let reason = checks::reason(reason)?;
    // Read before the lock: what it held then is what it holds under the version that is checked below.
    let audience = show(app, actor, id).await?.audience;
    platform::write_txn!(app.db, |txn| {
        let others = lock_active(txn, Some(id), &audience).await?;
        let row = rows::Entity::find_by_id(id).one(txn).await?.ok_or_else(AppError::not_found)?;
        if row.preference_type == Type::Region && row.status == to {
            return Ok(());
        }
        let before = lock_one(txn, id, Some(version)).await?;
        if to == Status::Active {
            let name = before.row.name.clone().unwrap_or_default();
            check_free(txn, &others, &name, &before.audience).await?;
        }
        rows::ActiveModel {
            id: Set(id),
            status: Set(to),
            version: Set(before.row.version + 1),
            updated_by: Set(Some(user)),
            updated_at: Set(app.now()),
            ..Default::default()
        }
        .update(txn)
        .await
        .map_err(name_taken)?;
        let action = if to == Status::Active { "region.activated" } else { "region.archived" };
        audit::record(txn, app, actor, Entry::new(action).subject("Region", id).reason(&reason)).await?;
        tell(txn, app, actor, id, before.row.version + 1).await
    })
}

/// The countries that other active regions hold: they cannot be chosen as an audience.
pub async fn held(app: &App, actor: &Actor, but: Option<LocationPreferenceId>) -> AppResult<BTreeSet<String>> {
    keeper(actor)?;
    let mut query = listed::Entity::find()
        .inner_join(rows::Entity)
        .filter(rows::Column::PreferenceType.eq(Type::Region))
        .filter(rows::Column::Status.eq(Status::Active))
        .filter(listed::Column::Role.eq(Role::Audience))
        .filter(listed::Column::RemovedAt.is_null());
    if let Some(but) = but {
        query = query.filter(listed::Column::LocationPreferenceId.ne(but));
    }
    let codes: Vec<String> =
        query.select_only().column(listed::Column::CountryCode).into_tuple().all(app.db.conn()).await?;
    Ok(codes.into_iter().collect())
}
