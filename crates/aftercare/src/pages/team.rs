//! The lists of recoveries, and what the team does about alarms.

use askama::Template;
use axum::response::Response;
use kernel::ids::{AfterCareId, AftercareWorkflowId};
use kernel::{AppError, AppResult, ErrorKind, Timestamp};
use platform::web::{ApiResult, Path, status_of};
use sea_orm::ActiveEnum;
use ui::{Badge, Choice, Chrome, Ctx, Form, Inside, ListView, Posted, Tone, page};

use super::case::{self, Refused};
use super::words;
use crate::entity::after_cares::AfterCareStatus;
use crate::entity::aftercare_workflow_steps::AftercareWorkflowStepType;
use crate::queries::team::{Attention, Search};
use crate::queries::{self, team};
use crate::rules::worklist::Bucket;
use crate::service::escalation::{self, NewStep, Resolution, StepWord};
use crate::views::WorkItem;

const BUCKETS: [Bucket; 8] = [
    Bucket::ClinicalOpen,
    Bucket::ClinicalAcknowledged,
    Bucket::AnswerLate,
    Bucket::TasksEscalated,
    Bucket::TasksOverdue,
    Bucket::AnswerWaiting,
    Bucket::DueToday,
    Bucket::Quiet,
];

const STATES: [AfterCareStatus; 3] = [AfterCareStatus::Active, AfterCareStatus::Suspended, AfterCareStatus::Completed];

/// A case of the work list.
struct WorkLine {
    href: String,
    patient: String,
    code: String,
    bucket: Badge,
    assignee: String,
    stage: String,
    percent: u32,
    /// When somebody must have answered.
    by: Option<Timestamp>,
    next: Option<String>,
    late: Option<String>,
}

/// A case of a clinic.
struct ClinicLine {
    href: String,
    patient: String,
    code: String,
    status: Badge,
    urgent: bool,
    stage: String,
    percent: u32,
    next: Option<String>,
    late: Option<String>,
}

#[derive(Template)]
#[template(path = "care_worklist.html")]
struct WorkPage {
    chrome: Chrome,
    list: ListView,
    buckets: Vec<Choice>,
    lines: Vec<WorkLine>,
}

#[derive(Template)]
#[template(path = "care_clinic.html")]
struct ClinicPage {
    chrome: Chrome,
    list: ListView,
    states: Vec<Choice>,
    needs: Vec<Choice>,
    lines: Vec<ClinicLine>,
}

fn bucket_word(bucket: Bucket) -> (&'static str, Tone) {
    match bucket {
        Bucket::ClinicalOpen => ("clinical_open", Tone::Bad),
        Bucket::ClinicalAcknowledged => ("clinical_acknowledged", Tone::Warn),
        Bucket::AnswerLate => ("answer_late", Tone::Bad),
        Bucket::TasksEscalated => ("tasks_escalated", Tone::Warn),
        Bucket::TasksOverdue => ("tasks_overdue", Tone::Warn),
        Bucket::AnswerWaiting => ("answer_waiting", Tone::Info),
        Bucket::DueToday => ("due_today", Tone::Info),
        Bucket::Quiet => ("quiet", Tone::Calm),
    }
}

pub(super) async fn worklist(Inside(ctx): Inside) -> ApiResult<Response> {
    let asked = ctx.asked("bucket");
    let bucket = BUCKETS.into_iter().find(|bucket| bucket_word(*bucket).0 == asked);
    let found = queries::worklist(&ctx.app, &ctx.actor, bucket, ctx.page_query()).await?;
    let chrome = ctx.chrome;
    let choice = |bucket: Bucket| {
        let (word, _) = bucket_word(bucket);
        Choice::new(word, chrome.t(format!("aftercare-bucket-{word}")))
    };
    page(&WorkPage {
        list: ListView::new(&chrome, &found.meta),
        buckets: BUCKETS.into_iter().map(choice).collect(),
        lines: found.data.iter().map(|item| work_line(&chrome, item)).collect(),
        chrome,
    })
}

fn work_line(chrome: &Chrome, item: &WorkItem) -> WorkLine {
    let (word, tone) = bucket_word(item.bucket);
    let by = match item.bucket {
        Bucket::AnswerLate | Bucket::AnswerWaiting => item.waiting_since,
        Bucket::ClinicalOpen | Bucket::ClinicalAcknowledged => item.escalations.first().and_then(|alarm| alarm.due_at),
        _ => None,
    };
    WorkLine {
        href: case::path(chrome, item.case.id),
        patient: item.case.patient.as_ref().map(|patient| patient.display_name.clone()).unwrap_or_default(),
        code: item.case.case_code.clone().unwrap_or_default(),
        bucket: Badge::new(tone, chrome.t(format!("aftercare-bucket-{word}"))),
        assignee: item.assignee.clone().unwrap_or_default(),
        stage: item.case.recovery_stage.clone(),
        percent: words::percent(item.case.recovery_percentage),
        by,
        next: item.next_due.map(|day| chrome.date(day)),
        late: late(chrome, item.case.overdue_days),
    }
}

fn late(chrome: &Chrome, days: i64) -> Option<String> {
    (days > 0).then(|| chrome.tn("care-late-days", "days", days))
}

pub(super) async fn clinic(Inside(ctx): Inside) -> ApiResult<Response> {
    let search = Search {
        status: AfterCareStatus::try_from_value(&ctx.asked("status")).ok(),
        attention: match ctx.asked("attention").as_str() {
            "urgent" => Some(Attention::Urgent),
            "overdue" => Some(Attention::Overdue),
            _ => None,
        },
        text: ctx.asked("q"),
    };
    let found = team::list(&ctx.app, &ctx.actor, &search, ctx.page_query()).await?;
    let chrome = ctx.chrome;
    let line = |row: &team::ListedCase| ClinicLine {
        href: case::path(&chrome, row.case.id),
        patient: row.case.patient.as_ref().map(|patient| patient.display_name.clone()).unwrap_or_default(),
        code: row.case.case_code.clone().unwrap_or_default(),
        status: case::status_badge(&chrome, row.case.status),
        urgent: row.case.urgent,
        stage: row.case.recovery_stage.clone(),
        percent: words::percent(row.case.recovery_percentage),
        next: row.next_due.map(|day| chrome.date(day)),
        late: late(&chrome, row.case.overdue_days),
    };
    let choice = |state: AfterCareStatus| {
        let word = state.to_value();
        Choice::new(word.clone(), chrome.word("care-status", word))
    };
    page(&ClinicPage {
        list: ListView::new(&chrome, &found.meta),
        states: STATES.into_iter().map(choice).collect(),
        needs: ["urgent", "overdue"].map(|word| Choice::new(word, chrome.word("care-attention", word))).to_vec(),
        lines: found.data.iter().map(line).collect(),
        chrome,
    })
}

type Ids = (AfterCareId, AftercareWorkflowId);

/// The answer to a form of a case's page.
async fn answered(
    ctx: &Ctx,
    id: AfterCareId,
    posted: &Posted,
    outcome: AppResult<()>,
    done: &str,
) -> ApiResult<Response> {
    match outcome {
        Ok(()) => Ok(ctx.done(&case::path(&ctx.chrome, id), done)),
        Err(error) => refused(ctx, id, posted, error).await,
    }
}

async fn refused(ctx: &Ctx, id: AfterCareId, posted: &Posted, mut error: AppError) -> ApiResult<Response> {
    if matches!(error.kind, ErrorKind::Internal | ErrorKind::NotFound | ErrorKind::Forbidden) {
        return Err(error.into());
    }
    // The items' fields stand several times on the page: what is wrong with one is said above all.
    if error.fields.0.contains_key("note") {
        error = AppError::invalid("care_note_length", "Write 1 to 2000 characters.");
    }
    let form = Form::posted(&ctx.chrome, posted).refused(&error);
    case::shown(ctx, id, Refused { form, status: status_of(error.kind) }).await
}

/// An item is reached through its own case only.
async fn check(ctx: &Ctx, (case, item): Ids) -> AppResult<()> {
    let of = team::case_of(ctx.app.db.conn(), &ctx.actor, item).await?;
    if of == case { Ok(()) } else { Err(AppError::not_found()) }
}

pub(super) async fn take(Inside(ctx): Inside, Path(ids): Path<Ids>, posted: Posted) -> ApiResult<Response> {
    check(&ctx, ids).await?;
    let outcome = escalation::acknowledge(&ctx.app, &ctx.actor, ids.1).await;
    answered(&ctx, ids.0, &posted, outcome, "care-alarm-taken").await
}

pub(super) async fn add_step(Inside(ctx): Inside, Path(ids): Path<Ids>, posted: Posted) -> ApiResult<Response> {
    check(&ctx, ids).await?;
    let (step_type, kind) = match posted.get("step_type") {
        "patient_contacted" => (StepWord::PatientContacted, AftercareWorkflowStepType::PatientContacted),
        _ => (StepWord::Note, AftercareWorkflowStepType::Note),
    };
    let step = NewStep { step_type, note: posted.get("note").to_owned() };
    if team::is_last_step(&ctx.app, &ctx.actor, ids.1, kind, &step.note).await? {
        return answered(&ctx, ids.0, &posted, Ok(()), "care-step").await;
    }
    let outcome = escalation::add_step(&ctx.app, &ctx.actor, ids.1, &step).await;
    answered(&ctx, ids.0, &posted, outcome, "care-step").await
}

pub(super) async fn resolve(Inside(ctx): Inside, Path(ids): Path<Ids>, posted: Posted) -> ApiResult<Response> {
    check(&ctx, ids).await?;
    let text = |name: &str| posted.given(name).map(str::to_owned);
    let ask = Resolution { outcome: text("outcome"), note: text("end_note") };
    let outcome = match escalation::resolve(&ctx.app, &ctx.actor, ids.1, &ask).await {
        // Sent twice, or somebody was faster: it is closed.
        Err(error) if error.code == "invalid_status" => Ok(()),
        other => other,
    };
    answered(&ctx, ids.0, &posted, outcome, "care-alarm-closed").await
}

pub(super) async fn reason(Inside(ctx): Inside, Path(id): Path<AfterCareId>, posted: Posted) -> ApiResult<Response> {
    let patient = team::patient_of(ctx.app.db.conn(), &ctx.actor, id).await?;
    match identity::phi::grant(&ctx.app, &ctx.actor, patient, posted.get("justification")).await {
        Ok(_) => {
            let path = case::path(&ctx.chrome, id);
            let to = match posted.get("view") {
                "pictures" => format!("{path}?view=pictures"),
                "answers" => format!("{path}?view=answers"),
                _ => path,
            };
            Ok(ctx.done(&to, "care-reason"))
        }
        Err(error) => refused(&ctx, id, &posted, error).await,
    }
}
