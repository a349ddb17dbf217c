//! Reads of one's own inbox.

use kernel::ids::NotificationId;
use kernel::{Actor, AppError, AppResult, Page, PageQuery};
use platform::App;
use sea_orm::{ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::entity::alerts_notifications as rows;

/// The rows of the actor's inbox; 401 for nobody.
pub fn own(actor: &Actor) -> AppResult<Condition> {
    match actor.reference() {
        (kind, Some(id)) => {
            Ok(Condition::all().add(rows::Column::RecipientType.eq(kind)).add(rows::Column::RecipientId.eq(id)))
        }
        _ => Err(AppError::unauthenticated()),
    }
}

/// The inbox, newest first, without what was archived.
pub async fn inbox(app: &App, actor: &Actor, unread: bool, page: PageQuery) -> AppResult<Page<rows::Model>> {
    let conn = app.db.conn();
    let mut select = rows::Entity::find().filter(own(actor)?).filter(rows::Column::ArchivedAt.is_null());
    if unread {
        select = select.filter(rows::Column::IsRead.eq(false));
    }
    let total = select.clone().count(conn).await?;
    let data = select
        .order_by_desc(rows::Column::CreatedAt)
        .order_by_desc(rows::Column::Id)
        .offset(page.offset())
        .limit(page.per_page)
        .all(conn)
        .await?;
    Ok(Page::new(data, page, total))
}

/// One of the actor's notifications; another's is a 404.
pub async fn one(app: &App, actor: &Actor, id: NotificationId) -> AppResult<rows::Model> {
    let found = rows::Entity::find_by_id(id).filter(own(actor)?).one(app.db.conn()).await?;
    found.ok_or_else(AppError::not_found)
}

/// How many of the actor's notifications are unread.
pub async fn unread_count(app: &App, actor: &Actor) -> AppResult<u64> {
    let select = rows::Entity::find().filter(own(actor)?).filter(rows::Column::IsRead.eq(false));
    Ok(select.filter(rows::Column::ArchivedAt.is_null()).count(app.db.conn()).await?)
}
