//! Locks and writes of this wing. Lock order: clinic, then its accounts, statements, batches, counters.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use directory::entity::provider_commissions::{self, ProviderCommissionPaymentCycle, ProviderCommissionStatus};
use directory::entity::providers;
use kernel::ids::{AnyId, PatientId, PayoutBatchId, ProviderBillId, ProviderId};
use kernel::{Amount, AppError, AppResult, Currency, Money, Timestamp};
use payments::service::payouts;
use platform::App;
use platform::db::Txn;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set, SqlErr,
};

use crate::entity::banking_details::{self, BankingDetailOwnerType, BankingDetailStatus};
use crate::entity::payout_batches::{self, PayoutBatchPayeeType, PayoutBatchStatus};
use crate::entity::provider_bill_items;
use crate::entity::provider_bills::{
    self, ProviderBillPaymentCycle as Cycle, ProviderBillReadiness, ProviderBillStatus as Status,
};
use crate::rules::period::Agreement;
use crate::rules::readiness::{self, Block, COMPARED, Destination};
use crate::rules::state::Step;

/// The clinic under lock; 404 when there is none.
pub async fn lock_clinic(txn: &Txn, id: ProviderId) -> AppResult<providers::Model> {
    providers::Entity::find_by_id(id).lock_exclusive().one(txn).await?.ok_or_else(AppError::not_found)
}

/// A statement; 404 when there is none.
pub async fn bill(conn: &impl ConnectionTrait, id: ProviderBillId) -> AppResult<provider_bills::Model> {
    provider_bills::Entity::find_by_id(id).one(conn).await?.ok_or_else(AppError::not_found)
}

/// A statement under lock, its clinic before it.
pub async fn lock_bill(txn: &Txn, id: ProviderBillId) -> AppResult<provider_bills::Model> {
    // Whose a statement is never changes, so it can be read before the lock.
    let found = bill(txn, id).await?;
    lock_clinic(txn, found.provider_id).await?;
    provider_bills::Entity::find_by_id(id).lock_exclusive().one(txn).await?.ok_or_else(AppError::not_found)
}

/// What of a statement may change beside its status; the rest stays as it is.
pub type Change = provider_bills::ActiveModel;

/// Takes a step on a statement that still is what it was read as, and returns it as it is now.
///
/// Errors: 409 `invalid_transition`, `stale_version`.
pub async fn take(
    txn: &Txn,
    now: Timestamp,
    row: &provider_bills::Model,
    step: Step,
    change: Change,
) -> AppResult<provider_bills::Model> {
    let to = step.from(row.status)?;
    amend(txn, now, row, Change { status: Set(to), ..change }).await
}

/// Changes a statement that still is what it was read as, and returns it as it is now.
///
/// Errors: 409 `stale_version`.
pub async fn amend(
    txn: &Txn,
    now: Timestamp,
    row: &provider_bills::Model,
    change: Change,
) -> AppResult<provider_bills::Model> {
    let done = provider_bills::Entity::update_many()
        .set(Change { version: Set(row.version + 1), updated_at: Set(now), ..change })
        .filter(provider_bills::Column::Id.eq(row.id))
        .filter(provider_bills::Column::Status.eq(row.status))
        .filter(provider_bills::Column::Version.eq(row.version))
        .exec(txn)
        .await?;
    if done.rows_affected == 1 { bill(txn, row.id).await } else { Err(AppError::stale_version()) }
}

/// The lines of a statement in the order they were written.
pub async fn lines(conn: &impl ConnectionTrait, id: ProviderBillId) -> AppResult<Vec<provider_bill_items::Model>> {
    Ok(provider_bill_items::Entity::find()
        .filter(provider_bill_items::Column::BillId.eq(id))
        .order_by_asc(provider_bill_items::Column::Id)
        .all(conn)
        .await?)
}

/// The word of a cycle as statements keep it.
pub fn cycle(agreed: ProviderCommissionPaymentCycle) -> Cycle {
    match agreed {
        ProviderCommissionPaymentCycle::Weekly => Cycle::Weekly,
        ProviderCommissionPaymentCycle::TwiceMonthly => Cycle::TwiceMonthly,
        ProviderCommissionPaymentCycle::Monthly => Cycle::Monthly,
    }
}

/// How some clinics, or all of them, are paid: in one statement, each in the order of its days.
pub async fn agreements(
    conn: &impl ConnectionTrait,
    of: Option<ProviderId>,
) -> AppResult<BTreeMap<ProviderId, Vec<Agreement>>> {
    let mut found = provider_commissions::Entity::find()
        .filter(provider_commissions::Column::Status.eq(ProviderCommissionStatus::Active))
        .order_by_asc(provider_commissions::Column::EffectiveFrom);
    if let Some(provider) = of {
        found = found.filter(provider_commissions::Column::ProviderId.eq(provider));
    }
    let mut known: BTreeMap<ProviderId, Vec<Agreement>> = BTreeMap::new();
    for row in found.all(conn).await? {
        let agreement = Agreement {
            from: row.effective_from,
            cycle: cycle(row.payment_cycle),
            offset_days: u32::try_from(row.payout_offset_days).unwrap_or_default(),
        };
        known.entry(row.provider_id).or_default().push(agreement);
    }
    Ok(known)
}

/// Whose account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owner {
    /// What they are.
    pub kind: BankingDetailOwnerType,
    /// Which.
    pub id: AnyId,
}

impl From<ProviderId> for Owner {
    fn from(id: ProviderId) -> Self {
        Self { kind: BankingDetailOwnerType::Provider, id: id.any() }
    }
}

impl From<PatientId> for Owner {
    fn from(id: PatientId) -> Self {
        Self { kind: BankingDetailOwnerType::Patient, id: id.any() }
    }
}

/// The accounts of an owner that were not replaced, the newest first. There is one, unless rows came from elsewhere.
pub async fn live_accounts(
    conn: &impl ConnectionTrait,
    owner: impl Into<Owner>,
) -> AppResult<Vec<banking_details::Model>> {
    let owner = owner.into();
    Ok(banking_details::Entity::find()
        .filter(banking_details::Column::OwnerType.eq(owner.kind))
        .filter(banking_details::Column::OwnerId.eq(owner.id))
        .filter(banking_details::Column::Status.ne(BankingDetailStatus::Superseded))
        .order_by_desc(banking_details::Column::Id)
        .all(conn)
        .await?)
}

/// Accounts of other payees with the same number, or the same account at the gateway (R-FN-55). Patients are paid back, not paid: what they give as their account
/// holds up no clinic.
pub async fn twins(
    conn: &impl ConnectionTrait,
    account: &banking_details::Model,
) -> AppResult<Vec<banking_details::Model>> {
    let place = &account.gateway_destination_id;
    let is_shared = Condition::any()
        .add(banking_details::Column::AccountFingerprint.eq(&account.account_fingerprint))
        .add_option(place.as_ref().map(|id| banking_details::Column::GatewayDestinationId.eq(id)));
    let same = banking_details::Entity::find()
        .filter(is_shared)
        .filter(banking_details::Column::Status.ne(BankingDetailStatus::Superseded))
        .filter(banking_details::Column::OwnerType.ne(BankingDetailOwnerType::Patient))
        .filter(banking_details::Column::Id.ne(account.id));
    let same = same.all(conn).await?;
    let is_mine =
        |row: &banking_details::Model| row.owner_type == account.owner_type && row.owner_id == account.owner_id;
    Ok(same.into_iter().filter(|row| !is_mine(row)).collect())
}

/// What decides whether a clinic's statements can be paid.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The account it is paid to.
    pub account: Option<banking_details::Model>,
    destination: Option<Destination>,
    /// Nets of paid statements, the newest first.
    earlier: Vec<Money>,
}

impl Standing {
    /// Reads it: at most three statements.
    pub async fn load(conn: &impl ConnectionTrait, app: &App, provider: ProviderId) -> AppResult<Self> {
        let account = live_accounts(conn, provider).await?.into_iter().next();
        let destination = match &account {
            None => None,
            Some(row) => Some(Destination {
                currency: row.currency,
                is_invalid: row.status == BankingDetailStatus::Invalid,
                is_reached: row.gateway_destination_id.is_some() || payouts::reaches_banks(app),
                is_shared: row.shared_cleared_at.is_none() && !twins(conn, row).await?.is_empty(),
                usable_from: row.usable_from,
            }),
        };
        let paid = provider_bills::Entity::find()
            .filter(provider_bills::Column::ProviderId.eq(provider))
            .filter(provider_bills::Column::Status.eq(Status::Paid))
            .filter(provider_bills::Column::NetAmount.gt(Amount::ZERO))
            .order_by_desc(provider_bills::Column::PaidAt)
            .order_by_desc(provider_bills::Column::Id)
            .limit(COMPARED as u64 * 4)
            .all(conn)
            .await?;
        let earlier = paid.iter().map(|row| Money::new(row.net_amount, row.currency)).collect();
        Ok(Self { account, destination, earlier })
    }

    /// What stands in the way of paying so much now.
    pub fn block(&self, net: Money, now: Timestamp) -> Option<Block> {
        let same = self.earlier.iter().filter(|earlier| earlier.currency == net.currency);
        let earlier: Vec<Amount> = same.map(|earlier| earlier.amount).collect();
        readiness::block(net.amount, net.currency, self.destination.as_ref(), &earlier, now)
    }

    /// The same for a statement; one whose lines do not add up stays blocked.
    pub fn block_of(&self, row: &provider_bills::Model, now: Timestamp) -> Option<Block> {
        match stored_block(row) {
            Some(Block::LinesDiffer) => Some(Block::LinesDiffer),
            _ => self.block(Money::new(row.net_amount, row.currency), now),
        }
    }

    /// Whether another account is in force than the one a statement was approved with.
    pub fn has_moved(&self, row: &provider_bills::Model) -> bool {
        row.net_amount.is_positive() && row.banking_detail_id != self.account.as_ref().map(|account| account.id)
    }
}

/// Why a statement waits, as it was written down.
pub fn stored_block(row: &provider_bills::Model) -> Option<Block> {
    row.blocked_reason.as_deref().and_then(Block::from_word)
}

/// The columns that tell what stands in a statement's way.
pub fn blocked(block: Option<Block>) -> Change {
    Change {
        readiness: Set(block.map_or(ProviderBillReadiness::Ready, Block::readiness)),
        blocked_reason: Set(block.map(|block| block.word().to_owned())),
        ..Default::default()
    }
}

/// The batch of a payout date, made where there is none.
pub async fn batch(app: &App, payout: NaiveDate) -> AppResult<payout_batches::Model> {
    let find = || {
        payout_batches::Entity::find()
            .filter(payout_batches::Column::PayeeType.eq(PayoutBatchPayeeType::Provider))
            .filter(payout_batches::Column::PayoutDate.eq(payout))
            .one(app.db.conn())
    };
    if let Some(row) = find().await? {
        return Ok(row);
    }
    let now = app.now();
    let row = payout_batches::ActiveModel {
        id: Set(PayoutBatchId::new()),
        payee_type: Set(PayoutBatchPayeeType::Provider),
        payout_date: Set(payout),
        status: Set(PayoutBatchStatus::Open),
        item_count: Set(0),
        totals: Set(serde_json::json!({})),
        built_at: Set(None),
        executed_at: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
    };
    match payout_batches::Entity::insert(row).exec_without_returning(app.db.conn()).await {
        // Another worker was faster.
        Err(error) if !matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) => {
            return Err(error.into());
        }
        _ => {}
    }
    find().await?.ok_or_else(AppError::not_found)
}

/// Counts a batch anew: how many statements, how much, how far.
pub async fn recount(txn: &Txn, now: Timestamp, id: PayoutBatchId) -> AppResult<()> {
    let rows = provider_bills::Entity::find()
        .filter(provider_bills::Column::BatchId.eq(id))
        .filter(provider_bills::Column::Status.ne(Status::Voided))
        .all(txn)
        .await?;
    let mut totals: BTreeMap<Currency, Amount> = BTreeMap::new();
    for row in &rows {
        let sum = totals.entry(row.currency).or_default();
        *sum = *sum + row.net_amount;
    }
    let totals: BTreeMap<String, Amount> =
        totals.into_iter().map(|(currency, sum)| (currency.code().to_owned(), sum)).collect();
    let any = |status: Status| rows.iter().any(|row| row.status == status);
    let has_begun = any(Status::Processing) || any(Status::Paid) || any(Status::Failed);
    let is_open = any(Status::PendingApproval) || any(Status::Approved) || any(Status::Overdue);
    let status = match (has_begun, is_open || any(Status::Processing), any(Status::Failed)) {
        (false, _, _) => PayoutBatchStatus::Open,
        (true, true, _) => PayoutBatchStatus::Executing,
        (true, false, true) => PayoutBatchStatus::DoneWithFailures,
        (true, false, false) => PayoutBatchStatus::Done,
    };
    let mut change = payout_batches::ActiveModel {
        status: Set(status),
        item_count: Set(i32::try_from(rows.len()).unwrap_or(i32::MAX)),
        totals: Set(serde_json::to_value(totals)?),
        updated_at: Set(now),
        ..Default::default()
    };
    if matches!(status, PayoutBatchStatus::Done | PayoutBatchStatus::DoneWithFailures) {
        change.executed_at = Set(Some(now));
    }
    payout_batches::Entity::update_many().set(change).filter(payout_batches::Column::Id.eq(id)).exec(txn).await?;
    Ok(())
}
