//! Pictures and videos of a draft: the head scan's five views and the patient's own evidence (R-IQ-06, R-IQ-07).

use kernel::ids::{AnyId, MediaId};
use kernel::{Actor, AppError, AppResult};
use platform::App;
use platform::db::Txn;
use platform::entity::media::{self as media_rows, MediaCollection, MediaView};
use platform::files::{self, Purpose, Upload};
use platform::media::{self, Attach, Item};
use sea_orm::{ActiveEnum, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

use super::draft::{OWNER, author, ensure, find, touch};
use crate::limits::{Limits, MAX_SCAN_BYTES};

/// One upload to a draft.
pub struct DraftUpload {
    /// `head_scan` or `evidence`.
    pub collection: MediaCollection,
    /// The side of the head, of a head scan.
    pub view: Option<MediaView>,
    /// The bytes; the client's name for them is dropped (R-IQ-92).
    pub bytes: axum::body::Bytes,
}

/// Stores one picture or video with the asking patient's draft, which is opened when there is none.
///
/// A view of the head scan replaces the one before. Nothing is stored when a check fails.
pub async fn add(app: &App, actor: &Actor, upload: DraftUpload) -> AppResult<Item> {
    let patient = author(actor)?;
    let limits = Limits::load(app).await?;
    let (purpose, name) = kind_of(&upload)?;
    let draft = platform::write_txn!(app.db, |txn| { ensure(txn, app, patient, &limits).await })?;
    // Decoding is slow and must not hold the database.
    let prepared = files::prepare(
        app,
        Upload { purpose, owner_type: "Media", owner_id: draft.id.any(), file_name: name, bytes: upload.bytes.clone() },
    )
    .await?;
    platform::write_txn!(app.db, |txn| {
        // Locks the draft: the counts below stay true until the commit.
        let draft = ensure(txn, app, patient, &limits).await?;
        let present = media::of(txn, OWNER, &[draft.id.any()]).await?.remove(&draft.id.any()).unwrap_or_default();
        let stored = prepared.record(txn, app, actor).await?;
        check_room(&present, &upload, &limits, i64::from(stored.file.file_size))?;
        let mut attach = Attach::new(OWNER, draft.id, upload.collection, &stored);
        attach = match upload.view {
            // The draft's id names the set: one standard set per draft, kept when the inquiry takes it over.
            Some(view) => attach.view(draft.id.any(), view),
            None => {
                attach.order_index = i32::try_from(present.len()).unwrap_or_default();
                attach
            }
        };
        let media = media::attach(txn, app, actor, attach).await?;
        touch(txn, app, draft.id, &limits).await?;
        Ok(Item { media, file: stored.file })
    })
}

/// What the upload must be, and the neutral name it is stored under.
pub(super) fn kind_of(upload: &DraftUpload) -> AppResult<(Purpose, String)> {
    match (upload.collection, upload.view) {
        (MediaCollection::HeadScan, Some(view)) => Ok((Purpose::HeadScan, format!("head-scan-{}", view.to_value()))),
        (MediaCollection::HeadScan, None) => {
            Err(AppError::field("view", "required", "Say which side of the head it shows."))
        }
        (MediaCollection::Evidence, None) => {
            // Only to choose between two sets of limits: what it really is, the check decides by its content.
            let video = upload.bytes.get(4..8) == Some(b"ftyp".as_slice());
            let purpose = if video { Purpose::EvidenceVideo } else { Purpose::EvidencePhoto };
            Ok((purpose, "evidence".to_owned()))
        }
        (MediaCollection::Evidence, Some(_)) => Err(AppError::field("view", "not_expected", "Evidence has no view.")),
        _ => Err(AppError::field("collection", "unknown_value", "Upload a head scan or evidence.")),
    }
}

/// Refuses a file there is no room for beside those present.
pub(super) fn check_room(present: &[Item], upload: &DraftUpload, limits: &Limits, size: i64) -> AppResult<()> {
    let most = limits.max_evidence;
    let of = |collection| present.iter().filter(move |item| item.media.collection == collection);
    if upload.collection == MediaCollection::Evidence {
        if of(MediaCollection::Evidence).count() >= most {
            return Err(AppError::invalid("too_many_files", format!("At most {most} files."))
                .on_field("file")
                .with("max_files", most));
        }
        return Ok(());
    }
    let others = of(MediaCollection::HeadScan).filter(|item| item.media.view != upload.view);
    let total: i64 = others.map(|item| i64::from(item.file.file_size)).sum::<i64>() + size;
    if total > MAX_SCAN_BYTES {
        return Err(AppError::invalid("media_size_exceeded", "The five pictures are too large together.")
            .with("reason", "together")
            .on_field("file"));
    }
    Ok(())
}

/// Takes a picture or video out of the asking patient's draft; it is kept for the audit. Asking twice changes nothing.
pub async fn remove(app: &App, actor: &Actor, id: MediaId) -> AppResult<()> {
    let patient = author(actor)?;
    let limits = Limits::load(app).await?;
    platform::write_txn!(app.db, |txn| {
        let draft = find(txn, patient, app.now()).await?.ok_or_else(AppError::not_found)?;
        let present = media::of(txn, OWNER, &[draft.id.any()]).await?.remove(&draft.id.any()).unwrap_or_default();
        if !present.iter().any(|item| item.media.id == id) {
            return if was_of(txn, OWNER, draft.id.any(), id).await? { Ok(()) } else { Err(AppError::not_found()) };
        }
        media::archive(txn, app, actor, id, "removed").await?;
        touch(txn, app, draft.id, &limits).await
    })
}

/// Whether the file belonged to this owner before it was taken out.
pub(super) async fn was_of(txn: &Txn, owner_type: &str, owner: AnyId, id: MediaId) -> AppResult<bool> {
    let known = media_rows::Entity::find_by_id(id)
        .filter(media_rows::Column::MediableType.eq(owner_type))
        .filter(media_rows::Column::MediableId.eq(owner))
        .count(txn)
        .await?;
    Ok(known > 0)
}
