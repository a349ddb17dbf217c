//! Charges their cardholders dispute at the bank (R-PY-34): staff hear of it, and what is lost is booked as a refund.

use kernel::{Actor, Amount, AppResult};
use platform::App;
use platform::db::Txn;
use platform::outbox::{self, Event};
use sea_orm::EntityTrait;

use super::{Status, charges, entry, lock, open_amount, refund, row_of, save};
use crate::entity::gateway_events::{self, GatewayEventStatus};
use crate::gateway::Refunded;
use crate::gateway::event::{Dispute, Stage};
use crate::metadata::{CHARGED_BACK, DISPUTE_WON, DISPUTED, Kind, Metadata};
use crate::rules::minor;
use crate::service::settle::{close_event, open_event};

/// Books what a stored event says of a dispute about a charge. Doing it again changes nothing that is decided.
pub async fn settle(
    app: &App,
    charge: &charges::Model,
    stored: &gateway_events::Model,
    dispute: Dispute<'_>,
) -> AppResult<()> {
    let actor = Actor::system();
    platform::write_txn!(app.db, |txn| {
        let rows = lock(txn, charge.standalone_request_id).await?;
        let Some(open) = open_event(txn, stored.id).await? else { return Ok(()) };
        let row = row_of(&rows, charge.id)?;
        let words = Metadata::of_charge(row);
        let is_other = dispute.currency.is_some_and(|currency| !currency.eq_ignore_ascii_case(row.currency.code()));
        let disputed = match dispute.amount_minor {
            Some(minor) => minor::from_minor(minor, row.currency),
            None => Some(row.amount),
        };
        let disputed = disputed.filter(|amount| !is_other && amount.is_positive() && *amount <= row.amount);
        let alert = |word: &'static str| {
            Event::new("system.alert", "AftercarePayment", row.id)
                .occurrence(format!("{word}:{}", dispute.id))
                .with("alert", word)
        };
        let Some(disputed) = disputed else {
            outbox::emit(txn, app, &actor, alert("webhook_quarantined")).await?;
            return close_event(txn, app, open, GatewayEventStatus::Quarantined).await;
        };
        let is_known = words.dispute_id.as_deref() == Some(dispute.id);
        let is_decided = is_known && matches!(words.gateway_status.as_deref(), Some(DISPUTE_WON | CHARGED_BACK));
        let (word, told) = match dispute.stage {
            Stage::Opened => (DISPUTED, "payment_disputed"),
            Stage::Won => (DISPUTE_WON, "dispute_won"),
            Stage::Lost => (CHARGED_BACK, "dispute_lost"),
        };
        if is_decided || (is_known && dispute.stage == Stage::Opened) {
            return close_event(txn, app, open, GatewayEventStatus::Processed).await;
        }
        // What went back already cannot be taken once more; what is on its way back may yet be refused.
        let lost = match dispute.stage {
            Stage::Lost => disputed.min(open_amount(&rows, row)),
            Stage::Opened | Stage::Won => Amount::ZERO,
        };
        let rest = Some(disputed - lost).filter(|rest| dispute.stage == Stage::Lost && rest.is_positive());
        let words = Metadata {
            gateway_status: Some(word.into()),
            dispute_id: Some(dispute.id.into()),
            chargeback_rest: rest,
            ..words
        };
        let row = save(txn, app.now(), charges::Model { metadata: Some(words.to_json()?), ..row.clone() }).await?;
        platform::audit::record(txn, app, &actor, entry("aftercare_payment.disputed", &row)).await?;
        outbox::emit(txn, app, &actor, alert(told)).await?;
        take(txn, app, &row, lost, dispute.id).await?;
        close_event(txn, app, open, GatewayEventStatus::Processed).await
    })
}

/// Books what a bank took of a charge.
async fn take(txn: &Txn, app: &App, charge: &charges::Model, lost: Amount, dispute: &str) -> AppResult<()> {
    if !lost.is_positive() || charge.payment_status != Status::Completed {
        return Ok(());
    }
    let actor = Actor::system();
    let id = refund::begin(txn, app, &actor, charge, lost, Kind::Chargeback).await?;
    match charges::Entity::find_by_id(id).one(txn).await? {
        Some(taken) => refund::book(txn, app, &actor, &taken, &Refunded::Succeeded(dispute.to_owned())).await,
        None => Ok(()),
    }
}

/// Books what a bank took while that money was on its way back, and did not arrive: the refund was refused.
pub(super) async fn take_rest(txn: &Txn, app: &App, charge: &charges::Model) -> AppResult<()> {
    let words = Metadata::of_charge(charge);
    let (Some(rest), Some(dispute)) = (words.chargeback_rest, words.dispute_id.clone()) else { return Ok(()) };
    let rows = lock(txn, charge.standalone_request_id).await?;
    let row = row_of(&rows, charge.id)?;
    let lost = rest.min(open_amount(&rows, row));
    let left = Some(rest - lost).filter(|left| left.is_positive());
    let words = Metadata { chargeback_rest: left, ..words };
    let row = save(txn, app.now(), charges::Model { metadata: Some(words.to_json()?), ..row.clone() }).await?;
    take(txn, app, &row, lost, &dispute).await
}
