//! Reading: a pointer that only moves forward.

use kernel::ids::ConversationId;
use kernel::{Actor, AppError, AppResult};
use platform::{App, write_txn};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::entity::{conversations, messages};
use crate::queries::{Side, own};

/// Notes that the actor's side has read up to a message (R-CM-30). Going back changes nothing.
///
/// 422 `seq_invalid` for a number the thread has not reached.
pub async fn read(app: &App, actor: &Actor, id: ConversationId, up_to: i32) -> AppResult<()> {
    let side = Side::of(actor)?;
    if actor.impersonator.is_some() {
        // Whoever looks through the clinic's eyes has not read it for the clinic (R-ID-56).
        return Ok(());
    }
    write_txn!(app.db, |txn| {
        let thread = own(txn, side, id).await?;
        if up_to > thread.last_seq {
            return Err(AppError::field("up_to_seq", "seq_invalid", "The conversation is not that long."));
        }
        if up_to <= side.pointer(&thread) {
            return Ok(());
        }
        let pointer = match side {
            Side::Patient(_) => conversations::Column::PatientLastReadSeq,
            Side::Clinic(_) => conversations::Column::ProviderLastReadSeq,
        };
        let now = app.now();
        conversations::Entity::update_many()
            .col_expr(pointer, Expr::value(up_to))
            .filter(conversations::Column::Id.eq(id))
            .filter(pointer.lt(up_to))
            .exec(txn)
            .await?;
        messages::Entity::update_many()
            .col_expr(messages::Column::IsRead, Expr::value(true))
            .col_expr(messages::Column::ReadAt, Expr::value(now))
            .filter(messages::Column::ConversationId.eq(id))
            .filter(messages::Column::Seq.lte(up_to))
            .filter(messages::Column::SenderRole.ne(side.role()))
            .filter(messages::Column::IsRead.eq(false))
            .exec(txn)
            .await?;
        Ok(())
    })
}
