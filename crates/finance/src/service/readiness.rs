//! Keeping up what stands in the way of statements, as accounts change and cool-offs end (R-PY-63, R-FN-53).

use std::collections::BTreeSet;

use kernel::ids::ProviderId;
use kernel::{Actor, AppResult};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};

use crate::entity::banking_details::{self, BankingDetailStatus};
use crate::entity::provider_bills::{self, ProviderBillReadiness, ProviderBillStatus as Status};
use crate::rules::readiness::Block;
use crate::rules::state::Step;
use crate::store::{self, Change, Standing};

/// Looks anew at a clinic's statements that are not paid. One that was approved with another account loses its approval.
pub async fn refresh(txn: &Txn, app: &App, actor: &Actor, provider: ProviderId) -> AppResult<()> {
    let open = provider_bills::Entity::find()
        .filter(provider_bills::Column::ProviderId.eq(provider))
        .filter(provider_bills::Column::Status.is_in([Status::PendingApproval, Status::Approved, Status::Overdue]))
        .order_by_asc(provider_bills::Column::Id)
        .lock_exclusive()
        .all(txn)
        .await?;
    if open.is_empty() {
        return Ok(());
    }
    let standing = Standing::load(txn, app, provider).await?;
    for row in open {
        let block = standing.block_of(&row, app.now());
        if row.status == Status::Approved {
            // Somebody looked at an unusual one when it was approved.
            if standing.has_moved(&row) || block.is_some_and(|block| !block.may_be_reviewed()) {
                reopen(txn, app, actor, &row, block).await?;
            }
        } else if store::stored_block(&row) != block {
            store::amend(txn, app.now(), &row, store::blocked(block)).await?;
        }
    }
    Ok(())
}

/// Takes the approval of a statement back: it lost what it was approved with.
pub async fn reopen(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    row: &provider_bills::Model,
    block: Option<Block>,
) -> AppResult<provider_bills::Model> {
    let change = Change {
        banking_detail_id: Set(None),
        approved_by_user_id: Set(None),
        approved_at: Set(None),
        ..store::blocked(block)
    };
    let row = store::take(txn, app.now(), row, Step::Reopen, change).await?;
    let entry = Entry::new("bill.reopened").subject("ProviderBill", row.id).provider(row.provider_id);
    audit::record(txn, app, actor, entry).await?;
    Ok(row)
}

/// Ends cool-offs that are over, and looks anew at every statement that waits for something.
pub async fn refresh_waiting(app: &App) -> AppResult<()> {
    let now = app.now();
    banking_details::Entity::update_many()
        .set(banking_details::ActiveModel {
            status: Set(BankingDetailStatus::Active),
            updated_at: Set(now),
            ..Default::default()
        })
        .filter(banking_details::Column::Status.eq(BankingDetailStatus::Pending))
        .filter(banking_details::Column::UsableFrom.lte(now))
        .exec(app.db.conn())
        .await?;
    let waiting: Vec<ProviderId> = provider_bills::Entity::find()
        .select_only()
        .column(provider_bills::Column::ProviderId)
        .filter(provider_bills::Column::Status.is_in([Status::PendingApproval, Status::Overdue]))
        .filter(provider_bills::Column::Readiness.ne(ProviderBillReadiness::Ready))
        .into_tuple()
        .all(app.db.conn())
        .await?;
    for provider in waiting.into_iter().collect::<BTreeSet<_>>() {
        let done = platform::write_txn!(app.db, |txn| {
            store::lock_clinic(txn, provider).await?;
            refresh(txn, app, &Actor::system(), provider).await
        });
        if let Err(error) = done {
            tracing::error!(provider.id = %provider, %error, "waiting statements could not be looked at");
        }
    }
    Ok(())
}
