//! Builders for demo data and tests.

use identity::entity::{deletion_requests, patients};
use inquiry::entity::inquiries;
use kernel::ids::PatientId;
use kernel::{Actor, ActorKind, AppError, AppResult};
use platform::App;
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::service::requests::{self, Ask};

/// Lets patients who never asked for a quote ask to be erased, until there are that many requests. Safe to repeat.
pub async fn requests(app: &App, wanted: u64) -> AppResult<()> {
    let conn = app.db.conn();
    let there = deletion_requests::Entity::find().count(conn).await?;
    let with_cases = Query::select().column(inquiries::Column::PatientId).from(inquiries::Entity).to_owned();
    let idle: Vec<PatientId> = patients::Entity::find()
        .select_only()
        .column(patients::Column::Id)
        .filter(patients::Column::DeletedAt.is_null())
        .filter(patients::Column::EmailVerifiedAt.is_not_null())
        .filter(patients::Column::Id.not_in_subquery(with_cases))
        .order_by_asc(patients::Column::CreatedAt)
        .limit(wanted.saturating_sub(there))
        .into_tuple()
        .all(conn)
        .await?;
    if idle.is_empty() {
        return Ok(());
    }
    platform::write_txn!(app.db, |txn| {
        for (patient, reason) in idle.iter().zip(["privacy_concerns", "no_longer_interested"].into_iter().cycle()) {
            let actor = Actor::new(ActorKind::Patient(*patient), Some("patient"), Default::default());
            let ask = Ask { reason_code: Some(reason.to_owned()), reason_text: None };
            requests::submit_within(txn, app, &actor, *patient, &ask).await?;
        }
        Ok(())
    })
}

/// Lets a patient ask to be erased and a member of the staff say yes; a job does it. Safe to repeat.
///
/// `staff` has a session with a fresh proof.
pub async fn erase(app: &App, staff: &Actor, patient: PatientId) -> AppResult<()> {
    let known = deletion_requests::Entity::find().filter(deletion_requests::Column::PatientId.eq(patient));
    if known.count(app.db.conn()).await? > 0 {
        return Ok(());
    }
    let actor = Actor::new(ActorKind::Patient(patient), Some("patient"), Default::default());
    let ask = Ask { reason_code: Some("no_longer_interested".to_owned()), reason_text: None };
    platform::write_txn!(app.db, |txn| {
        requests::submit_within(txn, app, &actor, patient, &ask).await?;
        Ok(())
    })?;
    let asked = deletion_requests::Entity::find()
        .filter(deletion_requests::Column::PatientId.eq(patient))
        .one(app.db.conn())
        .await?
        .ok_or_else(AppError::not_found)?;
    let why = "Nothing is owed on either side and nothing has to be kept.";
    requests::approve(app, staff, asked.id, Some(asked.version), why).await
}
