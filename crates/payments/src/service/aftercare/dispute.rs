//! Charges their cardholders dispute at the bank (R-PY-34): staff hear of it, and what is lost is booked as a refund.

use kernel::{Actor, AppResult};
use platform::App;
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
        let words = Metadata { gateway_status: Some(word.into()), dispute_id: Some(dispute.id.into()), ..words };
        let row = save(txn, app.now(), charges::Model { metadata: Some(words.to_json()?), ..row.clone() }).await?;
        platform::audit::record(txn, app, &actor, entry("aftercare_payment.disputed", &row)).await?;
        outbox::emit(txn, app, &actor, alert(told)).await?;
        // What went back already cannot be taken once more.
        let lost = disputed.min(open_amount(&rows, &row));
        if dispute.stage == Stage::Lost && lost.is_positive() && row.payment_status == Status::Completed {
            let id = refund::begin(txn, app, &actor, &row, lost, Kind::Chargeback).await?;
            let taken = charges::Entity::find_by_id(id).one(txn).await?;
            if let Some(taken) = taken {
                refund::book(txn, app, &actor, &taken, &Refunded::Succeeded(dispute.id.to_owned())).await?;
            }
        }
        close_event(txn, app, open, GatewayEventStatus::Processed).await
    })
}
