//! The lines and pictures of a clinic's package, one by one (R-IQ-72).

use std::collections::HashMap;

use kernel::ids::{MediaId, PackageId, PackageItemId, ProviderId};
use kernel::{Actor, AppError, AppResult, Permission};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::entity::media::MediaCollection;
use platform::files::{self, Purpose, Upload};
use platform::media::{self, Attach, Item};
use platform::web::UploadedFile;
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, Set};

use crate::entity::{package_items, packages};
use crate::packages::{MOST_ITEMS, PackageItemInput, bump, lock_own, read_item};
use crate::projection::quote_packages;

const OWNER: &str = "Package";
/// Most pictures of a package.
const PICTURES: usize = 3;

fn seller(actor: &Actor) -> AppResult<ProviderId> {
    let (_, provider) = actor.provider()?;
    actor.require(Permission::ManageTreatmentOffering)?;
    Ok(provider)
}

async fn lines(txn: &Txn, id: PackageId) -> AppResult<Vec<package_items::Model>> {
    Ok(package_items::Entity::find().filter(package_items::Column::PackageId.eq(id)).all(txn).await?)
}

async fn note(txn: &Txn, app: &App, actor: &Actor, before: &packages::Model) -> AppResult<()> {
    bump(txn, app, before).await?;
    let entry = Entry::new("package.changed").subject(OWNER, before.id).provider(before.provider_id);
    audit::record(txn, app, actor, entry).await
}

/// Adds a line (`which` is `None`) or changes one.
///
/// Errors: 403; 404; 409 `stale_version`; 422 `too_many_items` and faults of fields.
pub async fn put_item(
    app: &App,
    actor: &Actor,
    id: PackageId,
    version: i32,
    which: Option<PackageItemId>,
    input: &PackageItemInput,
) -> AppResult<PackageItemId> {
    let provider = seller(actor)?;
    crate::packages::show(app, actor, id).await?;
    let line = read_item(input)?;
    platform::write_txn!(app.db, |txn| {
        let before = lock_own(txn, provider, id).await?;
        if before.version != version {
            return Err(AppError::stale_version());
        }
        let present = lines(txn, id).await?;
        let now = app.now();
        let item = match which {
            Some(item) if present.iter().any(|line| line.id == item) => {
                package_items::ActiveModel { id: Set(item), updated_at: Set(now), ..line.clone() }.update(txn).await?;
                item
            }
            Some(_) => return Err(AppError::not_found()),
            None => {
                if present.len() >= MOST_ITEMS {
                    return Err(AppError::field("items", "too_many_items", "At most 50 lines."));
                }
                let item = PackageItemId::new();
                let behind = present.iter().map(|line| line.order_index + 1).max().unwrap_or_default();
                package_items::ActiveModel {
                    id: Set(item),
                    package_id: Set(id),
                    order_index: Set(behind),
                    created_at: Set(now),
                    updated_at: Set(now),
                    ..line.clone()
                }
                .insert(txn)
                .await?;
                item
            }
        };
        note(txn, app, actor, &before).await?;
        Ok(item)
    })
}

/// Takes a line out.
///
/// Errors: 403, 404.
pub async fn remove_item(app: &App, actor: &Actor, id: PackageId, item: PackageItemId) -> AppResult<()> {
    let provider = seller(actor)?;
    platform::write_txn!(app.db, |txn| {
        let before = lock_own(txn, provider, id).await?;
        let gone =
            package_items::Entity::delete_by_id(item).filter(package_items::Column::PackageId.eq(id)).exec(txn).await?;
        if gone.rows_affected == 0 {
            return Err(AppError::not_found());
        }
        note(txn, app, actor, &before).await
    })
}

/// The pictures of packages in their order, in one statement.
pub async fn pictures(conn: &impl ConnectionTrait, ids: &[PackageId]) -> AppResult<HashMap<PackageId, Vec<Item>>> {
    let owners: Vec<_> = ids.iter().map(|id| id.any()).collect();
    let found = media::of(conn, OWNER, &owners).await?;
    Ok(found.into_iter().map(|(owner, items)| (PackageId::from(owner), items)).collect())
}

/// Adds a picture of at most 2 MB; there is room for three.
///
/// Errors: 403; 404; 422 `too_many_files` or what is wrong with the file.
pub async fn add_picture(app: &App, actor: &Actor, id: PackageId, file: UploadedFile) -> AppResult<()> {
    let provider = seller(actor)?;
    let room = |present: usize| match present {
        PICTURES.. => Err(AppError::field("file", "too_many_files", "Three pictures are enough. Take one out first.")),
        _ => Ok(()),
    };
    // Before the slow part: nothing is decoded for a package that is not the clinic's or full.
    crate::packages::show(app, actor, id).await?;
    room(pictures(app.db.conn(), &[id]).await?.get(&id).map_or(0, Vec::len))?;
    let upload = Upload {
        purpose: Purpose::PackagePicture,
        owner_type: OWNER,
        owner_id: id.any(),
        file_name: file.file_name,
        bytes: file.bytes,
    };
    let prepared = files::prepare(app, upload).await.map_err(|error| error.on_field("file"))?;
    platform::write_txn!(app.db, |txn| {
        let before = lock_own(txn, provider, id).await?;
        let present = pictures(txn, &[id]).await?.remove(&id).unwrap_or_default();
        room(present.len())?;
        let stored = prepared.record(txn, app, actor).await?;
        let mut attach = Attach::new(OWNER, id, MediaCollection::PackageImage, &stored);
        attach.order_index = present.iter().map(|item| item.media.order_index + 1).max().unwrap_or_default();
        media::attach(txn, app, actor, attach).await?;
        note(txn, app, actor, &before).await
    })
}

/// Takes a picture out; it is kept for the audit.
///
/// Errors: 403, 404.
pub async fn remove_picture(app: &App, actor: &Actor, id: PackageId, picture: MediaId) -> AppResult<()> {
    let provider = seller(actor)?;
    platform::write_txn!(app.db, |txn| {
        let before = lock_own(txn, provider, id).await?;
        let present = pictures(txn, &[id]).await?.remove(&id).unwrap_or_default();
        if !present.iter().any(|item| item.media.id == picture) {
            return Err(AppError::not_found());
        }
        media::archive(txn, app, actor, picture, "removed").await?;
        note(txn, app, actor, &before).await
    })
}

/// In how many quotes, drafts included, each of these packages stands: one statement.
pub async fn usage(conn: &impl ConnectionTrait, ids: &[PackageId]) -> AppResult<HashMap<PackageId, u64>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let counted: Vec<(PackageId, i64)> = quote_packages::Entity::find()
        .select_only()
        .column(quote_packages::Column::PackageId)
        .column_as(quote_packages::Column::Id.count(), "used")
        .filter(quote_packages::Column::PackageId.is_in(ids.iter().copied()))
        .filter(quote_packages::Column::DeletedAt.is_null())
        .group_by(quote_packages::Column::PackageId)
        .into_tuple()
        .all(conn)
        .await?;
    Ok(counted.into_iter().map(|(id, used)| (id, u64::try_from(used).unwrap_or_default())).collect())
}
