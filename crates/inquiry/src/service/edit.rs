//! Changes to a submitted inquiry: the patient's edits before the first quote, and the medical answers (R-IQ-11, R-IQ-21).

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use identity::consents;
use kernel::ids::{InquiryId, ProviderId};
use kernel::{Actor, ActorKind, AppError, AppResult, DateRange, FieldErrors, Permission};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::outbox::{self, Event};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};
use serde::Deserialize;
use serde_json::{Value, json};

use super::draft::author;
use super::submit::questionnaire_stale;
use super::{habits, places, reasoned};
use crate::distribution::{self, LIVE};
use crate::entity::inquiries::{self, InquiryDurationOfConcern, InquiryProblem, InquiryStatus};
use crate::entity::medical_histories;
use crate::limits::Limits;
use crate::medical::{self, Answered};
use crate::rules::submission::{self, DraftPayload, Facts, QuestionnaireInput, ScheduleInput};
use crate::rules::{alert, stage};
use crate::{case, timeline};

/// The parts of an inquiry that may be changed; absent ones stay. Medical answers and pictures are none of them.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditInput {
    /// The version seen.
    pub version: i32,
    /// Why, 10 to 500 characters; from Hairline's staff.
    pub reason: Option<String>,
    /// Hair, beard or both.
    pub problem: Option<InquiryProblem>,
    /// The concern.
    pub problem_details: Option<String>,
    /// What kind.
    pub nature_of_concern: Option<String>,
    /// Since when.
    pub duration_of_concern: Option<InquiryDurationOfConcern>,
    /// What was tried.
    pub previous_treatments: Option<String>,
    /// 1 to 10.
    pub severity: Option<i64>,
    /// Daily life.
    pub lifestyle_factors: Option<String>,
    /// Anything else.
    pub additional_notes: Option<String>,
    /// Only from the patient.
    pub smoking_status: Option<String>,
    /// Only from the patient.
    pub alcohol_consumption: Option<String>,
    /// Only from the patient.
    pub family_history: Option<String>,
    /// All ranges, in order.
    pub treatment_schedule: Option<Vec<ScheduleInput>>,
    /// All countries, the primary one first.
    pub destinations: Option<Vec<String>>,
    /// All clinics the patient ticked.
    pub provider_ids: Option<Vec<ProviderId>>,
}

/// Takes the inquiry for a change by its patient; a foreign one is 404.
pub(super) async fn lock_own(txn: &Txn, actor: &Actor, id: InquiryId) -> AppResult<inquiries::Model> {
    let patient = author(actor)?;
    let row = case::lock(txn, id).await?;
    if row.patient_id != patient {
        return Err(AppError::not_found());
    }
    Ok(row)
}

fn locked() -> AppError {
    AppError::conflict("inquiry_locked", "A clinic has answered. This request can no longer be changed.")
}

/// 409 `inquiry_locked` unless nobody has quoted (R-IQ-11).
pub(super) fn require_open(row: &inquiries::Model) -> AppResult<()> {
    if row.status != InquiryStatus::Inquiry || row.archived_at.is_some() { Err(locked()) } else { Ok(()) }
}

/// Changes an inquiry; clinics that have it are told. Its patient may while nobody has quoted (R-IQ-11), Hairline's staff
/// until the case is over, with a reason.
///
/// Errors: 404 for a foreign one, 409 `inquiry_locked` or `inquiry_not_active`, 409 `stale_version`, 422.
pub async fn edit(app: &App, actor: &Actor, id: InquiryId, input: &EditInput) -> AppResult<()> {
    let limits = Limits::load(app).await?;
    let by_staff = matches!(actor.kind, ActorKind::Admin(_));
    if by_staff {
        actor.require(Permission::EditQuote)?;
    } else {
        author(actor)?;
    }
    let reason = if by_staff { Some(reasoned(input.reason.as_deref().unwrap_or_default())?) } else { None };
    platform::write_txn!(app.db, |txn| {
        let before = if by_staff { case::lock(txn, id).await? } else { lock_own(txn, actor, id).await? };
        if by_staff {
            require_running(&before)?
        } else {
            require_open(&before)?
        }
        if before.version != input.version {
            return Err(AppError::stale_version().with("current_version", before.version));
        }
        let (change, mut sections) = changed(&before, input, app.now().date_naive(), &limits)?;
        let (mut was, mut is) = values(&before, &change);
        let elsewhere = places::change(txn, app, actor, &before, input, &limits).await?;
        if let (Some(was), Some(is)) = (was.as_object_mut(), is.as_object_mut()) {
            for section in &elsewhere {
                was.insert(section.name.to_owned(), section.was.clone());
                is.insert(section.name.to_owned(), section.is.clone());
            }
        }
        sections.extend(elsewhere.iter().map(|section| section.name));
        if habits::change(txn, app, actor, &before, input).await? {
            sections.push("habits");
        }
        if sections.is_empty() {
            return Ok(());
        }
        let change = inquiries::ActiveModel { version: Set(before.version + 1), updated_at: Set(app.now()), ..change };
        inquiries::Entity::update_many()
            .set(change)
            .filter(inquiries::Column::Id.eq(id))
            .filter(inquiries::Column::Version.eq(before.version))
            .exec(txn)
            .await?;
        let told = Told {
            version: before.version + 1,
            sections: &sections,
            reason: reason.as_deref(),
            values: Some((was, is)),
        };
        tell(txn, app, actor, &before, told).await
    })
}

/// 409 once the case is over or put away.
fn require_running(row: &inquiries::Model) -> AppResult<()> {
    let over = matches!(row.status, InquiryStatus::Cancelled | InquiryStatus::Completed);
    if over || row.archived_at.is_some() { Err(case::not_active()) } else { Ok(()) }
}

/// The changed columns before and after, for the audit (R-IQ-94).
fn values(before: &inquiries::Model, change: &inquiries::ActiveModel) -> (Value, Value) {
    let (mut was, mut is) = (serde_json::Map::new(), serde_json::Map::new());
    macro_rules! column {
        ($($name:ident),*) => {$(
            if let Set(value) = &change.$name
                && *value != before.$name
            {
                was.insert(stringify!($name).to_owned(), json!(before.$name));
                is.insert(stringify!($name).to_owned(), json!(value));
            }
        )*};
    }
    column!(
        problem,
        problem_details,
        nature_of_concern,
        duration_of_concern,
        previous_treatments,
        symptom_severity_score,
        lifestyle_factors,
        additional_notes,
        treatment_schedule
    );
    (Value::Object(was), Value::Object(is))
}

/// The columns to write and the names of the sections that differ.
fn changed(
    before: &inquiries::Model,
    input: &EditInput,
    today: NaiveDate,
    limits: &Limits,
) -> AppResult<(inquiries::ActiveModel, Vec<&'static str>)> {
    let keep = |given: &Option<String>, was: &Option<String>| given.clone().or_else(|| was.clone());
    let merged = DraftPayload {
        problem: input.problem.or(Some(before.problem)),
        problem_details: input.problem_details.clone().or_else(|| Some(before.problem_details.clone())),
        nature_of_concern: keep(&input.nature_of_concern, &before.nature_of_concern),
        duration_of_concern: input.duration_of_concern.or(before.duration_of_concern),
        previous_treatments: keep(&input.previous_treatments, &before.previous_treatments),
        severity: input.severity.or(before.symptom_severity_score.map(i64::from)),
        lifestyle_factors: keep(&input.lifestyle_factors, &before.lifestyle_factors),
        additional_notes: keep(&input.additional_notes, &before.additional_notes),
        ..DraftPayload::default()
    };
    let mut errors = FieldErrors::new();
    let concern = submission::concern(&merged, &mut errors);
    let (nowhere, nobody) = (HashSet::new(), HashMap::new());
    let facts = Facts { today, countries: &nowhere, clinics: &nobody, limits };
    let schedule: Option<Vec<DateRange>> =
        input.treatment_schedule.as_ref().map(|given| submission::schedule(given, &facts, &mut errors));
    submission::refuse(errors)?;
    let concern = concern.ok_or_else(|| AppError::internal("an edit without faults did not read"))?;
    let mut change = inquiries::ActiveModel {
        problem: Set(concern.problem),
        problem_details: Set(concern.details),
        nature_of_concern: Set(concern.nature),
        duration_of_concern: Set(Some(concern.duration)),
        previous_treatments: Set(Some(concern.previous_treatments)),
        symptom_severity: Set(Some(submission::severity_word(concern.score))),
        symptom_severity_score: Set(Some(concern.score)),
        lifestyle_factors: Set(concern.lifestyle),
        additional_notes: Set(concern.notes),
        ..Default::default()
    };
    let mut sections = Vec::new();
    if differs(before, &change) {
        sections.push("concern");
    }
    if let Some(schedule) = schedule {
        let schedule = serde_json::to_value(schedule)?;
        if schedule != before.treatment_schedule {
            sections.push("treatment_schedule");
            change.treatment_schedule = Set(schedule);
        }
    }
    Ok((change, sections))
}

fn differs(before: &inquiries::Model, change: &inquiries::ActiveModel) -> bool {
    change.problem.as_ref() != &before.problem
        || change.problem_details.as_ref() != &before.problem_details
        || change.nature_of_concern.as_ref() != &before.nature_of_concern
        || change.duration_of_concern.as_ref() != &before.duration_of_concern
        || change.previous_treatments.as_ref() != &before.previous_treatments
        || change.symptom_severity_score.as_ref() != &before.symptom_severity_score
        || change.lifestyle_factors.as_ref() != &before.lifestyle_factors
        || change.additional_notes.as_ref() != &before.additional_notes
}

/// What is told of a change.
pub(super) struct Told<'a> {
    /// The version it made.
    pub version: i32,
    /// What it touched.
    pub sections: &'a [&'static str],
    /// Why, of staff.
    pub reason: Option<&'a str>,
    /// The values before and after, for the audit.
    pub values: Option<(Value, Value)>,
}

pub(super) async fn tell(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    inquiry: &inquiries::Model,
    told: Told<'_>,
) -> AppResult<()> {
    let Told { version, sections, reason, values } = told;
    let metadata = json!({ "sections": sections, "version": version });
    timeline::record(txn, app, actor, inquiry.id, "inquiry_updated", metadata).await?;
    let mut entry =
        Entry::new("inquiry.updated").subject("Inquiry", inquiry.id).patient(inquiry.patient_id).fields(sections);
    if let Some((was, is)) = values {
        entry = entry.change(Some(was), Some(is));
    }
    if let Some(reason) = reason {
        entry = entry.reason(reason);
    }
    audit::record(txn, app, actor, entry).await?;
    distribution::tell_each(txn, app, actor, inquiry.id, &LIVE, |row| {
        Event::new("inquiry.updated", "Inquiry", inquiry.id)
            .occurrence(format!("v{version}:{}", row.provider_id))
            .with("sections", sections)
    })
    .await
}

/// Answers the questionnaire again: freely before the first quote, later only when staff reopened it (R-IQ-21).
///
/// A new form, revision + 1, a new level; a clinic's acknowledgment of the old answers no longer counts (R-IQ-20).
pub async fn answer_again(app: &App, actor: &Actor, id: InquiryId, input: &QuestionnaireInput) -> AppResult<()> {
    answer_again_seen(app, actor, id, input, None).await
}

/// The same, refused with 409 `stale_version` when the answers are no longer the revision the patient saw.
pub(crate) async fn answer_again_seen(
    app: &App,
    actor: &Actor,
    id: InquiryId,
    input: &QuestionnaireInput,
    seen: Option<i32>,
) -> AppResult<()> {
    // Nobody but the patient, whatever the right: an administrator gets 403 here (GS-8).
    author(actor)?;
    platform::write_txn!(app.db, |txn| {
        let inquiry = lock_own(txn, actor, id).await?;
        let history = medical::history(txn, id).await?;
        let free = inquiry.status == InquiryStatus::Inquiry;
        if !free && history.reopened_at.is_none() {
            return Err(locked());
        }
        if !stage::is_active(inquiry.status) {
            return Err(case::not_active());
        }
        if seen.is_some_and(|seen| seen != history.revision) {
            return Err(AppError::stale_version().with("current_version", history.revision));
        }
        consents::require_sharing(txn, inquiry.patient_id).await?;
        let set = catalogue::questionnaire::require_active(txn).await?;
        if input.set_id != set.id || input.version != set.version {
            return Err(questionnaire_stale(&set));
        }
        let mut errors = FieldErrors::new();
        let assessment = alert::assess(&set, &input.answers, &mut errors);
        submission::refuse(errors)?;
        let assessment = assessment.ok_or_else(|| AppError::internal("answers without faults did not read"))?;
        let revision = history.revision + 1;
        let answered = Answered { set: set.id, version: set.version };
        let form = medical::insert_form(txn, app, (inquiry.patient_id, id), &answered, revision, &assessment).await?;
        let columns = medical_histories::ActiveModel {
            revision: Set(revision),
            reopened_at: Set(None),
            reopened_by: Set(None),
            reopen_reason: Set(None),
            ..medical::clinical_columns(app, form, &assessment)?
        };
        medical_histories::Entity::update_many()
            .set(columns)
            .filter(medical_histories::Column::Id.eq(history.id))
            .filter(medical_histories::Column::Revision.eq(history.revision))
            .exec(txn)
            .await?;
        if free {
            // An edit as any other: whoever has the request open looks again before changing it (R-IQ-11).
            inquiries::Entity::update_many()
                .set(inquiries::ActiveModel {
                    version: Set(inquiry.version + 1),
                    updated_at: Set(app.now()),
                    ..Default::default()
                })
                .filter(inquiries::Column::Id.eq(id))
                .exec(txn)
                .await?;
        }
        let metadata = json!({ "revision": revision });
        timeline::record(txn, app, actor, id, "medical_answers_revised", metadata).await?;
        let entry = Entry::new("medical_answers.revised")
            .subject("Inquiry", id)
            .patient(inquiry.patient_id)
            .change(Some(json!({ "revision": history.revision })), Some(json!({ "revision": revision })));
        audit::record(txn, app, actor, entry).await?;
        distribution::tell_each(txn, app, actor, id, &LIVE, |row| {
            Event::new("inquiry.updated", "Inquiry", id)
                .occurrence(format!("answers{revision}:{}", row.provider_id))
                .with("sections", ["medical_answers"])
        })
        .await
    })
}

/// Why staff ask the patient to answer again.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReopenInput {
    /// 10 to 500 characters.
    pub reason: String,
}

/// Reopens the questionnaire for the patient (R-IQ-21). Staff never change an answer themselves.
pub async fn reopen_answers(app: &App, actor: &Actor, id: InquiryId, input: &ReopenInput) -> AppResult<()> {
    let admin = actor.admin()?;
    actor.require(Permission::ReassignProvider)?;
    let reason = reasoned(&input.reason)?;
    platform::write_txn!(app.db, |txn| {
        let inquiry = case::lock(txn, id).await?;
        if !stage::is_active(inquiry.status) {
            return Err(case::not_active());
        }
        let now = app.now();
        medical_histories::Entity::update_many()
            .set(medical_histories::ActiveModel {
                reopened_at: Set(Some(now)),
                reopened_by: Set(Some(admin)),
                reopen_reason: Set(Some(reason.clone())),
                updated_at: Set(now),
                ..Default::default()
            })
            .filter(Expr::col(medical_histories::Column::InquiryId).eq(id))
            .exec(txn)
            .await?;
        let entry =
            Entry::new("medical_answers.reopened").subject("Inquiry", id).patient(inquiry.patient_id).reason(&reason);
        audit::record(txn, app, actor, entry).await?;
        let event = Event::new("inquiry.answers_reopened", "Inquiry", id)
            .with("inquiry_id", id)
            .with("patient_id", inquiry.patient_id);
        outbox::emit(txn, app, actor, event).await
    })
}
