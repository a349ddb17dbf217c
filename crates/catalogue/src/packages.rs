//! The add-ons a clinic sells with its treatments (R-IQ-72).

use kernel::ids::{PackageId, PackageItemId, ProviderId};
use kernel::{Actor, ActorKind, AppError, AppResult, FieldErrors, Page, PageQuery, Permission};
use platform::App;
use platform::audit::{self, Entry};
use sea_orm::sea_query::{Expr, ExprTrait, Func};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    Set, SqlErr,
};
use serde::Deserialize;

use crate::entity::package_items;
use crate::entity::packages::{self, PackageStatus};
use crate::money_input::MoneyInput;
use crate::rules::pricing::category;

/// How many packages a clinic may make in one hour (R-IQ-73).
const NEW_PER_HOUR: u64 = 50;

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
        let recent = packages::Entity::find()
            .filter(packages::Column::ProviderId.eq(provider))
            .filter(packages::Column::CreatedAt.gt(now - chrono::Duration::hours(1)))
            .count(txn)
            .await?;
        if recent >= NEW_PER_HOUR {
            return Err(AppError::too_many("rate_limited", "Too many new packages. Try again in an hour.", 3600));
        }
        // Asked without regard to case, which the unique key of one of the engines does not do (R-IQ-72).
        let same_name = Expr::expr(Func::lower(Expr::col(packages::Column::PackageName)));
        let taken = packages::Entity::find()
            .filter(packages::Column::ProviderId.eq(provider))
            .filter(packages::Column::DeletedAt.is_null())
            .filter(same_name.eq(name.to_lowercase()))
            .count(txn)
            .await?;
        if taken > 0 {
            return Err(name_taken());
        }
        let row = packages::ActiveModel {
            id: Set(PackageId::new()),
            provider_id: Set(provider),
            created_at: Set(now),
            updated_at: Set(now),
            ..draft.row.clone()
        };
        let row = row.insert(txn).await.map_err(|err| match err.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => name_taken(),
            _ => err.into(),
        })?;
        let lines = draft.items.iter().cloned().map(|line| package_items::ActiveModel {
            id: Set(PackageItemId::new()),
            package_id: Set(row.id),
            created_at: Set(now),
            updated_at: Set(now),
            ..line
        });
        if !draft.items.is_empty() {
            package_items::Entity::insert_many(lines).exec(txn).await?;
        }
        let entry = Entry::new("package.created").subject("Package", row.id).provider(provider);
        audit::record(txn, app, actor, entry).await?;
        with_items(txn, vec![row]).await?.pop().ok_or_else(AppError::not_found)
    })
}

fn name_taken() -> AppError {
    AppError::field("name", "name_taken", "Your clinic already has a package of this name.")
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
    if input.items.len() > 50 {
        errors.add("items", "too_many_items", "At most 50 lines.");
    }
    let mut items = Vec::new();
    for (index, item) in input.items.iter().enumerate() {
        let blank = |text: &str| text.trim().is_empty() || text.chars().count() > 255;
        if blank(&item.name) || blank(&item.value) {
            errors.add(format!("items.{index}"), "length_out_of_range", "Name and content need 1 to 255 characters.");
        }
        let shown = item.price.as_ref().and_then(|price| price.read(&format!("items.{index}.price"), &mut errors));
        items.push(package_items::ActiveModel {
            item_name: Set(item.name.trim().to_owned()),
            item_value: Set(item.value.trim().to_owned()),
            item_price: Set(shown.map(|money| money.amount).unwrap_or_default()),
            order_index: Set(i32::try_from(index).unwrap_or_default()),
            ..Default::default()
        });
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
