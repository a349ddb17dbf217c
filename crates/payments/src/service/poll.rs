//! Asking the gateway instead of waiting for it (R-PY-33): for webhooks that got lost, and to give attempts up.

use chrono::Duration;
use kernel::ids::PaymentId;
use kernel::{Actor, ActorKind, AppError, AppResult, Permission};
use platform::App;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::entity::payment_histories::PaymentHistorySource;
use crate::entity::payments::{self, PaymentMethod, PaymentStatus, PaymentType};
use crate::gateway;
use crate::metadata::Metadata;
use crate::rules::attempt::Fact;
use crate::service::settle::{self, Report};
use crate::service::{accounts, plans};
use crate::store;

/// A pending attempt is asked about after this time.
const SILENCE: Duration = Duration::minutes(15);
/// A pending card attempt is given up after this time (R-PY-25).
const ABANDONED: Duration = Duration::hours(24);
const BATCH: u64 = 100;

/// Brings one attempt up to date on demand: its patient, or staff.
pub async fn sync(app: &App, actor: &Actor, id: PaymentId) -> AppResult<()> {
    let row = payments::Entity::find_by_id(id).one(app.db.conn()).await?.ok_or_else(AppError::not_found)?;
    match actor.kind {
        ActorKind::Patient(patient) if patient == row.patient_id => {}
        ActorKind::Admin(_) => actor.require(Permission::ViewTransaction)?,
        ActorKind::Anonymous => return Err(AppError::unauthenticated()),
        _ => return Err(AppError::not_found()),
    }
    refresh(app, &row, PaymentHistorySource::Api).await
}

/// Asks about attempts that have been silent, and gives up those older than a day.
pub async fn poll_silent(app: &App) -> AppResult<()> {
    let now = app.now();
    let silent = payments::Entity::find()
        .filter(payments::Column::PaymentStatus.eq(PaymentStatus::Pending))
        .filter(payments::Column::PaymentType.ne(PaymentType::Refund))
        .filter(payments::Column::PaymentMethod.eq(PaymentMethod::Card))
        .filter(payments::Column::CreatedAt.lt(now - SILENCE))
        .order_by_asc(payments::Column::CreatedAt)
        .limit(BATCH)
        .all(app.db.conn())
        .await?;
    for row in silent {
        let done = if now - row.created_at >= ABANDONED {
            cancel(app, &row, "abandoned").await.map(drop)
        } else {
            refresh(app, &row, PaymentHistorySource::Reconciliation).await
        };
        if let Err(error) = done {
            // The next one may be fine; this one is tried again in ten minutes.
            tracing::error!(payment.id = %row.id, %error, "a silent payment could not be asked about");
        }
    }
    Ok(())
}

/// Gives refused attempts up at the gateway after a day: a browser that still has one open could pay it, and should its
/// webhook be lost, nobody would ever ask about an attempt that counts as over.
pub async fn give_up_declined(app: &App) -> AppResult<()> {
    let declined = payments::Entity::find()
        .filter(payments::Column::PaymentStatus.eq(PaymentStatus::Failed))
        .filter(payments::Column::PaymentType.ne(PaymentType::Refund))
        .filter(payments::Column::PaymentMethod.eq(PaymentMethod::Card))
        .filter(payments::Column::StripePaymentIntentId.is_not_null())
        .filter(payments::Column::CreatedAt.lt(app.now() - ABANDONED))
        // What was given up says so in its metadata, whose spaces are the database's own.
        .filter(payments::Column::Metadata.not_like("%\"gateway_status\"%\"canceled\"%"))
        .order_by_asc(payments::Column::CreatedAt)
        .limit(BATCH)
        .all(app.db.conn())
        .await?;
    for row in declined {
        if let Err(error) = cancel(app, &row, "abandoned").await {
            tracing::error!(payment.id = %row.id, %error, "a refused payment could not be given up");
        }
    }
    Ok(())
}

async fn refresh(app: &App, row: &payments::Model, source: PaymentHistorySource) -> AppResult<()> {
    if row.payment_status == PaymentStatus::Completed || row.payment_type == PaymentType::Refund {
        return Ok(());
    }
    let Some(intent) = intent_of(app, row).await? else { return Ok(()) };
    let account = accounts::load(app.db.conn(), row.gateway_account_id).await?;
    let intent = gateway::of(app, &account)?.retrieve(app, &intent).await?;
    match intent.fact.clone() {
        Some(fact) => settle::settle(app, row.id, row.quote_id, &Report::of_intent(&intent, fact, source)).await,
        None => Ok(()),
    }
}

/// The intent of an attempt. Of one the clock made, whose answer was lost, the same key finds it: the card may have been
/// charged (R-PY-26, race 11). An attempt of the patient's without one was never shown to anybody who could pay it.
async fn intent_of(app: &App, row: &payments::Model) -> AppResult<Option<String>> {
    if row.stripe_payment_intent_id.is_some() || Metadata::of(row).auto != Some(true) {
        return Ok(row.stripe_payment_intent_id.clone());
    }
    plans::ask_again(app, row).await
}

/// Gives an attempt up at the gateway and settles what became of it: closed for `reason`, or paid after all.
///
/// Tells the gateway's answer; `Processing` leaves the attempt open.
pub async fn cancel(app: &App, row: &payments::Model, reason: &'static str) -> AppResult<Option<Fact>> {
    let Some(intent) = intent_of(app, row).await? else {
        // No intent, no money: nobody can pay it.
        settle::settle(app, row.id, row.quote_id, &Report::given_up(reason)).await?;
        return Ok(Some(Fact::Canceled));
    };
    let account = accounts::load(app.db.conn(), row.gateway_account_id).await?;
    let intent = gateway::of(app, &account)?.cancel(app, &intent).await?;
    match intent.fact.clone() {
        Some(Fact::Canceled) => {
            store::note_canceled(app, row.id).await?;
            settle::settle(app, row.id, row.quote_id, &Report::given_up(reason)).await?;
        }
        Some(fact) => {
            let report = Report::of_intent(&intent, fact, PaymentHistorySource::Reconciliation);
            settle::settle(app, row.id, row.quote_id, &report).await?;
        }
        None => {}
    }
    Ok(intent.fact)
}
