//! The portrait of an account: checked by content, drawn anew without what the camera noted (5.2).

use std::time::Duration;

use axum::body::Bytes;
use kernel::ids::FileId;
use kernel::{Actor, ActorKind, AppError, AppResult};
use platform::App;
use platform::audit::{self, Entry};
use platform::entity::files as rows;
use platform::files::{self, Purpose, Upload, signed_link};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

use crate::entity::{patients, provider_users, users};

/// What a form with a portrait may weigh. More than the portrait may: one that is too large is read to its end and
/// refused beside its field.
pub(crate) const FORM_LIMIT: usize = 8 * 1024 * 1024;

/// How long a link to one's own portrait is good.
const LINK: Duration = Duration::from_secs(3600);

/// Puts a portrait in the place of the earlier one.
///
/// Errors: 422 `media_type_invalid`, `media_size_exceeded` (2 MB), `media_unreadable`.
pub async fn put(app: &App, actor: &Actor, file_name: &str, bytes: Bytes) -> AppResult<()> {
    let (owner_type, owner) = actor.reference();
    let owner_id = owner.filter(|_| actor.is_signed_in()).ok_or_else(AppError::unauthenticated)?;
    let upload =
        Upload { purpose: Purpose::ProfileImage, owner_type, owner_id, file_name: file_name.to_owned(), bytes };
    let prepared = files::prepare(app, upload).await.map_err(|error| error.on_field("image"))?;
    platform::write_txn!(app.db, |txn| {
        let stored = prepared.record(txn, app, actor).await?;
        if let Some(old) = stored_of(txn, actor).await?.and_then(|old| old.parse::<FileId>().ok()) {
            // The earlier portrait is reachable no more.
            rows::Entity::update_many()
                .col_expr(rows::Column::DeletedAt, Expr::value(app.now()))
                .filter(rows::Column::Id.eq(old))
                .filter(rows::Column::FileableId.eq(owner_id))
                .exec(txn)
                .await?;
        }
        write(txn, app, actor, stored.file.id).await?;
        let entry = Entry::new("profile.changed").subject(owner_type, owner_id).fields(&["profile_image"]);
        audit::record(txn, app, actor, entry).await
    })
}

async fn stored_of(conn: &impl ConnectionTrait, actor: &Actor) -> AppResult<Option<String>> {
    Ok(match actor.kind {
        ActorKind::Patient(id) => {
            patients::Entity::find_by_id(id).lock_exclusive().one(conn).await?.and_then(|row| row.profile_image)
        }
        ActorKind::Provider { user, .. } => {
            provider_users::Entity::find_by_id(user).lock_exclusive().one(conn).await?.and_then(|row| row.profile_image)
        }
        ActorKind::Admin(id) => {
            users::Entity::find_by_id(id).lock_exclusive().one(conn).await?.and_then(|row| row.avatar)
        }
        _ => None,
    })
}

async fn write(conn: &impl ConnectionTrait, app: &App, actor: &Actor, file: FileId) -> AppResult<()> {
    let (now, text) = (app.now(), file.to_string());
    match actor.kind {
        ActorKind::Patient(id) => {
            patients::Entity::update_many()
                .col_expr(patients::Column::ProfileImage, Expr::value(text))
                .col_expr(patients::Column::UpdatedAt, Expr::value(now))
                .filter(patients::Column::Id.eq(id))
                .exec(conn)
                .await?;
        }
        ActorKind::Provider { user, .. } => {
            provider_users::Entity::update_many()
                .col_expr(provider_users::Column::ProfileImage, Expr::value(text))
                .col_expr(provider_users::Column::UpdatedAt, Expr::value(now))
                .filter(provider_users::Column::Id.eq(user))
                .exec(conn)
                .await?;
        }
        ActorKind::Admin(id) => {
            users::Entity::update_many()
                .col_expr(users::Column::Avatar, Expr::value(text))
                .col_expr(users::Column::UpdatedAt, Expr::value(now))
                .filter(users::Column::Id.eq(id))
                .exec(conn)
                .await?;
        }
        _ => return Err(AppError::forbidden()),
    }
    Ok(())
}

/// Where the account's owner sees the portrait; `None` for columns that hold anything but one of our files.
pub(crate) fn link(app: &App, actor: &Actor, stored: Option<&str>) -> Option<String> {
    let file: FileId = stored?.parse().ok()?;
    Some(signed_link(app, file, actor, LINK))
}
