//! Reading one's own inbox.

use kernel::ids::NotificationId;
use kernel::{Actor, AppError, AppResult};
use platform::App;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::entity::alerts_notifications as rows;
use crate::queries::own;

/// Marks one of the actor's notifications as read or unread; another's is a 404.
pub async fn mark(app: &App, actor: &Actor, id: NotificationId, is_read: bool) -> AppResult<()> {
    if actor.impersonator.is_some() {
        // Whoever looks through a member's eyes has not read it for them (R-ID-56).
        return Ok(());
    }
    let read_at = is_read.then(|| app.now());
    let done = rows::Entity::update_many()
        .col_expr(rows::Column::IsRead, Expr::value(is_read))
        .col_expr(rows::Column::ReadAt, Expr::value(read_at))
        .filter(own(actor)?)
        .filter(rows::Column::Id.eq(id))
        .exec(app.db.conn())
        .await?;
    if done.rows_affected == 0 { Err(AppError::not_found()) } else { Ok(()) }
}

/// Marks everything in the actor's inbox as read.
pub async fn read_all(app: &App, actor: &Actor) -> AppResult<()> {
    rows::Entity::update_many()
        .col_expr(rows::Column::IsRead, Expr::value(true))
        .col_expr(rows::Column::ReadAt, Expr::value(app.now()))
        .filter(own(actor)?)
        .filter(rows::Column::IsRead.eq(false))
        .exec(app.db.conn())
        .await?;
    Ok(())
}
