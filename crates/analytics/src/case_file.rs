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
use kernel::{Actor, Amount, AppError, AppResult, Currency, Money, Timestamp};
use payments::entity::payments::{self as payment_rows, PaymentMethod, PaymentStatus, PaymentType};
use platform::App;
use platform::audit::{self, Entry};
use platform::entity::{audit_logs, files, media};
use quoting::entity::{booking_terms, quotes, schedules};
use reviews::entity::reviews::{self as review_rows, ModerationStatus};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
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

/// What stands in one row each: the inquiry, its patient, and all that hangs on the accepted quote.
#[derive(FromQueryResult)]
struct Head {
    inquiry_code: Option<String>,
    status: InquiryStatus,
    accepted_quote_id: Option<QuoteId>,
    patient_id: PatientId,
    patient_code: Option<String>,
    first_name: String,
    last_name: String,
    email: String,
    country_code: Option<String>,
    booking_reference: Option<String>,
    payment_total: Option<Amount>,
    payment_currency: Option<Currency>,
    deposit_amount: Option<Amount>,
    starts_at_utc: Option<Timestamp>,
    timezone: Option<String>,
    schedule_status: Option<schedules::ScheduleStatus>,
    hold_expires_at: Option<Timestamp>,
    checked_in_at: Option<Timestamp>,
    completed_at: Option<Timestamp>,
    actual_graft_count: Option<i32>,
    case_code: Option<String>,
    plan_status: Option<after_cares::AfterCareStatus>,
    recovery_stage: Option<String>,
    recovery_percentage: Option<i32>,
    review_id: Option<ReviewId>,
    review_status: Option<ModerationStatus>,
    overall_rating: Option<i32>,
    review_text: Option<String>,
}

/// The whole case; opening it is recorded (R-ID-64). 404 when there is none. Seven statements.
pub async fn case_file(app: &App, actor: &Actor, id: InquiryId) -> AppResult<CaseFile> {
    actor.admin()?;
    actor.require(Permission::ViewInquiry)?;
    let conn = app.db.conn();
    let head = head(conn, id).await?.ok_or_else(AppError::not_found)?;
    let (clinics, quotes, paid) = clinics_and_quotes(conn, id, head.accepted_quote_id).await?;
    let booked = quotes.iter().find(|quote| Some(quote.id) == head.accepted_quote_id);
    let money = match (head.payment_total, head.payment_currency) {
        (Some(total), Some(currency)) => money(&head, Money::new(total, currency), paid),
        _ => None,
    };
    let file = CaseFile {
        inquiry_id: id,
        inquiry_code: head.inquiry_code.clone(),
        status: head.status,
        pipeline: pipeline(head.status),
        patient: CasePatient {
            id: head.patient_id,
            code: head.patient_code.clone(),
            name: format!("{} {}", head.first_name, head.last_name),
            email: head.email.clone(),
            country_code: head.country_code.clone(),
        },
        clinics,
        money,
        treatment: booked.map(|quote| CaseTreatment {
            starts_at: head.starts_at_utc,
            timezone: head.timezone.clone(),
            schedule_status: head.schedule_status,
            hold_expires_at: head.hold_expires_at,
            checked_in_at: head.checked_in_at,
            completed_at: head.completed_at,
            estimated_grafts: quote.grafts,
            actual_grafts: head.actual_graft_count,
        }),
        aftercare: head.plan_status.map(|status| CaseAftercare {
            code: head.case_code.clone(),
            status,
            stage: head.recovery_stage.clone().unwrap_or_default(),
            percent: head.recovery_percentage.unwrap_or(0),
        }),
        review: head.review_id.zip(head.review_status).map(|(id, status)| CaseReview {
            id,
            status,
            rating: head.overall_rating.unwrap_or(0),
            text: head.review_text.clone(),
        }),
        files: stored_files(conn, id).await?,
        quotes,
        timeline: timeline(conn, id).await?,
        audit: match actor.can(Permission::ViewAuditLog) {
            true => Some(trail(conn, head.patient_id).await?),
            false => None,
        },
    };
    let entry = Entry::new("case.viewed").subject("Inquiry", id).patient(head.patient_id);
    audit::record(conn, app, actor, entry.fields(&["identity", "quotes", "money", "timeline"])).await?;
    Ok(file)
}

/// The whole case to be kept as a file, which is recorded apart from its opening (R-ID-64). Errors: those of [`case_file`].
pub async fn export(app: &App, actor: &Actor, id: InquiryId) -> AppResult<CaseFile> {
    let file = case_file(app, actor, id).await?;
    let entry = Entry::new("case.exported").subject("Inquiry", id).patient(file.patient.id);
    let entry = entry.fields(&["identity", "quotes", "money", "timeline"]);
    audit::record(app.db.conn(), app, actor, entry).await?;
    Ok(file)
}

async fn head(conn: &impl ConnectionTrait, id: InquiryId) -> AppResult<Option<Head>> {
    // All of them hang on the accepted quote by its id.
    let on_quote = || inquiries::Column::AcceptedQuoteId;
    let terms =
        inquiries::Entity::belongs_to(booking_terms::Entity).from(on_quote()).to(booking_terms::Column::QuoteId);
    let schedule = inquiries::Entity::belongs_to(schedules::Entity).from(on_quote()).to(schedules::Column::QuoteId);
    let execution = inquiries::Entity::belongs_to(treatment_executions::Entity)
        .from(on_quote())
        .to(treatment_executions::Column::QuoteId);
    let plan = inquiries::Entity::belongs_to(after_cares::Entity).from(on_quote()).to(after_cares::Column::QuoteId);
    let review = inquiries::Entity::belongs_to(review_rows::Entity).from(on_quote()).to(review_rows::Column::QuoteId);
    let patient =
        inquiries::Entity::belongs_to(patients::Entity).from(inquiries::Column::PatientId).to(patients::Column::Id);
    Ok(inquiries::Entity::find_by_id(id)
        .select_only()
        .columns([
            inquiries::Column::InquiryCode,
            inquiries::Column::Status,
            inquiries::Column::AcceptedQuoteId,
            inquiries::Column::PatientId,
        ])
        .columns([
            patients::Column::PatientCode,
            patients::Column::FirstName,
            patients::Column::LastName,
            patients::Column::Email,
            patients::Column::CountryCode,
        ])
        .columns([
            booking_terms::Column::BookingReference,
            booking_terms::Column::PaymentTotal,
            booking_terms::Column::PaymentCurrency,
            booking_terms::Column::DepositAmount,
        ])
        .columns([schedules::Column::StartsAtUtc, schedules::Column::Timezone, schedules::Column::HoldExpiresAt])
        .column_as(schedules::Column::Status, "schedule_status")
        .columns([
            treatment_executions::Column::CheckedInAt,
            treatment_executions::Column::CompletedAt,
            treatment_executions::Column::ActualGraftCount,
        ])
        .columns([
            after_cares::Column::CaseCode,
            after_cares::Column::RecoveryStage,
            after_cares::Column::RecoveryPercentage,
        ])
        .column_as(after_cares::Column::Status, "plan_status")
        .column_as(review_rows::Column::Id, "review_id")
        .column_as(review_rows::Column::ModerationStatus, "review_status")
        .columns([review_rows::Column::OverallRating, review_rows::Column::ReviewText])
        .join(JoinType::InnerJoin, patient.into())
        .join(JoinType::LeftJoin, terms.into())
        .join(JoinType::LeftJoin, schedule.into())
        .join(JoinType::LeftJoin, execution.into())
        .join(JoinType::LeftJoin, plan.into())
        .join(JoinType::LeftJoin, review.into())
        // Terms and schedules are versioned: the newest of each counts.
        .order_by_desc(booking_terms::Column::Version)
        .order_by_desc(schedules::Column::CreatedAt)
        .order_by_desc(schedules::Column::Id)
        .into_model()
        .one(conn)
        .await?)
}

/// The clinics asked, in their order, and the quotes, newest first; with the payments of the accepted one as they came.
async fn clinics_and_quotes(
    conn: &impl ConnectionTrait,
    id: InquiryId,
    accepted: Option<QuoteId>,
) -> AppResult<(Vec<CaseClinic>, Vec<CaseQuote>, Vec<payment_rows::Model>)> {
    let rows = inquiry_providers::Entity::find()
        .filter(inquiry_providers::Column::InquiryId.eq(id))
        .order_by_asc(inquiry_providers::Column::MatchOrder)
        .find_also_related(providers::Entity)
        .all(conn)
        .await?;
    let mut names = HashMap::new();
    let mut clinics = Vec::with_capacity(rows.len());
    for (row, clinic) in rows {
        let name = clinic.map(|clinic| clinic.provider_name).unwrap_or_default();
        names.insert(row.provider_id, name.clone());
        clinics.push(CaseClinic {
            provider_id: row.provider_id,
            name,
            status: row.status,
            response_deadline_at: row.response_deadline_at,
            viewed_at: row.viewed_at,
        });
    }
    let payments =
        quotes::Entity::belongs_to(payment_rows::Entity).from(quotes::Column::Id).to(payment_rows::Column::QuoteId);
    let found = quotes::Entity::find()
        .filter(quotes::Column::InquiryId.eq(id))
        .order_by_desc(quotes::Column::CreatedAt)
        .order_by_desc(quotes::Column::Id)
        .order_by_asc(payment_rows::Column::Id)
        .join(JoinType::LeftJoin, payments.into())
        .select_also(payment_rows::Entity)
        .all(conn)
        .await?;
    let (mut quotes, mut paid): (Vec<CaseQuote>, Vec<payment_rows::Model>) = (Vec::new(), Vec::new());
    for (quote, payment) in found {
        paid.extend(payment.filter(|_| Some(quote.id) == accepted));
        // A quote stands in as many rows as it has payments.
        if quotes.last().is_none_or(|last| last.id != quote.id) {
            quotes.push(quote_view(quote, &names));
        }
    }
    Ok((clinics, quotes, paid))
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

fn money(head: &Head, total: Money, rows: Vec<payment_rows::Model>) -> Option<CaseMoney> {
    head.accepted_quote_id?;
    let balance = payments::queries::balance_of(total, &rows);
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
    Some(CaseMoney {
        booking_reference: head.booking_reference.clone().unwrap_or_default(),
        total: balance.total,
        deposit: head.deposit_amount.unwrap_or(Amount::ZERO),
        paid: balance.paid,
        due: balance.due,
        payments: rows.into_iter().map(view).collect(),
    })
}

/// Files hang on the inquiry, its quotes, or on what the treatment stored under its own id.
async fn stored_files(conn: &impl ConnectionTrait, id: InquiryId) -> AppResult<Vec<CaseFileEntry>> {
    let quotes = || {
        let own =
            quotes::Entity::find().select_only().column(quotes::Column::Id).filter(quotes::Column::InquiryId.eq(id));
        own.into_query()
    };
    let executions = || {
        let own = treatment_executions::Entity::find().select_only().column(treatment_executions::Column::Id);
        own.filter(treatment_executions::Column::QuoteId.in_subquery(quotes())).into_query()
    };
    let media = media::Entity::find().select_only().column(media::Column::FileId).filter(
        Condition::any()
            .add(media::Column::MediableId.eq(id))
            .add(media::Column::MediableId.in_subquery(quotes()))
            .add(media::Column::MediableId.in_subquery(executions())),
    );
    let rows = files::Entity::find()
        .filter(files::Column::DeletedAt.is_null())
        .filter(
            Condition::any()
                .add(files::Column::FileableId.eq(id))
                .add(files::Column::FileableId.in_subquery(quotes()))
                .add(files::Column::FileableId.in_subquery(executions()))
                .add(files::Column::Id.in_subquery(media.into_query())),
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
