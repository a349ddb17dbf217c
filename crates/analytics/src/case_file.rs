//! One case with all that belongs to it: pipeline, clinics, quotes, money, treatment, aftercare, review, files,
//! timeline, audit.

use chrono::{DateTime, Utc};
use std::collections::HashMap;

use aftercare::entity::after_cares;
use directory::entity::providers;
use identity::entity::patients;
use inquiry::entity::inquiries::{self, InquiryStatus};
use inquiry::entity::inquiry_providers::{self, InquiryProviderStatus};
use inquiry::entity::workflow_timelines;
use kernel::ids::{AnyId, FileId, InquiryId, PatientId, PaymentId, ProviderId, QuoteId, ReviewId};
use kernel::permission::Permission;
use kernel::{Actor, Amount, AppError, AppResult, Money};
use payments::entity::payments::{self as payment_rows, PaymentMethod, PaymentStatus, PaymentType};
use platform::App;
use platform::audit::{self, Entry};
use platform::entity::{audit_logs, files};
use quoting::entity::{booking_terms, quotes, schedules};
use reviews::entity::reviews::{self as review_rows, ModerationStatus};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, LoaderTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde::{Deserialize, Serialize};
use treatment::entity::treatment_executions;

use crate::pipeline::{Stage, pipeline};

/// Entries of timeline and audit shown with a case; the rest is behind their own lists.
const NEWEST: u64 = 100;

/// A case as Hairline's staff see it. Medical content is not in it: that needs a justification of its own (R-ID-63).
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CaseFile {
    /// The inquiry, which names the case.
    pub inquiry_id: InquiryId,
    /// Its code.
    #[schema(example = "HPID26030001")]
    pub inquiry_code: Option<String>,
    /// Stage.
    pub status: InquiryStatus,
    /// Who it is about.
    pub patient: CasePatient,
    /// All stages, with where the case stands.
    pub pipeline: Vec<Stage>,
    /// Clinics that got the inquiry.
    pub clinics: Vec<CaseClinic>,
    /// Quotes, newest first.
    pub quotes: Vec<CaseQuote>,
    /// What was agreed and paid, once a quote was accepted.
    pub money: Option<CaseMoney>,
    /// The appointment and the treatment.
    pub treatment: Option<CaseTreatment>,
    /// The aftercare plan.
    pub aftercare: Option<CaseAftercare>,
    /// The patient's review.
    pub review: Option<CaseReview>,
    /// Stored files by name and size, without content.
    pub files: Vec<CaseFileEntry>,
    /// What happened, newest first.
    pub timeline: Vec<CaseEvent>,
    /// Who did and saw what, newest first; needs `view_audit_log`.
    pub audit: Option<Vec<CaseAudit>>,
}

/// Who a case is about.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[expect(missing_docs, reason = "the names say it")]
pub struct CasePatient {
    pub id: PatientId,
    pub code: Option<String>,
    pub name: String,
    pub email: String,
    pub country_code: Option<String>,
}

/// A clinic that got the inquiry.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[expect(missing_docs, reason = "the names say it")]
pub struct CaseClinic {
    pub provider_id: ProviderId,
    pub name: String,
    pub status: InquiryProviderStatus,
    pub response_deadline_at: DateTime<Utc>,
    pub viewed_at: Option<DateTime<Utc>>,
}

/// A quote of the case.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[expect(missing_docs, reason = "the names say it")]
pub struct CaseQuote {
    pub id: QuoteId,
    pub code: Option<String>,
    pub provider_id: ProviderId,
    pub clinic: String,
    pub status: quotes::QuoteStatus,
    pub reason: Option<quotes::QuoteStatusReason>,
    pub total: Money,
    pub grafts: Option<i32>,
    pub appointment_at: Option<DateTime<Utc>>,
    pub submitted_at: Option<DateTime<Utc>>,
    pub expires_at: Option<DateTime<Utc>>,
}

/// What was agreed and paid.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[expect(missing_docs, reason = "the names say it")]
pub struct CaseMoney {
    pub booking_reference: String,
    /// What the patient pays, in the currency of payment.
    pub total: Money,
    pub deposit: Amount,
    pub paid: Amount,
    pub due: Amount,
    pub payments: Vec<CasePayment>,
}

/// An attempt to pay, or money that moved.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[expect(missing_docs, reason = "the names say it")]
pub struct CasePayment {
    pub id: PaymentId,
    pub kind: PaymentType,
    pub method: PaymentMethod,
    pub status: PaymentStatus,
    pub amount: Money,
    pub failure_code: Option<String>,
    pub paid_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
}

/// The appointment and the treatment.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[expect(missing_docs, reason = "the names say it")]
pub struct CaseTreatment {
    pub starts_at: Option<DateTime<Utc>>,
    pub timezone: Option<String>,
    pub schedule_status: Option<schedules::ScheduleStatus>,
    pub hold_expires_at: Option<DateTime<Utc>>,
    pub checked_in_at: Option<DateTime<Utc>>,
    pub completed_at: Option<DateTime<Utc>>,
    pub estimated_grafts: Option<i32>,
    pub actual_grafts: Option<i32>,
}

/// The aftercare plan.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[expect(missing_docs, reason = "the names say it")]
pub struct CaseAftercare {
    pub code: Option<String>,
    pub status: after_cares::AfterCareStatus,
    pub stage: String,
    pub percent: i32,
}

/// The patient's review.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[expect(missing_docs, reason = "the names say it")]
pub struct CaseReview {
    pub id: ReviewId,
    pub status: ModerationStatus,
    pub rating: i32,
    pub text: Option<String>,
}

/// A stored file.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[expect(missing_docs, reason = "the names say it")]
pub struct CaseFileEntry {
    pub id: FileId,
    pub owner: String,
    pub name: String,
    pub kind: String,
    pub bytes: i32,
    pub uploaded_by: Option<String>,
    pub created_at: DateTime<Utc>,
}

/// Something that happened.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[expect(missing_docs, reason = "the names say it")]
pub struct CaseEvent {
    pub event: String,
    #[schema(value_type = Option<Object>)]
    pub metadata: Option<serde_json::Value>,
    pub at: DateTime<Utc>,
}

/// Who did or saw something.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[expect(missing_docs, reason = "the names say it")]
pub struct CaseAudit {
    pub action: String,
    pub outcome: audit_logs::AuditLogOutcome,
    pub actor_type: audit_logs::AuditLogActorType,
    pub actor_id: Option<AnyId>,
    pub actor_role: Option<String>,
    pub subject: Option<String>,
    pub at: DateTime<Utc>,
}

/// The whole case; opening it is recorded (R-ID-64). 404 when there is none.
pub async fn case_file(app: &App, actor: &Actor, id: InquiryId) -> AppResult<CaseFile> {
    actor.admin()?;
    actor.require(Permission::ViewInquiry)?;
    let conn = app.db.conn();
    let (inquiry, patient) = inquiries::Entity::find_by_id(id)
        .find_also_related(patients::Entity)
        .one(conn)
        .await?
        .ok_or_else(AppError::not_found)?;
    let patient = patient.ok_or_else(AppError::not_found)?;
    let quotes = of_inquiry(conn, id).await?;
    let (clinics, names) = clinics(conn, id).await?;
    let booked = quotes.iter().find(|quote| Some(quote.id) == inquiry.accepted_quote_id);
    let files = stored_files(conn, &inquiry, &quotes).await?;
    let file = CaseFile {
        inquiry_id: id,
        inquiry_code: inquiry.inquiry_code.clone(),
        status: inquiry.status,
        pipeline: pipeline(inquiry.status),
        patient: CasePatient {
            id: patient.id,
            code: patient.patient_code.clone(),
            name: format!("{} {}", patient.first_name, patient.last_name),
            email: patient.email.clone(),
            country_code: patient.country_code.clone(),
        },
        clinics,
        money: match booked {
            Some(quote) => money(conn, quote.id).await?,
            None => None,
        },
        treatment: match booked {
            Some(quote) => Some(treatment(conn, quote).await?),
            None => None,
        },
        aftercare: match booked {
            Some(quote) => plan(conn, quote.id).await?,
            None => None,
        },
        review: match booked {
            Some(quote) => review(conn, quote.id).await?,
            None => None,
        },
        quotes: quotes.into_iter().map(|quote| quote_view(quote, &names)).collect(),
        files,
        timeline: timeline(conn, id).await?,
        audit: match actor.can(Permission::ViewAuditLog) {
            true => Some(trail(conn, patient.id).await?),
            false => None,
        },
    };
    let entry = Entry::new("case.viewed").subject("Inquiry", id).patient(patient.id);
    audit::record(conn, app, actor, entry.fields(&["identity", "quotes", "money", "timeline"])).await?;
    Ok(file)
}

async fn of_inquiry(conn: &impl ConnectionTrait, id: InquiryId) -> AppResult<Vec<quotes::Model>> {
    let select = quotes::Entity::find().filter(quotes::Column::InquiryId.eq(id));
    Ok(select.order_by_desc(quotes::Column::CreatedAt).order_by_desc(quotes::Column::Id).all(conn).await?)
}

async fn clinics(
    conn: &impl ConnectionTrait,
    id: InquiryId,
) -> AppResult<(Vec<CaseClinic>, HashMap<ProviderId, String>)> {
    let rows = inquiry_providers::Entity::find()
        .filter(inquiry_providers::Column::InquiryId.eq(id))
        .order_by_asc(inquiry_providers::Column::MatchOrder)
        .all(conn)
        .await?;
    let providers = rows.load_one(providers::Entity, conn).await?;
    let names: HashMap<ProviderId, String> =
        providers.into_iter().flatten().map(|provider| (provider.id, provider.provider_name)).collect();
    let view = |row: inquiry_providers::Model| CaseClinic {
        provider_id: row.provider_id,
        name: names.get(&row.provider_id).cloned().unwrap_or_default(),
        status: row.status,
        response_deadline_at: row.response_deadline_at,
        viewed_at: row.viewed_at,
    };
    Ok((rows.into_iter().map(view).collect(), names))
}

fn quote_view(quote: quotes::Model, names: &HashMap<ProviderId, String>) -> CaseQuote {
    CaseQuote {
        id: quote.id,
        code: quote.quote_code,
        provider_id: quote.provider_id,
        clinic: names.get(&quote.provider_id).cloned().unwrap_or_default(),
        status: quote.status,
        reason: quote.status_reason,
        total: Money::new(quote.quote_amount, quote.currency),
        grafts: quote.estimated_grafts,
        appointment_at: quote.appointment_slot_at,
        submitted_at: quote.submitted_at,
        expires_at: quote.expires_at,
    }
}

async fn money(conn: &impl ConnectionTrait, quote: QuoteId) -> AppResult<Option<CaseMoney>> {
    let terms = booking_terms::Entity::find()
        .filter(booking_terms::Column::QuoteId.eq(quote))
        .order_by_desc(booking_terms::Column::Version)
        .one(conn)
        .await?;
    let Some(terms) = terms else { return Ok(None) };
    let balance = payments::balance(conn, quote).await?;
    let rows = payment_rows::Entity::find()
        .filter(payment_rows::Column::QuoteId.eq(quote))
        .order_by_asc(payment_rows::Column::CreatedAt)
        .order_by_asc(payment_rows::Column::Id)
        .all(conn)
        .await?;
    let view = |row: payment_rows::Model| CasePayment {
        id: row.id,
        kind: row.payment_type,
        method: row.payment_method,
        status: row.payment_status,
        amount: Money::new(row.amount, row.currency),
        failure_code: row.failure_code,
        paid_at: row.paid_at,
        created_at: row.created_at,
    };
    Ok(Some(CaseMoney {
        booking_reference: terms.booking_reference,
        total: balance.total,
        deposit: terms.deposit_amount,
        paid: balance.paid,
        due: balance.due,
        payments: rows.into_iter().map(view).collect(),
    }))
}

async fn treatment(conn: &impl ConnectionTrait, quote: &quotes::Model) -> AppResult<CaseTreatment> {
    let schedule = schedules::Entity::find()
        .filter(schedules::Column::QuoteId.eq(quote.id))
        .order_by_desc(schedules::Column::CreatedAt)
        .order_by_desc(schedules::Column::Id)
        .one(conn)
        .await?;
    let execution = treatment_executions::Entity::find()
        .filter(treatment_executions::Column::QuoteId.eq(quote.id))
        .one(conn)
        .await?;
    Ok(CaseTreatment {
        starts_at: schedule.as_ref().and_then(|schedule| schedule.starts_at_utc),
        timezone: schedule.as_ref().map(|schedule| schedule.timezone.clone()),
        schedule_status: schedule.as_ref().map(|schedule| schedule.status),
        hold_expires_at: schedule.as_ref().and_then(|schedule| schedule.hold_expires_at),
        checked_in_at: execution.as_ref().and_then(|execution| execution.checked_in_at),
        completed_at: execution.as_ref().and_then(|execution| execution.completed_at),
        estimated_grafts: quote.estimated_grafts,
        actual_grafts: execution.and_then(|execution| execution.actual_graft_count),
    })
}

async fn plan(conn: &impl ConnectionTrait, quote: QuoteId) -> AppResult<Option<CaseAftercare>> {
    let row = after_cares::Entity::find().filter(after_cares::Column::QuoteId.eq(quote)).one(conn).await?;
    Ok(row.map(|row| CaseAftercare {
        code: row.case_code,
        status: row.status,
        stage: row.recovery_stage,
        percent: row.recovery_percentage,
    }))
}

async fn review(conn: &impl ConnectionTrait, quote: QuoteId) -> AppResult<Option<CaseReview>> {
    let row = review_rows::Entity::find().filter(review_rows::Column::QuoteId.eq(quote)).one(conn).await?;
    Ok(row.map(|row| CaseReview {
        id: row.id,
        status: row.moderation_status,
        rating: row.overall_rating,
        text: row.review_text,
    }))
}

async fn stored_files(
    conn: &impl ConnectionTrait,
    inquiry: &inquiries::Model,
    quotes: &[quotes::Model],
) -> AppResult<Vec<CaseFileEntry>> {
    // Files hang on the inquiry, its quotes, or on what the treatment and the plan stored under their own ids.
    let mut owners: Vec<AnyId> = vec![inquiry.id.any()];
    owners.extend(quotes.iter().map(|quote| quote.id.any()));
    let executions = treatment_executions::Entity::find()
        .filter(treatment_executions::Column::QuoteId.is_in(quotes.iter().map(|quote| quote.id)))
        .all(conn)
        .await?;
    owners.extend(executions.iter().map(|execution| execution.id.any()));
    let media = platform::entity::media::Entity::find()
        .filter(platform::entity::media::Column::MediableId.is_in(owners.clone()))
        .all(conn)
        .await?;
    let rows = files::Entity::find()
        .filter(files::Column::DeletedAt.is_null())
        .filter(
            Condition::any()
                .add(files::Column::FileableId.is_in(owners))
                .add(files::Column::Id.is_in(media.iter().map(|item| item.file_id))),
        )
        .order_by_asc(files::Column::CreatedAt)
        .order_by_asc(files::Column::Id)
        .all(conn)
        .await?;
    let view = |row: files::Model| CaseFileEntry {
        id: row.id,
        owner: row.fileable_type,
        name: row.file_name,
        kind: row.file_type,
        bytes: row.file_size,
        uploaded_by: row.uploaded_by_type.map(|kind| format!("{kind:?}")),
        created_at: row.created_at,
    };
    Ok(rows.into_iter().map(view).collect())
}

async fn timeline(conn: &impl ConnectionTrait, id: InquiryId) -> AppResult<Vec<CaseEvent>> {
    let rows = workflow_timelines::Entity::find()
        .filter(workflow_timelines::Column::InquiryId.eq(id))
        .order_by_desc(workflow_timelines::Column::CreatedAt)
        .order_by_desc(workflow_timelines::Column::Id)
        .limit(NEWEST)
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(|row| CaseEvent { event: row.event, metadata: row.metadata, at: row.created_at }).collect())
}

async fn trail(conn: &impl ConnectionTrait, patient: PatientId) -> AppResult<Vec<CaseAudit>> {
    let rows = audit_logs::Entity::find()
        .filter(audit_logs::Column::PatientId.eq(patient))
        .order_by_desc(audit_logs::Column::Id)
        .limit(NEWEST)
        .all(conn)
        .await?;
    let view = |row: audit_logs::Model| CaseAudit {
        action: row.action,
        outcome: row.outcome,
        actor_type: row.actor_type,
        actor_id: row.actor_id,
        actor_role: row.actor_role,
        subject: row.subject_type.map(|kind| format!("{kind} {}", row.subject_id.unwrap_or_default())),
        at: row.occurred_at,
    };
    Ok(rows.into_iter().map(view).collect())
}
