//! A copy of one's own data (R-MG-83): asked for, made in the background, fetched at most three times within two days.
//!
//! The copy is a ZIP whose files are encrypted with a key that is shown once, when the copy is asked for. Until the copy is
//! made the key lies sealed in the row; afterwards only its fingerprint is left.

use std::io::{Cursor, Write};

use chrono::{DateTime, Duration, Utc};
use identity::entity::account_states::AccountState;
use identity::entity::data_bundles::{self as rows, DataBundleRequestedByType, DataBundleStatus as Status};
use identity::entity::patients;
use identity::reauth::require_fresh;
use identity::service::patient_rows;
use kernel::ids::{DataBundleId, PatientId};
use kernel::{Actor, AppError, AppResult, ErrorKind, FieldErrors, Permission, Sealed};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::jobs::{self, Enqueue};
use platform::outbox::{self, Event};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use serde::Serialize;
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{AesMode, CompressionMethod, ZipWriter};

use super::contents::{self, Part};
use crate::upkeep::BUNDLE;

/// How often.
const DOWNLOADS: i16 = 3;
/// How long one must wait for the next copy.
const PAUSE: Duration = Duration::hours(24);

/// A copy as its patient sees it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct OwnBundle {
    /// The copy.
    pub id: DataBundleId,
    /// Where it stands.
    pub status: Status,
    /// When it was asked for.
    pub requested_at: DateTime<Utc>,
    /// Until when it can be fetched.
    pub expires_at: Option<DateTime<Utc>>,
    /// How often it still can be.
    pub downloads_left: i16,
}

impl OwnBundle {
    fn of(row: &rows::Model) -> Self {
        Self {
            id: row.id,
            status: row.status,
            requested_at: row.created_at,
            expires_at: row.link_expires_at,
            downloads_left: Ord::max(DOWNLOADS - row.downloads, 0),
        }
    }
}

/// A copy that was just asked for, with its key.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct NewBundle {
    /// The copy.
    pub bundle: OwnBundle,
    /// Opens the ZIP. Shown this once; absent when a copy was under way already.
    pub key: Option<String>,
}

fn is_open(row: &rows::Model, app: &App) -> bool {
    match row.status {
        Status::Requested | Status::Building => true,
        Status::Ready | Status::Downloaded => {
            row.downloads < DOWNLOADS && row.link_expires_at.is_some_and(|end| end > app.now())
        }
        Status::Expired | Status::Failed | Status::Refused => false,
    }
}

async fn newest(conn: &impl ConnectionTrait, patient: PatientId) -> AppResult<Option<rows::Model>> {
    Ok(rows::Entity::find()
        .filter(rows::Column::PatientId.eq(patient))
        .order_by_desc(rows::Column::CreatedAt)
        .order_by_desc(rows::Column::Id)
        .one(conn)
        .await?)
}

/// The patient's newest copy.
pub async fn own(app: &App, actor: &Actor) -> AppResult<Option<OwnBundle>> {
    Ok(newest(app.db.conn(), actor.patient()?).await?.as_ref().map(OwnBundle::of))
}

/// A patient's code and newest copy, for those who answer requests about data: two statements.
///
/// Errors: 403 without `manage_deletion_request`; 404.
pub async fn of_patient(app: &App, actor: &Actor, id: PatientId) -> AppResult<(String, Option<OwnBundle>)> {
    actor.admin()?;
    actor.require(Permission::ManageDeletionRequest)?;
    let conn = app.db.conn();
    let row = patients::Entity::find_by_id(id).one(conn).await?.ok_or_else(AppError::not_found)?;
    let copy = newest(conn, id).await?.as_ref().map(OwnBundle::of);
    Ok((row.patient_code.unwrap_or_default(), copy))
}

/// Asks for a copy. While one is under way or can be fetched, asking again answers that one, without its key.
///
/// Errors: 403 `reauth_required`; 429 `bundle_too_often` for a second one within a day.
pub async fn request(app: &App, actor: &Actor) -> AppResult<NewBundle> {
    let patient = actor.patient()?;
    platform::write_txn!(app.db, |txn| { begin(txn, app, actor, patient, None).await })
}

/// Asks for a copy in the name of a patient who wrote to us and proved who they are (R-MG-83). The key is told to the
/// patient by another way than the link.
///
/// Errors: 403 without `manage_deletion_request`, `reauth_required`; 404; 409 `patient_erased`; 422 for a reason outside 20
/// to 500 characters; 429 `bundle_too_often`.
pub async fn request_for(app: &App, actor: &Actor, patient: PatientId, reason: &str) -> AppResult<NewBundle> {
    actor.admin()?;
    actor.require(Permission::ManageDeletionRequest)?;
    let mut errors = FieldErrors::new();
    let reason = identity::rules::fields::reason(&mut errors, "reason", reason);
    errors.check()?;
    platform::write_txn!(app.db, |txn| { begin(txn, app, actor, patient, Some(&reason)).await })
}

async fn begin(txn: &Txn, app: &App, actor: &Actor, patient: PatientId, reason: Option<&str>) -> AppResult<NewBundle> {
    let now = app.now();
    require_fresh(txn, app, actor).await?;
    let (_, state) = patient_rows::lock(txn, patient).await?;
    if matches!(state.state, AccountState::Anonymised | AccountState::Expired) {
        return Err(AppError::conflict("patient_erased", "This patient was erased: there is nothing to copy."));
    }
    if let Some(row) = newest(txn, patient).await? {
        if is_open(&row, app) {
            return Ok(NewBundle { bundle: OwnBundle::of(&row), key: None });
        }
        let wait = (row.created_at + PAUSE - now).num_seconds();
        if row.status != Status::Failed && wait > 0 {
            let wait = u64::try_from(wait).unwrap_or(1);
            return Err(AppError::too_many("bundle_too_often", "One copy a day can be made.", wait));
        }
    }
    let key = app.random.hex(16);
    let staff = actor.admin().ok();
    let row = rows::ActiveModel {
        id: Set(DataBundleId::new()),
        patient_id: Set(patient),
        requested_by_type: Set(match staff {
            Some(_) => DataBundleRequestedByType::User,
            None => DataBundleRequestedByType::Patient,
        }),
        requested_by_id: Set(staff.map_or(patient.any(), |staff| staff.any())),
        status: Set(Status::Requested),
        manifest_sha256: Set(None),
        file_path: Set(Some(app.keys.seal(&key).ciphertext().to_owned())),
        key_hash: Set(Some(hex::encode(Sha256::digest(&key)))),
        downloads: Set(0),
        ready_at: Set(None),
        link_expires_at: Set(None),
        failure_reason: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
    }
    .insert(txn)
    .await?;
    jobs::enqueue(txn, app, BUNDLE, json!({ "bundle_id": row.id }), Enqueue::default()).await?;
    let mut entry = Entry::new("privacy.bundle_requested").subject("DataBundle", row.id).patient(patient);
    if let Some(reason) = reason {
        entry = entry.reason(reason);
    }
    audit::record(txn, app, actor, entry).await?;
    Ok(NewBundle { bundle: OwnBundle::of(&row), key: Some(key) })
}

/// Makes the copy. Runs again after a crash without harm: the row says whether it is done.
pub async fn build(app: &App, id: DataBundleId) -> AppResult<()> {
    let Some(row) = rows::Entity::find_by_id(id).one(app.db.conn()).await? else { return Ok(()) };
    if !matches!(row.status, Status::Requested | Status::Building) {
        return Ok(());
    }
    let sealed = row.file_path.clone().ok_or_else(|| AppError::internal("a copy without its key"))?;
    let key: String = app.keys.open(&Sealed::from_ciphertext(sealed))?;
    let parts = contents::of(app, row.patient_id).await?;
    let now = app.now();
    let (bytes, manifest) =
        tokio::task::spawn_blocking(move || packed(parts, &key, now)).await.map_err(AppError::internal)??;
    let path = format!("bundles/{}.{id}", app.random.hex(32));
    app.files.put(&path, bytes.into()).await?;
    let system = Actor::system();
    let link = Duration::hours(platform::retention::BUNDLE_LINK_HOURS.get(app).await?);
    let kept = platform::write_txn!(app.db, |txn| {
        // Somebody erased meanwhile has no copy, and of two workers one is first.
        let made = rows::Entity::update_many()
            .col_expr(rows::Column::Status, Expr::value(Status::Ready))
            .col_expr(rows::Column::ManifestSha256, Expr::value(&manifest))
            .col_expr(rows::Column::FilePath, Expr::value(&path))
            .col_expr(rows::Column::ReadyAt, Expr::value(now))
            .col_expr(rows::Column::LinkExpiresAt, Expr::value(now + link))
            .col_expr(rows::Column::UpdatedAt, Expr::value(now))
            .filter(rows::Column::Id.eq(id))
            .filter(rows::Column::Status.is_in([Status::Requested, Status::Building]))
            .exec(txn)
            .await?;
        if made.rows_affected != 1 {
            return Ok(false);
        }
        let entry = Entry::new("privacy.bundle_ready").subject("DataBundle", id).patient(row.patient_id);
        audit::record(txn, app, &system, entry).await?;
        let event = Event::new("privacy.bundle_ready", "DataBundle", id).with("patient_id", row.patient_id);
        outbox::emit(txn, app, &system, event).await?;
        Ok(true)
    })?;
    if kept { Ok(()) } else { app.files.destroy(&path).await }
}

/// The files of a copy in an encrypted ZIP, and the fingerprint of their list.
fn packed(parts: Vec<Part>, key: &str, now: DateTime<Utc>) -> AppResult<(Vec<u8>, String)> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .with_aes_encryption(AesMode::Aes256, key);
    let mut listed = Vec::with_capacity(parts.len());
    for part in &parts {
        zip.start_file(&*part.name, options).map_err(AppError::internal)?;
        zip.write_all(&part.bytes).map_err(AppError::internal)?;
        listed.push(json!({ "name": part.name, "sha256": hex::encode(Sha256::digest(&part.bytes)) }));
    }
    let manifest = json!({ "format_version": 1, "generated_at": now, "files": listed });
    let text = serde_json::to_string_pretty(&manifest)?;
    zip.start_file("manifest.json", options).map_err(AppError::internal)?;
    zip.write_all(text.as_bytes()).map_err(AppError::internal)?;
    let bytes = zip.finish().map_err(AppError::internal)?.into_inner();
    Ok((bytes, hex::encode(Sha256::digest(text))))
}

/// Hands the copy over and counts it; the last time the object is destroyed soon after.
///
/// Errors: 403 `reauth_required`; 404 for a foreign one; 409 `bundle_not_ready`; 410 `bundle_expired`.
pub async fn download(app: &App, actor: &Actor, id: DataBundleId) -> AppResult<bytes::Bytes> {
    let patient = actor.patient()?;
    let row = platform::write_txn!(app.db, |txn| {
        require_fresh(txn, app, actor).await?;
        let row = rows::Entity::find_by_id(id).filter(rows::Column::PatientId.eq(patient)).one(txn).await?;
        let row = row.ok_or_else(AppError::not_found)?;
        if matches!(row.status, Status::Requested | Status::Building | Status::Failed | Status::Refused) {
            return Err(AppError::conflict("bundle_not_ready", "The copy is not ready yet."));
        }
        let counted = rows::Entity::update_many()
            .col_expr(rows::Column::Downloads, Expr::col(rows::Column::Downloads).add(1))
            .col_expr(rows::Column::Status, Expr::value(Status::Downloaded))
            .col_expr(rows::Column::UpdatedAt, Expr::value(app.now()))
            .filter(rows::Column::Id.eq(id))
            .filter(rows::Column::Downloads.lt(DOWNLOADS))
            .filter(rows::Column::LinkExpiresAt.gt(app.now()))
            .filter(rows::Column::Status.is_in([Status::Ready, Status::Downloaded]))
            .exec(txn)
            .await?;
        if counted.rows_affected != 1 {
            return Err(AppError::new(
                ErrorKind::Gone,
                "bundle_expired",
                "This copy can no longer be fetched. Ask for a new one.",
            ));
        }
        let entry = Entry::new("privacy.bundle_downloaded").subject("DataBundle", id).patient(patient);
        audit::record(txn, app, actor, entry).await?;
        Ok(row)
    })?;
    app.files.get(row.file_path.as_deref().unwrap_or_default()).await
}

/// Destroys copies whose time is over or that were fetched three times. Safe to repeat.
pub async fn expire(app: &App) -> AppResult<()> {
    use sea_orm::Condition;
    let over = rows::Entity::find()
        .filter(rows::Column::Status.is_in([Status::Ready, Status::Downloaded]))
        .filter(
            Condition::any()
                .add(rows::Column::LinkExpiresAt.lte(app.now()))
                .add(rows::Column::Downloads.gte(DOWNLOADS)),
        )
        .all(app.db.conn())
        .await?;
    for row in over {
        if let Some(path) = &row.file_path {
            app.files.destroy(path).await?;
        }
        platform::write_txn!(app.db, |txn| {
            let ended = rows::Entity::update_many()
                .col_expr(rows::Column::Status, Expr::value(Status::Expired))
                .col_expr(rows::Column::FilePath, Expr::value(None::<String>))
                .col_expr(rows::Column::KeyHash, Expr::value(None::<String>))
                .col_expr(rows::Column::UpdatedAt, Expr::value(app.now()))
                .filter(rows::Column::Id.eq(row.id))
                .filter(rows::Column::Status.is_in([Status::Ready, Status::Downloaded]))
                .exec(txn)
                .await?;
            if ended.rows_affected != 1 {
                return Ok(());
            }
            let event = Event::new("privacy.bundle_expired", "DataBundle", row.id)
                .occurrence("expired")
                .with("patient_id", row.patient_id);
            outbox::emit(txn, app, &Actor::system(), event).await
        })?;
    }
    Ok(())
}

/// A table of rows as CSV, for those who open it in a spreadsheet.
pub(super) fn csv(rows: &[Json]) -> String {
    let Some(first) = rows.first().and_then(Json::as_object) else { return String::new() };
    let names: Vec<&String> = first.keys().collect();
    let text = |value: &Json| match value {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        other => other.to_string(),
    };
    let line = |row: &Json| {
        let cells: Vec<String> = names.iter().map(|name| text(&row[name.as_str()])).collect();
        platform::csv::line(cells.iter().map(String::as_str))
    };
    std::iter::once(platform::csv::line(names.iter().map(|name| name.as_str()))).chain(rows.iter().map(line)).collect()
}
