//! Evidence of a request that was sent: added and taken out while nobody has quoted (R-IQ-06, R-IQ-11).

use axum::body::Bytes;
use identity::consents;
use kernel::ids::{InquiryId, MediaId};
use kernel::{Actor, AppError, AppResult};
use platform::App;
use platform::db::Txn;
use platform::entity::media::MediaCollection;
use platform::files::{self, Upload};
use platform::media::{self, Attach, Item};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};

use super::draft::author;
use super::edit::{Told, lock_own, require_open, tell};
use super::media::{DraftUpload, check_room, kind_of, was_of};
use super::submit::OWNER;
use crate::entity::inquiries;
use crate::limits::Limits;
use crate::queries;

/// Adds a picture or video to a sent request; the clinics that have it are told.
///
/// Errors: 404 for a foreign request, 409 `inquiry_locked` once a clinic has quoted, 403 without the consents, 422 with
/// what is wrong with the file. Nothing is stored when a check fails.
pub async fn add(app: &App, actor: &Actor, id: InquiryId, bytes: Bytes) -> AppResult<Item> {
    author(actor)?;
    let limits = Limits::load(app).await?;
    // Before the slow part: nobody's file is decoded for a request that is not theirs or closed.
    require_open(&queries::find(app, actor, id).await?)?;
    let upload = DraftUpload { collection: MediaCollection::Evidence, view: None, bytes };
    let (purpose, name) = kind_of(&upload)?;
    let prepared = files::prepare(
        app,
        Upload { purpose, owner_type: "Media", owner_id: id.any(), file_name: name, bytes: upload.bytes.clone() },
    )
    .await?;
    platform::write_txn!(app.db, |txn| {
        let before = lock_own(txn, actor, id).await?;
        require_open(&before)?;
        consents::require_sharing(txn, before.patient_id).await?;
        let present = present(txn, id).await?;
        let stored = prepared.record(txn, app, actor).await?;
        check_room(&present, &upload, &limits, i64::from(stored.file.file_size))?;
        let mut attach = Attach::new(OWNER, id, upload.collection, &stored);
        attach.order_index = i32::try_from(present.len()).unwrap_or_default();
        let media = media::attach(txn, app, actor, attach).await?;
        changed(txn, app, actor, &before, true).await?;
        Ok(Item { media, file: stored.file })
    })
}

/// Takes a piece of evidence out of a sent request; it is kept for the audit. Asking twice changes nothing.
///
/// Errors: 404 for a foreign request or file and for a view of the head scan, 409 `inquiry_locked`.
pub async fn remove(app: &App, actor: &Actor, id: InquiryId, media: MediaId) -> AppResult<()> {
    author(actor)?;
    platform::write_txn!(app.db, |txn| {
        let before = lock_own(txn, actor, id).await?;
        let (evidence, scan): (Vec<Item>, Vec<Item>) = present(txn, id).await?.into_iter().partition(is_evidence);
        let is = |item: &Item| item.media.id == media;
        if !evidence.iter().any(is) {
            let taken_out = !scan.iter().any(is) && was_of(txn, OWNER, id.any(), media).await?;
            return if taken_out { Ok(()) } else { Err(AppError::not_found()) };
        }
        require_open(&before)?;
        media::archive(txn, app, actor, media, "removed").await?;
        changed(txn, app, actor, &before, evidence.len() > 1).await
    })
}

fn is_evidence(item: &Item) -> bool {
    item.media.collection == MediaCollection::Evidence
}

async fn present(txn: &Txn, id: InquiryId) -> AppResult<Vec<Item>> {
    Ok(media::of(txn, OWNER, &[id.any()]).await?.remove(&id.any()).unwrap_or_default())
}

/// A new version of the request, told to the clinics that have it.
async fn changed(txn: &Txn, app: &App, actor: &Actor, before: &inquiries::Model, has_evidence: bool) -> AppResult<()> {
    let version = before.version + 1;
    let change = inquiries::ActiveModel {
        additional_files: Set(has_evidence.then(|| format!("inquiries/{}/evidence", before.id))),
        version: Set(version),
        updated_at: Set(app.now()),
        ..Default::default()
    };
    inquiries::Entity::update_many()
        .set(change)
        .filter(inquiries::Column::Id.eq(before.id))
        .filter(inquiries::Column::Version.eq(before.version))
        .exec(txn)
        .await?;
    tell(txn, app, actor, before, Told { version, sections: &["evidence"], reason: None, values: None }).await
}
