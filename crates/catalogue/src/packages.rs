//! The add-ons a clinic sells with its treatments (R-IQ-72).

use kernel::ids::{PackageId, PackageItemId, ProviderId};
use kernel::{Actor, ActorKind, AppError, AppResult, FieldErrors, Page, PageQuery, Permission};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use sea_orm::sea_query::{Expr, ExprTrait, Func};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    Set, SqlErr,
};
use serde::Deserialize;
use serde_json::json;

use crate::entity::package_items;
use crate::entity::packages::{self, PackageStatus};
use crate::money_input::MoneyInput;
use crate::rules::pricing::category;

/// How many packages a clinic may make in one hour (R-IQ-73).
const NEW_PER_HOUR: u64 = 50;
/// Most lines of a package.
pub(crate) const MOST_ITEMS: usize = 50;

/// A package as it is entered.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PackageInput {
    /// At most 100 characters, unique within the clinic.
    pub name: String,
    /// Above zero.
    pub price: MoneyInput,
    /// hotel, transport, flight, medication, prp_therapy, consultation or custom.
    pub category: String,
    /// At most 2000 characters.
    pub description: Option<String>,
    /// Such as "2 nights".
    pub duration: Option<String>,
    /// At most 1000 characters.
    pub terms: Option<String>,
    /// What it consists of.
    #[serde(default)]
    pub items: Vec<PackageItemInput>,
    /// The version that was seen; left out when a package is made.
    pub version: Option<i32>,
}

/// One line of a package's content.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PackageItemInput {
    /// What it is.
    pub name: String,
    /// How much of it.
    pub value: String,
    /// Shown, never added to a quote.
    pub price: Option<MoneyInput>,
}

/// A package with its lines.
#[derive(Clone, Debug)]
pub struct Package {
    /// The package.
    pub row: packages::Model,
    /// Its lines in order.
    pub items: Vec<package_items::Model>,
}

/// The clinic's packages that may be put into a quote, by id; 422 `package_not_available` when one is foreign,
/// inactive or gone (R-IQ-31). The order of `ids` is kept.
pub async fn usable(conn: &impl ConnectionTrait, provider: ProviderId, ids: &[PackageId]) -> AppResult<Vec<Package>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = packages::Entity::find()
        .filter(packages::Column::Id.is_in(ids.iter().copied()))
        .filter(packages::Column::ProviderId.eq(provider))
        .filter(packages::Column::Status.eq(PackageStatus::Active))
        .filter(packages::Column::DeletedAt.is_null())
        .all(conn)
        .await?;
    let found = with_items(conn, rows).await?;
    ids.iter().map(|id| found.iter().find(|package| package.row.id == *id).cloned().ok_or_else(not_available)).collect()
}

fn not_available() -> AppError {
    AppError::invalid("package_not_available", "One of the packages is not available.").on_field("packages")
}

/// Adds the lines of the packages, with one statement for all.
pub async fn with_items(conn: &impl ConnectionTrait, rows: Vec<packages::Model>) -> AppResult<Vec<Package>> {
    let lines = package_items::Entity::find()
        .filter(package_items::Column::PackageId.is_in(rows.iter().map(|row| row.id)))
        .order_by_asc(package_items::Column::OrderIndex)
        .all(conn)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let items = lines.iter().filter(|line| line.package_id == row.id).cloned().collect();
            Package { row, items }
        })
        .collect())
}

/// The packages a clinic sells at present, by name, with their lines: what everybody may read, in two statements.
pub async fn public(conn: &impl ConnectionTrait, provider: ProviderId) -> AppResult<Vec<Package>> {
    let rows = packages::Entity::find()
        .filter(packages::Column::ProviderId.eq(provider))
        .filter(packages::Column::Status.eq(PackageStatus::Active))
        .filter(packages::Column::DeletedAt.is_null())
        .order_by_asc(packages::Column::PackageName)
        .all(conn)
        .await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    with_items(conn, rows).await
}

/// A page of packages: a clinic sees its own, staff see all or one clinic's.
pub async fn list(
    app: &App,
    actor: &Actor,
    provider: Option<ProviderId>,
    status: Option<PackageStatus>,
    page: PageQuery,
) -> AppResult<Page<Package>> {
    let page = page.checked()?;
    let mut query = packages::Entity::find().filter(packages::Column::DeletedAt.is_null());
    match scope(actor)? {
        Some(own) => query = query.filter(packages::Column::ProviderId.eq(own)),
        None => {
            if let Some(provider) = provider {
                query = query.filter(packages::Column::ProviderId.eq(provider));
            }
        }
    }
    if let Some(status) = status {
        query = query.filter(packages::Column::Status.eq(status));
    }
    let conn = app.db.conn();
    let total = query.clone().count(conn).await?;
    let rows = query
        .order_by_asc(packages::Column::PackageName)
        .order_by_asc(packages::Column::Id)
        .offset(page.offset())
        .limit(page.per_page)
        .all(conn)
        .await?;
    Ok(Page::new(with_items(conn, rows).await?, page, total))
}

/// One package; a foreign clinic's is 404.
pub async fn show(app: &App, actor: &Actor, id: PackageId) -> AppResult<Package> {
    let mut query = packages::Entity::find_by_id(id).filter(packages::Column::DeletedAt.is_null());
    if let Some(own) = scope(actor)? {
        query = query.filter(packages::Column::ProviderId.eq(own));
    }
    let row = query.one(app.db.conn()).await?.ok_or_else(AppError::not_found)?;
    with_items(app.db.conn(), vec![row]).await?.pop().ok_or_else(AppError::not_found)
}

/// The clinic whose packages may be read; `None` for staff, who read all.
fn scope(actor: &Actor) -> AppResult<Option<ProviderId>> {
    match actor.kind {
        ActorKind::Provider { provider, .. } => {
            actor.require(Permission::ManageTreatmentOffering)?;
            Ok(Some(provider))
        }
        _ => {
            actor.admin()?;
            actor.require(Permission::ViewProvider)?;
            Ok(None)
        }
    }
}

/// Makes a package of the asking clinic, active at once.
pub async fn create(app: &App, actor: &Actor, input: PackageInput) -> AppResult<Package> {
    let (_, provider) = actor.provider()?;
    actor.require(Permission::ManageTreatmentOffering)?;
    let draft = read(&input)?;
    let name = input.name.trim();
    platform::write_txn!(app.db, |txn| {
        let now = app.now();
        check_rate(txn, app, provider).await?;
        check_name(txn, provider, name, None).await?;
        let row = packages::ActiveModel {
            id: Set(PackageId::new()),
            provider_id: Set(provider),
            created_at: Set(now),
            updated_at: Set(now),
            ..draft.row.clone()
        };
        let row = row.insert(txn).await.map_err(refused_name)?;
        put_items(txn, app, row.id, &draft.items).await?;
        let entry = Entry::new("package.created").subject("Package", row.id).provider(provider);
        audit::record(txn, app, actor, entry).await?;
        with_items(txn, vec![row]).await?.pop().ok_or_else(AppError::not_found)
    })
}

fn name_taken() -> AppError {
    AppError::field("name", "name_taken", "Your clinic already has a package of this name.")
}

fn refused_name(error: sea_orm::DbErr) -> AppError {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => name_taken(),
        _ => error.into(),
    }
}

/// Refuses a name the clinic uses already, without regard to case, which the unique key of one of the engines does not
/// do (R-IQ-72).
async fn check_name(
    conn: &impl ConnectionTrait,
    provider: ProviderId,
    name: &str,
    own: Option<PackageId>,
) -> AppResult<()> {
    let same_name = Expr::expr(Func::lower(Expr::col(packages::Column::PackageName)));
    let mut query = packages::Entity::find()
        .filter(packages::Column::ProviderId.eq(provider))
        .filter(packages::Column::DeletedAt.is_null())
        .filter(same_name.eq(name.to_lowercase()));
    if let Some(own) = own {
        query = query.filter(packages::Column::Id.ne(own));
    }
    if query.count(conn).await? > 0 { Err(name_taken()) } else { Ok(()) }
}

/// Writes the lines of a package anew.
async fn put_items(txn: &Txn, app: &App, id: PackageId, items: &[package_items::ActiveModel]) -> AppResult<()> {
    let now = app.now();
    package_items::Entity::delete_many().filter(package_items::Column::PackageId.eq(id)).exec(txn).await?;
    let lines = items.iter().cloned().map(|line| package_items::ActiveModel {
        id: Set(PackageItemId::new()),
        package_id: Set(id),
        created_at: Set(now),
        updated_at: Set(now),
        ..line
    });
    if !items.is_empty() {
        package_items::Entity::insert_many(lines).exec(txn).await?;
    }
    Ok(())
}

/// The asking clinic's package with its row locked; a foreign one is 404.
pub(crate) async fn lock_own(txn: &Txn, provider: ProviderId, id: PackageId) -> AppResult<packages::Model> {
    packages::Entity::find_by_id(id)
        .filter(packages::Column::ProviderId.eq(provider))
        .filter(packages::Column::DeletedAt.is_null())
        .lock_exclusive()
        .one(txn)
        .await?
        .ok_or_else(AppError::not_found)
}

/// Changes a package of the asking clinic, its lines included. Quotes that were sent keep what they said (R-IQ-37).
///
/// Errors: 403, 404, 409 `stale_version` (R-IQ-73), 422 with every field at fault.
pub async fn edit(app: &App, actor: &Actor, id: PackageId, input: PackageInput) -> AppResult<Package> {
    let (_, provider) = actor.provider()?;
    actor.require(Permission::ManageTreatmentOffering)?;
    // Somebody else's package is not there, whatever is sent for it.
    show(app, actor, id).await?;
    let draft = read(&input)?;
    let name = input.name.trim();
    platform::write_txn!(app.db, |txn| {
        let before = lock_own(txn, provider, id).await?;
        if input.version != Some(before.version) {
            return Err(AppError::stale_version());
        }
        check_name(txn, provider, name, Some(id)).await?;
        let change = packages::ActiveModel {
            id: Set(id),
            status: Set(before.status),
            version: Set(before.version + 1),
            updated_at: Set(app.now()),
            ..draft.row.clone()
        };
        let row = change.update(txn).await.map_err(refused_name)?;
        put_items(txn, app, id, &draft.items).await?;
        let price = |row: &packages::Model| json!({ "name": row.package_name, "price": row.package_price });
        let entry = Entry::new("package.changed")
            .subject("Package", id)
            .provider(provider)
            .change(Some(price(&before)), Some(price(&row)));
        audit::record(txn, app, actor, entry).await?;
        with_items(txn, vec![row]).await?.pop().ok_or_else(AppError::not_found)
    })
}

/// Takes a package out of what can be put into quotes, or back into it. Asking twice changes nothing; quotes that were
/// sent keep it.
///
/// Errors: 403, 404.
pub async fn switch(app: &App, actor: &Actor, id: PackageId, to: PackageStatus) -> AppResult<Package> {
    let (_, provider) = actor.provider()?;
    actor.require(Permission::ManageTreatmentOffering)?;
    platform::write_txn!(app.db, |txn| {
        let before = lock_own(txn, provider, id).await?;
        if before.status == to {
            return with_items(txn, vec![before]).await?.pop().ok_or_else(AppError::not_found);
        }
        let change = packages::ActiveModel {
            id: Set(id),
            status: Set(to),
            version: Set(before.version + 1),
            updated_at: Set(app.now()),
            ..Default::default()
        };
        let row = change.update(txn).await?;
        let action = if to == PackageStatus::Active { "package.activated" } else { "package.deactivated" };
        audit::record(txn, app, actor, Entry::new(action).subject("Package", id).provider(provider)).await?;
        with_items(txn, vec![row]).await?.pop().ok_or_else(AppError::not_found)
    })
}

/// A name for a copy: " (Copy)", then " (Copy 2)" and so on, within 100 characters (R-IQ-72).
fn copy_name(name: &str, turn: u32) -> String {
    let ending = if turn == 1 { " (Copy)".to_owned() } else { format!(" (Copy {turn})") };
    let room = 100usize.saturating_sub(ending.chars().count());
    let kept: String = name.chars().take(room).collect();
    format!("{}{ending}", kept.trim_end())
}

/// Makes another package like one of the asking clinic's, inactive until somebody looked at it.
///
/// Errors: 403, 404, 429 `rate_limited`.
pub async fn clone(app: &App, actor: &Actor, id: PackageId) -> AppResult<Package> {
    let (_, provider) = actor.provider()?;
    actor.require(Permission::ManageTreatmentOffering)?;
    platform::write_txn!(app.db, |txn| {
        let before = lock_own(txn, provider, id).await?;
        check_rate(txn, app, provider).await?;
        let mut turn = 1;
        let name = loop {
            let name = copy_name(&before.package_name, turn);
            match check_name(txn, provider, &name, None).await {
                Ok(()) => break name,
                Err(error) if error.db_error().is_some() => return Err(error),
                Err(_) => turn += 1,
            }
        };
        let lines = with_items(txn, vec![before.clone()]).await?.pop().map(|package| package.items).unwrap_or_default();
        let now = app.now();
        let row = packages::ActiveModel {
            id: Set(PackageId::new()),
            package_name: Set(name),
            status: Set(PackageStatus::Inactive),
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
            ..packages::ActiveModel::from(before).reset_all()
        };
        let row = row.insert(txn).await.map_err(refused_name)?;
        let lines: Vec<_> = lines.into_iter().map(|line| package_items::ActiveModel::from(line).reset_all()).collect();
        put_items(txn, app, row.id, &lines).await?;
        let entry = Entry::new("package.cloned").subject("Package", row.id).provider(provider);
        audit::record(txn, app, actor, entry).await?;
        with_items(txn, vec![row]).await?.pop().ok_or_else(AppError::not_found)
    })
}

/// Refuses the 51st new package of an hour (R-IQ-73).
async fn check_rate(txn: &Txn, app: &App, provider: ProviderId) -> AppResult<()> {
    let recent = packages::Entity::find()
        .filter(packages::Column::ProviderId.eq(provider))
        .filter(packages::Column::CreatedAt.gt(app.now() - chrono::Duration::hours(1)))
        .count(txn)
        .await?;
    if recent >= NEW_PER_HOUR {
        return Err(AppError::too_many("rate_limited", "Too many new packages. Try again in an hour.", 3600));
    }
    Ok(())
}

/// Rows checked and ready but for their ids and times.
struct Draft {
    row: packages::ActiveModel,
    items: Vec<package_items::ActiveModel>,
}

fn read(input: &PackageInput) -> AppResult<Draft> {
    let mut errors = FieldErrors::new();
    let name = input.name.trim();
    if name.is_empty() || name.chars().count() > 100 {
        errors.add("name", "length_out_of_range", "Give it a name of at most 100 characters.");
    }
    let limits =
        [("description", &input.description, 2000), ("duration", &input.duration, 50), ("terms", &input.terms, 1000)];
    for (field, text, most) in limits {
        if text.as_deref().is_some_and(|text| text.chars().count() > most) {
            errors.add(field, "length_out_of_range", format!("At most {most} characters."));
        }
    }
    let kind = category(&input.category);
    if kind.is_none() {
        errors.add("category", "unknown_value", "This is none of the known categories.");
    }
    let price = input.price.read("price", &mut errors);
    if price.is_some_and(|price| !price.amount.is_positive()) {
        errors.add("price.amount", "invalid_amount", "The price must be above zero.");
    }
    if input.items.len() > MOST_ITEMS {
        errors.add("items", "too_many_items", "At most 50 lines.");
    }
    let mut items = Vec::new();
    for (index, item) in input.items.iter().enumerate() {
        let line = item_row(item, &format!("items.{index}"), &mut errors);
        items.push(package_items::ActiveModel { order_index: Set(i32::try_from(index).unwrap_or_default()), ..line });
    }
    let (Some(kind), Some(price)) = (kind, price) else { return Err(AppError::fields(errors)) };
    errors.check()?;
    let row = packages::ActiveModel {
        package_name: Set(name.to_owned()),
        package_price: Set(price.amount),
        currency: Set(price.currency),
        package_description: Set(input.description.clone()),
        package_category: Set(kind),
        status: Set(PackageStatus::Active),
        duration: Set(input.duration.clone()),
        terms: Set(input.terms.clone()),
        version: Set(1),
        deleted_at: Set(None),
        ..Default::default()
    };
    Ok(Draft { row, items })
}

/// The columns of a line; what is wrong is noted at `field`.
fn item_row(item: &PackageItemInput, field: &str, errors: &mut FieldErrors) -> package_items::ActiveModel {
    let blank = |text: &str| text.trim().is_empty() || text.chars().count() > 255;
    if blank(&item.name) || blank(&item.value) {
        errors.add(field, "length_out_of_range", "Name and content need 1 to 255 characters.");
    }
    let shown = item.price.as_ref().and_then(|price| price.read(&format!("{field}.price"), errors));
    package_items::ActiveModel {
        item_name: Set(item.name.trim().to_owned()),
        item_value: Set(item.value.trim().to_owned()),
        item_price: Set(shown.map(|money| money.amount).unwrap_or_default()),
        ..Default::default()
    }
}

/// One line on its own; 422 with what is wrong.
pub(crate) fn read_item(item: &PackageItemInput) -> AppResult<package_items::ActiveModel> {
    let mut errors = FieldErrors::new();
    let row = item_row(item, "item", &mut errors);
    errors.check()?;
    Ok(row)
}

/// One version more of a package whose parts changed.
pub(crate) async fn bump(txn: &Txn, app: &App, before: &packages::Model) -> AppResult<()> {
    let change = packages::ActiveModel {
        id: Set(before.id),
        version: Set(before.version + 1),
        updated_at: Set(app.now()),
        ..Default::default()
    };
    change.update(txn).await?;
    Ok(())
}
