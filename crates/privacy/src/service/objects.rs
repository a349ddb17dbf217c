//! Stored objects that are to go. A job destroys them, queued in the transaction that marks their rows: a store that does
//! not answer is asked again, and in the end somebody finds the job among the failed ones.

use identity::entity::data_bundles;
use kernel::ids::{FileId, PatientId};
use kernel::{AppError, AppResult};
use platform::App;
use platform::db::Txn;
use platform::entity::files;
use platform::jobs::{Enqueue, Queue, enqueue};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, Set};
use serde_json::{Value as Json, json};

/// The kind of the job that destroys the objects of files.
pub(crate) const DESTROY: &str = "privacy.destroy_objects";

/// The kind of the job that destroys the copies an erased patient asked for.
pub(crate) const DESTROY_COPIES: &str = "privacy.destroy_copies";

/// Files of one job: few enough for its minute, and for its payload to be read.
const FILES: usize = 100;

/// Has the objects of files destroyed whose rows are marked as deleted.
pub(super) async fn destroy_later(txn: &Txn, app: &App, ids: &[FileId]) -> AppResult<()> {
    for some in ids.chunks(FILES) {
        enqueue(txn, app, DESTROY, json!({ "file_ids": some }), media()).await?;
    }
    Ok(())
}

/// Has the copies of an erased patient's data destroyed that were ended.
pub(super) async fn destroy_copies_later(txn: &Txn, app: &App, patient: PatientId) -> AppResult<()> {
    enqueue(txn, app, DESTROY_COPIES, json!({ "patient_id": patient }), media()).await
}

fn media() -> Enqueue {
    Enqueue { queue: Queue::Media, ..Default::default() }
}

/// Destroys the objects of the files a job names. Gone ones are no error, so a second run finishes a first; a row that is
/// not marked as deleted keeps its object. One object that fails holds up no other.
pub(crate) async fn destroy(app: &App, payload: &Json) -> AppResult<()> {
    let ids: Option<Vec<FileId>> = payload.get("file_ids").and_then(|ids| serde_json::from_value(ids.clone()).ok());
    let ids = ids.ok_or_else(|| AppError::internal("job without file_ids"))?;
    let doomed = files::Entity::find()
        .filter(files::Column::Id.is_in(ids))
        .filter(files::Column::DeletedAt.is_not_null())
        .all(app.db.conn())
        .await?;
    let mut failed = None;
    for file in doomed {
        if let Err(error) = app.files.destroy(&file.file_path).await {
            failed = Some(error);
        }
    }
    failed.map_or(Ok(()), Err)
}

/// Destroys the ended copies of a patient's data, and forgets where they lay.
pub(crate) async fn destroy_copies(app: &App, patient: PatientId) -> AppResult<()> {
    let copies = data_bundles::Entity::find()
        .filter(data_bundles::Column::PatientId.eq(patient))
        .filter(data_bundles::Column::Status.eq(data_bundles::DataBundleStatus::Expired))
        .filter(data_bundles::Column::FilePath.is_not_null())
        .all(app.db.conn())
        .await?;
    for copy in copies {
        app.files.destroy(copy.file_path.as_deref().unwrap_or_default()).await?;
        let gone = data_bundles::ActiveModel { id: Set(copy.id), file_path: Set(None), ..Default::default() };
        gone.update(app.db.conn()).await?;
    }
    Ok(())
}
