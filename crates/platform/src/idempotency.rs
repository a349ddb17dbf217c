//! One answer for one `Idempotency-Key`: stored for 24 hours and given again to whoever repeats the request.
//!
//! The server's middleware asks here before it lets a POST through; wings do not meet it.

use chrono::TimeDelta;
use kernel::ids::IdempotencyKeyId;
use kernel::{AppError, AppResult, Sealed, Timestamp};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveEnum, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Set};

use crate::entity::idempotency_keys::{
    ActiveModel, Column, Entity, IdempotencyKeyActorType, IdempotencyKeyState, Model,
};
use crate::{App, write_txn};

/// How long an answer is kept.
const LIFETIME: TimeDelta = TimeDelta::hours(24);
/// A request that has not ended after this time died with its process; its key may be used again.
const ABANDONED: TimeDelta = TimeDelta::seconds(60);

/// What to do with a request that carries a key.
#[derive(Debug, PartialEq, Eq)]
pub enum Begin {
    /// It is the first one: do it, then [`finish`] or [`abandon`] this row.
    Fresh(IdempotencyKeyId),
    /// It was done: give this answer.
    Replay {
        /// Its HTTP status.
        status: u16,
        /// Its body.
        body: String,
    },
    /// The first one is still being worked on.
    Running,
    /// The key belongs to a request with another body.
    Mismatch,
}

/// Looks the key up, or takes it. Of several requests at once, one is `Fresh`.
///
/// `actor_type` is the account's kind (`Patient`, `User`, ...); what is no account counts as a guest.
pub async fn begin(
    app: &App,
    actor_type: &str,
    actor_id: &str,
    route: &str,
    key: &str,
    body_hash: &str,
) -> AppResult<Begin> {
    let now = app.now();
    let actor_type =
        IdempotencyKeyActorType::try_from_value(&actor_type.to_owned()).unwrap_or(IdempotencyKeyActorType::Guest);
    write_txn!(app.db, |txn| {
        let row = match find(txn, actor_type, actor_id, route, key).await? {
            Some(row) => row,
            None => {
                let id = IdempotencyKeyId::new();
                let row = ActiveModel {
                    id: Set(id),
                    actor_type: Set(actor_type),
                    actor_id: Set(actor_id.to_owned()),
                    route: Set(route.to_owned()),
                    idempotency_key: Set(key.to_owned()),
                    body_hash: Set(body_hash.to_owned()),
                    state: Set(IdempotencyKeyState::Running),
                    response_code: Set(None),
                    response_body: Set(None),
                    expires_at: Set(now + LIFETIME),
                    created_at: Set(now),
                    updated_at: Set(now),
                };
                Entity::insert(row)
                    .on_conflict(OnConflict::new().do_nothing_on([Column::Id]).to_owned())
                    .try_insert()
                    .exec_without_returning(txn)
                    .await?;
                // Whose row is there now? The unique key let one of several inserts through.
                match find(txn, actor_type, actor_id, route, key).await? {
                    Some(row) if row.id == id => return Ok(Begin::Fresh(id)),
                    Some(row) => row,
                    None => return Ok(Begin::Running),
                }
            }
        };
        if row.expires_at <= now {
            return take_over(txn, &row, body_hash, now).await;
        }
        // MySQL compares without regard to case; a key that only looks alike is another key.
        if row.body_hash != body_hash || row.idempotency_key != key {
            return Ok(Begin::Mismatch);
        }
        match (row.state, row.response_code, &row.response_body) {
            (IdempotencyKeyState::Done, Some(status), Some(body)) => {
                let status = u16::try_from(status).map_err(AppError::internal)?;
                Ok(Begin::Replay { status, body: app.keys.open(body)? })
            }
            _ if row.updated_at + ABANDONED <= now => take_over(txn, &row, body_hash, now).await,
            _ => Ok(Begin::Running),
        }
    })
}

async fn find(
    conn: &impl ConnectionTrait,
    actor_type: IdempotencyKeyActorType,
    actor_id: &str,
    route: &str,
    key: &str,
) -> AppResult<Option<Model>> {
    let row = Entity::find()
        .filter(Column::ActorType.eq(actor_type))
        .filter(Column::ActorId.eq(actor_id))
        .filter(Column::Route.eq(route))
        .filter(Column::IdempotencyKey.eq(key));
    Ok(row.one(conn).await?)
}

/// Uses a row again whose request is over or dead; one of several wins.
async fn take_over(conn: &impl ConnectionTrait, seen: &Model, body_hash: &str, now: Timestamp) -> AppResult<Begin> {
    let taken = Entity::update_many()
        .col_expr(Column::State, Expr::value(IdempotencyKeyState::Running.to_value()))
        .col_expr(Column::BodyHash, Expr::value(body_hash))
        .col_expr(Column::ResponseCode, Expr::value(Option::<i16>::None))
        .col_expr(Column::ResponseBody, Expr::value(Option::<String>::None))
        .col_expr(Column::ExpiresAt, Expr::value(now + LIFETIME))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .filter(Column::Id.eq(seen.id))
        .filter(Column::UpdatedAt.eq(seen.updated_at))
        .filter(Column::ExpiresAt.eq(seen.expires_at))
        .exec(conn)
        .await?;
    Ok(if taken.rows_affected == 1 { Begin::Fresh(seen.id) } else { Begin::Running })
}

/// Keeps the answer for those who repeat the request.
pub async fn finish(app: &App, id: IdempotencyKeyId, status: u16, body: &str) -> AppResult<()> {
    let now = app.now();
    let code = i16::try_from(status).map_err(AppError::internal)?;
    let body: Sealed<String> = app.keys.seal(&body.to_owned());
    write_txn!(app.db, |txn| {
        Entity::update_many()
            .col_expr(Column::State, Expr::value(IdempotencyKeyState::Done.to_value()))
            .col_expr(Column::ResponseCode, Expr::value(code))
            .col_expr(Column::ResponseBody, Expr::value(body.clone()))
            .col_expr(Column::UpdatedAt, Expr::value(now))
            .filter(Column::Id.eq(id))
            .exec(txn)
            .await?;
        Ok(())
    })
}

/// Forgets a request that decided nothing: the same key may ask again at once.
pub async fn abandon(app: &App, id: IdempotencyKeyId) -> AppResult<()> {
    write_txn!(app.db, |txn| {
        Entity::delete_many()
            .filter(Column::Id.eq(id))
            .filter(Column::State.eq(IdempotencyKeyState::Running))
            .exec(txn)
            .await?;
        Ok(())
    })
}

/// Removes answers that nobody may ask for any more.
pub async fn purge_expired(app: &App) -> AppResult<()> {
    Entity::delete_many().filter(Column::ExpiresAt.lte(app.now())).exec(app.db.conn()).await?;
    Ok(())
}
