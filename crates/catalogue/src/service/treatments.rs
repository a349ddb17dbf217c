//! Keeping the treatment catalogue: only staff make, change, end and reopen treatments (R-IQ-70, R-IQ-73).

use chrono::Duration;
use kernel::ids::{ProviderId, TreatmentId, TreatmentIncludeId, UserId};
use kernel::{Actor, AppError, AppResult, FieldErrors, Permission};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::files::{self, Prepared, Purpose, Upload};
use platform::outbox::{self, Event};
use platform::web::UploadedFile;
use rust_decimal::Decimal;
use sea_orm::sea_query::{Expr, ExprTrait, Func};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    Set, SqlErr,
};
use serde::Deserialize;
use serde_json::json;

use super::checks;
use crate::entity::provider_treatment_pricing::{self as pricing, ProviderTreatmentPricingStatus};
use crate::entity::treatment_includes::{self, TreatmentIncludeStatus};
use crate::entity::treatments::{self as rows, TreatmentStatus, TreatmentType};
use crate::projection::quotes;

/// How many treatments one member of staff may make in one hour (R-IQ-73).
const NEW_PER_HOUR: u64 = 10;
/// What files of a treatment belong to.
pub(crate) const OWNER: &str = "Treatment";

/// A treatment as it is entered. In a change, what is left out stays.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TreatmentInput {
    /// At most 100 characters, unique without regard to case.
    #[schema(example = "FUE hair transplant")]
    pub name: Option<String>,
    /// Its technique.
    #[serde(rename = "type")]
    pub kind: Option<TreatmentType>,
    /// At most 5000 characters.
    pub description: Option<String>,
    /// How it is done, for clinics and staff; at most 5000 characters.
    pub technique_specifications: Option<String>,
    /// At most 50 characters.
    #[schema(example = "10 days")]
    pub recovery_time: Option<String>,
    /// 0.5 to 12 in steps of a tenth; the length of a slot when nothing else is said.
    #[schema(example = "8.0", value_type = Option<String>)]
    pub duration_hours: Option<Decimal>,
}

struct Texts {
    name: String,
    kind: TreatmentType,
    description: String,
    technique_specifications: Option<String>,
    recovery_time: Option<String>,
    duration_hours: Option<Decimal>,
}

fn keeper(actor: &Actor) -> AppResult<UserId> {
    let user = actor.admin()?;
    actor.require(Permission::ManageTreatmentCatalog)?;
    Ok(user)
}

fn checked(input: &TreatmentInput, before: Option<&rows::Model>) -> AppResult<Texts> {
    let mut errors = FieldErrors::new();
    let or = |given: &Option<String>, kept: Option<String>| given.clone().or(kept).unwrap_or_default();
    let name = or(&input.name, before.map(|row| row.treatment_name.clone()));
    let description = or(&input.description, before.map(|row| row.treatment_description.clone()));
    let technique = or(&input.technique_specifications, before.and_then(|row| row.technique_specifications.clone()));
    let recovery = or(&input.recovery_time, before.and_then(|row| row.recovery_time.clone()));
    let hours = input.duration_hours.or(before.and_then(|row| row.duration_hours));
    let texts = Texts {
        name: checks::text(&mut errors, "name", &name, 1, 100),
        kind: input.kind.or(before.map(|row| row.treatment_type)).unwrap_or(TreatmentType::Other),
        description: checks::text(&mut errors, "description", &description, 1, 5000),
        technique_specifications: checks::maybe_text(&mut errors, "technique_specifications", Some(&technique), 5000),
        recovery_time: checks::maybe_text(&mut errors, "recovery_time", Some(&recovery), 50),
        duration_hours: hours,
    };
    if input.kind.is_none() && before.is_none() {
        errors.add("type", "required", "Choose a technique.");
    }
    let fits =
        |hours: Decimal| (Decimal::new(5, 1)..=Decimal::from(12)).contains(&hours) && hours.normalize().scale() <= 1;
    if hours.is_some_and(|hours| !fits(hours)) {
        errors.add("duration_hours", "out_of_range", "Between half an hour and 12 hours.");
    }
    errors.check()?;
    Ok(texts)
}

/// Refuses a name another treatment has, without regard to case: one of the engines' unique keys does regard it.
async fn check_name(conn: &impl ConnectionTrait, name: &str, own: Option<TreatmentId>) -> AppResult<()> {
    let same = Expr::expr(Func::lower(Expr::col(rows::Column::TreatmentName))).eq(name.to_lowercase());
    let mut query = rows::Entity::find().filter(same);
    if let Some(own) = own {
        query = query.filter(rows::Column::Id.ne(own));
    }
    if query.count(conn).await? > 0 { Err(name_taken()) } else { Ok(()) }
}

fn name_taken() -> AppError {
    AppError::field("name", "name_taken", "The catalogue has a treatment of this name already.")
}

fn refused_name(error: sea_orm::DbErr) -> AppError {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => name_taken(),
        _ => error.into(),
    }
}

/// Adds a treatment, active at once, with the picture every treatment needs (R-IQ-70).
///
/// Errors: 403 without `manage_treatment_catalog`; 422 with every field at fault, `name_taken` and what is wrong with
/// the picture among them; 429 `rate_limited` beyond ten in an hour.
pub async fn create(
    app: &App,
    actor: &Actor,
    input: TreatmentInput,
    thumbnail: Option<UploadedFile>,
) -> AppResult<TreatmentId> {
    let user = keeper(actor)?;
    let texts = checked(&input, None)?;
    check_name(app.db.conn(), &texts.name, None).await?;
    let thumbnail = thumbnail.ok_or_else(|| AppError::field("thumbnail", "required", "Choose a picture."))?;
    let id = TreatmentId::new();
    let prepared = prepare(app, id, thumbnail, Purpose::CataloguePicture, "thumbnail").await?;
    platform::write_txn!(app.db, |txn| {
        let now = app.now();
        let recent = rows::Entity::find()
            .filter(rows::Column::UserId.eq(user))
            .filter(rows::Column::CreatedAt.gt(now - Duration::hours(1)))
            .count(txn)
            .await?;
        if recent >= NEW_PER_HOUR {
            return Err(AppError::too_many("rate_limited", "Too many new treatments. Try again in an hour.", 3600));
        }
        check_name(txn, &texts.name, None).await?;
        let stored = prepared.record(txn, app, actor).await?;
        rows::ActiveModel {
            id: Set(id),
            user_id: Set(user),
            treatment_name: Set(texts.name.clone()),
            treatment_type: Set(texts.kind),
            treatment_description: Set(texts.description.clone()),
            thumbnail: Set(stored.file.id.to_string()),
            video: Set(None),
            status: Set(TreatmentStatus::Active),
            ended_at: Set(None),
            created_at: Set(now),
            updated_at: Set(now),
            technique_specifications: Set(texts.technique_specifications.clone()),
            recovery_time: Set(texts.recovery_time.clone()),
            duration_hours: Set(texts.duration_hours),
            version: Set(1),
        }
        .insert(txn)
        .await
        .map_err(refused_name)?;
        let entry = Entry::new("treatment.created")
            .subject(OWNER, id)
            .change(None, Some(json!({ "name": texts.name, "type": texts.kind })));
        audit::record(txn, app, actor, entry).await?;
        tell(txn, app, actor, id, &texts.name, 1, "created").await?;
        Ok(id)
    })
}

/// Checks a file of a treatment and lays its bytes down; its faults stand beside the field.
pub(super) async fn prepare(
    app: &App,
    id: TreatmentId,
    file: UploadedFile,
    purpose: Purpose,
    field: &str,
) -> AppResult<Prepared> {
    let upload =
        Upload { purpose, owner_type: OWNER, owner_id: id.any(), file_name: file.file_name, bytes: file.bytes };
    files::prepare(app, upload).await.map_err(|error| error.on_field(field))
}

/// Clinics are told: of a new treatment all, of a changed one those that offer it.
pub(super) async fn tell(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    id: TreatmentId,
    name: &str,
    version: i32,
    change: &str,
) -> AppResult<()> {
    let event = Event::new("catalog.treatment_changed", OWNER, id)
        .occurrence(version)
        .with("treatment_id", id)
        .with("name", name)
        .with("change", change);
    outbox::emit(txn, app, actor, event).await
}

/// The treatment with its row locked, when it is the version that was seen; else 404 or 409 `stale_version`.
pub(super) async fn lock(txn: &Txn, id: TreatmentId, version: i32) -> AppResult<rows::Model> {
    let row = rows::Entity::find_by_id(id).lock_exclusive().one(txn).await?.ok_or_else(AppError::not_found)?;
    if row.version == version { Ok(row) } else { Err(AppError::stale_version()) }
}

/// One version more, with the columns that change.
pub(super) async fn save(txn: &Txn, app: &App, before: &rows::Model, change: rows::ActiveModel) -> AppResult<()> {
    let change = rows::ActiveModel { version: Set(before.version + 1), updated_at: Set(app.now()), ..change };
    let saved = rows::Entity::update_many()
        .set(change)
        .filter(rows::Column::Id.eq(before.id))
        .filter(rows::Column::Version.eq(before.version))
        .exec(txn)
        .await
        .map_err(refused_name)?;
    if saved.rows_affected == 0 { Err(AppError::stale_version()) } else { Ok(()) }
}

/// Changes what a treatment says. Quotes that were sent keep what they said (R-IQ-37); saying the same again changes
/// nothing.
///
/// Errors: 403, 404, 409 `stale_version`, 422.
pub async fn change(app: &App, actor: &Actor, id: TreatmentId, version: i32, input: TreatmentInput) -> AppResult<()> {
    keeper(actor)?;
    platform::write_txn!(app.db, |txn| {
        let before = rows::Entity::find_by_id(id).lock_exclusive().one(txn).await?.ok_or_else(AppError::not_found)?;
        let texts = checked(&input, Some(&before))?;
        let same = before.treatment_name == texts.name
            && before.treatment_type == texts.kind
            && before.treatment_description == texts.description
            && before.technique_specifications == texts.technique_specifications
            && before.recovery_time == texts.recovery_time
            && before.duration_hours == texts.duration_hours;
        if same {
            return Ok(());
        }
        if before.version != version {
            return Err(AppError::stale_version());
        }
        check_name(txn, &texts.name, Some(id)).await?;
        let change = rows::ActiveModel {
            treatment_name: Set(texts.name.clone()),
            treatment_type: Set(texts.kind),
            treatment_description: Set(texts.description.clone()),
            technique_specifications: Set(texts.technique_specifications.clone()),
            recovery_time: Set(texts.recovery_time.clone()),
            duration_hours: Set(texts.duration_hours),
            ..Default::default()
        };
        save(txn, app, &before, change).await?;
        let was = json!({ "name": before.treatment_name, "type": before.treatment_type,
            "description": before.treatment_description, "duration_hours": before.duration_hours });
        let is = json!({ "name": texts.name, "type": texts.kind, "description": texts.description,
            "duration_hours": texts.duration_hours });
        let entry = Entry::new("treatment.changed").subject(OWNER, id).change(Some(was), Some(is));
        audit::record(txn, app, actor, entry).await?;
        tell(txn, app, actor, id, &texts.name, before.version + 1, "updated").await
    })
}

/// What ending a treatment would touch: the warning before it (R-IQ-70).
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Reach {
    /// How many clinics offer it.
    #[schema(example = 14)]
    pub clinics: u64,
    /// How many sent quotes with it wait for an answer; they stay as they are.
    #[schema(example = 3)]
    pub live_quotes: u64,
}

/// Counts what a treatment touches, in two statements.
pub async fn reach(app: &App, actor: &Actor, id: TreatmentId) -> AppResult<Reach> {
    keeper(actor)?;
    let conn = app.db.conn();
    let clinics = pricing::Entity::find()
        .filter(pricing::Column::TreatmentId.eq(id))
        .filter(pricing::Column::Status.eq(ProviderTreatmentPricingStatus::Offered))
        .count(conn)
        .await?;
    let live_quotes = quotes::Entity::find()
        .filter(quotes::Column::TreatmentId.eq(id))
        .filter(quotes::Column::Status.eq("quote"))
        .filter(quotes::Column::DeletedAt.is_null())
        .filter(quotes::Column::ExpiresAt.gt(app.now()))
        .count(conn)
        .await?;
    Ok(Reach { clinics, live_quotes })
}

/// The clinics that offer a treatment at present: who is told when it changes.
pub async fn offering(conn: &impl ConnectionTrait, id: TreatmentId) -> AppResult<Vec<ProviderId>> {
    Ok(pricing::Entity::find()
        .select_only()
        .column(pricing::Column::ProviderId)
        .filter(pricing::Column::TreatmentId.eq(id))
        .filter(pricing::Column::Status.eq(ProviderTreatmentPricingStatus::Offered))
        .order_by_asc(pricing::Column::ProviderId)
        .into_tuple()
        .all(conn)
        .await?)
}

/// Ends a treatment (it can no longer be put into quotes) or opens it again. Asking twice changes nothing.
///
/// Errors: 403, 404, 409 `stale_version`.
pub async fn switch(app: &App, actor: &Actor, id: TreatmentId, version: i32, to: TreatmentStatus) -> AppResult<()> {
    keeper(actor)?;
    platform::write_txn!(app.db, |txn| {
        let before = rows::Entity::find_by_id(id).lock_exclusive().one(txn).await?.ok_or_else(AppError::not_found)?;
        if before.status == to {
            return Ok(());
        }
        if before.version != version {
            return Err(AppError::stale_version());
        }
        let (ended, action, change) = match to {
            TreatmentStatus::Active => (None, "treatment.activated", "activated"),
            TreatmentStatus::Inactive => (Some(app.now()), "treatment.deactivated", "deactivated"),
        };
        let columns = rows::ActiveModel { status: Set(to), ended_at: Set(ended), ..Default::default() };
        save(txn, app, &before, columns).await?;
        audit::record(txn, app, actor, Entry::new(action).subject(OWNER, id)).await?;
        tell(txn, app, actor, id, &before.treatment_name, before.version + 1, change).await
    })
}

/// Something that is always part of a treatment, as it is entered.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IncludeInput {
    /// At most 255 characters.
    #[schema(example = "Local anaesthesia")]
    pub name: String,
    /// At most 2000 characters.
    pub description: Option<String>,
    /// Its place; behind all others when left out.
    pub order: Option<i32>,
    /// The version of the treatment that was seen.
    pub version: i32,
}

/// Adds (`which` is `None`) or changes what is always part of a treatment.
///
/// Errors: 403, 404, 409 `stale_version`, 422.
pub async fn put_include(
    app: &App,
    actor: &Actor,
    id: TreatmentId,
    which: Option<TreatmentIncludeId>,
    input: IncludeInput,
) -> AppResult<TreatmentIncludeId> {
    keeper(actor)?;
    let mut errors = FieldErrors::new();
    let name = checks::text(&mut errors, "name", &input.name, 1, 255);
    let description = checks::maybe_text(&mut errors, "description", input.description.as_deref(), 2000);
    errors.check()?;
    platform::write_txn!(app.db, |txn| {
        let before = lock(txn, id, input.version).await?;
        let now = app.now();
        let present = present_includes(txn, id).await?;
        let behind = present.iter().map(|row| row.order_index + 1).max().unwrap_or_default();
        let include = match which {
            None => {
                let include = TreatmentIncludeId::new();
                treatment_includes::ActiveModel {
                    id: Set(include),
                    treatment_id: Set(id),
                    include_name: Set(name.clone()),
                    include_description: Set(description.clone()),
                    order_index: Set(input.order.unwrap_or(behind)),
                    status: Set(TreatmentIncludeStatus::Active),
                    created_at: Set(now),
                    updated_at: Set(now),
                }
                .insert(txn)
                .await?;
                include
            }
            Some(include) => {
                let row = present.iter().find(|row| row.id == include).ok_or_else(AppError::not_found)?;
                treatment_includes::ActiveModel {
                    id: Set(include),
                    include_name: Set(name.clone()),
                    include_description: Set(description.clone()),
                    order_index: Set(input.order.unwrap_or(row.order_index)),
                    updated_at: Set(now),
                    ..Default::default()
                }
                .update(txn)
                .await?;
                include
            }
        };
        includes_changed(txn, app, actor, &before).await?;
        Ok(include)
    })
}

async fn present_includes(txn: &Txn, id: TreatmentId) -> AppResult<Vec<treatment_includes::Model>> {
    crate::treatments::includes(txn, &[id]).await
}

async fn includes_changed(txn: &Txn, app: &App, actor: &Actor, before: &rows::Model) -> AppResult<()> {
    save(txn, app, before, rows::ActiveModel { ..Default::default() }).await?;
    let entry = Entry::new("treatment.includes_changed").subject(OWNER, before.id);
    audit::record(txn, app, actor, entry).await?;
    tell(txn, app, actor, before.id, &before.treatment_name, before.version + 1, "updated").await
}

/// Takes something out of what is always part of a treatment; the row stays, inactive. Asking twice changes nothing.
///
/// Errors: 403, 404.
pub async fn remove_include(app: &App, actor: &Actor, id: TreatmentId, include: TreatmentIncludeId) -> AppResult<()> {
    keeper(actor)?;
    platform::write_txn!(app.db, |txn| {
        let before = rows::Entity::find_by_id(id).lock_exclusive().one(txn).await?.ok_or_else(AppError::not_found)?;
        let row = treatment_includes::Entity::find_by_id(include)
            .filter(treatment_includes::Column::TreatmentId.eq(id))
            .one(txn)
            .await?
            .ok_or_else(AppError::not_found)?;
        if row.status == TreatmentIncludeStatus::Inactive {
            return Ok(());
        }
        treatment_includes::ActiveModel {
            id: Set(include),
            status: Set(TreatmentIncludeStatus::Inactive),
            updated_at: Set(app.now()),
            ..Default::default()
        }
        .update(txn)
        .await?;
        includes_changed(txn, app, actor, &before).await
    })
}
