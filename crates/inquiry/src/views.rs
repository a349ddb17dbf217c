//! One shape per audience: what a clinic must not see is not in its type.

use chrono::{DateTime, Utc};
use identity::anonymity::{Level, MaskedPatient, redact_with_names};
use kernel::ids::{InquiryDraftId, InquiryId, MediaId, PatientId, ProviderId, WorkflowTimelineId};
use kernel::{Actor, AppResult, DateRange};
use platform::App;
use platform::entity::media::{MediaCollection, MediaType, MediaView};
use platform::files::signed_link;
use platform::media::Item;
use serde::Serialize;
use utoipa::ToSchema;

use crate::entity::inquiries::{self, InquiryDurationOfConcern, InquiryProblem, InquiryStatus, InquirySymptomSeverity};
use crate::entity::inquiry_providers::{self, InquiryProviderSource, InquiryProviderStatus};
use crate::entity::workflow_timelines;
use crate::medical::{Alert, Opened};
use crate::rules::alert::{AlertLevel, Answer, CriticalCondition};
use crate::rules::submission::DraftPayload;
use crate::service::draft::OpenDraft;

/// How long a link to a picture works.
const LINK_LIFE: std::time::Duration = std::time::Duration::from_secs(600);

/// A picture or video with a link that works for this reader and ends soon (R-IQ-93).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MediaItemView {
    /// Its id.
    pub id: MediaId,
    /// Head scan or evidence.
    pub collection: MediaCollection,
    /// Side of the head.
    pub view: Option<MediaView>,
    /// Picture or video.
    pub media_type: MediaType,
    /// Width in pixels.
    pub width: Option<i32>,
    /// Height in pixels.
    pub height: Option<i32>,
    /// Sharpness, 0 to 100.
    pub quality_score: Option<i32>,
    /// Where it can be fetched for the next minutes.
    pub url: String,
}

impl MediaItemView {
    /// The item as this actor may fetch it.
    pub fn new(app: &App, actor: &Actor, item: &Item) -> Self {
        Self {
            id: item.media.id,
            collection: item.media.collection,
            view: item.media.view,
            media_type: item.media.media_type,
            width: item.media.width,
            height: item.media.height,
            quality_score: item.media.quality_score,
            url: signed_link(app, item.file_id(), actor, LINK_LIFE),
        }
    }
}

/// A patient's draft.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DraftView {
    /// Its id.
    pub id: InquiryDraftId,
    /// The step last saved.
    pub step: String,
    /// Everything entered so far.
    pub payload: DraftPayload,
    /// Head scan and evidence.
    pub media: Vec<MediaItemView>,
    /// For the next save.
    pub version: i32,
    /// Until when it can be resumed.
    pub expires_at: DateTime<Utc>,
}

impl DraftView {
    /// The draft as its patient sees it.
    pub fn new(app: &App, actor: &Actor, draft: OpenDraft) -> Self {
        Self {
            id: draft.row.id,
            step: draft.row.step,
            payload: draft.payload,
            media: draft.media.iter().map(|item| MediaItemView::new(app, actor, item)).collect(),
            version: draft.row.version,
            expires_at: draft.row.expires_at,
        }
    }
}

/// What the patient wrote about the concern.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ConcernView {
    /// Hair, beard or both.
    pub problem: InquiryProblem,
    /// In the patient's words.
    pub problem_details: String,
    /// What kind.
    pub nature_of_concern: Option<String>,
    /// Since when.
    pub duration_of_concern: Option<InquiryDurationOfConcern>,
    /// What was tried.
    pub previous_treatments: Option<String>,
    /// Mild, moderate or severe.
    pub symptom_severity: Option<InquirySymptomSeverity>,
    /// 1 to 10.
    pub symptom_severity_score: Option<i16>,
    /// Daily life.
    pub lifestyle_factors: Option<String>,
    /// Anything else.
    pub additional_notes: Option<String>,
    /// When the patient could come, the primary range first.
    pub treatment_schedule: Vec<DateRange>,
}

impl ConcernView {
    /// The concern as written; `filter` hides what this reader must not see.
    fn new(row: &inquiries::Model, filter: impl Fn(&str) -> String) -> AppResult<Self> {
        let text = |text: &Option<String>| text.as_deref().map(&filter);
        Ok(Self {
            problem: row.problem,
            problem_details: filter(&row.problem_details),
            nature_of_concern: text(&row.nature_of_concern),
            duration_of_concern: row.duration_of_concern,
            previous_treatments: text(&row.previous_treatments),
            symptom_severity: row.symptom_severity,
            symptom_severity_score: row.symptom_severity_score,
            lifestyle_factors: text(&row.lifestyle_factors),
            additional_notes: text(&row.additional_notes),
            treatment_schedule: ranges_of(row)?,
        })
    }
}

/// The date ranges of an inquiry; a bare day of an older row counts as a range of one day.
pub fn ranges_of(row: &inquiries::Model) -> AppResult<Vec<DateRange>> {
    #[derive(serde::Deserialize)]
    #[serde(untagged)]
    enum Stored {
        Range(DateRange),
        Day(chrono::NaiveDate),
    }
    let stored: Vec<Stored> = serde_json::from_value(row.treatment_schedule.clone())?;
    Ok(stored
        .into_iter()
        .map(|range| match range {
            Stored::Range(range) => range,
            Stored::Day(day) => DateRange { start: day, end: day },
        })
        .collect())
}

/// The medical side of a case.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MedicalView {
    /// Red, yellow or green.
    pub alert_level: AlertLevel,
    /// Which answers these are.
    pub revision: i32,
    /// What turned it red.
    pub critical_conditions: Vec<CriticalCondition>,
    /// Every question with its answer.
    pub answers: Vec<Answer>,
    /// Whole years at submission.
    pub age: Option<i64>,
    /// Details of yes-answers.
    pub medical_conditions: Option<String>,
    /// Details of yes-answers.
    pub medications: Option<String>,
    /// Details of yes-answers.
    pub allergies: Option<String>,
    /// Details of yes-answers.
    pub previous_surgeries: Option<String>,
    /// As the patient said.
    pub smoking_status: Option<String>,
    /// As the patient said.
    pub alcohol_consumption: Option<String>,
    /// As the patient said.
    pub family_history: Option<String>,
    /// Since when the patient is asked to answer again.
    pub reopened_at: Option<DateTime<Utc>>,
}

impl MedicalView {
    fn new(opened: Opened, filter: impl Fn(&str) -> String) -> Self {
        let text = |text: Option<String>| text.as_deref().map(&filter);
        let answers = opened
            .answers
            .into_iter()
            .map(|answer| Answer { details: answer.details.as_deref().map(&filter), ..answer })
            .collect();
        Self {
            alert_level: opened.level,
            revision: opened.revision,
            critical_conditions: opened.critical,
            answers,
            age: opened.age,
            medical_conditions: text(opened.conditions),
            medications: text(opened.medications),
            allergies: text(opened.allergies),
            previous_surgeries: text(opened.previous_surgeries),
            smoking_status: text(opened.smoking_status),
            alcohol_consumption: text(opened.alcohol_consumption),
            family_history: text(opened.family_history),
            reopened_at: opened.reopened_at,
        }
    }
}

/// The alert as the clinic must treat it.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct AlertView {
    /// Red, yellow or green.
    pub level: AlertLevel,
    /// Which answers it comes from.
    pub revision: i32,
    /// Whether this clinic acknowledged these answers.
    pub acknowledged: bool,
    /// Whether it must before its first quote.
    pub acknowledgment_required: bool,
}

impl From<Alert> for AlertView {
    fn from(alert: Alert) -> Self {
        Self {
            level: alert.level,
            revision: alert.revision,
            acknowledged: alert.acknowledged,
            acknowledgment_required: alert.blocks(),
        }
    }
}

/// How far one clinic is.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ClinicProgressView {
    /// The clinic.
    pub provider_id: ProviderId,
    /// Its name.
    pub provider_name: String,
    /// Chosen by the patient, matched, assigned.
    pub source: InquiryProviderSource,
    /// How far.
    pub status: InquiryProviderStatus,
    /// Since when it has the case.
    pub distributed_at: DateTime<Utc>,
    /// Until when it can answer.
    pub response_deadline_at: DateTime<Utc>,
}

impl ClinicProgressView {
    /// A row with the clinic's name.
    pub fn new(row: &inquiry_providers::Model, name: String) -> Self {
        Self {
            provider_id: row.provider_id,
            provider_name: name,
            source: row.source,
            status: row.status,
            distributed_at: row.distributed_at,
            response_deadline_at: row.response_deadline_at,
        }
    }
}

/// A clinic's own row.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AssignmentView {
    /// How far.
    pub status: InquiryProviderStatus,
    /// Since when.
    pub distributed_at: DateTime<Utc>,
    /// Until when the first quote can be sent.
    pub response_deadline_at: DateTime<Utc>,
    /// First opening.
    pub viewed_at: Option<DateTime<Utc>>,
}

impl From<&inquiry_providers::Model> for AssignmentView {
    fn from(row: &inquiry_providers::Model) -> Self {
        Self {
            status: row.status,
            distributed_at: row.distributed_at,
            response_deadline_at: row.response_deadline_at,
            viewed_at: row.viewed_at,
        }
    }
}

/// An inquiry as its patient sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct InquiryForPatient {
    /// Its id.
    pub id: InquiryId,
    /// `HPID26030001`.
    pub inquiry_code: Option<String>,
    /// Stage of the case.
    pub status: InquiryStatus,
    /// The concern.
    #[serde(flatten)]
    pub concern: ConcernView,
    /// Countries, the primary one first.
    pub destinations: Vec<String>,
    /// Who has it.
    pub clinics: Vec<ClinicProgressView>,
    /// Head scan and evidence.
    pub media: Vec<MediaItemView>,
    /// The medical answers.
    pub medical: MedicalView,
    /// When it was sent.
    pub submitted_at: Option<DateTime<Utc>>,
    /// Until when clinics can answer.
    pub quote_deadline_at: Option<DateTime<Utc>>,
    /// When it was cancelled.
    pub cancelled_at: Option<DateTime<Utc>>,
    /// What the patient said when cancelling.
    pub cancellation_reason: Option<String>,
    /// For the next edit.
    pub version: i32,
}

/// An inquiry as a clinic sees it: the patient under a code until the clinic's own quote says otherwise.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct InquiryForClinic {
    /// Its id.
    pub id: InquiryId,
    /// `HPID26030001`.
    pub inquiry_code: Option<String>,
    /// Stage of the case.
    pub status: InquiryStatus,
    /// What the clinic may know of the patient.
    pub patient: MaskedPatient,
    /// The concern, without ways to reach the patient.
    #[serde(flatten)]
    pub concern: ConcernView,
    /// The clinic's own row.
    pub assignment: AssignmentView,
    /// The alert.
    pub alert: AlertView,
    /// The medical answers; `null` without the right to read them.
    pub medical: Option<MedicalView>,
    /// Head scan and evidence; empty without the right to see them.
    pub media: Vec<MediaItemView>,
    /// When it was sent.
    pub submitted_at: Option<DateTime<Utc>>,
    /// When the patient cancelled it; never why.
    pub cancelled_at: Option<DateTime<Utc>>,
    /// Version of the content.
    pub version: i32,
}

/// The patient as staff see them.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PatientForAdmin {
    /// The patient.
    pub id: PatientId,
    /// `PAT-007`.
    pub patient_code: Option<String>,
    /// First and last name.
    pub name: String,
    /// Address.
    pub email: String,
    /// Home country.
    pub country: Option<String>,
}

impl From<&identity::entity::patients::Model> for PatientForAdmin {
    fn from(row: &identity::entity::patients::Model) -> Self {
        Self {
            id: row.id,
            patient_code: row.patient_code.clone(),
            name: format!("{} {}", row.first_name, row.last_name),
            email: row.email.clone(),
            country: row.country_code.clone(),
        }
    }
}

/// An inquiry as staff see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct InquiryForAdmin {
    /// Its id.
    pub id: InquiryId,
    /// `HPID26030001`.
    pub inquiry_code: Option<String>,
    /// Stage of the case.
    pub status: InquiryStatus,
    /// Whose it is.
    pub patient: PatientForAdmin,
    /// The concern; `null` until the access is justified.
    pub concern: Option<ConcernView>,
    /// Countries, the primary one first.
    pub destinations: Vec<String>,
    /// Who has it.
    pub clinics: Vec<ClinicProgressView>,
    /// The medical answers; `null` until the access is justified (R-ID-63).
    pub medical: Option<MedicalView>,
    /// Head scan and evidence; empty until the access is justified.
    pub media: Vec<MediaItemView>,
    /// Whether a justification opens the medical part.
    pub justification_required: bool,
    /// When it was sent.
    pub submitted_at: Option<DateTime<Utc>>,
    /// Latest deadline of its clinics.
    pub quote_deadline_at: Option<DateTime<Utc>>,
    /// When it was cancelled.
    pub cancelled_at: Option<DateTime<Utc>>,
    /// Why (R-IQ-61).
    pub cancellation_reason: Option<String>,
    /// In the patient's words.
    pub cancellation_notes: Option<String>,
    /// In the patient's words.
    pub cancellation_feedback: Option<String>,
    /// When staff put it away.
    pub archived_at: Option<DateTime<Utc>>,
    /// Why.
    pub archive_reason: Option<String>,
    /// Version of the content.
    pub version: i32,
}

/// An inquiry in the shape for its reader.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum InquiryView {
    /// For its patient.
    Patient(Box<InquiryForPatient>),
    /// For a clinic.
    Clinic(Box<InquiryForClinic>),
    /// For staff.
    Admin(Box<InquiryForAdmin>),
}

/// One line of a list, in the shape for its reader.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum InquiryLine {
    /// For its patient.
    Patient(PatientLine),
    /// For a clinic.
    Clinic(Box<ClinicLine>),
    /// For staff.
    Admin(AdminLine),
}

/// A patient's own inquiry in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PatientLine {
    /// Its id.
    pub id: InquiryId,
    /// Its code.
    pub inquiry_code: Option<String>,
    /// Stage.
    pub status: InquiryStatus,
    /// Hair, beard or both.
    pub problem: InquiryProblem,
    /// Countries.
    pub destinations: Vec<String>,
    /// How many clinics have it.
    pub clinic_count: usize,
    /// When it was sent.
    pub submitted_at: Option<DateTime<Utc>>,
    /// Until when clinics can answer.
    pub quote_deadline_at: Option<DateTime<Utc>>,
}

/// A received inquiry in a clinic's list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ClinicLine {
    /// Its id.
    pub id: InquiryId,
    /// Its code.
    pub inquiry_code: Option<String>,
    /// Stage.
    pub status: InquiryStatus,
    /// What the clinic may know of the patient.
    pub patient: MaskedPatient,
    /// Hair, beard or both.
    pub problem: InquiryProblem,
    /// When the patient could come.
    pub treatment_schedule: Vec<DateRange>,
    /// Red, yellow or green.
    pub alert_level: Option<AlertLevel>,
    /// Fields whose stored value no key opens: they are null, and somebody has to look after them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unreadable: Vec<String>,
    /// The clinic's own row.
    pub assignment: AssignmentView,
    /// When it was sent.
    pub submitted_at: Option<DateTime<Utc>>,
}

impl ClinicLine {
    /// What is null because it cannot be read: every request that was sent has a level.
    pub(crate) fn unreadable(alert: Option<AlertLevel>) -> Vec<String> {
        if alert.is_none() { vec!["alert_level".to_owned()] } else { Vec::new() }
    }
}

/// An inquiry in the staff's list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AdminLine {
    /// Its id.
    pub id: InquiryId,
    /// Its code.
    pub inquiry_code: Option<String>,
    /// Stage.
    pub status: InquiryStatus,
    /// Whose it is.
    pub patient: PatientForAdmin,
    /// Hair, beard or both.
    pub problem: InquiryProblem,
    /// Countries.
    pub destinations: Vec<String>,
    /// How many clinics have it.
    pub clinic_count: usize,
    /// How many of them answered.
    pub quoted_count: usize,
    /// When it was sent.
    pub submitted_at: Option<DateTime<Utc>>,
    /// Latest deadline.
    pub quote_deadline_at: Option<DateTime<Utc>>,
}

/// One event of a case.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TimelineEntryView {
    /// Its id, also its cursor.
    pub id: WorkflowTimelineId,
    /// Snake_case word.
    pub event: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Patient, ProviderUser, User or System.
    pub actor_type: Option<String>,
    /// Ids, words and dates that go with it.
    pub details: serde_json::Map<String, serde_json::Value>,
}

impl TimelineEntryView {
    /// The event with everything known about it.
    pub fn new(row: workflow_timelines::Model) -> Self {
        let mut details = match row.metadata {
            Some(serde_json::Value::Object(members)) => members,
            _ => serde_json::Map::new(),
        };
        let actor_type = details.remove("actor_type").and_then(|value| value.as_str().map(str::to_owned));
        Self { id: row.id, event: row.event, at: row.created_at, actor_type, details }
    }
}

/// Nothing is hidden.
pub(crate) fn plain(text: &str) -> String {
    text.to_owned()
}

/// What a clinic reads of a free text of this patient at this level (R-IQ-92).
pub(crate) fn clinic_filter(
    level: Level,
    patient: &identity::entity::patients::Model,
) -> impl Fn(&str) -> String + Copy {
    let names = [patient.first_name.as_str(), patient.last_name.as_str()];
    move |text| if level == Level::None { plain(text) } else { redact_with_names(text, &names) }
}

pub(crate) fn concern(row: &inquiries::Model, filter: impl Fn(&str) -> String) -> AppResult<ConcernView> {
    ConcernView::new(row, filter)
}

pub(crate) fn medical(opened: Opened, filter: impl Fn(&str) -> String) -> MedicalView {
    MedicalView::new(opened, filter)
}
