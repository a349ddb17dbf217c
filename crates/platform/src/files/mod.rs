//! Files: checked when they come in, stored under unguessable keys, served only through signed links.
//!
//! The object is written first and its row in the caller's transaction: a crash between the two leaves an object
//! nobody knows, which [`sweep_orphans`] removes a day later, never a row without its bytes.

mod limits;
mod link;
mod mp4;
mod picture;
mod serve;
mod sniff;
mod sweep;

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use kernel::ids::{AnyId, FileId};
use kernel::{Actor, AppError, AppResult};
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload};
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, Set};
use sha2::{Digest, Sha256};

use crate::App;
use crate::entity::files::{self, FileScanStatus, FileUploadedByType};

pub use limits::Purpose;
pub use link::{signed_link, verify};
pub use serve::{Owners, Whose, routes};
pub use sweep::sweep_orphans;

/// Where the bytes lie. Cheap to clone.
#[derive(Clone)]
pub struct Files {
    store: Arc<dyn ObjectStore>,
}

impl Files {
    /// A folder on this machine, made when it is missing.
    pub fn local(folder: &Path) -> AppResult<Self> {
        std::fs::create_dir_all(folder).map_err(AppError::internal)?;
        let store = LocalFileSystem::new_with_prefix(folder).map_err(AppError::internal)?;
        Ok(Self { store: Arc::new(store.with_automatic_cleanup(false)) })
    }

    /// The memory of this process, for tests.
    pub fn memory() -> Self {
        Self { store: Arc::new(InMemory::new()) }
    }

    /// Writes an object the platform does not describe by a row of its own (exports, bundles).
    pub async fn put(&self, key: &str, bytes: Bytes) -> AppResult<()> {
        self.store.put(&path(key)?, PutPayload::from_bytes(bytes)).await.map_err(AppError::internal)?;
        Ok(())
    }

    /// Reads a whole object; 404 when there is none.
    pub async fn get(&self, key: &str) -> AppResult<Bytes> {
        match self.store.get(&path(key)?).await {
            Ok(object) => object.bytes().await.map_err(AppError::internal),
            Err(object_store::Error::NotFound { .. }) => Err(AppError::not_found()),
            Err(error) => Err(AppError::internal(error)),
        }
    }

    /// Destroys an object for good; one that is gone already is no error.
    pub async fn destroy(&self, key: &str) -> AppResult<()> {
        match self.store.delete(&path(key)?).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(AppError::internal(error)),
        }
    }

    /// Whether objects can be written and read now, for the readiness check.
    pub async fn is_reachable(&self) -> bool {
        const PROBE: &str = "probe";
        self.put(PROBE, Bytes::from_static(b"ok")).await.is_ok() && self.get(PROBE).await.is_ok()
    }
}

fn path(key: &str) -> AppResult<object_store::path::Path> {
    object_store::path::Path::parse(key).map_err(AppError::internal)
}

/// What somebody sent, as they sent it.
#[derive(Clone)]
pub struct Upload {
    /// What it is for: decides which kinds and sizes are accepted.
    pub purpose: Purpose,
    /// The table of the owner (`Inquiry`).
    pub owner_type: &'static str,
    /// The owner.
    pub owner_id: AnyId,
    /// The name the sender gave it; only shown, never believed.
    pub file_name: String,
    /// Its bytes.
    pub bytes: Bytes,
}

/// A stored file with what its check found.
#[derive(Clone, Debug)]
pub struct StoredFile {
    /// Its row.
    pub file: files::Model,
    /// Width in pixels, of pictures.
    pub width: Option<i32>,
    /// Height in pixels, of pictures.
    pub height: Option<i32>,
    /// Sharpness from 0 to 100, of pictures.
    pub quality_score: Option<i32>,
    /// Length, of videos.
    pub duration_seconds: Option<i32>,
}

/// A checked object that lies in the store and waits for its row.
pub struct Prepared {
    owner_type: &'static str,
    owner_id: AnyId,
    id: FileId,
    key: String,
    name: String,
    checked: sniff::Checked,
}

/// Checks an upload and writes its object. Slow (decoding): call it before the transaction begins.
///
/// Errors: `media_type_invalid`, `media_size_exceeded`, `media_unreadable`, `media_too_long`,
/// `media_quality_insufficient` (422).
pub async fn prepare(app: &App, upload: Upload) -> AppResult<Prepared> {
    let checked = sniff::check(upload.purpose, upload.bytes).await?;
    let id = FileId::new();
    let key = object_key(app, id);
    app.files.put(&key, checked.bytes.clone()).await?;
    Ok(Prepared {
        owner_type: upload.owner_type,
        owner_id: upload.owner_id,
        id,
        key,
        name: sniff::display_name(&upload.file_name, checked.kind),
        checked,
    })
}

impl Prepared {
    /// Writes the row in the caller's transaction. May be repeated when the transaction is.
    pub async fn record(&self, conn: &impl ConnectionTrait, app: &App, actor: &Actor) -> AppResult<StoredFile> {
        let now = app.now();
        let (actor_type, actor_id) = actor.reference();
        let row = files::ActiveModel {
            id: Set(self.id),
            fileable_id: Set(self.owner_id),
            fileable_type: Set(self.owner_type.to_owned()),
            file_path: Set(self.key.clone()),
            file_name: Set(self.name.clone()),
            file_type: Set(self.checked.kind.mime().to_owned()),
            file_size: Set(i32::try_from(self.checked.bytes.len()).map_err(AppError::internal)?),
            created_at: Set(now),
            updated_at: Set(now),
            checksum_sha256: Set(Some(hex::encode(Sha256::digest(&self.checked.bytes)))),
            // The content was decoded or parsed above. A malware scanner, once there is one, starts rows as `pending`.
            scan_status: Set(FileScanStatus::Clean),
            uploaded_by_type: Set(uploader(actor_type)),
            uploaded_by_id: Set(actor_id),
            deleted_at: Set(None),
        };
        let file = row.insert(conn).await?;
        let checked = &self.checked;
        Ok(StoredFile {
            file,
            width: checked.width,
            height: checked.height,
            quality_score: checked.quality_score,
            duration_seconds: checked.duration_seconds,
        })
    }
}

/// Checks an upload, writes its object and its row: [`prepare`] and [`Prepared::record`] in one, for callers whose
/// transaction may wait for the check.
pub async fn store(conn: &impl ConnectionTrait, app: &App, actor: &Actor, upload: Upload) -> AppResult<StoredFile> {
    prepare(app, upload).await?.record(conn, app, actor).await
}

/// The bytes of a file, for the program itself (drawing, exports). People get [`signed_link`]s.
pub async fn read(app: &App, file: &files::Model) -> AppResult<Bytes> {
    app.files.get(&file.file_path).await
}

/// Loads a live row; 404 when it is absent, deleted or not clean.
pub async fn load(conn: &impl ConnectionTrait, id: FileId) -> AppResult<files::Model> {
    let file = files::Entity::find_by_id(id).one(conn).await?;
    file.filter(|file| file.deleted_at.is_none() && file.scan_status == FileScanStatus::Clean)
        .ok_or_else(AppError::not_found)
}

/// Two levels of folders keep directories small; the random part makes the key unguessable; the id at the end lets
/// the sweep find the row by its primary key.
fn object_key(app: &App, id: FileId) -> String {
    let token = app.random.token();
    let (first, second) = (token.get(0..2).unwrap_or("00"), token.get(2..4).unwrap_or("00"));
    format!("{first}/{second}/{token}.{id}")
}

fn uploader(actor_type: &str) -> Option<FileUploadedByType> {
    match actor_type {
        "Patient" => Some(FileUploadedByType::Patient),
        "ProviderUser" => Some(FileUploadedByType::ProviderUser),
        "User" => Some(FileUploadedByType::User),
        "Affiliate" => Some(FileUploadedByType::Affiliate),
        "System" => Some(FileUploadedByType::System),
        _ => None,
    }
}
