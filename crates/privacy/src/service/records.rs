//! What a copy of one's data holds of bookings, bought aftercare, treatment and recovery: as the patient's own pages show it.

use aftercare::entity::{
    after_cares, aftercare_milestone_scans as scans, aftercare_milestones as milestones,
    standalone_aftercare_requests as bought,
};
use kernel::ids::{InquiryId, PatientId, QuoteId};
use kernel::permission::{SYSTEM_ROLES, defaults_of};
use kernel::{Actor, ActorKind, AppResult, Guard, PageQuery};
use payments::entity::{aftercare_payments as charges, payment_documents as papers};
use platform::App;
use platform::entity::media::{MediaCollection, MediaPhase};
use platform::entity::{files, media};
use quoting::entity::{booking_terms, quotes};
use sea_orm::sea_query::{ExprTrait, SelectStatement};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use serde_json::{Value as Json, json};
use treatment::entity::treatment_executions as executions;

use super::facts;

/// The patient, reading what is theirs.
fn reader(patient: PatientId) -> Actor {
    let role = SYSTEM_ROLES.iter().find(|role| role.guard == Guard::Patient);
    let rights = role.map(defaults_of).into_iter().flatten().collect();
    Actor::new(ActorKind::Patient(patient), Some("patient"), rights)
}

fn offers_of(cases: &[InquiryId]) -> SelectStatement {
    quotes::Entity::find()
        .select_only()
        .column(quotes::Column::Id)
        .filter(quotes::Column::InquiryId.is_in(cases.iter().copied()))
        .into_query()
}

/// What was agreed, without what Hairline and the clinic agreed among themselves.
pub(super) async fn bookings(app: &App, cases: &[InquiryId]) -> AppResult<Vec<Json>> {
    let rows = booking_terms::Entity::find()
        .filter(booking_terms::Column::QuoteId.in_subquery(offers_of(cases)))
        .order_by_asc(booking_terms::Column::QuoteId)
        .order_by_asc(booking_terms::Column::Version)
        .all(app.db.conn())
        .await?;
    let line = |row: booking_terms::Model| {
        json!({
            "booking_reference": row.booking_reference, "version": row.version, "list_amount": row.list_amount,
            "discount_amount": row.discount_amount, "total_amount": row.total_amount,
            "quote_currency": row.quote_currency, "payment_total": row.payment_total,
            "payment_currency": row.payment_currency, "deposit_amount": row.deposit_amount,
            "payment_option": row.payment_option, "refund_tiers": row.refund_tiers,
        })
    };
    Ok(rows.into_iter().map(line).collect())
}

/// Aftercare bought on its own, each with its charges and what came back.
pub(super) async fn purchases(app: &App, patient: PatientId) -> AppResult<Vec<Json>> {
    let rows = bought::Entity::find()
        .filter(bought::Column::PatientId.eq(patient))
        .order_by_asc(bought::Column::CreatedAt)
        .order_by_asc(bought::Column::Id)
        .all(app.db.conn())
        .await?;
    let all = charges::Entity::find()
        .filter(charges::Column::PatientId.eq(patient))
        .order_by_asc(charges::Column::DueDate)
        .order_by_asc(charges::Column::Id)
        .all(app.db.conn())
        .await?;
    let charge = |row: &charges::Model| {
        json!({ "payment_type": row.payment_type, "installment_number": row.installment_number,
            "total_installments": row.total_installments, "due_date": row.due_date, "amount": row.amount,
            "currency": row.currency, "payment_status": row.payment_status, "paid_at": row.paid_at })
    };
    rows.into_iter()
        .map(|row| {
            let own: Vec<Json> = all.iter().filter(|one| one.standalone_request_id == row.id).map(charge).collect();
            Ok(json!({
                "request_code": row.request_code, "request_status": row.request_status, "clinic_name": row.clinic_name,
                "treatment_date": row.treatment_date, "treatment_type": row.treatment_type,
                "graft_count": row.graft_count, "current_concerns": app.keys.open_opt(row.current_concerns.as_ref())?,
                "duration_months": row.duration_months, "pricing_model": row.pricing_model,
                "total_price": row.total_price, "currency": row.currency, "created_at": row.created_at,
                "activated_at": row.activated_at, "charges": own,
            }))
        })
        .collect()
}

/// Invoices, receipts and credit notes, of bookings and of bought aftercare; what clinics and affiliates are paid by is
/// theirs.
pub(super) async fn invoices(app: &App, patient: PatientId, cases: &[InquiryId]) -> AppResult<Vec<Json>> {
    use papers::{PaymentDocumentKind as Kind, PaymentDocumentSubjectType as Subject};
    let charged = charges::Entity::find()
        .select_only()
        .column(charges::Column::Id)
        .filter(charges::Column::PatientId.eq(patient))
        .into_query();
    let of_charges =
        papers::Column::SubjectType.eq(Subject::AftercarePayment).and(papers::Column::SubjectId.in_subquery(charged));
    let rows = papers::Entity::find()
        .filter(papers::Column::QuoteId.in_subquery(offers_of(cases)).or(of_charges))
        .filter(papers::Column::Kind.is_in([Kind::Invoice, Kind::Receipt, Kind::CreditNote]))
        .order_by_asc(papers::Column::IssuedAt)
        .order_by_asc(papers::Column::Id)
        .all(app.db.conn())
        .await?;
    let line = |row: papers::Model| {
        json!({ "document_number": row.document_number, "kind": row.kind, "issued_at": row.issued_at,
            "content": row.snapshot })
    };
    Ok(rows.into_iter().map(line).collect())
}

/// The treatment sheets.
pub(super) async fn treatments(app: &App, patient: PatientId) -> AppResult<Vec<Json>> {
    let own = reader(patient);
    let mut sheets = Vec::new();
    for (_, quote, _) in facts::treated(app.db.conn(), patient).await? {
        sheets.push(serde_json::to_value(treatment::queries::show(app, &own, quote).await?)?);
    }
    Ok(sheets)
}

/// The plans of the recovery with what the patient answered.
pub(super) async fn recoveries(app: &App, patient: PatientId) -> AppResult<Vec<Json>> {
    let own = reader(patient);
    let plans = after_cares::Entity::find()
        .filter(after_cares::Column::PatientId.eq(patient))
        .order_by_asc(after_cares::Column::CreatedAt)
        .all(app.db.conn())
        .await?;
    let mut told = Vec::new();
    for plan in plans {
        let mut answers = Vec::new();
        for page in 1.. {
            let asked = PageQuery { page, per_page: 100 };
            let found = aftercare::queries::responses(app, &own, plan.id, asked).await?;
            let is_last = found.data.len() < 100;
            answers.extend(found.data);
            if is_last {
                break;
            }
        }
        let shown = aftercare::queries::show(app, &own, plan.id).await?;
        told.push(json!({ "plan": shown, "answers": answers }));
    }
    Ok(told)
}

/// The files of one's recovery, and the pictures the clinic took that its patient sees: before and after.
pub(super) async fn pictures(app: &App, patient: PatientId) -> AppResult<Vec<files::Model>> {
    let conn = app.db.conn();
    let treated: Vec<QuoteId> = facts::treated(conn, patient).await?.into_iter().map(|(_, quote, _)| quote).collect();
    let over = executions::Entity::find()
        .select_only()
        .column(executions::Column::Id)
        .filter(executions::Column::QuoteId.is_in(treated))
        .filter(executions::Column::CompletedAt.is_not_null())
        .into_query();
    let shown = media::Entity::find()
        .select_only()
        .column(media::Column::FileId)
        .filter(media::Column::MediableId.in_subquery(over))
        .filter(media::Column::Collection.eq(MediaCollection::TreatmentPhoto))
        .filter(media::Column::ArchivedAt.is_null())
        .filter(Condition::any().add(media::Column::Phase.is_null()).add(media::Column::Phase.ne(MediaPhase::During)))
        .into_query();
    let recovered = scans::Entity::find()
        .select_only()
        .column(scans::Column::Id)
        .inner_join(milestones::Entity)
        .filter(
            milestones::Column::AfterCareId.in_subquery(
                after_cares::Entity::find()
                    .select_only()
                    .column(after_cares::Column::Id)
                    .filter(after_cares::Column::PatientId.eq(patient))
                    .into_query(),
            ),
        )
        .into_query();
    let which = Condition::any()
        .add(files::Column::Id.in_subquery(shown))
        .add(files::Column::FileableId.in_subquery(recovered));
    Ok(files::Entity::find()
        .filter(which)
        .filter(files::Column::DeletedAt.is_null())
        .order_by_asc(files::Column::CreatedAt)
        .order_by_asc(files::Column::Id)
        .all(conn)
        .await?)
}
