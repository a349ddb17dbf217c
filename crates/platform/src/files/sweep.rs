//! Removes objects whose row was never written.

use std::collections::HashSet;

use chrono::TimeDelta;
use futures::TryStreamExt;
use futures::future::ready;
use kernel::ids::FileId;
use kernel::{AppError, AppResult};
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use crate::App;
use crate::entity::files;

/// An upload's transaction is over long before this.
const GRACE: TimeDelta = TimeDelta::hours(24);
/// How many ids are asked for in one statement.
const BATCH: usize = 500;

/// Removes stored uploads older than a day that no row knows. Returns how many.
///
/// Rows of deleted files keep their object: what was uploaded is kept until retention decides.
pub async fn sweep_orphans(app: &App) -> AppResult<u64> {
    let cutoff = app.now() - GRACE;
    let old = app.files.store.list(None).try_filter_map(|object| {
        let upload = upload_id(&object.location).filter(|_| object.last_modified < cutoff);
        ready(Ok(upload.map(|id| (id, object.location))))
    });
    let mut batches = old.try_chunks(BATCH);
    let mut removed = 0;
    while let Some(batch) = batches.try_next().await.map_err(AppError::internal)? {
        let known = known(app, batch.iter().map(|(id, _)| *id)).await?;
        for (id, location) in batch {
            if !known.contains(&id) {
                app.files.store.delete(&location).await.map_err(AppError::internal)?;
                removed += 1;
            }
        }
    }
    if removed > 0 {
        tracing::info!(removed, "removed stored objects without a row");
    }
    Ok(removed)
}

async fn known(app: &App, ids: impl Iterator<Item = FileId>) -> AppResult<HashSet<FileId>> {
    let rows = files::Entity::find().select_only().column(files::Column::Id).filter(files::Column::Id.is_in(ids));
    Ok(rows.into_tuple::<FileId>().all(app.db.conn()).await?.into_iter().collect())
}

/// The file id at the end of an upload's key; other objects, like copies of somebody's data, are not ours to remove.
fn upload_id(location: &Path) -> Option<FileId> {
    let (folders, name) = location.as_ref().rsplit_once('/')?;
    let (token, id) = name.split_once('.')?;
    let own = format!("{}/{}", token.get(0..2)?, token.get(2..4)?);
    (token.len() == 64 && folders == own).then(|| id.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_uploads_are_swept() {
        let (token, id) = ("ab12".repeat(16), FileId::new());
        let of = |key: String| upload_id(&Path::parse(key).unwrap());
        assert_eq!(of(format!("ab/12/{token}.{id}")), Some(id));
        assert_eq!(of(format!("bundles/{token}.{id}")), None, "a copy of somebody's data lives by its own clock");
        assert_eq!(of(format!("{token}.{id}")), None);
        assert_eq!(of(format!("ab/12/{token}.thumbnail")), None);
    }
}
