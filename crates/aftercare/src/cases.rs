//! What other wings ask of a recovery.

use kernel::AppResult;
use kernel::ids::QuoteId;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::entity::after_cares::{self, AfterCareStatus};

/// The case of a booking, if its plan was made.
pub async fn of_quote(conn: &impl ConnectionTrait, quote: QuoteId) -> AppResult<Option<after_cares::Model>> {
    Ok(after_cares::Entity::find().filter(after_cares::Column::QuoteId.eq(quote)).one(conn).await?)
}

/// Whether a booking's recovery is over, completed or closed early: with the final review the booking ends (section 4).
pub async fn is_over(conn: &impl ConnectionTrait, quote: QuoteId) -> AppResult<bool> {
    let case = of_quote(conn, quote).await?;
    Ok(case.is_some_and(|case| case.status == AfterCareStatus::Completed || case.ended_at.is_some()))
}
