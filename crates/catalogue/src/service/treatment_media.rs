//! What a treatment shows: its picture, up to five more, a video, up to three documents (R-IQ-70).

use kernel::ids::{FileId, MediaId, TreatmentId};
use kernel::{Actor, AppError, AppResult};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::entity::files;
use platform::entity::media::MediaCollection;
use platform::files::Purpose;
use platform::media::{self, Attach, Item};
use platform::web::UploadedFile;
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Set};

use super::treatments::{OWNER, lock, prepare, save, tell};
use crate::entity::treatments as rows;

/// Most further pictures.
const IMAGES: usize = 5;
/// Most documents.
const DOCUMENTS: usize = 3;

/// What a file is to a treatment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// The picture cards show; a new one replaces it.
    Thumbnail,
    /// A further picture.
    Image,
    /// The video; a new one replaces it.
    Video,
    /// A PDF.
    Document,
}

impl Place {
    /// The place of its stored word.
    pub fn read(word: &str) -> AppResult<Self> {
        match word {
            "thumbnail" => Ok(Self::Thumbnail),
            "image" => Ok(Self::Image),
            "video" => Ok(Self::Video),
            "document" => Ok(Self::Document),
            _ => Err(AppError::field("place", "unknown_value", "thumbnail, image, video or document.")),
        }
    }

    fn purpose(self) -> Purpose {
        match self {
            Self::Thumbnail | Self::Image => Purpose::CataloguePicture,
            Self::Video => Purpose::CatalogueVideo,
            Self::Document => Purpose::CatalogueDocument,
        }
    }
}

/// What a treatment shows at present.
#[derive(Clone, Debug, Default)]
pub struct Shown {
    /// Further pictures in their order.
    pub images: Vec<Item>,
    /// The video.
    pub video: Option<Item>,
    /// Documents, oldest first.
    pub documents: Vec<files::Model>,
}

/// What a treatment shows, in two statements.
pub async fn of(conn: &impl ConnectionTrait, id: TreatmentId) -> AppResult<Shown> {
    let mut shown = Shown { documents: documents(conn, id).await?, ..Shown::default() };
    for item in media::of(conn, OWNER, &[id.any()]).await?.remove(&id.any()).unwrap_or_default() {
        match item.media.collection {
            MediaCollection::TreatmentImage => shown.images.push(item),
            MediaCollection::TreatmentVideo => shown.video = Some(item),
            _ => {}
        }
    }
    Ok(shown)
}

async fn documents(conn: &impl ConnectionTrait, id: TreatmentId) -> AppResult<Vec<files::Model>> {
    Ok(files::Entity::find()
        .filter(files::Column::FileableType.eq(OWNER))
        .filter(files::Column::FileableId.eq(id.any()))
        .filter(files::Column::FileType.eq("application/pdf"))
        .filter(files::Column::DeletedAt.is_null())
        .order_by_asc(files::Column::Id)
        .all(conn)
        .await?)
}

/// Adds a file, or replaces the picture or video that stood in its place.
///
/// Errors: 403, 404, 409 `stale_version`, 422 `too_many_files` or what is wrong with the file.
pub async fn add(
    app: &App,
    actor: &Actor,
    id: TreatmentId,
    version: i32,
    place: Place,
    file: UploadedFile,
) -> AppResult<()> {
    actor.admin()?;
    actor.require(kernel::Permission::ManageTreatmentCatalog)?;
    // Before the slow part: nothing is decoded for a treatment that is not there or full.
    crate::treatments::load(app.db.conn(), id).await?;
    check_room(&of(app.db.conn(), id).await?, place)?;
    let prepared = prepare(app, id, file, place.purpose(), "file").await?;
    platform::write_txn!(app.db, |txn| {
        let before = lock(txn, id, version).await?;
        let present = of(txn, id).await?;
        check_room(&present, place)?;
        let stored = prepared.record(txn, app, actor).await?;
        let mut change = rows::ActiveModel { ..Default::default() };
        match place {
            Place::Thumbnail => change.thumbnail = Set(stored.file.id.to_string()),
            Place::Image => {
                let mut attach = Attach::new(OWNER, id, MediaCollection::TreatmentImage, &stored);
                attach.order_index = present.images.iter().map(|item| item.media.order_index + 1).max().unwrap_or(0);
                media::attach(txn, app, actor, attach).await?;
            }
            Place::Video => {
                if let Some(old) = &present.video {
                    media::archive(txn, app, actor, old.media.id, "replaced").await?;
                }
                let attach = Attach::new(OWNER, id, MediaCollection::TreatmentVideo, &stored);
                media::attach(txn, app, actor, attach).await?;
                change.video = Set(Some(stored.file.id.to_string()));
            }
            Place::Document => {}
        }
        changed(txn, app, actor, &before, change).await
    })
}

fn check_room(present: &Shown, place: Place) -> AppResult<()> {
    let full = match place {
        Place::Image => present.images.len() >= IMAGES,
        Place::Document => present.documents.len() >= DOCUMENTS,
        Place::Thumbnail | Place::Video => false,
    };
    if full {
        return Err(AppError::field("file", "too_many_files", "There is no room for one more. Take one out first."));
    }
    Ok(())
}

async fn changed(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    before: &rows::Model,
    change: rows::ActiveModel,
) -> AppResult<()> {
    save(txn, app, before, change).await?;
    audit::record(txn, app, actor, Entry::new("treatment.media_changed").subject(OWNER, before.id)).await?;
    tell(txn, app, actor, before.id, &before.treatment_name, before.version + 1, "updated").await
}

/// What is taken out.
#[derive(Clone, Copy, Debug)]
pub enum Taken {
    /// A picture or the video.
    Media(MediaId),
    /// A document.
    Document(FileId),
}

/// Takes a picture, the video or a document out; it is kept for the audit. The thumbnail can only be replaced.
///
/// Errors: 403, 404.
pub async fn remove(app: &App, actor: &Actor, id: TreatmentId, taken: Taken) -> AppResult<()> {
    actor.admin()?;
    actor.require(kernel::Permission::ManageTreatmentCatalog)?;
    platform::write_txn!(app.db, |txn| {
        let version = crate::treatments::load(txn, id).await?.version;
        let before = lock(txn, id, version).await?;
        let present = of(txn, id).await?;
        let mut change = rows::ActiveModel { ..Default::default() };
        match taken {
            Taken::Media(media) => {
                let video = present.video.as_ref().is_some_and(|item| item.media.id == media);
                if !video && !present.images.iter().any(|item| item.media.id == media) {
                    return Err(AppError::not_found());
                }
                media::archive(txn, app, actor, media, "removed").await?;
                if video {
                    change.video = Set(None);
                }
            }
            Taken::Document(file) => {
                if !present.documents.iter().any(|row| row.id == file) {
                    return Err(AppError::not_found());
                }
                files::ActiveModel {
                    id: Set(file),
                    deleted_at: Set(Some(app.now())),
                    updated_at: Set(app.now()),
                    ..Default::default()
                }
                .update(txn)
                .await?;
            }
        }
        changed(txn, app, actor, &before, change).await
    })
}
