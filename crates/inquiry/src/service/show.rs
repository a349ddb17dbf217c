//! An inquiry, its list and its timeline, in the shape for whoever asks.

use identity::anonymity;
use kernel::error::ErrorKind;
use kernel::ids::{InquiryId, MediaId, PatientId, ProviderId};
use kernel::{Actor, ActorKind, AppError, AppResult, CursorPage, CursorQuery, Page, PageQuery, Permission};
use platform::App;
use platform::audit::{self, Entry};
use platform::media::{self, Item};
use serde_json::{Value, json};

use super::draft;
use super::submit::OWNER;
use crate::entity::inquiries;
use crate::entity::inquiry_providers::InquiryProviderStatus;
use crate::queries::{self, InquiryFilter, Row};
use crate::rules::alert::Answer;
use crate::views::{
    self, AdminLine, ClinicLine, ClinicProgressView, InquiryForAdmin, InquiryForPatient, InquiryLine, InquiryView,
    MediaItemView, MedicalView, PatientLine, TimelineEntryView,
};
use crate::{inbox, medical, timeline};

/// What is read when the medical part of a case is opened, as the audit names it.
const MEDICAL_FIELDS: [&str; 3] = ["medical_history", "answers", "media"];

/// One inquiry. Opening it for the first time marks it viewed for a clinic; reading the medical part is audited.
pub async fn inquiry(app: &App, actor: &Actor, id: InquiryId) -> AppResult<InquiryView> {
    match actor.kind {
        ActorKind::Patient(_) => for_patient(app, actor, queries::row(app, actor, id).await?).await,
        ActorKind::Provider { .. } => Ok(InquiryView::Clinic(Box::new(inbox::view(app, actor, id).await?))),
        _ => for_admin(app, actor, queries::row(app, actor, id).await?).await,
    }
}

pub(crate) async fn pictures(app: &App, actor: &Actor, id: InquiryId) -> AppResult<Vec<MediaItemView>> {
    let items: Vec<Item> = media::of(app.db.conn(), OWNER, &[id.any()]).await?.remove(&id.any()).unwrap_or_default();
    Ok(items.iter().map(|item| MediaItemView::new(app, actor, item)).collect())
}

async fn progress(app: &App, row: &Row) -> AppResult<Vec<ClinicProgressView>> {
    let names = queries::names_of(app.db.conn(), row.clinics.iter().map(|clinic| clinic.provider_id)).await?;
    let name = |id: ProviderId| names.get(&id).cloned().unwrap_or_default();
    let shown = row.clinics.iter().filter(|clinic| clinic.status != InquiryProviderStatus::Removed);
    Ok(shown.map(|clinic| ClinicProgressView::new(clinic, name(clinic.provider_id))).collect())
}

async fn opened(app: &App, inquiry: &inquiries::Model, filter: impl Fn(&str) -> String) -> AppResult<MedicalView> {
    let (history, form) = medical::history_with_form(app.db.conn(), inquiry.id).await?;
    Ok(views::medical(medical::unseal(app, &history, form.as_ref())?, filter))
}

/// The audit row of a reading (R-IQ-94).
pub(crate) async fn note_reading(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    inquiry: InquiryId,
    clinic: Option<(ProviderId, anonymity::Level)>,
) -> AppResult<()> {
    let mut entry = Entry::new("medical.viewed").subject("Inquiry", inquiry).patient(patient).fields(&MEDICAL_FIELDS);
    if let Some((provider, level)) = clinic {
        entry = entry.provider(provider).level(level.name());
    }
    audit::record(app.db.conn(), app, actor, entry).await
}

/// A patient's own request with everything in it.
pub(crate) struct OwnInquiry {
    pub inquiry: inquiries::Model,
    pub destinations: Vec<String>,
    pub clinics: Vec<ClinicProgressView>,
    pub media: Vec<MediaItemView>,
    pub medical: MedicalView,
}

/// The asking patient's own request; 404 for any other. The reading is audited.
pub(crate) async fn own(app: &App, actor: &Actor, id: InquiryId) -> AppResult<OwnInquiry> {
    actor.patient()?;
    own_of(app, actor, queries::row(app, actor, id).await?).await
}

async fn own_of(app: &App, actor: &Actor, row: Row) -> AppResult<OwnInquiry> {
    let clinics = progress(app, &row).await?;
    let Row { inquiry, destinations, .. } = row;
    note_reading(app, actor, inquiry.patient_id, inquiry.id, None).await?;
    let media = pictures(app, actor, inquiry.id).await?;
    let medical = opened(app, &inquiry, views::plain).await?;
    Ok(OwnInquiry { inquiry, destinations, clinics, media, medical })
}

/// The asking patient's own request without what belongs to it; 404 for any other.
pub(crate) async fn own_row(app: &App, actor: &Actor, id: InquiryId) -> AppResult<inquiries::Model> {
    actor.patient()?;
    queries::find(app, actor, id).await
}

/// The medical answers of a patient's own request, for answering again.
pub(crate) struct OwnMedical {
    pub revision: i32,
    /// Whether staff asked for new answers.
    pub reopened: bool,
    pub answers: Vec<Answer>,
    /// What they said about habits and family.
    pub habits: medical::Habits,
}

/// Reads the own medical answers; audited like every reading.
pub(crate) async fn own_medical(app: &App, actor: &Actor, row: &inquiries::Model) -> AppResult<OwnMedical> {
    note_reading(app, actor, row.patient_id, row.id, None).await?;
    let (history, form) = medical::history_with_form(app.db.conn(), row.id).await?;
    let opened = medical::unseal(app, &history, form.as_ref())?;
    Ok(OwnMedical {
        revision: opened.revision,
        reopened: opened.reopened_at.is_some(),
        answers: opened.answers,
        habits: medical::habits_of(app, &history)?,
    })
}

async fn for_patient(app: &App, actor: &Actor, row: Row) -> AppResult<InquiryView> {
    let OwnInquiry { inquiry, destinations, clinics, media, medical } = own_of(app, actor, row).await?;
    Ok(InquiryView::Patient(Box::new(InquiryForPatient {
        id: inquiry.id,
        status: inquiry.status,
        concern: views::concern(&inquiry, views::plain)?,
        destinations,
        clinics,
        media,
        medical,
        submitted_at: inquiry.submitted_at,
        quote_deadline_at: inquiry.quote_deadline_at,
        cancelled_at: inquiry.cancelled_at,
        version: inquiry.version,
        inquiry_code: inquiry.inquiry_code,
        cancellation_reason: inquiry.cancellation_reason,
    })))
}

async fn for_admin(app: &App, actor: &Actor, row: Row) -> AppResult<InquiryView> {
    let clinics = progress(app, &row).await?;
    let inquiry = row.inquiry;
    let justified = actor.can(Permission::ViewPatientMedical) && is_justified(app, actor, inquiry.patient_id).await?;
    let (concern, medical, media) = if justified {
        note_reading(app, actor, inquiry.patient_id, inquiry.id, None).await?;
        let concern = views::concern(&inquiry, views::plain)?;
        let medical = opened(app, &inquiry, views::plain).await?;
        (Some(concern), Some(medical), pictures(app, actor, inquiry.id).await?)
    } else {
        (None, None, Vec::new())
    };
    Ok(InquiryView::Admin(Box::new(InquiryForAdmin {
        id: inquiry.id,
        status: inquiry.status,
        patient: (&row.patient).into(),
        concern,
        destinations: row.destinations,
        clinics,
        medical,
        media,
        justification_required: !justified,
        submitted_at: inquiry.submitted_at,
        quote_deadline_at: inquiry.quote_deadline_at,
        cancelled_at: inquiry.cancelled_at,
        version: inquiry.version,
        inquiry_code: inquiry.inquiry_code,
        cancellation_reason: inquiry.cancellation_reason,
        cancellation_notes: inquiry.cancellation_notes,
        cancellation_feedback: inquiry.cancellation_feedback,
        archived_at: inquiry.archived_at,
        archive_reason: inquiry.archive_reason,
    })))
}

/// One picture or video of a case or of the own draft with a link that works for this reader (R-IQ-93). The reading is
/// audited; 404 for what is not the reader's to see, 403 `justification_required` for staff without one.
pub async fn media_link(app: &App, actor: &Actor, id: MediaId) -> AppResult<MediaItemView> {
    let item = media::one(app.db.conn(), id).await?.ok_or_else(AppError::not_found)?;
    let owner = item.media.mediable_id;
    match item.media.mediable_type.as_str() {
        OWNER => {
            let inquiry = queries::find(app, actor, owner.into()).await?;
            let clinic = match actor.kind {
                ActorKind::Provider { provider, .. } => {
                    actor.require(Permission::ViewPatientMedical)?;
                    identity::phi::require_open_record(app.db.conn(), actor, inquiry.patient_id).await?;
                    let level = anonymity::level(app.db.conn(), provider, inquiry.patient_id).await?;
                    Some((provider, level))
                }
                ActorKind::Admin(_) => {
                    actor.require(Permission::ViewPatientMedical)?;
                    identity::phi::require_grant(app.db.conn(), app, actor, inquiry.patient_id).await?;
                    None
                }
                _ => None,
            };
            note_reading(app, actor, inquiry.patient_id, inquiry.id, clinic).await?;
        }
        draft::OWNER => {
            let patient = draft::author(actor)?;
            let own = draft::find(app.db.conn(), patient, app.now()).await?;
            if own.is_none_or(|row| row.id.any() != owner) {
                return Err(AppError::not_found());
            }
        }
        _ => return Err(AppError::not_found()),
    }
    Ok(MediaItemView::new(app, actor, &item))
}

async fn is_justified(app: &App, actor: &Actor, patient: PatientId) -> AppResult<bool> {
    match identity::phi::require_grant(app.db.conn(), app, actor, patient).await {
        Ok(()) => Ok(true),
        Err(error) if error.kind == ErrorKind::Forbidden => Ok(false),
        Err(error) => Err(error),
    }
}

/// A page of inquiries.
pub async fn list(app: &App, actor: &Actor, filter: &InquiryFilter, page: PageQuery) -> AppResult<Page<InquiryLine>> {
    let found = queries::list(app, actor, filter, page).await?;
    let Page { data, meta, links } = found;
    let data = data.into_iter().filter_map(|row| line(app, actor, row).transpose()).collect::<AppResult<_>>()?;
    Ok(Page { data, meta, links })
}

fn line(app: &App, actor: &Actor, row: Row) -> AppResult<Option<InquiryLine>> {
    let inquiry = row.inquiry;
    Ok(Some(match actor.kind {
        ActorKind::Patient(_) => InquiryLine::Patient(PatientLine {
            id: inquiry.id,
            inquiry_code: inquiry.inquiry_code,
            status: inquiry.status,
            problem: inquiry.problem,
            destinations: row.destinations,
            clinic_count: row.clinics.len(),
            submitted_at: inquiry.submitted_at,
            quote_deadline_at: inquiry.quote_deadline_at,
        }),
        ActorKind::Provider { .. } => {
            let Some(own) = row.clinics.first() else { return Ok(None) };
            InquiryLine::Clinic(Box::new(ClinicLine {
                id: inquiry.id,
                status: inquiry.status,
                patient: anonymity::mask_for(app, actor, &row.patient, row.level)?,
                problem: inquiry.problem,
                treatment_schedule: views::ranges_of(&inquiry)?,
                alert_level: row.alert,
                unreadable: ClinicLine::unreadable(row.alert),
                assignment: own.into(),
                submitted_at: inquiry.submitted_at,
                inquiry_code: inquiry.inquiry_code,
            }))
        }
        _ => InquiryLine::Admin(AdminLine {
            id: inquiry.id,
            inquiry_code: inquiry.inquiry_code,
            status: inquiry.status,
            patient: (&row.patient).into(),
            problem: inquiry.problem,
            destinations: row.destinations,
            clinic_count: row.clinics.len(),
            quoted_count: row.clinics.iter().filter(|clinic| clinic.status == InquiryProviderStatus::Quoted).count(),
            submitted_at: inquiry.submitted_at,
            quote_deadline_at: inquiry.quote_deadline_at,
        }),
    }))
}

/// The history of a case, newest first. A clinic reads of other clinics' acts nothing at all, so that a page may hold
/// fewer entries than asked for; patients and clinics read no account ids of staff.
pub async fn history(
    app: &App,
    actor: &Actor,
    id: InquiryId,
    query: &CursorQuery,
) -> AppResult<CursorPage<TimelineEntryView>> {
    let limit = query.checked_limit()?;
    let after = query.cursor.as_deref().map(str::parse).transpose();
    let after = after.map_err(|_| AppError::malformed("The cursor is not one of ours."))?;
    queries::find(app, actor, id).await?;
    let page = timeline::page(app.db.conn(), id, after, limit).await?;
    let CursorPage { data, meta } = page;
    let mut data: Vec<_> =
        data.into_iter().map(TimelineEntryView::new).filter_map(|entry| shown(actor, entry)).collect();
    if matches!(actor.kind, ActorKind::Patient(_)) && data.iter().any(|entry| timeline::may_be_draft(&entry.event)) {
        // A clinic's drafts are none of the patient's business (section 6).
        let sent = timeline::sent_quotes(app.db.conn(), id).await?;
        let of_sent = |entry: &TimelineEntryView| {
            entry.details.get("quote_id").and_then(Value::as_str).is_some_and(|quote| sent.contains(quote))
        };
        data.retain(|entry| !timeline::may_be_draft(&entry.event) || of_sent(entry));
    }
    Ok(CursorPage { data, meta })
}

/// The entry as this reader may see it.
pub(crate) fn shown(actor: &Actor, mut entry: TimelineEntryView) -> Option<TimelineEntryView> {
    match actor.kind {
        ActorKind::Provider { provider, .. } => {
            let own = json!(provider);
            match entry.details.get("provider_id") {
                Some(other) if !other.is_null() && *other != own => return None,
                _ => {}
            }
            entry.details.remove("count");
            if let Some(Value::Array(all)) = entry.details.remove("provider_ids") {
                // Told to others only: not this clinic's news.
                if !all.contains(&own) {
                    return None;
                }
            }
            entry.details.remove("actor_id");
            Some(entry)
        }
        ActorKind::Patient(_) => {
            entry.details.remove("actor_id");
            Some(entry)
        }
        _ => Some(entry),
    }
}
