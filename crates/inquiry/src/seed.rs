//! Believable inquiries for demonstrations and for tests of the wings above. They go through the same services as a
//! patient's phone.

use axum::body::Bytes;
use catalogue::questionnaire::QuestionnaireSet;
use kernel::ids::{InquiryId, PatientId, ProviderId};
use kernel::{Actor, ActorKind, AppResult, DateRange, Permission};
use platform::App;
use platform::entity::media::MediaCollection;
use platform::media::VIEWS;

use crate::distribution;
use crate::entity::inquiries::{InquiryDurationOfConcern, InquiryProblem};
use crate::rules::alert::{AlertLevel, AnswerInput};
use crate::rules::submission::{DraftPayload, QuestionnaireInput, ScheduleInput};
use crate::service::draft::{self, SaveDraft};
use crate::service::media::{self, DraftUpload};
use crate::service::submit::{self, SubmitInput};

/// What an inquiry should look like.
#[derive(Clone, Debug)]
pub struct InquirySpec {
    /// Hair, beard or both.
    pub problem: InquiryProblem,
    /// Destination countries, the primary one first.
    pub destinations: Vec<String>,
    /// Clinics ticked.
    pub providers: Vec<ProviderId>,
    /// When the patient could come; a fortnight from day 40 on when empty.
    pub schedule: Vec<DateRange>,
    /// Ids of the questions answered with yes (`hiv`, `medicine_allergy`).
    pub yes: Vec<String>,
    /// The concern.
    pub details: String,
    /// 1 to 10.
    pub severity: i64,
    /// The five pictures, in the order of [`VIEWS`].
    pub pictures: Vec<Vec<u8>>,
}

impl InquirySpec {
    /// A healthy patient with thinning hair who ticked these clinics.
    pub fn new(destinations: &[&str], providers: &[ProviderId], pictures: Vec<Vec<u8>>) -> Self {
        Self {
            problem: InquiryProblem::HairTransplant,
            destinations: destinations.iter().map(|code| (*code).to_owned()).collect(),
            providers: providers.to_vec(),
            schedule: Vec::new(),
            yes: Vec::new(),
            details: "The hair at my temples and on the crown has become thin over the last years.".to_owned(),
            severity: 6,
            pictures,
        }
    }

    /// The same with these questions answered with yes.
    pub fn answering_yes(mut self, ids: &[&str]) -> Self {
        self.yes = ids.iter().map(|id| (*id).to_owned()).collect();
        self
    }

    /// The same with these ranges.
    pub fn on(mut self, schedule: &[DateRange]) -> Self {
        self.schedule = schedule.to_vec();
        self
    }

    /// What the patient's phone saves.
    pub fn payload(&self, app: &App, set: &QuestionnaireSet) -> DraftPayload {
        let today = app.now().date_naive();
        let days = |count| today + chrono::Duration::days(count);
        let schedule = if self.schedule.is_empty() {
            vec![DateRange { start: days(40), end: days(54) }]
        } else {
            self.schedule.clone()
        };
        let range =
            |range: &DateRange| ScheduleInput::Range { start: range.start.to_string(), end: range.end.to_string() };
        DraftPayload {
            problem: Some(self.problem),
            destinations: self.destinations.clone(),
            problem_details: Some(self.details.clone()),
            nature_of_concern: Some("Receding hairline".to_owned()),
            duration_of_concern: Some(InquiryDurationOfConcern::Y3To5),
            previous_treatments: Some("none".to_owned()),
            severity: Some(self.severity),
            treatment_schedule: schedule.iter().map(range).collect(),
            provider_ids: self.providers.clone(),
            questionnaire: Some(answers(set, &self.yes)),
            terms_accepted: true,
            ..DraftPayload::default()
        }
    }
}

/// Answers to every question of a set, with yes where asked for.
pub fn answers(set: &QuestionnaireSet, yes: &[String]) -> QuestionnaireInput {
    let answer = |id: &String| {
        let answer = yes.contains(id);
        AnswerInput {
            question_id: id.clone(),
            answer,
            details: answer.then(|| "Since 2019, under treatment.".to_owned()),
        }
    };
    QuestionnaireInput {
        set_id: set.id,
        version: set.version,
        answers: set.asked().into_iter().map(|question| answer(&question.id)).collect(),
    }
}

/// Saves a draft, uploads the head scan, submits and distributes. The patient exists, is eligible and gave consents.
///
/// Distribution also runs from the outbox; running it here spares callers a worker and changes nothing.
pub async fn inquiry(app: &App, patient: PatientId, spec: InquirySpec) -> AppResult<InquiryId> {
    let id = submitted(app, patient, spec).await?;
    distribution::distribute(app, id).await?;
    Ok(id)
}

/// The same, before any clinic has heard of it.
pub async fn submitted(app: &App, patient: PatientId, spec: InquirySpec) -> AppResult<InquiryId> {
    let permissions = [Permission::CreateInquiry, Permission::CancelInquiry].into_iter().collect();
    let actor = Actor::new(ActorKind::Patient(patient), Some("patient"), permissions);
    let set = catalogue::questionnaire::require_active(app.db.conn()).await?;
    let save = SaveDraft { step: "review".to_owned(), payload: spec.payload(app, &set), version: None };
    draft::save(app, &actor, &save).await?;
    for (view, picture) in VIEWS.into_iter().zip(spec.pictures) {
        let upload =
            DraftUpload { collection: MediaCollection::HeadScan, view: Some(view), bytes: Bytes::from(picture) };
        media::add(app, &actor, upload).await?;
    }
    submit::submit(app, &actor, &SubmitInput::default()).await
}

/// An alert level as `medical_histories` keeps it: sealed, and as its blind index. For masses of rows that go past the
/// services.
pub fn alert_level(app: &App, level: AlertLevel) -> (String, String) {
    (app.keys.seal(&level.name().to_owned()).ciphertext().to_owned(), crate::medical::level_index(app, level))
}
