//! Pictures and videos of any record: attached, replaced, listed for many owners at once.

use std::collections::HashMap;

use kernel::ids::{AnyId, FileId, MediaId};
use kernel::{Actor, AppError, AppResult, Timestamp};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Set};

use crate::App;
use crate::entity::files;
use crate::entity::media::{
    ActiveModel, Column, Entity, MediaCollection, MediaPhase, MediaType, MediaUploadedByType, MediaValidationStatus,
    MediaView, Model,
};
use crate::files::StoredFile;

/// The five views of a standard set, in the order people take them.
pub const VIEWS: [MediaView; 5] =
    [MediaView::Front, MediaView::Top, MediaView::Left, MediaView::Right, MediaView::Back];

/// A stored file on its way to becoming a picture or video of a record.
pub struct Attach<'a> {
    /// The table of the owner (`Inquiry`).
    pub owner_type: &'static str,
    /// The owner.
    pub owner_id: AnyId,
    /// The stored and checked file.
    pub file: &'a StoredFile,
    /// What it is for.
    pub collection: MediaCollection,
    /// Before, during or after, within a treatment.
    pub phase: Option<MediaPhase>,
    /// Which side of the head.
    pub view: Option<MediaView>,
    /// The set it belongs to. A picture with set and view replaces the one that stood there.
    pub set_id: Option<AnyId>,
    /// When it was taken, as the client says.
    pub captured_at: Option<Timestamp>,
    /// Its place among its siblings.
    pub order_index: i32,
}

impl<'a> Attach<'a> {
    /// A file for a collection of an owner; everything else empty.
    pub fn new(
        owner_type: &'static str,
        owner_id: impl Into<AnyId>,
        collection: MediaCollection,
        file: &'a StoredFile,
    ) -> Self {
        Self {
            owner_type,
            owner_id: owner_id.into(),
            file,
            collection,
            phase: None,
            view: None,
            set_id: None,
            captured_at: None,
            order_index: 0,
        }
    }

    /// One view of a set.
    pub fn view(mut self, set_id: AnyId, view: MediaView) -> Self {
        (self.set_id, self.view) = (Some(set_id), Some(view));
        self.order_index = VIEWS.iter().position(|known| *known == view).map_or(0, |place| place as i32);
        self
    }
}

/// Attaches a stored file in the caller's transaction. The picture it replaces is archived, never removed.
pub async fn attach(conn: &impl ConnectionTrait, app: &App, actor: &Actor, new: Attach<'_>) -> AppResult<Model> {
    let now = app.now();
    let (uploaded_by_type, uploaded_by_id) = uploader(actor)?;
    let active_key = new.set_id.zip(new.view).map(|(set, view)| active_key(set, view));
    if let Some(key) = &active_key {
        archive_where(conn, app, actor, Column::ActiveKey.eq(key), "replaced").await?;
    }
    let media_type = if new.file.file.file_type.starts_with("video/") { MediaType::Video } else { MediaType::Image };
    let row = ActiveModel {
        id: Set(MediaId::new()),
        mediable_type: Set(new.owner_type.to_owned()),
        mediable_id: Set(new.owner_id),
        file_id: Set(new.file.file.id),
        media_type: Set(media_type),
        collection: Set(new.collection),
        phase: Set(new.phase),
        view: Set(new.view),
        set_id: Set(new.set_id),
        active_key: Set(active_key),
        thumbnail_path: Set(None),
        width: Set(new.file.width),
        height: Set(new.file.height),
        duration_seconds: Set(new.file.duration_seconds),
        // A file that fails a check is never stored.
        validation_status: Set(MediaValidationStatus::Valid),
        validation_errors: Set(None),
        quality_score: Set(new.file.quality_score),
        captured_at: Set(new.captured_at),
        order_index: Set(new.order_index),
        uploaded_by_type: Set(uploaded_by_type),
        uploaded_by_id: Set(uploaded_by_id),
        archived_at: Set(None),
        archived_by_type: Set(None),
        archived_by_id: Set(None),
        archive_reason: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
    };
    Ok(row.insert(conn).await?)
}

/// Takes a picture out of its record, with a reason; the row and the bytes stay for the audit.
pub async fn archive(
    conn: &impl ConnectionTrait,
    app: &App,
    actor: &Actor,
    id: MediaId,
    reason: &str,
) -> AppResult<()> {
    match archive_where(conn, app, actor, Column::Id.eq(id), reason).await? {
        0 => Err(AppError::not_found()),
        _ => Ok(()),
    }
}

async fn archive_where(
    conn: &impl ConnectionTrait,
    app: &App,
    actor: &Actor,
    which: Expr,
    reason: &str,
) -> AppResult<u64> {
    let now = app.now();
    let (by_type, by_id) = actor.reference();
    let archived = Entity::update_many()
        .col_expr(Column::ActiveKey, Expr::value(Option::<String>::None))
        .col_expr(Column::ArchivedAt, Expr::value(now))
        .col_expr(Column::ArchivedByType, Expr::value(by_type))
        .col_expr(Column::ArchivedById, Expr::value(by_id))
        .col_expr(Column::ArchiveReason, Expr::value(reason))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .filter(which)
        .filter(Column::ArchivedAt.is_null())
        .exec(conn)
        .await?;
    Ok(archived.rows_affected)
}

/// A picture or video with its file.
#[derive(Clone, Debug)]
pub struct Item {
    /// Its row.
    pub media: Model,
    /// The row of its bytes.
    pub file: files::Model,
}

impl Item {
    /// The id links are made for.
    pub fn file_id(&self) -> FileId {
        self.media.file_id
    }
}

/// The current items of many owners, each list in its order, in one statement. Owners without any are missing.
pub async fn of(
    conn: &impl ConnectionTrait,
    owner_type: &str,
    owners: &[AnyId],
) -> AppResult<HashMap<AnyId, Vec<Item>>> {
    let mut found: HashMap<AnyId, Vec<Item>> = HashMap::new();
    if owners.is_empty() {
        return Ok(found);
    }
    let rows = Entity::find()
        .find_also_related(files::Entity)
        .filter(Column::MediableType.eq(owner_type))
        .filter(Column::MediableId.is_in(owners.iter().copied()))
        .filter(Column::ArchivedAt.is_null())
        .order_by_asc(Column::OrderIndex)
        .order_by_asc(Column::Id)
        .all(conn)
        .await?;
    for (media, file) in rows {
        if let Some(file) = file.filter(|file| file.deleted_at.is_none()) {
            found.entry(media.mediable_id).or_default().push(Item { media, file });
        }
    }
    Ok(found)
}

/// One item that was not taken out of its record, in one statement.
pub async fn one(conn: &impl ConnectionTrait, id: MediaId) -> AppResult<Option<Item>> {
    let found =
        Entity::find_by_id(id).find_also_related(files::Entity).filter(Column::ArchivedAt.is_null()).one(conn).await?;
    Ok(found.and_then(|(media, file)| Some(Item { media, file: file.filter(|file| file.deleted_at.is_none())? })))
}

/// The current pictures of a set.
pub async fn current_set(conn: &impl ConnectionTrait, set_id: AnyId) -> AppResult<Vec<Model>> {
    let rows = Entity::find().filter(Column::SetId.eq(set_id)).filter(Column::ArchivedAt.is_null());
    Ok(rows.order_by_asc(Column::OrderIndex).order_by_asc(Column::Id).all(conn).await?)
}

/// The views a set still lacks, in the order people take them.
pub fn missing_views(set: &[Model]) -> Vec<MediaView> {
    let has = |view: MediaView| set.iter().any(|media| media.view == Some(view) && media.archived_at.is_none());
    VIEWS.into_iter().filter(|view| !has(*view)).collect()
}

fn active_key(set: AnyId, view: MediaView) -> String {
    use sea_orm::ActiveEnum;
    format!("{set}:{}", view.to_value())
}

fn uploader(actor: &Actor) -> AppResult<(MediaUploadedByType, AnyId)> {
    let (kind, id) = actor.reference();
    let kind = match kind {
        "Patient" => MediaUploadedByType::Patient,
        "ProviderUser" => MediaUploadedByType::ProviderUser,
        // The program uploads in the name of the house, as when it draws the demo's pictures.
        "User" | "System" => MediaUploadedByType::User,
        _ => return Err(AppError::forbidden()),
    };
    Ok((kind, id.unwrap_or(AnyId::NIL)))
}
