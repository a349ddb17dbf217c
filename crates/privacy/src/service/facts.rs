//! What the other wings know of a patient that bears on erasing them.

use aftercare::entity::standalone_aftercare_requests as standalone;
use aftercare::entity::standalone_aftercare_requests::StandaloneAftercareRequestStatus;
use chrono::NaiveDate;
use inquiry::entity::inquiries;
use kernel::ids::{InquiryId, PatientId, ProviderId, QuoteId};
use kernel::{AppResult, Timestamp};
use payments::entity::payments::{self as money, PaymentStatus};
use quoting::entity::quotes::{self, QuoteStatus};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};
use treatment::entity::treatment_executions as executions;

use super::holds;
use crate::rules::Obligations;

/// The quotes of a patient with their states.
pub async fn quotes_of(conn: &impl ConnectionTrait, patient: PatientId) -> AppResult<Vec<(QuoteId, QuoteStatus)>> {
    let own = inquiries::Entity::find()
        .select_only()
        .column(inquiries::Column::Id)
        .filter(inquiries::Column::PatientId.eq(patient));
    Ok(quotes::Entity::find()
        .select_only()
        .columns([quotes::Column::Id, quotes::Column::Status])
        .filter(quotes::Column::InquiryId.in_subquery(QuerySelect::query(&mut own.clone()).to_owned()))
        .into_tuple()
        .all(conn)
        .await?)
}

/// What stands in the way of erasing a patient.
pub async fn obligations(conn: &impl ConnectionTrait, patient: PatientId) -> AppResult<Obligations> {
    let quotes = quotes_of(conn, patient).await?;
    let has = |wanted: &[QuoteStatus]| quotes.iter().any(|(_, status)| wanted.contains(status));
    let standalone = standalone::Entity::find()
        .filter(standalone::Column::PatientId.eq(patient))
        .filter(standalone::Column::RequestStatus.eq(StandaloneAftercareRequestStatus::Activated))
        .count(conn)
        .await?;
    let pending = money::Entity::find()
        .filter(money::Column::PatientId.eq(patient))
        .filter(money::Column::PaymentStatus.eq(PaymentStatus::Pending))
        .count(conn)
        .await?;
    Ok(Obligations {
        active_care: has(&[QuoteStatus::Inprogress, QuoteStatus::Aftercare]) || standalone > 0,
        payment_in_progress: pending > 0,
        confirmed_booking: has(&[QuoteStatus::Confirmed]),
        legal_hold: holds::is_held(conn, patient).await?,
    })
}

/// A case in which treatment began: its inquiry, quote and clinic.
pub type Treated = (InquiryId, QuoteId, ProviderId);

/// The cases of a patient in which treatment ever began.
pub async fn treated(conn: &impl ConnectionTrait, patient: PatientId) -> AppResult<Vec<Treated>> {
    Ok(quotes::Entity::find()
        .select_only()
        .columns([quotes::Column::InquiryId, quotes::Column::Id, quotes::Column::ProviderId])
        .inner_join(inquiries::Entity)
        .filter(inquiries::Column::PatientId.eq(patient))
        .filter(
            quotes::Column::Id.in_subquery(
                QuerySelect::query(&mut begun().select_only().column(executions::Column::QuoteId)).to_owned(),
            ),
        )
        .into_tuple()
        .all(conn)
        .await?)
}

fn begun() -> Select<executions::Entity> {
    executions::Entity::find().filter(executions::Column::CheckedInAt.is_not_null())
}

/// The newest medical event of a patient: a treatment begun or finished, aftercare written or answered.
pub async fn last_medical(conn: &impl ConnectionTrait, patient: PatientId) -> AppResult<Option<NaiveDate>> {
    use aftercare::entity::{after_cares, aftercare_questionnaire_responses as answers};
    let cases: Vec<QuoteId> = quotes_of(conn, patient).await?.into_iter().map(|(id, _)| id).collect();
    let mut newest: Option<Timestamp> = None;
    let treated: Vec<(Option<Timestamp>, Option<Timestamp>)> = executions::Entity::find()
        .select_only()
        .columns([executions::Column::CheckedInAt, executions::Column::CompletedAt])
        .filter(executions::Column::QuoteId.is_in(cases))
        .filter(executions::Column::CheckedInAt.is_not_null())
        .into_tuple()
        .all(conn)
        .await?;
    for (begun, done) in treated {
        newest = newest.max(begun).max(done);
    }
    let plans = after_cares::Entity::find()
        .select_only()
        .column(after_cares::Column::UpdatedAt)
        .filter(after_cares::Column::PatientId.eq(patient))
        .order_by_desc(after_cares::Column::UpdatedAt)
        .into_tuple::<Timestamp>()
        .one(conn)
        .await?;
    let answered = answers::Entity::find()
        .select_only()
        .column(answers::Column::CreatedAt)
        .filter(answers::Column::PatientId.eq(patient))
        .order_by_desc(answers::Column::CreatedAt)
        .into_tuple::<Timestamp>()
        .one(conn)
        .await?;
    Ok(newest.max(plans).max(answered).map(|at| at.date_naive()))
}

/// The newest financial event of a patient: a payment that went through or was given back.
pub async fn last_financial(conn: &impl ConnectionTrait, patient: PatientId) -> AppResult<Option<NaiveDate>> {
    let newest: Option<(Option<Timestamp>, Timestamp)> = money::Entity::find()
        .select_only()
        .columns([money::Column::PaidAt, money::Column::UpdatedAt])
        .filter(money::Column::PatientId.eq(patient))
        .filter(money::Column::PaymentStatus.is_in([PaymentStatus::Completed, PaymentStatus::Refunded]))
        .order_by_desc(money::Column::UpdatedAt)
        .into_tuple()
        .one(conn)
        .await?;
    Ok(newest.map(|(paid, touched)| paid.unwrap_or(touched).date_naive()))
}
