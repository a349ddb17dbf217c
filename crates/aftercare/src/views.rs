//! What each audience may see of a recovery.

use chrono::NaiveDate;
use identity::anonymity::MaskedPatient;
use kernel::Timestamp;
use kernel::ids::{
    AfterCareId, AftercareMilestoneId, AftercareMilestoneScanId, AftercareMilestoneTemplateId,
    AftercareQuestionnaireId, AftercareQuestionnaireResponseId, AftercareWorkflowId, AnyId, ProviderId, QuoteId,
};
use serde::Serialize;
use serde_json::Value as Json;

use crate::entity::after_care_instructions::AfterCareInstructionCategory;
use crate::entity::after_cares::{AfterCareStatus, AfterCareType};
use crate::entity::aftercare_milestone_scans::AftercareMilestoneScanType;
use crate::entity::aftercare_milestones::AftercareMilestoneStatus;
use crate::entity::aftercare_questionnaires::AftercareQuestionnaireType;
use crate::entity::aftercare_workflows::{AftercareWorkflowPriority, AftercareWorkflowStatus};
use crate::rules::questions::Question;
use crate::rules::schedule::TaskKind;
use crate::rules::slots::SlotState;
use crate::rules::worklist::Bucket;

/// A case in a list.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct CaseSummary {
    /// The case.
    pub id: AfterCareId,
    /// Its code.
    pub case_code: Option<String>,
    /// Continuation of a booking, or bought on its own.
    pub aftercare_type: AfterCareType,
    /// The booking.
    pub quote_id: Option<QuoteId>,
    /// The clinic.
    pub provider_id: ProviderId,
    /// The patient, as this reader may know them; absent for patients themselves.
    pub patient: Option<MaskedPatient>,
    /// Where it stands.
    pub status: AfterCareStatus,
    /// Name of the milestone of the day.
    pub recovery_stage: String,
    /// Overall, in percent.
    pub recovery_percentage: i32,
    /// Day 1 of the plan.
    pub start_date: Option<NaiveDate>,
    /// Last day of the plan.
    pub end_date: Option<NaiveDate>,
    /// Days the oldest late task is late; 0 when nothing is.
    pub overdue_days: i64,
    /// An alarm is open.
    pub urgent: bool,
}

/// A milestone.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct MilestoneView {
    /// The milestone.
    pub id: AftercareMilestoneId,
    /// From 1.
    pub order_index: i32,
    /// Its name.
    pub name: String,
    /// First day.
    pub start_date: NaiveDate,
    /// Last day.
    pub end_date: NaiveDate,
    /// By dates and tasks.
    pub status: AftercareMilestoneStatus,
    /// Share of its tasks, in percent.
    pub completion_percentage: i32,
    /// Tasks that count.
    pub tasks: i64,
    /// Those that are done.
    pub tasks_done: i64,
    /// What to avoid.
    pub restrictions: Vec<String>,
}

/// A task on its day.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct TaskView {
    /// The milestone it belongs to.
    pub milestone_id: AftercareMilestoneId,
    /// What to do.
    pub kind: TaskKind,
    /// Which questionnaire, if one.
    pub questionnaire_id: Option<AftercareQuestionnaireId>,
    /// Its day.
    pub due_date: NaiveDate,
    /// First day it can be done.
    pub opens_on: NaiveDate,
    /// How it stands.
    pub state: SlotState,
    /// Days it is late; 0 when it is not.
    pub overdue_days: i64,
    /// The day it was done.
    pub done_on: Option<NaiveDate>,
}

/// A written instruction.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct InstructionView {
    /// What it is about.
    pub category: AfterCareInstructionCategory,
    /// Heading.
    pub title: String,
    /// Text.
    pub body: String,
    /// Days between reminders.
    pub repeat_days: Option<i32>,
}

/// A case with its plan.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct CaseDetail {
    /// What the list shows.
    #[serde(flatten)]
    pub case: CaseSummary,
    /// The template it was made from.
    pub template_id: AftercareMilestoneTemplateId,
    /// The case's time zone: days are days there.
    pub timezone: String,
    /// Today there.
    pub today: NaiveDate,
    /// Share of done tasks, in percent.
    pub task_progress: i32,
    /// Share of past tasks done by their day, in percent.
    pub on_time_rate: Option<i32>,
    /// Day of the next open task.
    pub next_due: Option<NaiveDate>,
    /// The plan.
    pub milestones: Vec<MilestoneView>,
    /// Tasks that can be done or are late, and those of the next seven days.
    pub upcoming: Vec<TaskView>,
    /// Written instructions.
    pub instructions: Vec<InstructionView>,
    /// Say it back when changing the case.
    pub lock_version: i32,
}

/// A patient's home of aftercare.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct OwnAftercare {
    /// The newest case; absent for patients who have none yet.
    pub case: Option<CaseDetail>,
}

/// One view of a scan.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ScanView {
    /// The view.
    pub id: AftercareMilestoneScanId,
    /// Its milestone.
    pub milestone_id: AftercareMilestoneId,
    /// Which side of the head.
    pub scan_type: AftercareMilestoneScanType,
    /// The day it was sent.
    pub scan_date: NaiveDate,
    /// The day it fills; absent for an extra.
    pub due_date: Option<NaiveDate>,
    /// It came after its day.
    pub is_overdue: bool,
    /// Sharpness, 0 to 100.
    pub quality_score: Option<i16>,
    /// Where to get it, for this reader, for five minutes.
    pub url: Option<String>,
}

/// What became of a scan.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ScanReceipt {
    /// The views.
    pub ids: Vec<AftercareMilestoneScanId>,
    /// The day it fills; absent for an extra.
    pub due_date: Option<NaiveDate>,
    /// It came after its day.
    pub is_overdue: bool,
    /// Overall, in percent, with this scan.
    pub recovery_percentage: i32,
}

/// A questionnaire to fill in.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct QuestionnaireView {
    /// The questionnaire.
    pub id: AftercareQuestionnaireId,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// Its kind.
    pub questionnaire_type: AftercareQuestionnaireType,
    /// The questions asked at present.
    pub questions: Vec<Question>,
    /// The day an answer now would fill; absent when it would be an extra.
    pub due_date: Option<NaiveDate>,
}

/// What became of answers.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ResponseReceipt {
    /// The stored response.
    pub id: AftercareQuestionnaireResponseId,
    /// The day it fills; absent for an extra.
    pub due_date: Option<NaiveDate>,
    /// It came after its day.
    pub is_overdue: bool,
    /// It raised an alarm.
    pub flagged_urgent: bool,
    /// What to do now, in the reader's language, when it did.
    pub warning: Option<String>,
    /// Overall, in percent, with these answers.
    pub recovery_percentage: i32,
}

/// Stored answers.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ResponseView {
    /// The response.
    pub id: AftercareQuestionnaireResponseId,
    /// Its milestone.
    pub milestone_id: AftercareMilestoneId,
    /// The questionnaire.
    pub questionnaire_id: AftercareQuestionnaireId,
    /// Its name.
    pub questionnaire_name: String,
    /// The day it was sent.
    pub response_date: NaiveDate,
    /// The day it fills; absent for an extra.
    pub due_date: Option<NaiveDate>,
    /// It came after its day.
    pub is_overdue: bool,
    /// It raised an alarm.
    pub flagged_urgent: bool,
    /// Values by question id.
    #[schema(value_type = Object)]
    pub responses: Json,
    /// The rules the answers hit.
    #[schema(value_type = Option<Object>)]
    pub flag_reasons: Option<Json>,
}

/// An alarm or other item of work.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct EscalationView {
    /// The item.
    pub id: AftercareWorkflowId,
    /// Why: `clinical`, `overdue_tasks`.
    pub reason_code: String,
    /// Where it stands.
    pub status: AftercareWorkflowStatus,
    /// How urgent.
    pub priority: AftercareWorkflowPriority,
    /// 1 to 3.
    pub level: i16,
    /// When somebody must have taken it.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub due_at: Option<Timestamp>,
    /// When somebody took it.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub acknowledged_at: Option<Timestamp>,
    /// Who works on it, by kind.
    pub assigned_to_type: Option<String>,
    /// Who works on it.
    pub assigned_to_id: Option<AnyId>,
    /// How it ended.
    pub outcome: Option<String>,
    /// When it was opened.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

/// A case on the team's work list.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct WorkItem {
    /// Why it stands where it stands.
    pub bucket: Bucket,
    /// The case.
    pub case: CaseSummary,
    /// The open items, alarms first.
    pub escalations: Vec<EscalationView>,
    /// Who works on the first of them, by name.
    pub assignee: Option<String>,
    /// Day of the next open task.
    pub next_due: Option<NaiveDate>,
    /// The patient's oldest message without an answer.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub waiting_since: Option<Timestamp>,
}

/// A milestone template that can be chosen.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct TemplateView {
    /// The template.
    pub id: AftercareMilestoneTemplateId,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// 6, 12 or 18.
    pub duration_months: i32,
    /// Its phases in order.
    pub phases: Vec<PhaseView>,
}

/// A phase of a template.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct PhaseView {
    /// Its name.
    pub name: String,
    /// How long it lasts.
    pub duration_days: i32,
    /// A scan every so many days.
    pub scan_frequency_days: Option<i32>,
    /// That many scans, or at most that many.
    pub scan_count: Option<i32>,
}
