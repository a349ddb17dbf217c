//! Aftercare that is bought on its own: the request, from the form to the plan or to the money back (section 4, R-AC-56 to 62).
//!
//! The charges are the payments wing's; what they mean for the request is decided here. Lock order: the request, then its
//! charges, then its case.

mod ask;
mod clock;
mod handle;
mod heard;
mod offerings;
mod stop;

use identity::anonymity;
use kernel::ids::StandaloneAftercareRequestId;
use kernel::{Actor, AppError, AppResult, Money};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::outbox::{self, Event};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use serde_json::json;

pub use ask::{AskInput, ask};
pub use clock::run as expire_due;
pub use handle::{Activation, activate, assign, decline, hold, reject, take_back};
pub use heard::subscriptions;
pub(crate) use offerings::prices_of;
pub use offerings::{OfferingChange, approve_prices, change};
pub use stop::{Stopped, stop};

use crate::entity::standalone_aftercare_requests::{
    self as requests, StandaloneAftercareRequestStatus as RequestStatus,
};

/// Why a request ended without a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Nothing was paid within two days.
    PaymentExpired,
    /// Nobody took it within a week.
    AssignmentExpired,
    /// Staff said no.
    Admin,
    /// Its patient thought better of it.
    Patient,
}

impl Refusal {
    /// As the column holds it.
    pub fn word(self) -> &'static str {
        match self {
            Self::PaymentExpired => "payment_expired",
            Self::AssignmentExpired => "assignment_expired",
            Self::Admin => "admin",
            Self::Patient => "cancelled_by_patient",
        }
    }
}

/// A request under lock: 404 when there is none.
async fn lock(txn: &Txn, id: StandaloneAftercareRequestId) -> AppResult<requests::Model> {
    requests::Entity::find_by_id(id).lock_exclusive().one(txn).await?.ok_or_else(AppError::not_found)
}

/// Writes a change of a locked request and returns nothing of it: whoever needs it reads it again.
async fn write(txn: &Txn, app: &App, row: &requests::Model, change: requests::ActiveModel) -> AppResult<()> {
    let change =
        requests::ActiveModel { lock_version: Set(row.lock_version + 1), updated_at: Set(app.now()), ..change };
    requests::Entity::update_many().set(change).filter(requests::Column::Id.eq(row.id)).exec(txn).await?;
    Ok(())
}

/// Ends a request before its service began; everything that was paid goes back (R-AC-62).
async fn refuse(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    row: &requests::Model,
    (why, reason): (Refusal, Option<&str>),
) -> AppResult<Option<Money>> {
    let back = payments::service::aftercare::end(txn, app, actor, row.id).await?;
    let change = requests::ActiveModel {
        request_status: Set(RequestStatus::Rejected),
        reject_code: Set(Some(why.word().to_owned())),
        rejection_reason: Set(reason.map(str::to_owned)),
        rejected_at: Set(Some(app.now())),
        awaiting_provider: Set(false),
        open_key: Set(None),
        ..Default::default()
    };
    let known = anonymity::pairs(txn, row.patient_id).await?;
    write(txn, app, row, change).await?;
    anonymity::follow(txn, app, actor, known).await?;
    record(txn, app, actor, row, ("aftercare.request_rejected", reason)).await?;
    let told = event("aftercare.request_rejected", row)
        .occurrence("once")
        .with("reason_code", why.word())
        .with("reason", reason)
        .with("refund", back);
    outbox::emit(txn, app, actor, told).await?;
    Ok(back)
}

async fn record(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    row: &requests::Model,
    (action, reason): (&'static str, Option<&str>),
) -> AppResult<()> {
    let entry = Entry::new(action)
        .subject("StandaloneAftercareRequest", row.id)
        .patient(row.patient_id)
        .change(Some(json!({ "status": row.request_status })), None);
    let entry = match reason {
        Some(reason) => entry.reason(reason),
        None => entry,
    };
    audit::record(txn, app, actor, entry).await
}

fn event(name: &'static str, row: &requests::Model) -> Event {
    Event::new(name, "StandaloneAftercareRequest", row.id)
        .with("request_id", row.id)
        .with("patient_id", row.patient_id)
        .with("provider_id", row.assigned_provider_id)
}

/// 409: it is activated or rejected, and stays so.
fn is_final() -> AppError {
    AppError::conflict("request_final", "This request is decided already.")
}

/// Whether the first charge of a request was paid.
fn is_paid(row: &requests::Model) -> bool {
    row.waiting_since.is_some()
}
