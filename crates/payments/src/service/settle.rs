//! Settling an attempt: the one place where money is booked (spec 4.3, R-PY-23, 31, 32, 34).
//!
//! Webhooks, polls and clean-up all come here with a fact. One transaction, locks in the order inquiry, quote,
//! schedule, payments; the event that brought the fact is closed in the same transaction.

use std::collections::BTreeMap;

use futures::FutureExt;
use futures::future::BoxFuture;
use kernel::ids::{GatewayEventId, PaymentId, QuoteId};
use kernel::{Actor, Amount, AppError, AppResult, ErrorKind, Money};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::outbox::{self, Event};
use quoting::case::{self, Case};
use quoting::entity::quotes::QuoteStatus;
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveEnum, ActiveModelTrait, EntityTrait, QuerySelect, TransactionTrait};
use serde_json::json;

use crate::entity::gateway_events::{self, GatewayEventStatus};
use crate::entity::payment_documents::{PaymentDocumentKind, PaymentDocumentSubjectType};
use crate::entity::payment_histories::{PaymentHistoryEvent, PaymentHistorySource};
use crate::entity::payments::{self, PaymentStatus, PaymentType};
use crate::gateway::event::Envelope;
use crate::gateway::{Card, Intent, Purpose, SavedCard};
use crate::metadata::{Kind, Metadata};
use crate::rules::attempt::{self, Effect, Fact};
use crate::rules::{checkout, ledger, minor};
use crate::service::refund::{self, Why};
use crate::service::{methods, plans, process, redemptions};
use crate::store::{self, Change, Paper, Step, Sums};

/// A fact about an attempt and where it came from.
#[derive(Clone, Debug)]
pub struct Report {
    /// What the gateway says.
    pub fact: Fact,
    /// The amount it speaks of, in minor units.
    amount_minor: Option<i64>,
    /// The currency it speaks of.
    currency: Option<String>,
    /// What it says it is for.
    claimed: BTreeMap<String, String>,
    card: Option<Card>,
    saved: Option<SavedCard>,
    source: PaymentHistorySource,
    event: Option<(GatewayEventId, String)>,
    /// Our own reason for giving the attempt up, instead of the gateway's.
    reason: Option<&'static str>,
}

impl Report {
    /// What a stored event reports.
    pub fn of_event(row: &gateway_events::Model, event: &Envelope, fact: Fact) -> Self {
        let object = &event.data.object;
        let amount_minor =
            if fact == Fact::Succeeded { object.amount_received.or(object.amount) } else { object.amount };
        Self {
            fact,
            amount_minor,
            currency: object.currency.clone(),
            claimed: object.metadata.clone(),
            card: object.card(),
            saved: object.saved(),
            source: PaymentHistorySource::Webhook,
            // One that was put aside is in the history already, under its own id.
            event: Some(match row.processed_at {
                Some(_) => (row.id, format!("{}#{}", row.event_id, row.attempts)),
                None => (row.id, row.event_id.clone()),
            }),
            reason: None,
        }
    }

    /// The card of an intent, where an event did not name it.
    pub fn name_card(&mut self, intent: Intent) {
        self.card = intent.card;
        self.saved = intent.saved;
    }

    /// What asking the gateway brought (R-PY-33).
    pub fn of_intent(intent: &Intent, fact: Fact, source: PaymentHistorySource) -> Self {
        Self {
            fact,
            amount_minor: Some(intent.amount_minor),
            currency: None,
            claimed: BTreeMap::new(),
            card: intent.card.clone(),
            saved: intent.saved.clone(),
            source,
            event: None,
            reason: None,
        }
    }

    /// We gave the attempt up.
    pub fn given_up(reason: &'static str) -> Self {
        Self {
            fact: Fact::Canceled,
            amount_minor: None,
            currency: None,
            claimed: BTreeMap::new(),
            card: None,
            saved: None,
            source: PaymentHistorySource::Scheduler,
            event: None,
            reason: Some(reason),
        }
    }

    /// There was no card to charge.
    pub fn without_card(code: &str) -> Self {
        Self { fact: Fact::Failed { code: code.to_owned() }, reason: None, ..Self::given_up("") }
    }

    /// Staff read it on the bank's statement.
    fn at_bank() -> Self {
        Self { fact: Fact::Succeeded, source: PaymentHistorySource::Admin, reason: None, ..Self::given_up("") }
    }

    /// Whether the report speaks of this row: amount, currency and booking all agree (R-PY-32).
    fn fits(&self, row: &payments::Model) -> bool {
        let purpose = Purpose::Booking { payment: row.id, quote: row.quote_id };
        self.fits_money(Money::new(row.amount, row.currency), purpose)
    }

    /// Whether the report speaks of this money, paid for this (R-PY-32).
    pub(super) fn fits_money(&self, money: Money, purpose: Purpose) -> bool {
        self.amount_minor.is_none_or(|amount| minor::to_minor(money.amount, money.currency) == Some(amount))
            && self.currency.as_ref().is_none_or(|it| it.eq_ignore_ascii_case(money.currency.code()))
            && purpose.marks().iter().all(|(key, own)| self.claimed.get(*key).is_none_or(|claimed| claimed == own))
    }

    /// The stored event that brought it.
    pub(super) fn event(&self) -> Option<GatewayEventId> {
        self.event.as_ref().map(|(id, _)| *id)
    }

    /// The card that was tried, and the card as the gateway keeps it.
    pub(super) fn cards(&self) -> (Option<&Card>, Option<&SavedCard>) {
        (self.card.as_ref(), self.saved.as_ref())
    }

    /// Why the attempt was given up, where that was our own doing.
    pub(super) fn reason(&self) -> Option<&'static str> {
        self.reason
    }

    pub(super) fn external_event_id(&self) -> Option<&str> {
        self.event.as_ref().map(|(_, id)| id.as_str())
    }
}

/// Everything one settlement works on.
struct Work<'a> {
    txn: &'a Txn,
    app: &'a App,
    report: &'a Report,
    case: &'a Case,
    actor: Actor,
    /// Slots the clinic may run at the same time.
    capacity: i64,
}

/// Applies a fact to an attempt. Doing it again, late or out of order changes nothing that is already decided.
///
/// On the heap: it is deep, and whoever calls it would carry its size.
pub fn settle<'a>(
    app: &'a App,
    payment: PaymentId,
    quote: QuoteId,
    report: &'a Report,
) -> BoxFuture<'a, AppResult<()>> {
    settled(app, payment, quote, report).boxed()
}

async fn settled(app: &App, payment: PaymentId, quote: QuoteId, report: &Report) -> AppResult<()> {
    let capacity = quoting::settings::PARALLEL_CAPACITY.get(app).await?;
    platform::write_txn!(app.db, |txn| {
        let case = case::lock(txn, quote).await?;
        let rows = store::lock_payments(txn, quote).await?;
        let event = match &report.event {
            Some((id, _)) => match open_event(txn, *id).await? {
                Some(event) => Some(event),
                // Another worker was faster.
                None => return Ok(()),
            },
            None => None,
        };
        let row = rows.iter().find(|row| row.id == payment).ok_or_else(AppError::not_found)?;
        let work = Work { txn, app, report, case: &case, actor: Actor::system(), capacity };
        let status = if report.fits(row) {
            work.apply(&rows, row).await?;
            GatewayEventStatus::Processed
        } else {
            work.quarantine(row).await?;
            GatewayEventStatus::Quarantined
        };
        if let Some(event) = event {
            close_event(txn, app, event, status).await?;
        }
        Ok(())
    })
}

/// A transfer that arrived, with its booking under lock.
pub struct Arrived<'a> {
    /// The booking.
    pub case: &'a Case,
    /// Its payments as they are now.
    pub rows: &'a [payments::Model],
    /// The completed one.
    pub row: &'a payments::Model,
    /// Slots the clinic may run at the same time.
    pub capacity: i64,
}

/// Books a transfer staff recorded: its row is completed and its history written, the rest is done here.
pub async fn arrived(txn: &Txn, app: &App, actor: &Actor, it: Arrived<'_>) -> AppResult<()> {
    let report = Report::at_bank();
    let work = Work { txn, app, report: &report, case: it.case, actor: actor.clone(), capacity: it.capacity };
    work.booked(it.rows, None, it.row).await
}

pub(super) async fn open_event(txn: &Txn, id: GatewayEventId) -> AppResult<Option<gateway_events::Model>> {
    let row = gateway_events::Entity::find_by_id(id).lock_exclusive().one(txn).await?;
    Ok(row.filter(|row| process::is_open(row.status)))
}

pub(super) async fn close_event(
    txn: &Txn,
    app: &App,
    event: gateway_events::Model,
    status: GatewayEventStatus,
) -> AppResult<()> {
    let attempts = event.attempts;
    let mut row: gateway_events::ActiveModel = event.into();
    row.status = Set(status);
    row.attempts = Set(attempts.saturating_add(1));
    row.next_attempt_at = Set(None);
    row.processed_at = Set(Some(app.now()));
    row.updated_at = Set(app.now());
    row.update(txn).await?;
    Ok(())
}

impl Work<'_> {
    async fn apply(&self, rows: &[payments::Model], row: &payments::Model) -> AppResult<()> {
        match attempt::effect(row.payment_status, &self.report.fact) {
            Effect::Complete => self.complete(rows, row).await,
            Effect::Fail => self.fail(rows, row).await,
            Effect::Note => self.note(row).await,
            // A poll that finds nothing new leaves no trace.
            Effect::Stale if self.report.event.is_none() => Ok(()),
            Effect::Stale => self.history(row, PaymentHistoryEvent::IgnoredStale, None).await,
        }
    }

    async fn complete(&self, rows: &[payments::Model], row: &payments::Model) -> AppResult<()> {
        let now = self.app.now();
        let paid = store::change(
            self.txn,
            now,
            row,
            Change {
                to: Some(PaymentStatus::Completed),
                paid_at: Some(now),
                failure_code: Some(None),
                metadata: Some(self.words(row, "succeeded")),
                ..Change::default()
            },
        )
        .await?;
        self.history(row, PaymentHistoryEvent::Succeeded, Some(PaymentStatus::Completed)).await?;
        let rows: Vec<payments::Model> =
            rows.iter().map(|other| if other.id == paid.id { paid.clone() } else { other.clone() }).collect();
        self.booked(&rows, Some(row), &paid).await
    }

    /// Books a payment that has just been completed: ledger, receipt, news, and what it means for the booking.
    async fn booked(
        &self,
        rows: &[payments::Model],
        before: Option<&payments::Model>,
        paid: &payments::Model,
    ) -> AppResult<()> {
        let now = self.app.now();
        let money = Money::new(paid.amount, paid.currency);
        store::post(self.txn, now, &ledger::payment_completed(paid.quote_id, paid.id, money)).await?;
        self.receipt(paid).await?;
        self.record("payment_received", paid, json!({ "payment_type": paid.payment_type })).await?;
        let entry = self.entry("payment.completed", paid);
        audit::record(self.txn, self.app, &self.actor, entry.change(before.and_then(status), status(paid))).await?;
        let event = self.event("payment.received", paid).with("payment_type", paid.payment_type);
        let event = event.with("number", paid.installment_number).with("of", paid.total_installments);
        outbox::emit(self.txn, self.app, &self.actor, event.with("money", money)).await?;
        plans::on_paid(self.txn, self.app, paid).await?;
        self.keep_card(paid).await?;
        self.follow_up(rows, paid).await
    }

    /// The card of a planned payment is kept for the next ones, as its holder agreed at checkout (R-PY-40).
    async fn keep_card(&self, paid: &payments::Model) -> AppResult<()> {
        let (Some(card), Some(account)) = (&self.report.saved, paid.gateway_account_id) else { return Ok(()) };
        if !paid.is_installment {
            return Ok(());
        }
        methods::keep(self.txn, self.app.now(), paid.patient_id, account, card).await?;
        Ok(())
    }

    /// What the money means for the booking: confirmed, paid on, or given back.
    async fn follow_up(&self, rows: &[payments::Model], paid: &payments::Model) -> AppResult<()> {
        let sums = Sums::of(rows);
        match self.case.quote.status {
            // Q13: the clinic asked to step back while the money was on its way.
            QuoteStatus::Accepted if self.case.quote.withdrawal_requested_at.is_some() => {
                self.give_back(paid, store::open_amount(rows, paid), Kind::AutoRefund).await
            }
            QuoteStatus::Accepted if self.is_enough(rows, paid)? => self.confirm(rows, paid).await,
            // R-PY-36: a transfer brought a part; the rest may follow until the hold ends.
            QuoteStatus::Accepted => Ok(()),
            QuoteStatus::Confirmed | QuoteStatus::Inprogress | QuoteStatus::Aftercare | QuoteStatus::Completed => {
                let surplus = checkout::surplus(self.case.require_terms()?.payment_total, sums.paid() + sums.forgiven);
                let back = surplus.min(store::open_amount(rows, paid));
                self.give_back(paid, back, Kind::Surplus).await
            }
            // R-PY-34: the hold was released meanwhile.
            QuoteStatus::Quote => {
                let again = if self.is_enough(rows, paid)? { reclaim(self).await? } else { None };
                match again {
                    Some(case) => Work { case: &case, actor: Actor::system(), ..*self }.confirm(rows, paid).await,
                    None => self.give_back(paid, store::open_amount(rows, paid), Kind::AutoRefund).await,
                }
            }
            // R-PY-51: late money of a cancelled case goes back in full.
            _ => self.give_back(paid, store::open_amount(rows, paid), Kind::AutoRefund).await,
        }
    }

    /// Whether what is there, and is not about to go back, is the initial amount (R-PY-23).
    fn is_enough(&self, rows: &[payments::Model], paid: &payments::Model) -> AppResult<bool> {
        let terms = self.case.require_terms()?;
        let initial = match paid.installment_number {
            // With a plan there is no separate deposit: its first part confirms.
            Some(_) => return Ok(true),
            None if whole(paid) => terms.payment_total,
            None => terms.deposit_amount,
        };
        let there = rows
            .iter()
            .filter(|row| row.payment_type != PaymentType::Refund && row.payment_status == PaymentStatus::Completed);
        Ok(there.map(|row| store::open_amount(rows, row)).sum::<Amount>() >= initial)
    }

    /// R-PY-04: the slot is checked again; when it was lost, the money goes back and the offer is open again.
    async fn confirm(&self, rows: &[payments::Model], paid: &payments::Model) -> AppResult<()> {
        match case::confirm(self.txn, self.app, &self.actor, self.case).await {
            Ok(()) => {
                self.invoice().await?;
                redemptions::complete(self.txn, self.app, self.case).await?;
                let surplus = checkout::surplus(self.case.require_terms()?.payment_total, Sums::of(rows).paid());
                self.give_back(paid, surplus.min(store::open_amount(rows, paid)), Kind::Surplus).await
            }
            Err(error) if error.kind == ErrorKind::Conflict && error.code == "slot_unavailable" => {
                case::lapse_hold(self.txn, self.app, &self.actor, self.case).await?;
                self.give_back(paid, store::open_amount(rows, paid), Kind::AutoRefund).await
            }
            Err(error) => Err(error),
        }
    }

    async fn give_back(&self, paid: &payments::Model, amount: Amount, kind: Kind) -> AppResult<()> {
        if !amount.is_positive() {
            return Ok(());
        }
        if kind == Kind::AutoRefund {
            // Nothing was bought with it: the use of a code is given back with the money (R-PY-48).
            redemptions::release(self.txn, self.app, paid.quote_id).await?;
        }
        let why = Why::kind(kind);
        refund::begin(self.txn, self.app, &self.actor, paid, amount, why).await?;
        Ok(())
    }

    async fn fail(&self, rows: &[payments::Model], row: &payments::Model) -> AppResult<()> {
        let now = self.app.now();
        let stands = |other: &payments::Model| {
            other.id != row.id
                && other.payment_type != PaymentType::Refund
                && matches!(other.payment_status, PaymentStatus::Pending | PaymentStatus::Completed)
        };
        if !rows.iter().any(stands) {
            // R-PY-48: the use of a code is given back; the next attempt reserves anew.
            redemptions::release(self.txn, self.app, row.quote_id).await?;
        }
        let (code, step) = match (&self.report.fact, self.report.reason) {
            (_, Some(reason)) => (reason.to_owned(), PaymentHistoryEvent::Canceled),
            (Fact::Failed { code }, None) => (code.clone(), PaymentHistoryEvent::Failed),
            _ => ("canceled".to_owned(), PaymentHistoryEvent::Canceled),
        };
        let gateway_status = if step == PaymentHistoryEvent::Failed { "requires_payment_method" } else { "canceled" };
        let failed = store::change(
            self.txn,
            now,
            row,
            Change {
                to: Some(PaymentStatus::Failed),
                failure_code: Some(Some(code.clone())),
                metadata: Some(self.words(row, gateway_status)),
                ..Change::default()
            },
        )
        .await?;
        self.history(row, step, Some(PaymentStatus::Failed)).await?;
        self.record("payment_failed", &failed, json!({ "reason_code": code })).await?;
        let entry = self.entry("payment.failed", row).failed();
        audit::record(self.txn, self.app, &self.actor, entry.change(status(row), status(&failed))).await?;
        let given_up = self.report.reason.is_some();
        plans::on_failed(self.txn, self.app, &self.actor, self.case, &failed, given_up).await?;
        if self.report.reason.is_some() {
            // Our own doing, not the bank's: nobody has to act on it.
            return Ok(());
        }
        let event = self.event("payment.failed", &failed).with("reason_code", code);
        outbox::emit(self.txn, self.app, &self.actor, event).await
    }

    async fn note(&self, row: &payments::Model) -> AppResult<()> {
        let (step, gateway_status) = match self.report.fact {
            Fact::Processing => (PaymentHistoryEvent::Processing, "processing"),
            _ => (PaymentHistoryEvent::ActionRequired, "requires_action"),
        };
        let known = Metadata::of(row).gateway_status;
        if self.report.event.is_none() && known.as_deref() == Some(gateway_status) {
            return Ok(());
        }
        let metadata = Some(self.words(row, gateway_status));
        store::change(self.txn, self.app.now(), row, Change { metadata, ..Change::default() }).await?;
        self.history(row, step, None).await
    }

    /// R-PY-32: the gateway speaks of other money than we do. Nothing is booked; people look at it.
    async fn quarantine(&self, row: &payments::Model) -> AppResult<()> {
        self.history(row, PaymentHistoryEvent::Quarantined, None).await?;
        let occurrence = self.report.external_event_id().unwrap_or("poll").to_owned();
        let alert = Event::new("system.alert", "Payment", row.id)
            .occurrence(occurrence)
            .with("alert", "webhook_quarantined")
            .with("payment_id", row.id)
            .with("quote_id", row.quote_id);
        outbox::emit(self.txn, self.app, &self.actor, alert).await
    }

    async fn receipt(&self, paid: &payments::Model) -> AppResult<()> {
        let snapshot = json!({
            "booking_reference": self.case.terms.as_ref().map(|terms| &terms.booking_reference),
            "patient_id": paid.patient_id,
            "provider_id": paid.provider_id,
            "payment_type": paid.payment_type,
            "payment_method": paid.payment_method,
            "received": Money::new(paid.amount, paid.currency),
            "paid_at": paid.paid_at,
        });
        let subject = (PaymentDocumentSubjectType::Payment, paid.id.any());
        let paper = Paper { kind: PaymentDocumentKind::Receipt, subject, quote: Some(paid.quote_id), snapshot };
        store::issue(self.txn, self.app.now(), paper).await?;
        Ok(())
    }

    async fn invoice(&self) -> AppResult<()> {
        let (quote, terms) = (&self.case.quote, self.case.require_terms()?);
        let subject = (PaymentDocumentSubjectType::Booking, quote.id.any());
        if store::is_issued(self.txn, PaymentDocumentKind::Invoice, subject).await? {
            return Ok(());
        }
        let snapshot = json!({
            "booking_reference": terms.booking_reference,
            "patient_id": self.case.inquiry.patient_id,
            "provider_id": quote.provider_id,
            "list": Money::new(terms.list_amount, terms.quote_currency),
            "discount": Money::new(terms.discount_amount, terms.quote_currency),
            "total": Money::new(terms.total_amount, terms.quote_currency),
            "rate": terms.locked_rate.to_string(),
            "payment_total": Money::new(terms.payment_total, terms.payment_currency),
        });
        let paper = Paper { kind: PaymentDocumentKind::Invoice, subject, quote: Some(quote.id), snapshot };
        store::issue(self.txn, self.app.now(), paper).await?;
        Ok(())
    }

    /// The metadata of the row with what the gateway said.
    fn words(&self, row: &payments::Model, gateway_status: &str) -> Metadata {
        let mut words = Metadata::of(row);
        // A refusal may be told late, when the same intent was paid meanwhile: what is known to be there stays known.
        if !words.is_taken() {
            words.gateway_status = Some(gateway_status.to_owned());
        }
        if let Fact::Failed { code } = &self.report.fact {
            words.gateway_error = Some(code.clone());
        }
        if let Some(card) = &self.report.card {
            words.set_card(card);
        }
        words
    }

    async fn history(
        &self,
        row: &payments::Model,
        event: PaymentHistoryEvent,
        to: Option<PaymentStatus>,
    ) -> AppResult<()> {
        let step = Step {
            event,
            from: Some(row.payment_status),
            to: to.or(Some(row.payment_status)),
            source: self.report.source,
            external_event_id: self.report.external_event_id(),
            reason: self.report.reason,
        };
        store::history(self.txn, self.app, &self.actor, row, step).await
    }

    async fn record(&self, word: &'static str, row: &payments::Model, mut facts: serde_json::Value) -> AppResult<()> {
        if let Some(facts) = facts.as_object_mut() {
            facts.insert("payment_id".into(), json!(row.id));
            facts.insert("quote_id".into(), json!(row.quote_id));
            facts.insert("provider_id".into(), json!(row.provider_id));
        }
        inquiry::timeline::record(self.txn, self.app, &self.actor, self.case.inquiry.id, word, facts).await
    }

    fn entry(&self, action: &'static str, row: &payments::Model) -> Entry {
        Entry::new(action)
            .subject("Payment", row.id)
            .patient(row.patient_id)
            .provider(row.provider_id)
            .quote(row.quote_id)
    }

    fn event(&self, key: &'static str, row: &payments::Model) -> Event {
        // A failed attempt may still succeed later, so the word of the key tells the two apart.
        Event::new(key, "Payment", row.id)
            .occurrence(row.payment_status.to_value())
            .with("payment_id", row.id)
            .with("quote_id", row.quote_id)
            .with("inquiry_id", self.case.inquiry.id)
            .with("patient_id", row.patient_id)
            .with("provider_id", row.provider_id)
    }
}

/// The booking taken again for money that came after its hold (R-PY-34), or `None` when slot or offer are gone.
async fn reclaim(work: &Work<'_>) -> AppResult<Option<Case>> {
    // What a refusal left behind must not be committed with the refund.
    let savepoint = work.txn.begin().await?;
    match quoting::service::reclaim::reclaim(&savepoint, work.app, &work.actor, work.case, work.capacity).await {
        Ok(case) => {
            savepoint.commit().await?;
            Ok(Some(case))
        }
        Err(error) if error.kind == ErrorKind::Conflict => {
            savepoint.rollback().await?;
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// Whether the attempt was to pay the whole price at once.
fn whole(row: &payments::Model) -> bool {
    row.payment_type == PaymentType::Final
}

fn status(row: &payments::Model) -> Option<serde_json::Value> {
    Some(json!({ "status": row.payment_status }))
}
