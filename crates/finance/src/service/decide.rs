//! What staff decide about statements (4.6, R-FN-48).

use identity::reauth;
use kernel::ids::{ProviderBillId, UserId};
use kernel::{Actor, AppError, AppResult, ErrorKind, FieldErrors, Permission, Timestamp};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::jobs::{self, Enqueue, Queue};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::pay;
use crate::entity::provider_bill_items as items;
use crate::entity::provider_bills as bills;
use crate::rules::readiness::Block;
use crate::rules::state::{self, Step};
use crate::service::account::reasoned;
use crate::store::{self, Change, Standing};

/// The longest note.
const NOTE: usize = 500;
/// Statements approved in one go.
pub const MOST: usize = 100;

/// A note of staff about a statement. Clinics never see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct BillNote {
    /// Who wrote it.
    pub by: UserId,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// What.
    pub text: String,
}

/// Reads the notes of a statement, the oldest first.
pub fn notes_of(row: &bills::Model) -> Vec<BillNote> {
    row.internal_notes.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
}

/// Who decides about statements.
///
/// Errors: 401, 403.
pub fn payer(actor: &Actor) -> AppResult<UserId> {
    let user = actor.admin()?;
    actor.require(Permission::ProcessPayout)?;
    Ok(user)
}

/// Who decides, about something that exists, and proved a moment ago who they are.
async fn begin(app: &App, actor: &Actor, id: ProviderBillId) -> AppResult<UserId> {
    let user = payer(actor)?;
    store::bill(app.db.conn(), id).await?;
    reauth::require_fresh(app.db.conn(), app, actor).await?;
    Ok(user)
}

/// The statement under lock, if a step can be taken from where it is and nobody changed it meanwhile.
async fn hold(txn: &Txn, id: ProviderBillId, step: Step, version: i32) -> AppResult<bills::Model> {
    let row = store::lock_bill(txn, id).await?;
    step.from(row.status)?;
    if row.version == version { Ok(row) } else { Err(AppError::stale_version()) }
}

async fn note(txn: &Txn, app: &App, actor: &Actor, row: &bills::Model, entry: Entry) -> AppResult<()> {
    audit::record(txn, app, actor, entry.subject("ProviderBill", row.id).provider(row.provider_id)).await?;
    match row.batch_id {
        Some(batch) => store::recount(txn, app.now(), batch).await,
        None => Ok(()),
    }
}

/// Approves a statement. One whose payout day has come is paid at once.
///
/// `review` is why an unusual one is right (R-PY-63): 20 to 500 characters.
///
/// Errors: 403, 403 `reauth_required`; 404; 409 `invalid_transition`, `stale_version`, `bill_not_ready`; 422.
pub async fn approve(
    app: &App,
    actor: &Actor,
    id: ProviderBillId,
    version: i32,
    review: Option<&str>,
) -> AppResult<()> {
    let user = begin(app, actor, id).await?;
    let review = review.map(|text| reasoned("review_reason", text)).transpose()?;
    approve_one(app, actor, (user, id), version, review.as_deref()).await
}

/// [`approve`] once it is clear who asks.
pub(crate) async fn approve_one(
    app: &App,
    actor: &Actor,
    (user, id): (UserId, ProviderBillId),
    version: i32,
    review: Option<&str>,
) -> AppResult<()> {
    platform::write_txn!(app.db, |txn| {
        let row = hold(txn, id, Step::Approve, version).await?;
        let (now, standing) = (app.now(), Standing::load(txn, app, row.provider_id).await?);
        let block = standing.block_of(&row, now);
        if let Some(block) = block.filter(|block| !(block.may_be_reviewed() && review.is_some())) {
            return Err(not_ready(block));
        }
        let account = standing.account.as_ref().filter(|_| row.net_amount.is_positive());
        let change = Change {
            banking_detail_id: Set(account.map(|account| account.id)),
            approved_by_user_id: Set(Some(user)),
            approved_at: Set(Some(now)),
            ..store::blocked(None)
        };
        let row = store::take(txn, now, &row, Step::Approve, change).await?;
        let mut entry = Entry::new("bill.approved").change(
            None,
            Some(json!({ "net": row.net_amount, "currency": row.currency, "reviewed": block.map(Block::word) })),
        );
        if let Some(reason) = review {
            entry = entry.reason(reason);
        }
        note(txn, app, actor, &row, entry).await?;
        if state::is_payout_time(row.payout_date, now) {
            enqueue(txn, app, &row).await?;
        }
        Ok(())
    })
}

/// 409: something stands in the way; `block` tells what.
fn not_ready(block: Block) -> AppError {
    AppError::conflict("bill_not_ready", "This statement cannot be paid as it is.").with("block", block)
}

async fn enqueue(txn: &Txn, app: &App, row: &bills::Model) -> AppResult<()> {
    let key = format!("po:{}:{}", row.id, row.version);
    let opts = Enqueue { dedupe: Some(key), queue: Queue::High, ..Default::default() };
    jobs::enqueue(txn, app, pay::JOB, json!({ "bill": row.id }), opts).await
}

/// A statement of a batch, as it was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SeenBill {
    /// Which.
    pub id: ProviderBillId,
    /// Its version.
    pub version: i32,
}

/// One that was not approved.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct UnapprovedBill {
    /// Which.
    pub id: ProviderBillId,
    /// Why.
    #[schema(example = "bill_not_ready")]
    pub code: String,
    /// What stands in its way.
    pub block: Option<Block>,
}

/// What became of a batch.
#[derive(Clone, Debug, Default, Serialize, utoipa::ToSchema)]
pub struct BatchApproval {
    /// Approved.
    pub approved: Vec<ProviderBillId>,
    /// Not approved, and why.
    pub failed: Vec<UnapprovedBill>,
}

/// Approves many statements, each in a transaction of its own: one that fails holds no other up (R-FN-48).
///
/// Errors: 403, 403 `reauth_required`; 422 for none or too many.
pub async fn batch_approve(app: &App, actor: &Actor, seen: &[SeenBill]) -> AppResult<BatchApproval> {
    let user = payer(actor)?;
    reauth::require_fresh(app.db.conn(), app, actor).await?;
    if seen.is_empty() || seen.len() > MOST {
        return Err(AppError::field("bills", "count_out_of_range", "Choose 1 to 100 statements."));
    }
    let mut outcome = BatchApproval::default();
    for one in seen {
        match Box::pin(approve_one(app, actor, (user, one.id), one.version, None)).await {
            Ok(()) => outcome.approved.push(one.id),
            Err(error) if error.kind == ErrorKind::Internal => return Err(error),
            Err(error) => {
                let block = error.extra.get("block").cloned().and_then(|word| serde_json::from_value(word).ok());
                outcome.failed.push(UnapprovedBill { id: one.id, code: error.code.into_owned(), block });
            }
        }
    }
    Ok(outcome)
}

/// Takes an approval back, before the payout day.
///
/// Errors: 403, 403 `reauth_required`; 404; 409 `invalid_transition`, `stale_version`; 422.
pub async fn unapprove(app: &App, actor: &Actor, id: ProviderBillId, version: i32, reason: &str) -> AppResult<()> {
    begin(app, actor, id).await?;
    let reason = reasoned("reason", reason)?;
    platform::write_txn!(app.db, |txn| {
        let row = hold(txn, id, Step::Unapprove, version).await?;
        let now = app.now();
        if state::is_payout_time(row.payout_date, now) {
            return Err(AppError::conflict("invalid_transition", "The payout day has come."));
        }
        let block = Standing::load(txn, app, row.provider_id).await?.block_of(&row, now);
        let change = Change {
            banking_detail_id: Set(None),
            approved_by_user_id: Set(None),
            approved_at: Set(None),
            ..store::blocked(block)
        };
        let row = store::take(txn, now, &row, Step::Unapprove, change).await?;
        note(txn, app, actor, &row, Entry::new("bill.unapproved").reason(&reason)).await
    })
}

/// Drops a statement: what stands on it goes onto the next one.
///
/// Errors: 403, 403 `reauth_required`; 404; 409 `invalid_transition`, `stale_version`; 422.
pub async fn void(app: &App, actor: &Actor, id: ProviderBillId, version: i32, reason: &str) -> AppResult<()> {
    let user = begin(app, actor, id).await?;
    let reason = reasoned("reason", reason)?;
    platform::write_txn!(app.db, |txn| {
        let row = hold(txn, id, Step::Void, version).await?;
        let now = app.now();
        items::Entity::update_many()
            .set(items::ActiveModel { active: Set(false), updated_at: Set(now), ..Default::default() })
            .filter(items::Column::BillId.eq(id))
            .filter(items::Column::Active.eq(true))
            .exec(txn)
            .await?;
        let change = Change {
            voided_by_user_id: Set(Some(user)),
            voided_at: Set(Some(now)),
            void_reason: Set(Some(reason.clone())),
            ..Change::default()
        };
        let row = store::take(txn, now, &row, Step::Void, change).await?;
        note(txn, app, actor, &row, Entry::new("bill.voided").reason(&reason)).await
    })
}

/// Sends a statement again whose money the bank refused, to the account that is in force now.
///
/// Errors: 403, 403 `reauth_required`; 404; 409 `invalid_transition`, `stale_version`, `bill_not_ready`.
pub async fn retry(app: &App, actor: &Actor, id: ProviderBillId, version: i32) -> AppResult<()> {
    begin(app, actor, id).await?;
    platform::write_txn!(app.db, |txn| {
        let row = hold(txn, id, Step::Retry, version).await?;
        let standing = Standing::load(txn, app, row.provider_id).await?;
        if let Some(block) = standing.block_of(&row, app.now()).filter(|block| !block.may_be_reviewed()) {
            return Err(not_ready(block));
        }
        let account = standing.account.as_ref().map(|account| account.id);
        let to = Change { banking_detail_id: Set(account), ..Change::default() };
        let row = store::amend(txn, app.now(), &row, to).await?;
        let row = pay::begin(txn, app, &row, Step::Retry).await?;
        note(txn, app, actor, &row, Entry::new("bill.retried")).await?;
        enqueue(txn, app, &row).await
    })
}

/// Adds a note that only staff see.
///
/// Errors: 403; 404; 422.
pub async fn add_note(app: &App, actor: &Actor, id: ProviderBillId, text: &str) -> AppResult<()> {
    let user = payer(actor)?;
    store::bill(app.db.conn(), id).await?;
    let text = text.trim().to_owned();
    let mut faults = FieldErrors::new();
    if !(1..=NOTE).contains(&text.chars().count()) {
        faults.add("note", "text_length", "1 to 500 characters.");
    }
    faults.check()?;
    platform::write_txn!(app.db, |txn| {
        let row = store::lock_bill(txn, id).await?;
        let mut notes = notes_of(&row);
        notes.push(BillNote { by: user, at: app.now(), text: text.clone() });
        // A note changes nothing that an approval is about: the version stays.
        bills::Entity::update_many()
            .set(Change { internal_notes: Set(Some(serde_json::to_string(&notes)?)), ..Change::default() })
            .filter(bills::Column::Id.eq(id))
            .exec(txn)
            .await?;
        let entry = Entry::new("bill.noted").subject("ProviderBill", id).provider(row.provider_id);
        audit::record(txn, app, actor, entry).await
    })
}
