//! Pictures of a treatment (R-TT-20 to R-TT-24).

use std::str::FromStr;

use bytes::Bytes;
use chrono::Duration;
use kernel::ids::{AnyId, MediaId, QuoteId};
use kernel::{Actor, AppError, AppResult, FieldErrors, Permission};
use platform::App;
use platform::audit::Entry;
use platform::entity::media::{self, MediaCollection, MediaPhase, MediaView};
use platform::files::{self, Prepared, Purpose, Upload};
use platform::media::{Attach, attach};
use quoting::entity::quotes;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde::{Deserialize, Serialize};

use crate::access;
use crate::entity::treatment_executions;
use crate::service::document::{Open, open, record};
use crate::settings;
use crate::store;

/// The table name pictures of a treatment are attached to.
pub const OWNER: &str = "TreatmentExecution";

/// What a form with the pictures of a whole set may weigh, and what is around them.
pub fn form_limit() -> usize {
    Purpose::TreatmentPhoto.max_bytes() * platform::media::VIEWS.len() + 64 * 1024
}

/// What pictures are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Collection {
    /// The standard set at the beginning.
    HeadScanBefore,
    /// The standard set at the end; completion needs it whole.
    HeadScanAfter,
    /// Any picture of the work.
    TreatmentPhoto,
}

impl FromStr for Collection {
    type Err = AppError;
    fn from_str(word: &str) -> Result<Self, AppError> {
        match word {
            "head_scan_before" => Ok(Self::HeadScanBefore),
            "head_scan_after" => Ok(Self::HeadScanAfter),
            "treatment_photo" => Ok(Self::TreatmentPhoto),
            _ => Err(AppError::field("collection", "unknown_value", "This is none of the known values.")),
        }
    }
}

impl Collection {
    /// The word of the table.
    pub fn column(self) -> MediaCollection {
        match self {
            Self::HeadScanBefore => MediaCollection::HeadScanBefore,
            Self::HeadScanAfter => MediaCollection::HeadScanAfter,
            Self::TreatmentPhoto => MediaCollection::TreatmentPhoto,
        }
    }

    fn phase(self, named: Option<MediaPhase>) -> Option<MediaPhase> {
        match self {
            Self::HeadScanBefore => Some(MediaPhase::Before),
            Self::HeadScanAfter => Some(MediaPhase::After),
            Self::TreatmentPhoto => named,
        }
    }
}

/// A picture as it came.
pub struct Picture {
    /// The form field: the view of a scan set, anything for treatment photos.
    pub field: String,
    /// The name its sender gave it.
    pub file_name: String,
    /// Its bytes.
    pub bytes: Bytes,
}

/// Pictures that belong together.
pub struct Pictures {
    /// What they are for.
    pub collection: Collection,
    /// When in the treatment they were taken; required for treatment photos.
    pub phase: Option<MediaPhase>,
    /// Why Hairline does it instead of the clinic.
    pub reason: Option<String>,
    /// The pictures.
    pub files: Vec<Picture>,
}

/// Stores pictures of a treatment in progress: all of them or none.
pub async fn upload(app: &App, actor: &Actor, quote: QuoteId, pictures: Pictures) -> AppResult<Vec<MediaId>> {
    let views = check(&pictures)?;
    // Decoding is slow: who may not upload is told before, and the lock is taken after.
    let (booking, inquiry) = access::booking(app.db.conn(), quote).await?;
    access::writer(actor, &booking, inquiry.patient_id, Permission::DocumentTreatment)?;
    let execution = store::execution_of(app.db.conn(), quote).await?;
    let execution = execution.ok_or_else(|| AppError::conflict("invalid_status", "The patient is not checked in."))?;
    require_room(app, &booking, execution.id.any(), pictures.files.len()).await?;
    let mut prepared = Vec::with_capacity(pictures.files.len());
    for file in &pictures.files {
        let upload = Upload {
            purpose: Purpose::TreatmentPhoto,
            owner_type: OWNER,
            owner_id: execution.id.any(),
            file_name: file.file_name.clone(),
            bytes: file.bytes.clone(),
        };
        prepared.push(files::prepare(app, upload).await?);
    }
    platform::write_txn!(app.db, |txn| {
        let open = open(txn, actor, quote, Permission::DocumentTreatment, pictures.reason.as_deref()).await?;
        let set = set_of(txn, &open, pictures.collection).await?;
        let mut made = Vec::with_capacity(prepared.len());
        for (place, file) in prepared.iter().enumerate() {
            let view = views.get(place).copied().flatten();
            made.push(keep(txn, app, actor, &open, &pictures, file, set.zip(view)).await?);
        }
        record(txn, app, actor, &open, Entry::new("treatment.photos_added").fields(&["media"])).await?;
        Ok(made)
    })
}

async fn keep(
    txn: &platform::db::Txn,
    app: &App,
    actor: &Actor,
    open: &Open,
    pictures: &Pictures,
    file: &Prepared,
    place: Option<(AnyId, MediaView)>,
) -> AppResult<MediaId> {
    let stored = file.record(txn, app, actor).await?;
    let mut new = Attach::new(OWNER, open.execution.id, pictures.collection.column(), &stored);
    new.phase = pictures.collection.phase(pictures.phase);
    if let Some((set, view)) = place {
        new = new.view(set, view);
    }
    Ok(attach(txn, app, actor, new).await?.id)
}

/// What is wrong with a form, all at once; the views of a scan set otherwise.
fn check(pictures: &Pictures) -> AppResult<Vec<Option<MediaView>>> {
    let mut errors = FieldErrors::new();
    let is_set = pictures.collection != Collection::TreatmentPhoto;
    if pictures.files.is_empty() {
        errors.add("files", "required", "Add at least one picture.");
    }
    if !is_set && pictures.phase.is_none() {
        errors.add("phase", "required", "Say whether this was before, during or after.");
    }
    let views: Vec<_> = pictures.files.iter().map(|file| view_of(&file.field).filter(|_| is_set)).collect();
    for (file, view) in pictures.files.iter().zip(&views) {
        if is_set && view.is_none() {
            errors.add(file.field.clone(), "view_unknown", "Name the field front, top, left, right or back.");
        }
    }
    errors.check()?;
    Ok(views)
}

fn view_of(field: &str) -> Option<MediaView> {
    match field {
        "front" => Some(MediaView::Front),
        "top" => Some(MediaView::Top),
        "left" => Some(MediaView::Left),
        "right" => Some(MediaView::Right),
        "back" => Some(MediaView::Back),
        _ => None,
    }
}

/// The set new views belong to: the one that is there, or a new one.
async fn set_of(conn: &impl ConnectionTrait, open: &Open, collection: Collection) -> AppResult<Option<AnyId>> {
    if collection == Collection::TreatmentPhoto {
        return Ok(None);
    }
    let known = current_set(conn, open.execution.id.any(), collection).await?;
    Ok(Some(known.into_iter().find_map(|media| media.set_id).unwrap_or_else(AnyId::new)))
}

/// The current pictures of the standard set at one end of a treatment.
pub(super) async fn current_set(
    conn: &impl ConnectionTrait,
    execution: AnyId,
    collection: Collection,
) -> AppResult<Vec<media::Model>> {
    Ok(media::Entity::find()
        .filter(media::Column::MediableType.eq(OWNER))
        .filter(media::Column::MediableId.eq(execution))
        .filter(media::Column::Collection.eq(collection.column()))
        .filter(media::Column::ArchivedAt.is_null())
        .all(conn)
        .await?)
}

async fn require_room(app: &App, booking: &quotes::Model, execution: AnyId, more: usize) -> AppResult<()> {
    let more = i64::try_from(more).unwrap_or(i64::MAX);
    let conn = app.db.conn();
    let count = |found: u64| i64::try_from(found).unwrap_or(i64::MAX);
    let of_case = media::Entity::find()
        .filter(media::Column::MediableType.eq(OWNER))
        .filter(media::Column::MediableId.eq(execution))
        .filter(media::Column::ArchivedAt.is_null());
    if count(of_case.count(conn).await?).saturating_add(more) > settings::CASE_IMAGE_CAP.get(app).await? {
        return Err(AppError::conflict("image_limit", "This case has as many pictures as it can have."));
    }
    let of_clinic = Query::select()
        .column((treatment_executions::Entity, treatment_executions::Column::Id))
        .from(treatment_executions::Entity)
        .inner_join(
            quotes::Entity,
            Expr::col((quotes::Entity, quotes::Column::Id))
                .equals((treatment_executions::Entity, treatment_executions::Column::QuoteId)),
        )
        .and_where(quotes::Column::ProviderId.eq(booking.provider_id))
        .to_owned();
    let recent = media::Entity::find()
        .filter(media::Column::MediableType.eq(OWNER))
        .filter(media::Column::MediableId.in_subquery(of_clinic))
        .filter(media::Column::CreatedAt.gt(app.now() - Duration::hours(1)));
    if count(recent.count(conn).await?).saturating_add(more) > settings::UPLOADS_PER_HOUR.get(app).await? {
        return Err(AppError::too_many("rate_limited", "Too many pictures within an hour. Wait a while.", 3600));
    }
    Ok(())
}
