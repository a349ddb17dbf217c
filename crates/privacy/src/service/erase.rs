//! The erasure itself: one transaction that makes a person unknown, and keeps what law demands (R-ID-69, 70).

use chrono::NaiveDate;
use identity::anonymity;
use identity::entity::account_states::AccountState;
use identity::entity::deletion_requests::{self as rows, DeletionRequestStatus as Status};
use identity::entity::{data_bundles, patients, sealed_identities};
use identity::service::patient_rows;
use identity::service::sessions::{Holder, revoke_all_and_tokens};
use inquiry::entity::inquiry_drafts;
use kernel::ids::{AnyId, DeletionRequestId, FileId, PatientId, SealedIdentityId};
use kernel::{Actor, AppError, AppResult, Guard};
use messaging::entity::messages::MessageSenderType;
use messaging::entity::{conversations, message_moderation, messages};
use notifications::entity::{device_tokens, notification_preferences};
use platform::App;
use platform::crypto::{Key, KeyRing};
use platform::db::Txn;
use platform::entity::{files, media};
use platform::locale::{Locale, date, t, tr};
use platform::mail::Mail;
use platform::outbox::{self, Event};
use platform::retention::{Class, Policy};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Set};
use serde_json::json;

use super::facts::{self, Treated};
use super::objects;
use super::requests::{end_open_cases, step};
use super::retention::texts;
use crate::rules::kept_until;

/// What stands in place of an erased text.
pub const ERASED: &str = "[erased]";

/// Erases the patient of an approved request. Runs again after a crash without harm: the rows change in one transaction,
/// and objects are destroyed by jobs of that transaction.
pub async fn run(app: &App, id: DeletionRequestId) -> AppResult<()> {
    let policy = Policy::load(app).await?;
    let goodbye = platform::write_txn!(app.db, |txn| {
        let Some(row) = rows::Entity::find_by_id(id).one(txn).await? else { return Ok(None) };
        let (person, state) = patient_rows::lock(txn, row.patient_id).await?;
        let row = rows::Entity::find_by_id(id).lock_exclusive().one(txn).await?;
        let Some(row) = row else { return Ok(None) };
        if row.status != Status::Approved {
            return Ok(None);
        }
        let system = Actor::system();
        if !facts::obligations(txn, row.patient_id).await?.none() {
            // An order, a payment or a booking came after the decision: the request waits, nothing is touched.
            step(txn, app, &system, &row, Status::OnHold, None).await?;
            return Ok(None);
        }
        end_open_cases(txn, app, row.patient_id).await?;
        let medical = facts::last_medical(txn, row.patient_id).await?;
        let financial = facts::last_financial(txn, row.patient_id).await?;
        let country = person.country_code.as_deref();
        if let Some(end) = kept_until(&policy, country, medical, financial) {
            seal_identity(txn, app, &person, end).await?;
        }
        let treated = facts::treated(txn, row.patient_id).await?;
        forget(txn, app, &person, &treated).await?;
        patient_rows::set_state(txn, app, &system, &state, (AccountState::Anonymised, None, None)).await?;
        let holder = Holder { guard: Guard::Patient, id: row.patient_id.any() };
        revoke_all_and_tokens(txn, app, holder, "erased").await?;
        let kept = retained(&policy, country, medical, financial);
        let goodbye =
            Goodbye { to: person.email.clone(), locale: language_of(txn, row.patient_id).await?, kept: kept.clone() };
        // Where somebody lives and when they sleep.
        notification_preferences::Entity::delete_many()
            .filter(notification_preferences::Column::OwnerId.eq(row.patient_id.any()))
            .exec(txn)
            .await?;
        let change = rows::ActiveModel { id: Set(row.id), retained_categories: Set(Some(kept)), ..Default::default() };
        let row = change.update(txn).await?;
        step(txn, app, &system, &row, Status::Completed, None).await?;
        let event = Event::new("privacy.patient_erased", "Patient", row.patient_id)
            .occurrence("once")
            .with("patient_id", row.patient_id);
        outbox::emit(txn, app, &system, event).await?;
        Ok(Some(goodbye))
    })?;
    if let Some(goodbye) = goodbye {
        // The address stands nowhere any more: it is said now or never, and a mail that fails undoes nothing.
        if let Err(error) = say(app, goodbye).await {
            tracing::warn!(%error, "an erased patient could not be told");
        }
    }
    Ok(())
}

/// The last mail to somebody who is unknown from now on.
struct Goodbye {
    to: String,
    locale: Locale,
    kept: serde_json::Value,
}

async fn language_of(txn: &Txn, patient: PatientId) -> AppResult<Locale> {
    let chosen = notification_preferences::Entity::find()
        .filter(notification_preferences::Column::OwnerId.eq(patient.any()))
        .one(txn)
        .await?;
    Ok(chosen.and_then(|chosen| Locale::from_code(chosen.locale.as_deref()?)).unwrap_or_default())
}

/// Tells what is gone, and what is kept on what ground until when (R-MG-82).
async fn say(app: &App, goodbye: Goodbye) -> AppResult<()> {
    let Goodbye { to, locale, kept } = goodbye;
    let line = |item: &serde_json::Value| {
        let text = |name: &str| item.get(name).and_then(|value| value.as_str()).unwrap_or_default();
        let class = t(locale, &format!("dsr-class-{}", text("class")));
        match text("until").parse() {
            Ok(day) => {
                tr(locale, "privacy-mail-kept-until", &[("class", class.into()), ("date", date(locale, day).into())])
            }
            Err(_) => tr(locale, "privacy-mail-kept-proof", &[("class", class.into())]),
        }
    };
    let lines: Vec<String> = kept.as_array().into_iter().flatten().map(line).collect();
    let text = tr(locale, "privacy-mail-erased-text", &[("kept", lines.join("\n").into())]);
    let subject = t(locale, "privacy-mail-erased-subject");
    app.mailer.send(Mail { to, subject, text, html: None }).await
}

/// What is kept, on what ground, until when: as the patient is told.
fn retained(
    policy: &Policy,
    country: Option<&str>,
    medical: Option<NaiveDate>,
    financial: Option<NaiveDate>,
) -> serde_json::Value {
    let mut kept = Vec::new();
    for (class, last) in [(Class::Medical, medical), (Class::Financial, financial)] {
        if let Some(from) = last {
            let end = policy.ends(class, country, from);
            kept.push(json!({ "class": class.name(), "basis": "legal_retention", "until": end }));
        }
    }
    kept.push(json!({ "class": "consents", "basis": "proof", "until": null }));
    kept.push(json!({ "class": "audit", "basis": "proof", "until": null }));
    json!(kept)
}

/// Puts who the patient was under a key of its own, made of the installation's secret and a number that stands in the row:
/// when the number is destroyed nobody can make the key again.
async fn seal_identity(txn: &Txn, app: &App, person: &patients::Model, end: NaiveDate) -> AppResult<()> {
    let now = app.now();
    let number = app.random.hex(32);
    let identity = json!({
        "first_name": person.first_name, "last_name": person.last_name, "email": person.email,
        "username": person.username, "birthday": person.birthday, "gender": person.gender,
        "phone_number": app.keys.open_opt(person.phone_number.as_ref())?, "country_code": person.country_code,
        "location": person.location,
    });
    sealed_identities::ActiveModel {
        id: Set(SealedIdentityId::new()),
        patient_id: Set(person.id),
        ciphertext: Set(Some(own_ring(app, &number)?.seal(&identity))),
        key_ref: Set(Some(number)),
        destroy_on: Set(end),
        destroyed_at: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
    }
    .insert(txn)
    .await?;
    Ok(())
}

fn own_ring(app: &App, number: &str) -> AppResult<KeyRing> {
    let mac = hex::decode(app.keys.mac("sealed_identity", number)).map_err(AppError::internal)?;
    let bytes: [u8; 32] = mac.try_into().map_err(|_| AppError::internal("a fingerprint has 32 bytes"))?;
    let key = Key::new(bytes);
    Ok(KeyRing::new(key.clone(), Vec::new(), key.clone(), key))
}

async fn forget(txn: &Txn, app: &App, person: &patients::Model, treated: &[Treated]) -> AppResult<()> {
    let id = person.id;
    let code = person.patient_code.clone().unwrap_or_else(|| "PAT".to_owned());
    let known = anonymity::pairs(txn, id).await?;
    patient_rows::wipe(txn, app, id, "Patient", &code).await?;
    anonymity::follow(txn, app, &Actor::system(), known).await?;
    clear_texts(txn, app, id, treated).await?;
    device_tokens::Entity::update_many()
        .col_expr(device_tokens::Column::RevokedAt, Expr::value(app.now()))
        .filter(device_tokens::Column::OwnerId.eq(id.any()))
        .filter(device_tokens::Column::RevokedAt.is_null())
        .exec(txn)
        .await?;
    inquiry_drafts::Entity::update_many()
        .col_expr(inquiry_drafts::Column::Payload, Expr::value(app.keys.seal(&json!({}))))
        .filter(inquiry_drafts::Column::PatientId.eq(id))
        .exec(txn)
        .await?;
    end_copies(txn, app, id).await?;
    let doomed = doomed_files(txn, id, treated).await?;
    files::Entity::update_many()
        .col_expr(files::Column::DeletedAt, Expr::value(app.now()))
        .filter(files::Column::Id.is_in(doomed))
        .filter(files::Column::DeletedAt.is_null())
        .exec(txn)
        .await?;
    // What the patient had deleted before goes as well.
    let gone: Vec<FileId> = files::Entity::find()
        .select_only()
        .column(files::Column::Id)
        .filter(files::Column::UploadedById.eq(id.any()))
        .filter(files::Column::DeletedAt.is_not_null())
        .into_tuple()
        .all(txn)
        .await?;
    objects::destroy_later(txn, app, &gone).await?;
    objects::destroy_copies_later(txn, app, id).await
}

/// Ends the copies of the patient's data, those that are being made among them: the job that makes one finds out. The
/// objects are destroyed by what the rows say.
async fn end_copies(txn: &Txn, app: &App, patient: PatientId) -> AppResult<()> {
    use data_bundles::{Column, DataBundleStatus, Entity};
    let open = |states: [DataBundleStatus; 2]| Column::PatientId.eq(patient).and(Column::Status.is_in(states));
    Entity::update_many()
        .col_expr(Column::Status, Expr::value(DataBundleStatus::Refused))
        // What lies there until the copy is made is its key.
        .col_expr(Column::FilePath, Expr::value(None::<String>))
        .col_expr(Column::KeyHash, Expr::value(None::<String>))
        .col_expr(Column::FailureReason, Expr::value("patient_erased"))
        .col_expr(Column::UpdatedAt, Expr::value(app.now()))
        .filter(open([DataBundleStatus::Requested, DataBundleStatus::Building]))
        .exec(txn)
        .await?;
    Entity::update_many()
        .col_expr(Column::Status, Expr::value(DataBundleStatus::Expired))
        .col_expr(Column::KeyHash, Expr::value(None::<String>))
        .col_expr(Column::UpdatedAt, Expr::value(app.now()))
        .filter(open([DataBundleStatus::Ready, DataBundleStatus::Downloaded]))
        .exec(txn)
        .await?;
    Ok(())
}

/// Empties what the patient wrote to clinics that never treated them.
async fn clear_texts(txn: &Txn, app: &App, patient: PatientId, treated: &[Treated]) -> AppResult<()> {
    let clinics: Vec<_> = treated.iter().map(|(_, _, clinic)| *clinic).collect();
    let threads: Vec<kernel::ids::ConversationId> = conversations::Entity::find()
        .select_only()
        .column(conversations::Column::Id)
        .filter(conversations::Column::PatientId.eq(patient))
        .filter(conversations::Column::ProviderId.is_not_in(clinics))
        .into_tuple()
        .all(txn)
        .await?;
    let own = || {
        messages::Column::ConversationId
            .is_in(threads.clone())
            .and(messages::Column::SenderType.eq(MessageSenderType::Patient))
    };
    let written: Vec<kernel::ids::MessageId> =
        messages::Entity::find().select_only().column(messages::Column::Id).filter(own()).into_tuple().all(txn).await?;
    messages::Entity::update_many()
        .col_expr(messages::Column::Content, Expr::value(ERASED))
        .col_expr(messages::Column::AttachmentUrl, Expr::value(None::<String>))
        .filter(own())
        .exec(txn)
        .await?;
    message_moderation::Entity::update_many()
        .col_expr(message_moderation::Column::OriginalContent, Expr::value(app.keys.seal(&ERASED.to_owned())))
        .filter(message_moderation::Column::MessageId.is_in(written))
        .exec(txn)
        .await?;
    texts::erased(txn, app, patient, &threads).await
}

/// Files of the patient that belong to no treated case. Of those the rows stay, the objects go.
async fn doomed_files(txn: &Txn, patient: PatientId, treated: &[Treated]) -> AppResult<Vec<FileId>> {
    let kept: Vec<AnyId> = treated.iter().flat_map(|(inquiry, quote, _)| [inquiry.any(), quote.any()]).collect();
    let mut doomed: Vec<FileId> = media::Entity::find()
        .select_only()
        .column(media::Column::FileId)
        .filter(media::Column::UploadedById.eq(patient.any()))
        .filter(media::Column::MediableType.is_in(["Inquiry", "InquiryDraft", "Patient"]))
        .filter(media::Column::MediableId.is_not_in(kept.clone()))
        .into_tuple()
        .all(txn)
        .await?;
    let loose: Vec<FileId> = files::Entity::find()
        .select_only()
        .column(files::Column::Id)
        .filter(files::Column::UploadedById.eq(patient.any()))
        .filter(files::Column::FileableType.is_in(["Inquiry", "InquiryDraft", "Patient", "Message", "Conversation"]))
        .filter(files::Column::FileableId.is_not_in(kept))
        .into_tuple()
        .all(txn)
        .await?;
    doomed.extend(loose);
    Ok(doomed)
}

/// Who an erased patient was, while law demands that it can be told; `None` once the key is destroyed.
pub fn open_identity(app: &App, row: &sealed_identities::Model) -> AppResult<Option<serde_json::Value>> {
    let (Some(number), Some(sealed)) = (&row.key_ref, &row.ciphertext) else { return Ok(None) };
    own_ring(app, number)?.open(sealed).map(Some)
}
