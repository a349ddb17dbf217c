//! Charging what falls due, from the card the patient left (R-PY-41, R-PY-42).
//!
//! An item is claimed in a transaction of its own (row, attempt, history), the gateway is called without one, and the
//! answer is settled like every other. Whoever claims second finds the attempt open and leaves it alone.

use kernel::ids::{InstallmentScheduleItemId, PaymentId, QuoteId};
use kernel::{Actor, AppError, AppResult, Money, Timestamp};
use platform::App;
use platform::db::Txn;
use platform::jobs::{BATCH, Sweep};
use quoting::case;
use quoting::entity::quotes::QuoteStatus;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationTrait, Set,
};

use super::{ItemStatus, Plan, PlanStatus, items, lock_of, plans, set_item};
use crate::entity::payment_histories::{PaymentHistoryEvent, PaymentHistorySource};
use crate::entity::payments::{self, PaymentMethod, PaymentStatus, PaymentType};
use crate::facts;
use crate::gateway::{self, Intent, NewIntent, Purpose, SavedCard};
use crate::metadata::Metadata;
use crate::rules::attempt::Fact;
use crate::service::settle::{self, Report};
use crate::service::{accounts, methods};
use crate::store::{self, Step};

const NAME: &str = "payments.charge_due";

/// Why an item without a card fails.
const NO_CARD: &str = "no_payment_method";

/// Charges every planned payment that is due; a run that was missed is made up for.
pub async fn charge_due(app: &App) -> AppResult<()> {
    let mut sweep = Sweep::start(app, NAME);
    loop {
        let due: Vec<(InstallmentScheduleItemId, Timestamp)> = items::Entity::find()
            .select_only()
            .columns([items::Column::Id, items::Column::NextAttemptAt])
            .join(JoinType::InnerJoin, items::Relation::Plan.def())
            .filter(plans::Column::Status.eq(PlanStatus::Active))
            .filter(items::Column::Status.is_in([ItemStatus::Scheduled, ItemStatus::Retrying]))
            .filter(items::Column::NextAttemptAt.lte(app.now()))
            .filter(sweep.rest(items::Column::NextAttemptAt, items::Column::Id))
            .order_by_asc(items::Column::NextAttemptAt)
            .order_by_asc(items::Column::Id)
            .limit(BATCH)
            .into_tuple()
            .all(app.db.conn())
            .await?;
        for row in &due {
            sweep.took(*row, charge_item(app, &Actor::system(), row.0, By::Clock).await.map(drop));
        }
        if !sweep.goes_on(app, due.len()) {
            return Ok(());
        }
    }
}

/// Who has an item charged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The clock, when it is due.
    Clock,
    /// Staff, for one that failed for good (R-PY-43).
    Staff,
}

/// Charges one item from the patient's card. Answers the attempt, or none where there was nothing to do.
pub async fn charge_item(
    app: &App,
    actor: &Actor,
    id: InstallmentScheduleItemId,
    by: By,
) -> AppResult<Option<PaymentId>> {
    let found = items::Entity::find_by_id(id).find_also_related(plans::Entity).one(app.db.conn()).await?;
    let Some((_, Some(plan))) = found else { return Ok(None) };
    let claimed = platform::write_txn!(app.db, |txn| { claim(txn, app, actor, plan.quote_id, id, by).await })?;
    let Some((row, saved)) = claimed else { return Ok(None) };
    let Some(saved) = saved else {
        settle::settle(app, row.id, row.quote_id, &Report::without_card(NO_CARD)).await?;
        return Ok(Some(row.id));
    };
    // An answer that never comes leaves the attempt pending: it is asked about, never taken for a refusal (R-PY-26).
    let intent = ask(app, &row, &saved).await?;
    if let Some(fact) = intent.fact.clone().filter(|fact| !matches!(fact, Fact::Processing)) {
        let report = Report::of_intent(&intent, fact, PaymentHistorySource::Scheduler);
        settle::settle(app, row.id, row.quote_id, &report).await?;
    }
    Ok(Some(row.id))
}

/// Asks for the money of an attempt; the same attempt always asks for the same.
async fn ask(app: &App, row: &payments::Model, saved: &SavedCard) -> AppResult<Intent> {
    let account = accounts::load(app.db.conn(), row.gateway_account_id).await?;
    let ask = NewIntent {
        purpose: Purpose::Booking { payment: row.id, quote: row.quote_id },
        money: Money::new(row.amount, row.currency),
        idempotency_key: row.idempotency_key.clone().unwrap_or_else(|| format!("pay:{}", row.id)),
        patient: row.patient_id,
        keeps_card: false,
    };
    let intent = gateway::of(app, &account)?.charge(app, &ask, saved).await?;
    store::attach_intent(app.db.conn(), row.id, &intent.id, app.now()).await?;
    Ok(intent)
}

/// Finds the intent of an attempt whose answer was lost, by asking once more with its key. None where the card is gone:
/// then nothing can be asked, and a webhook or the reconciliation tells what became of it.
pub(crate) async fn ask_again(app: &App, row: &payments::Model) -> AppResult<Option<String>> {
    let Some(account) = row.gateway_account_id else { return Ok(None) };
    let Some(card) = methods::default_of(app.db.conn(), row.patient_id, account).await? else { return Ok(None) };
    ask(app, row, &methods::saved(&card)).await.map(|intent| Some(intent.id))
}

async fn claim(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    quote: QuoteId,
    id: InstallmentScheduleItemId,
    by: By,
) -> AppResult<Option<(payments::Model, Option<SavedCard>)>> {
    let now = app.now();
    let case = case::lock(txn, quote).await?;
    let rows = store::lock_payments(txn, quote).await?;
    let Some(plan) = lock_of(txn, quote).await? else { return Ok(None) };
    let Some(item) = plan.items.iter().find(|item| item.id == id) else { return Ok(None) };
    let busy =
        rows.iter().any(|row| row.payment_type != PaymentType::Refund && row.payment_status == PaymentStatus::Pending);
    let is_due = match by {
        By::Clock => {
            plan.row.status == PlanStatus::Active
                && matches!(item.status, ItemStatus::Scheduled | ItemStatus::Retrying)
                && item.next_attempt_at.is_some_and(|at| at <= now)
                && item.due_date <= facts::clinic_today(&case.quote, now)
        }
        By::Staff => item.status == ItemStatus::Failed,
    };
    let runs = case.quote.status == QuoteStatus::Confirmed && plan.has_begun();
    if busy || !is_due || !runs {
        return Ok(None);
    }
    // Where the payments before were made: of this plan, or of the one it goes on with.
    let before = rows.iter().find(|row| row.is_installment && row.paid_at.is_some());
    let account = before.and_then(|row| row.gateway_account_id);
    let account = account.ok_or_else(|| AppError::internal("a plan that began without a payment"))?;
    let card = methods::default_of(txn, plan.row.patient_id, account).await?;
    let row = attempt(txn, app, actor, &case, &plan, item, account).await?;
    let change = items::ActiveModel {
        status: Set(ItemStatus::Processing),
        attempts: Set(item.attempts + 1),
        ..Default::default()
    };
    set_item(txn, now, item.id, change).await?;
    Ok(Some((row, card.map(|card| methods::saved(&card)))))
}

async fn attempt(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    case: &case::Case,
    plan: &Plan,
    item: &items::Model,
    account: kernel::ids::GatewayAccountId,
) -> AppResult<payments::Model> {
    let (id, now) = (PaymentId::new(), app.now());
    let row = payments::Model {
        id,
        quote_id: case.quote.id,
        patient_id: case.inquiry.patient_id,
        provider_id: case.quote.provider_id,
        amount: item.amount,
        currency: case.require_terms()?.payment_currency,
        payment_type: PaymentType::Final,
        payment_method: PaymentMethod::Card,
        payment_status: PaymentStatus::Pending,
        stripe_payment_intent_id: None,
        transaction_id: None,
        metadata: Some(Metadata { auto: Some(true), ..Metadata::default() }.to_json()?),
        installment_plan_id: Some(plan.row.id),
        installment_number: Some(item.number),
        total_installments: Some(plan.row.number_of_installments),
        is_installment: true,
        refund_of_payment_id: None,
        cancellation_request_id: None,
        idempotency_key: Some(format!("pay:{id}")),
        gateway_account_id: Some(account),
        paid_at: None,
        failure_code: None,
        created_at: now,
        updated_at: now,
    };
    payments::Entity::insert(payments::ActiveModel::from(row.clone()).reset_all()).exec_without_returning(txn).await?;
    let step = Step {
        event: PaymentHistoryEvent::Created,
        from: None,
        to: Some(PaymentStatus::Pending),
        source: PaymentHistorySource::Scheduler,
        external_event_id: None,
        reason: None,
    };
    store::history(txn, app, actor, &row, step).await?;
    Ok(row)
}
