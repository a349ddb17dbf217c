//! What a copy of one's data holds: everything about the patient that is theirs to read, and nothing of anybody else.
//!
//! Left out: names of staff, notes and flags of clinics and of Hairline, commissions, what other patients wrote.

use identity::entity::{patient_consents, patients};
use inquiry::entity::{inquiries, questionnaires};
use kernel::ids::{ConversationId, InquiryId, PatientId};
use kernel::{AppError, AppResult};
use messaging::entity::messages::MessageSenderType;
use messaging::entity::{conversations, messages};
use notifications::entity::alerts_notifications as notices;
use payments::entity::payments as money;
use platform::App;
use platform::entity::{audit_logs, files, media};
use quoting::entity::quotes;
use reviews::entity::reviews;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value as Json, json};

use super::bundle::csv;
use super::records;
use crate::access_log::is_a_look;

/// One file of a copy.
pub struct Part {
    /// Its path within the ZIP.
    pub name: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// All files of a patient's copy but the list of them.
pub async fn of(app: &App, patient: PatientId) -> AppResult<Vec<Part>> {
    let mut parts = Vec::new();
    for (name, rows) in tables(app, patient).await? {
        let text = serde_json::to_vec_pretty(&rows)?;
        parts.push(Part { name: format!("data/{name}.json"), bytes: text });
        parts.push(Part { name: format!("data/{name}.csv"), bytes: csv(&rows).into_bytes() });
    }
    parts.extend(pictures(app, patient).await?);
    Ok(parts)
}

async fn tables(app: &App, patient: PatientId) -> AppResult<Vec<(&'static str, Vec<Json>)>> {
    let cases = inquiries::Entity::find()
        .filter(inquiries::Column::PatientId.eq(patient))
        .order_by_asc(inquiries::Column::CreatedAt)
        .all(app.db.conn())
        .await?;
    let ids: Vec<InquiryId> = cases.iter().map(|case| case.id).collect();
    Ok(vec![
        ("profile", vec![profile(app, patient).await?]),
        ("consents", consents(app, patient).await?),
        ("inquiries", cases.iter().map(case_of).collect()),
        ("medical_answers", answers(app, patient).await?),
        ("quotes", offers(app, ids.clone()).await?),
        ("bookings", records::bookings(app, &ids).await?),
        ("payments", payments_of(app, patient).await?),
        ("aftercare_purchases", records::purchases(app, patient).await?),
        ("invoices", records::invoices(app, patient, &ids).await?),
        ("treatments", records::treatments(app, patient).await?),
        ("aftercare", records::recoveries(app, patient).await?),
        ("messages", words(app, patient).await?),
        ("reviews", reviews_of(app, patient).await?),
        ("notifications", notices_of(app, patient).await?),
        ("access_log", looks(app, patient).await?),
    ])
}

async fn profile(app: &App, patient: PatientId) -> AppResult<Json> {
    let row = patients::Entity::find_by_id(patient).one(app.db.conn()).await?.ok_or_else(AppError::not_found)?;
    Ok(json!({
        "patient_code": row.patient_code, "first_name": row.first_name, "last_name": row.last_name,
        "email": row.email, "username": row.username, "birthday": row.birthday, "gender": row.gender,
        "phone_number": app.keys.open_opt(row.phone_number.as_ref())?, "country_code": row.country_code,
        "location": row.location, "created_at": row.created_at, "email_verified_at": row.email_verified_at,
    }))
}

async fn consents(app: &App, patient: PatientId) -> AppResult<Vec<Json>> {
    let rows = patient_consents::Entity::find()
        .filter(patient_consents::Column::PatientId.eq(patient))
        .order_by_asc(patient_consents::Column::ActedAt)
        .all(app.db.conn())
        .await?;
    let line = |row: patient_consents::Model| {
        json!({ "consent_type": row.consent_type, "action": row.action, "document_version": row.document_version,
            "locale": row.locale, "channel": row.channel, "acted_at": row.acted_at })
    };
    Ok(rows.into_iter().map(line).collect())
}

fn case_of(row: &inquiries::Model) -> Json {
    json!({
        "inquiry_code": row.inquiry_code, "status": row.status, "problem": row.problem,
        "problem_details": row.problem_details, "nature_of_concern": row.nature_of_concern,
        "duration_of_concern": row.duration_of_concern, "previous_treatments": row.previous_treatments,
        "symptom_severity": row.symptom_severity, "lifestyle_factors": row.lifestyle_factors,
        "additional_notes": row.additional_notes, "treatment_schedule": row.treatment_schedule,
        "submitted_at": row.submitted_at, "cancelled_at": row.cancelled_at,
    })
}

async fn answers(app: &App, patient: PatientId) -> AppResult<Vec<Json>> {
    let rows = questionnaires::Entity::find()
        .filter(questionnaires::Column::PatientId.eq(patient))
        .order_by_asc(questionnaires::Column::CreatedAt)
        .all(app.db.conn())
        .await?;
    rows.into_iter()
        .map(|row| {
            Ok(json!({ "revision": row.revision, "submitted_at": row.submitted_at,
                "answers": app.keys.open(&row.answers)? }))
        })
        .collect()
}

async fn offers(app: &App, cases: Vec<InquiryId>) -> AppResult<Vec<Json>> {
    let rows = quotes::Entity::find()
        .filter(quotes::Column::InquiryId.is_in(cases))
        .filter(quotes::Column::SubmittedAt.is_not_null())
        .order_by_asc(quotes::Column::CreatedAt)
        .all(app.db.conn())
        .await?;
    let line = |row: quotes::Model| {
        json!({
            "quote_code": row.quote_code, "status": row.status, "quote_amount": row.quote_amount,
            "currency": row.currency, "estimated_grafts": row.estimated_grafts,
            "treatment_date": row.treatment_date, "note": row.note, "treatment_plan": row.treatment_plan,
            "included_services": row.included_services, "appointment_slot_at": row.appointment_slot_at,
            "submitted_at": row.submitted_at, "accepted_at": row.accepted_at,
        })
    };
    Ok(rows.into_iter().map(line).collect())
}

async fn payments_of(app: &App, patient: PatientId) -> AppResult<Vec<Json>> {
    let rows = money::Entity::find()
        .filter(money::Column::PatientId.eq(patient))
        .order_by_asc(money::Column::CreatedAt)
        .all(app.db.conn())
        .await?;
    let line = |row: money::Model| {
        json!({ "amount": row.amount, "currency": row.currency, "payment_type": row.payment_type,
            "payment_method": row.payment_method, "payment_status": row.payment_status, "paid_at": row.paid_at,
            "created_at": row.created_at })
    };
    Ok(rows.into_iter().map(line).collect())
}

async fn words(app: &App, patient: PatientId) -> AppResult<Vec<Json>> {
    let threads: Vec<ConversationId> = conversations::Entity::find()
        .filter(conversations::Column::PatientId.eq(patient))
        .all(app.db.conn())
        .await?
        .into_iter()
        .map(|row| row.id)
        .collect();
    let rows = messages::Entity::find()
        .filter(messages::Column::ConversationId.is_in(threads))
        .order_by_asc(messages::Column::CreatedAt)
        .all(app.db.conn())
        .await?;
    let line = |row: messages::Model| {
        let from = match row.sender_type {
            MessageSenderType::Patient => "you",
            MessageSenderType::ProviderUser => "clinic",
            MessageSenderType::User => "hairline",
        };
        json!({ "conversation": row.conversation_id, "from": from, "content": row.content, "sent_at": row.created_at })
    };
    Ok(rows.into_iter().map(line).collect())
}

async fn reviews_of(app: &App, patient: PatientId) -> AppResult<Vec<Json>> {
    let rows = reviews::Entity::find().filter(reviews::Column::PatientId.eq(patient)).all(app.db.conn()).await?;
    let line = |row: reviews::Model| {
        json!({ "overall_rating": row.overall_rating, "review_text": row.review_text,
            "moderation_status": row.moderation_status, "created_at": row.created_at,
            "published_at": row.published_at })
    };
    Ok(rows.into_iter().map(line).collect())
}

async fn notices_of(app: &App, patient: PatientId) -> AppResult<Vec<Json>> {
    let rows = notices::Entity::find()
        .filter(notices::Column::RecipientType.eq(notices::NotificationRecipientType::Patient))
        .filter(notices::Column::RecipientId.eq(patient.any()))
        .order_by_asc(notices::Column::CreatedAt)
        .all(app.db.conn())
        .await?;
    let line = |row: notices::Model| json!({ "title": row.title, "sent_at": row.created_at });
    Ok(rows.into_iter().map(line).collect())
}

async fn looks(app: &App, patient: PatientId) -> AppResult<Vec<Json>> {
    let rows = audit_logs::Entity::find()
        .filter(audit_logs::Column::PatientId.eq(patient))
        .filter(
            audit_logs::Column::ActorType
                .is_in([audit_logs::AuditLogActorType::ProviderUser, audit_logs::AuditLogActorType::User]),
        )
        .filter(audit_logs::Column::Outcome.eq(audit_logs::AuditLogOutcome::Success))
        .filter(is_a_look())
        .order_by_asc(audit_logs::Column::Id)
        .all(app.db.conn())
        .await?;
    let line = |row: audit_logs::Model| json!({ "occurred_at": row.occurred_at, "role": row.actor_role, "action": row.action, "fields": row.fields });
    Ok(rows.into_iter().map(line).collect())
}

/// The patient's own pictures and files, under names that tell what they show, then those of treatment and recovery.
async fn pictures(app: &App, patient: PatientId) -> AppResult<Vec<Part>> {
    let rows = media::Entity::find()
        .find_also_related(files::Entity)
        .filter(media::Column::UploadedById.eq(patient.any()))
        .order_by_asc(media::Column::CreatedAt)
        .all(app.db.conn())
        .await?;
    let mut parts = Vec::new();
    for (number, (picture, file)) in (1..).zip(rows) {
        let Some(file) = file.filter(|file| file.deleted_at.is_none()) else { continue };
        let view = picture.view.map(|view| format!("-{view:?}").to_lowercase()).unwrap_or_default();
        parts.extend(stored(app, &file, &format!("media/{number:03}{view}")).await?);
    }
    for (number, file) in (1..).zip(records::pictures(app, patient).await?) {
        parts.extend(stored(app, &file, &format!("media/care-{number:03}")).await?);
    }
    Ok(parts)
}

/// A stored file under a name; one whose object is gone is left out.
async fn stored(app: &App, file: &files::Model, name: &str) -> AppResult<Option<Part>> {
    let bytes = match app.files.get(&file.file_path).await {
        Ok(bytes) => bytes.to_vec(),
        Err(error) if error.kind == kernel::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let kind = file.file_type.rsplit('/').next().unwrap_or("bin");
    Ok(Some(Part { name: format!("{name}.{kind}"), bytes }))
}
