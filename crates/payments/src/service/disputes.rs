//! Payments their cardholders dispute at the bank (R-PY-34): the booking is flagged and its payout waits; a lost dispute
//! is booked as a refund of kind `chargeback`.

use kernel::ids::PaymentId;
use kernel::{Actor, Amount, AppError, AppResult};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::outbox::{self, Event};
use quoting::case::{self, Case};
use quoting::entity::quotes::QuoteStatus;
use sea_orm::EntityTrait;

use crate::entity::gateway_events::{self, GatewayEventStatus};
use crate::entity::payment_histories::{PaymentHistoryEvent, PaymentHistorySource};
use crate::entity::payments;
use crate::gateway::Refunded;
use crate::gateway::event::{Dispute, Stage};
use crate::metadata::{CHARGED_BACK as LOST, DISPUTE_WON as WON, DISPUTED, Kind, Metadata};
use crate::rules::minor;
use crate::service::refund::{self, Why};
use crate::service::settle;
use crate::store::{self, Change, Step};

/// A dispute with everything it stands in, all of it locked.
struct Work<'a> {
    txn: &'a Txn,
    app: &'a App,
    case: &'a Case,
    rows: &'a [payments::Model],
    row: &'a payments::Model,
    dispute: Dispute<'a>,
    /// As the history knows it; one that was put aside is there already, under the gateway's id alone.
    event_id: &'a str,
}

/// Books what a stored event says of a dispute. Doing it again, or out of order, changes nothing that is decided.
pub async fn settle(
    app: &App,
    payment: &payments::Model,
    event: &gateway_events::Model,
    dispute: Dispute<'_>,
) -> AppResult<()> {
    platform::write_txn!(app.db, |txn| {
        let case = case::lock(txn, payment.quote_id).await?;
        let rows = store::lock_payments(txn, payment.quote_id).await?;
        // Another worker was faster.
        let Some(open) = settle::open_event(txn, event.id).await? else { return Ok(()) };
        let row = rows.iter().find(|row| row.id == payment.id).ok_or_else(AppError::not_found)?;
        let event_id = match open.processed_at {
            Some(_) => format!("{}#{}", event.event_id, open.attempts),
            None => event.event_id.clone(),
        };
        let work = Work { txn, app, case: &case, rows: &rows, row, dispute, event_id: &event_id };
        let status = match work.amount() {
            Some(amount) => {
                work.apply(amount).await?;
                GatewayEventStatus::Processed
            }
            None => {
                work.history(PaymentHistoryEvent::Quarantined, None).await?;
                work.alert("webhook_quarantined", work.event_id).await?;
                GatewayEventStatus::Quarantined
            }
        };
        settle::close_event(txn, app, open, status).await
    })
}

/// Books what a bank took of a payment, if it took anything, as a refund under the dispute's id.
async fn take(txn: &Txn, app: &App, case: &Case, row: &payments::Model, lost: Amount, dispute: &str) -> AppResult<()> {
    if !lost.is_positive() {
        return Ok(());
    }
    let has_begun =
        matches!(case.quote.status, QuoteStatus::Inprogress | QuoteStatus::Aftercare | QuoteStatus::Completed);
    let why = Why { after_start: has_begun.then_some(true), ..Why::kind(Kind::Chargeback) };
    let actor = Actor::system();
    let id: PaymentId = refund::begin(txn, app, &actor, row, lost, why).await?;
    let refund = payments::Entity::find_by_id(id).one(txn).await?.ok_or_else(AppError::not_found)?;
    refund::book(txn, app, &actor, &refund, &Refunded::Succeeded(dispute.to_owned())).await
}

/// A refund of a payment failed: what a bank had taken of the same money meanwhile is booked now.
pub(super) async fn take_rest(txn: &Txn, app: &App, case: &Case, payment: PaymentId) -> AppResult<()> {
    let rows = store::lock_payments(txn, case.quote.id).await?;
    let row = rows.iter().find(|row| row.id == payment).ok_or_else(AppError::not_found)?;
    let words = Metadata::of(row);
    let (Some(rest), Some(dispute)) = (words.chargeback_rest, words.dispute_id.clone()) else { return Ok(()) };
    let lost = rest.min(store::open_amount(&rows, row));
    let left = Some(rest - lost).filter(|left| left.is_positive());
    let words = Metadata { chargeback_rest: left, ..words };
    store::change(txn, app.now(), row, Change { metadata: Some(words), ..Change::default() }).await?;
    take(txn, app, case, row, lost, &dispute).await
}

impl Work<'_> {
    /// How much is disputed; `None` where the gateway speaks of other money than we do (R-PY-32).
    fn amount(&self) -> Option<Amount> {
        let row = self.row;
        if self.dispute.currency.is_some_and(|currency| !currency.eq_ignore_ascii_case(row.currency.code())) {
            return None;
        }
        let amount = match self.dispute.amount_minor {
            Some(minor) => minor::from_minor(minor, row.currency)?,
            None => row.amount,
        };
        (amount.is_positive() && amount <= row.amount).then_some(amount)
    }

    async fn apply(&self, amount: Amount) -> AppResult<()> {
        let words = Metadata::of(self.row);
        let is_known = words.dispute_id.as_deref() == Some(self.dispute.id);
        let decided = is_known && matches!(words.gateway_status.as_deref(), Some(WON | LOST));
        match self.dispute.stage {
            _ if decided => self.history(PaymentHistoryEvent::IgnoredStale, None).await,
            Stage::Opened if is_known => self.history(PaymentHistoryEvent::IgnoredStale, None).await,
            Stage::Opened => {
                self.remember(DISPUTED, None).await?;
                self.history(PaymentHistoryEvent::Disputed, None).await?;
                self.record("payment.disputed").await?;
                self.alert("payment_disputed", &format!("{}:opened", self.dispute.id)).await
            }
            Stage::Won => {
                self.remember(WON, None).await?;
                self.history(PaymentHistoryEvent::Succeeded, Some(WON)).await?;
                self.record("payment.dispute_won").await?;
                self.alert("dispute_won", &format!("{}:won", self.dispute.id)).await
            }
            Stage::Lost => self.lose(amount).await,
        }
    }

    /// The money is gone: as much of it as did not go back before.
    async fn lose(&self, amount: Amount) -> AppResult<()> {
        let lost = amount.min(store::open_amount(self.rows, self.row));
        self.remember(LOST, Some(amount - lost).filter(|rest| rest.is_positive())).await?;
        // Also where nothing was left to lose: it is the word that ends the dispute.
        self.history(PaymentHistoryEvent::Refunded, Some("chargeback")).await?;
        self.record("payment.charged_back").await?;
        self.alert("dispute_lost", &format!("{}:lost", self.dispute.id)).await?;
        take(self.txn, self.app, self.case, self.row, lost, self.dispute.id).await
    }

    async fn remember(&self, status: &str, chargeback_rest: Option<Amount>) -> AppResult<()> {
        let words = Metadata {
            gateway_status: Some(status.to_owned()),
            dispute_id: Some(self.dispute.id.to_owned()),
            chargeback_rest,
            ..Metadata::of(self.row)
        };
        store::change(self.txn, self.app.now(), self.row, Change { metadata: Some(words), ..Change::default() })
            .await?;
        Ok(())
    }

    async fn history(&self, event: PaymentHistoryEvent, reason: Option<&str>) -> AppResult<()> {
        let step = Step {
            event,
            from: Some(self.row.payment_status),
            to: Some(self.row.payment_status),
            source: PaymentHistorySource::Webhook,
            external_event_id: Some(self.event_id),
            reason,
        };
        store::history(self.txn, self.app, &Actor::system(), self.row, step).await
    }

    async fn record(&self, action: &'static str) -> AppResult<()> {
        let entry = Entry::new(action)
            .subject("Payment", self.row.id)
            .patient(self.row.patient_id)
            .provider(self.row.provider_id)
            .quote(self.row.quote_id);
        audit::record(self.txn, self.app, &Actor::system(), entry).await
    }

    async fn alert(&self, alert: &'static str, occurrence: &str) -> AppResult<()> {
        let event = Event::new("system.alert", "Payment", self.row.id)
            .occurrence(occurrence)
            .with("alert", alert)
            .with("payment_id", self.row.id)
            .with("quote_id", self.row.quote_id);
        outbox::emit(self.txn, self.app, &Actor::system(), event).await
    }
}
