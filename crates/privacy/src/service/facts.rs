//! What the other wings know of a patient that bears on erasing them.

use aftercare::entity::after_cares::{self, AfterCareStatus, AfterCareType};
use aftercare::entity::standalone_aftercare_requests as standalone;
use aftercare::entity::standalone_aftercare_requests::StandaloneAftercareRequestStatus as Bought;
use chrono::NaiveDate;
use inquiry::entity::inquiries;
use kernel::ids::{InquiryId, PatientId, ProviderId, QuoteId};
use kernel::{AppResult, Timestamp};
use payments::entity::aftercare_payments::{self as charges, AftercarePaymentStatus, AftercarePaymentType};
use payments::entity::payments::{self as money, PaymentStatus};
use quoting::entity::quotes::{self, QuoteStatus};
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select,
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
    let pending = money::Entity::find()
        .filter(money::Column::PatientId.eq(patient))
        .filter(money::Column::PaymentStatus.eq(PaymentStatus::Pending))
        .count(conn)
        .await?;
    let (care_is_owed, charge_moves) = bought_care(conn, patient).await?;
    Ok(Obligations {
        active_care: has(&[QuoteStatus::Inprogress, QuoteStatus::Aftercare]) || care_is_owed,
        payment_in_progress: pending > 0 || charge_moves,
        confirmed_booking: has(&[QuoteStatus::Confirmed]),
        legal_hold: holds::is_held(conn, patient).await?,
    })
}

/// What aftercare bought on its own still binds, in one statement: whether some is owed to the patient, paid for and not begun,
/// or begun and not over; and whether a charge is being attempted, or a part of one is on its way back. A charge that is only
/// planned stands in nobody's way.
async fn bought_care(conn: &impl ConnectionTrait, patient: PatientId) -> AppResult<(bool, bool)> {
    use {after_cares::Column as Case, charges::Column as Charge, standalone::Column as Request};
    let unbegun =
        Condition::all().add(Request::RequestStatus.eq(Bought::Pending)).add(Request::WaitingSince.is_not_null());
    let waiting = standalone::Entity::find()
        .select_only()
        .column(Request::Id)
        .filter(Request::PatientId.eq(patient))
        .filter(Condition::any().add(Request::RequestStatus.eq(Bought::Assigned)).add(unbegun));
    let running = after_cares::Entity::find()
        .select_only()
        .column(Case::Id)
        .filter(Case::PatientId.eq(patient))
        .filter(Case::AftercareType.eq(AfterCareType::Standalone))
        .filter(Case::Status.is_in([AfterCareStatus::Active, AfterCareStatus::Suspended]))
        .filter(Case::EndedAt.is_null());
    let begun = Condition::any()
        .add(Charge::PaymentType.eq(AftercarePaymentType::Refund))
        .add(Charge::PaymentMethod.is_not_null());
    let moving = charges::Entity::find()
        .select_only()
        .column(Charge::Id)
        .filter(Charge::PatientId.eq(patient))
        .filter(Charge::PaymentStatus.eq(AftercarePaymentStatus::Pending))
        .filter(begun);
    let query = Query::select()
        .expr_as(Expr::exists(waiting.into_query()), "waiting")
        .expr_as(Expr::exists(running.into_query()), "running")
        .expr_as(Expr::exists(moving.into_query()), "moving")
        .to_owned();
    let Some(row) = conn.query_one(&query).await? else { return Ok((false, false)) };
    let is = |what: &str| -> AppResult<bool> { Ok(row.try_get::<i64>("", what)? > 0) };
    Ok((is("waiting")? || is("running")?, is("moving")?))
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

/// The newest financial event of a patient: a payment that went through or was given back, of a booking or of bought
/// aftercare.
pub async fn last_financial(conn: &impl ConnectionTrait, patient: PatientId) -> AppResult<Option<NaiveDate>> {
    type Moved = (Option<Timestamp>, Timestamp);
    let booked: Option<Moved> = money::Entity::find()
        .select_only()
        .columns([money::Column::PaidAt, money::Column::UpdatedAt])
        .filter(money::Column::PatientId.eq(patient))
        .filter(money::Column::PaymentStatus.is_in([PaymentStatus::Completed, PaymentStatus::Refunded]))
        .order_by_desc(money::Column::UpdatedAt)
        .into_tuple()
        .one(conn)
        .await?;
    let charged: Option<Moved> = charges::Entity::find()
        .select_only()
        .columns([charges::Column::PaidAt, charges::Column::UpdatedAt])
        .filter(charges::Column::PatientId.eq(patient))
        .filter(
            charges::Column::PaymentStatus.is_in([AftercarePaymentStatus::Completed, AftercarePaymentStatus::Refunded]),
        )
        .order_by_desc(charges::Column::UpdatedAt)
        .into_tuple()
        .one(conn)
        .await?;
    let day = |(paid, touched): Moved| paid.unwrap_or(touched).date_naive();
    Ok(Ord::max(booked.map(day), charged.map(day)))
}
