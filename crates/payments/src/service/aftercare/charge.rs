//! The clock: reminders three days ahead, charges on their day, retries (R-AC-59). A charge is claimed in a transaction of its
//! own, the gateway is called without one, and the answer is settled like every other.

use chrono::Duration;
use kernel::ids::AftercarePaymentId;
use kernel::{Actor, AppResult, Timestamp};
use platform::App;
use platform::db::Txn;
use platform::jobs::{BATCH, Sweep};
use platform::outbox;
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{
    Model, Status, Type, account_of, charges, event, is_asked, key, lock, money, owes, pay, purpose, row_of, rules,
    save, settle, was_paid,
};
use crate::entity::aftercare_payments::AftercarePaymentMethod;
use crate::entity::payment_histories::PaymentHistorySource;
use crate::gateway::{self, CHARGE_REFUSED, NewIntent, SavedCard};
use crate::rules::attempt::Fact;
use crate::service::settle::Report;
use crate::service::{accounts, methods};

const NAME: &str = "payments.charge_aftercare";
/// Why a charge without a card fails.
const NO_CARD: &str = "no_payment_method";
/// What the clock asked for and nobody answered is asked after then.
const SILENCE: Duration = Duration::minutes(15);

/// What was not paid for so long is asked after no more: its webhook tells, and the reconciliation.
const FORGOTTEN: Duration = Duration::days(3);

/// Charges what is due; a run that was missed is made up for.
pub async fn charge_due(app: &App) -> AppResult<()> {
    let mut sweep = Sweep::start(app, NAME);
    loop {
        let now = app.now();
        let due: Vec<(AftercarePaymentId, Timestamp)> = charges::Entity::find()
            .select_only()
            .columns([charges::Column::Id, charges::Column::NextAttemptAt])
            .filter(charges::Column::PaymentStatus.is_in([Status::Pending, Status::Failed]))
            .filter(charges::Column::DueDate.lte(now.date_naive()))
            .filter(charges::Column::NextAttemptAt.lte(now))
            .filter(sweep.rest(charges::Column::NextAttemptAt, charges::Column::Id))
            .order_by_asc(charges::Column::NextAttemptAt)
            .order_by_asc(charges::Column::Id)
            .limit(BATCH)
            .into_tuple()
            .all(app.db.conn())
            .await?;
        for row in &due {
            sweep.took(*row, charge(app, row.0).await);
        }
        if !sweep.goes_on(app, due.len()) {
            return Ok(());
        }
    }
}

async fn charge(app: &App, id: AftercarePaymentId) -> AppResult<()> {
    let Some(found) = charges::Entity::find_by_id(id).one(app.db.conn()).await? else { return Ok(()) };
    let claimed = platform::write_txn!(app.db, |txn| { claim(txn, app, &found).await })?;
    let Some((row, card)) = claimed else { return Ok(()) };
    ask(app, row, card).await
}

/// Takes a charge whose time has come. None where another worker or its patient was faster, or nothing is to be charged.
async fn claim(txn: &Txn, app: &App, found: &charges::Model) -> AppResult<Option<(charges::Model, Option<SavedCard>)>> {
    let now = app.now();
    let rows = lock(txn, found.standalone_request_id).await?;
    let row = row_of(&rows, found.id)?;
    let is_due = matches!(row.payment_status, Status::Pending | Status::Failed)
        && row.next_attempt_at.is_some_and(|at| at <= now)
        && row.due_date <= now.date_naive();
    // Before the first charge is paid there is no card, and nothing was bought; while a month is owed, later ones wait for
    // it (R-PY-42).
    let may = is_due && was_paid(&rows) && !owes(&rows);
    let Some(account) = account_of(&rows).filter(|_| may) else { return Ok(None) };
    let card = methods::default_of(txn, row.patient_id, account).await?;
    let attempts = row.attempts + 1;
    let claimed = charges::Model {
        payment_status: Status::Pending,
        payment_method: Some(AftercarePaymentMethod::Card),
        attempts,
        next_attempt_at: None,
        gateway_account_id: Some(account),
        idempotency_key: Some(key(row, attempts)),
        ..row.clone()
    };
    let claimed = save(txn, now, claimed).await?;
    Ok(Some((claimed, card.map(|card| methods::saved(&card)))))
}

/// Asks for the money of a claimed charge; the same try always asks for the same.
async fn ask(app: &App, row: charges::Model, card: Option<SavedCard>) -> AppResult<()> {
    let Some(card) = card else {
        return settle(app, row.id, row.standalone_request_id, &Report::without_card(NO_CARD)).await;
    };
    let account = accounts::load(app.db.conn(), row.gateway_account_id).await?;
    let gateway = gateway::of(app, &account)?;
    let ask = NewIntent {
        purpose: purpose(&row),
        money: money(&row),
        idempotency_key: row.idempotency_key.clone().unwrap_or_else(|| key(&row, row.attempts)),
        patient: row.patient_id,
        keeps_card: false,
    };
    let asked = match &row.stripe_payment_intent_id {
        Some(intent) => gateway.charge_again(app, intent, &ask, &card).await,
        None => gateway.charge(app, &ask, &card).await,
    };
    let intent = match asked {
        Err(error) if error.code == CHARGE_REFUSED => {
            return settle(app, row.id, row.standalone_request_id, &Report::without_card(CHARGE_REFUSED)).await;
        }
        asked => asked?,
    };
    let row = pay::attach(app, row, &intent).await?;
    match intent.fact.clone().filter(|fact| !matches!(fact, Fact::Processing)) {
        Some(fact) => {
            let report = Report::of_intent(&intent, fact, PaymentHistorySource::Scheduler);
            settle(app, row.id, row.standalone_request_id, &report).await
        }
        None => Ok(()),
    }
}

/// Asks after what the clock asked for and nobody answered: with the same key, so that nothing is charged twice (R-PY-33).
/// A batch per run.
pub async fn poll_silent(app: &App) -> AppResult<()> {
    let silent =
        charges::Entity::find()
            .filter(charges::Column::PaymentStatus.eq(Status::Pending))
            .filter(charges::Column::PaymentType.eq(Type::Charge))
            .filter(charges::Column::DueDate.lte(app.now().date_naive()))
            .filter(charges::Column::PaymentMethod.is_not_null())
            .filter(charges::Column::UpdatedAt.lt(app.now() - SILENCE))
            // What the clock asked for is never left without an answer.
            .filter(Condition::any().add(charges::Column::UpdatedAt.gt(app.now() - FORGOTTEN)).add(
                Condition::all().add(charges::Column::Attempts.gt(0)).add(charges::Column::NextAttemptAt.is_null()),
            ))
            .order_by_asc(charges::Column::UpdatedAt)
            .limit(BATCH)
            .all(app.db.conn())
            .await?;
    for row in silent {
        let id = row.id;
        let done = match (&row.gateway_account_id, is_asked(&row)) {
            (Some(account), true) => {
                let card = methods::default_of(app.db.conn(), row.patient_id, *account).await?;
                ask(app, row, card.map(|card| methods::saved(&card))).await
            }
            _ => pay::refresh(app, &row, PaymentHistorySource::Reconciliation).await,
        };
        if let Err(error) = done {
            tracing::error!(charge.id = %id, %error, "a silent charge could not be asked about");
        }
    }
    Ok(())
}

/// Reminds of months three days ahead, once each.
pub async fn remind(app: &App) -> AppResult<()> {
    let now = app.now();
    let soon = now.date_naive() + rules::REMIND_AHEAD;
    let due = charges::Entity::find()
        .filter(charges::Column::PaymentStatus.eq(Status::Pending))
        .filter(charges::Column::DueDate.gt(now.date_naive()))
        .filter(charges::Column::DueDate.lte(soon))
        .filter(charges::Column::PricingModel.eq(Model::MonthlySubscription))
        .filter(charges::Column::NextAttemptAt.is_not_null())
        .filter(charges::Column::ReminderSentAt.is_null())
        .order_by_asc(charges::Column::Id)
        .limit(BATCH)
        .all(app.db.conn())
        .await?;
    for row in due {
        if now < rules::hour_of(row.due_date - rules::REMIND_AHEAD) {
            continue;
        }
        let told = platform::write_txn!(app.db, |txn| {
            let rows = lock(txn, row.standalone_request_id).await?;
            let own = row_of(&rows, row.id)?;
            let is_open = own.payment_status == Status::Pending && own.reminder_sent_at.is_none();
            if !is_open || !was_paid(&rows) || owes(&rows) {
                return Ok(());
            }
            let change = charges::ActiveModel { reminder_sent_at: Set(Some(now)), ..Default::default() };
            charges::Entity::update_many().set(change).filter(charges::Column::Id.eq(row.id)).exec(txn).await?;
            let told = event("aftercare.payment_due_reminder", own).occurrence("ahead").with("due_on", own.due_date);
            outbox::emit(txn, app, &Actor::system(), told).await
        });
        if let Err(error) = told {
            tracing::error!(charge.id = %row.id, %error, "a charge could not be reminded of");
        }
    }
    Ok(())
}
