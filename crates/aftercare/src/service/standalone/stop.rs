//! A patient stops what they bought (R-AC-62): before the plan begins all of it goes back; a subscription that runs ends with
//! its current month.

use chrono::NaiveDate;
use kernel::ids::StandaloneAftercareRequestId;
use kernel::{Actor, ActorKind, AppError, AppResult, Money, Permission};
use payments::service::aftercare as money;
use platform::App;
use platform::outbox;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde::Serialize;

use super::clock::clinic_day;
use super::{Refusal, RequestStatus, event, is_final, lock, record, refuse};
use crate::entity::after_cares;

/// What stopping brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Stopped {
    /// What goes back.
    pub refund: Option<Money>,
    /// The last day of the service; none where it never began.
    pub ends_on: Option<NaiveDate>,
}

/// Stops a request of the asking patient, or any for staff.
///
/// Errors: 403; 404; 409 `request_final`, `nothing_to_cancel` for a fixed price that runs.
pub async fn stop(app: &App, actor: &Actor, id: StandaloneAftercareRequestId) -> AppResult<Stopped> {
    match actor.kind {
        ActorKind::Admin(_) => actor.require(Permission::ManageAftercare)?,
        _ => {
            actor.patient()?;
            actor.require(Permission::MakePayment)?;
        }
    }
    platform::write_txn!(app.db, |txn| {
        let row = lock(txn, id).await?;
        if let ActorKind::Patient(patient) = actor.kind
            && patient != row.patient_id
        {
            return Err(AppError::not_found());
        }
        match row.request_status {
            RequestStatus::Rejected => Err(is_final()),
            RequestStatus::Pending | RequestStatus::Assigned => {
                let refund = refuse(txn, app, actor, &row, (Refusal::Patient, None)).await?;
                Ok(Stopped { refund, ends_on: None })
            }
            RequestStatus::Activated => {
                let case = after_cares::Column::StandaloneRequestId.eq(id);
                let case = after_cares::Entity::find().filter(case).one(txn).await?;
                let case = case.filter(|case| case.ended_at.is_none()).ok_or_else(is_final)?;
                let days = (case.start_date.ok_or_else(is_final)?, clinic_day(app, &case));
                let (refund, last) = money::cancel(txn, app, actor, id, days).await?;
                record(txn, app, actor, &row, ("aftercare.subscription_cancelled", None)).await?;
                let told = event("aftercare.subscription_cancelled", &row)
                    .occurrence("once")
                    .with("refund", refund)
                    .with("ends_on", last);
                outbox::emit(txn, app, actor, told).await?;
                Ok(Stopped { refund, ends_on: Some(last) })
            }
        }
    })
}
