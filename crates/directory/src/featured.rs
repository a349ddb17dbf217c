//! Clinics that Hairline puts first: ten at most, and only live ones (R-MG-11).

use kernel::ids::ProviderId;
use kernel::{Actor, AppError, AppResult, Permission};
use platform::App;
use platform::audit::{self, Entry};
use platform::outbox::{self, Event};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;

use crate::clinics::is_live;
use crate::entity::providers;

/// As many clinics may be put first.
pub const MOST: usize = 10;
const CHANGED: &str = "provider.featured_changed";

/// Puts a clinic first, or no longer. Doing it again changes nothing.
///
/// Errors: 403 without `edit_provider`; 404; 409 `featured_limit_reached` for the eleventh, `provider_not_live`.
pub async fn set(app: &App, actor: &Actor, id: ProviderId, first: bool) -> AppResult<()> {
    actor.admin()?;
    actor.require(Permission::EditProvider)?;
    platform::write_txn!(app.db, |txn| {
        // Those that are first, and the one it is about, in the order of their ids: two who add the tenth at once wait for
        // each other, and the second counts again.
        let rows = providers::Entity::find()
            .filter(providers::Column::DeletedAt.is_null())
            .filter(providers::Column::IsFeatured.eq(true).or(providers::Column::Id.eq(id)))
            .order_by_asc(providers::Column::Id)
            .lock_exclusive()
            .all(txn)
            .await?;
        let clinic = rows.iter().find(|row| row.id == id).ok_or_else(AppError::not_found)?;
        if clinic.is_featured == first {
            return Ok(());
        }
        if first && !is_live(clinic) {
            return Err(AppError::conflict("provider_not_live", "Only a live clinic can be put first."));
        }
        if first && rows.iter().filter(|row| row.is_featured).count() >= MOST {
            return Err(AppError::conflict("featured_limit_reached", "Ten clinics are put first already."));
        }
        let now = app.now();
        providers::Entity::update_many()
            .col_expr(providers::Column::IsFeatured, Expr::value(first))
            .col_expr(providers::Column::FeaturedAt, Expr::value(first.then_some(now)))
            .col_expr(providers::Column::Version, Expr::col(providers::Column::Version).add(1))
            .col_expr(providers::Column::UpdatedAt, Expr::value(now))
            .filter(providers::Column::Id.eq(id))
            .exec(txn)
            .await?;
        let entry = Entry::new(CHANGED)
            .subject("Provider", id)
            .provider(id)
            .change(Some(json!({ "is_featured": clinic.is_featured })), Some(json!({ "is_featured": first })));
        audit::record(txn, app, actor, entry).await?;
        let event = Event::new(CHANGED, "Provider", id)
            .occurrence(clinic.version)
            .with("provider_id", id)
            .with("old", clinic.is_featured)
            .with("new", first);
        outbox::emit(txn, app, actor, event).await
    })
}
