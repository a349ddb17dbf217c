//! What staff and clinics see of recoveries on their pages, in few statements.

use std::collections::HashSet;

use chrono::NaiveDate;
use identity::entity::patients;
use kernel::ids::{AfterCareId, AftercareWorkflowId, PatientId};
use kernel::{Actor, ActorKind, AppError, AppResult, ErrorKind, Page, PageQuery, Permission};
use platform::App;
use platform::web::like_contains;
use sea_orm::sea_query::{Expr, ExprTrait, Query, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, Order, PaginatorTrait,
    QueryFilter, QueryOrder, QueryResult, QuerySelect, RelationTrait,
};
use serde_json::Value as Json;

use super::page::{newest, pictures, waiting};
use super::{Around, scope, viewed};
use crate::access::{self, Audience};
use crate::entity::aftercare_questionnaire_responses as response_rows;
use crate::entity::aftercare_workflow_steps::{self as steps, AftercareWorkflowStepType};
use crate::entity::aftercare_workflows::{self as workflows, AftercareWorkflowStatus, AftercareWorkflowType};
use crate::entity::{after_cares, aftercare_questionnaires as questionnaires};
use crate::plan::Plan;
use crate::rules::questions::Question;
use crate::service::escalation::{CLINICAL, open_key};
use crate::views::{CaseSummary, EscalationView, MilestoneView, ScanView, TaskView};

/// Most answers on one page.
const ANSWERS: u64 = 60;

/// A part of a case's page: each is a page of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The plan and the alarms.
    Plan,
    /// The pictures.
    Pictures,
    /// The answers.
    Answers,
}

/// What somebody did about an alarm.
pub struct StepLine {
    /// What.
    pub kind: AftercareWorkflowStepType,
    /// In words.
    pub note: Option<String>,
    /// When.
    pub at: kernel::Timestamp,
}

/// An alarm with what was done about it.
pub struct Alarm {
    /// The item.
    pub item: EscalationView,
    /// Whether it waits for somebody.
    pub is_open: bool,
    /// What was done, oldest first.
    pub steps: Vec<StepLine>,
}

/// A stored response with the questions it answers.
pub struct Answered {
    /// The questionnaire's name.
    pub name: String,
    /// The day it was sent.
    pub day: NaiveDate,
    /// It raised an alarm.
    pub urgent: bool,
    /// The questions.
    pub questions: Vec<Question>,
    /// Values by question id.
    pub values: Json,
}

/// A case as the team sees it.
pub struct TeamPage {
    /// The case.
    pub case: CaseSummary,
    /// Whose it is.
    pub patient: PatientId,
    /// Today for the patient.
    pub today: NaiveDate,
    /// Share of done tasks in percent.
    pub task_progress: i32,
    /// Share of past tasks done by their day, in percent.
    pub on_time: Option<i32>,
    /// Day of the next open task.
    pub next_due: Option<NaiveDate>,
    /// The plan.
    pub milestones: Vec<MilestoneView>,
    /// Tasks that wait.
    pub tasks: Vec<TaskView>,
    /// Alarms and late work, what is open first.
    pub alarms: Vec<Alarm>,
    /// Pictures, newest first.
    pub scans: Vec<ScanView>,
    /// Answers, newest first.
    pub answers: Vec<Answered>,
    /// Staff must say first why they look.
    pub needs_reason: bool,
}

/// One part of a case. A look is recorded.
pub async fn case(app: &App, actor: &Actor, id: AfterCareId, part: Part) -> AppResult<TeamPage> {
    let conn = app.db.conn();
    let plan = newest(conn, after_cares::Column::Id.eq(id).into()).await?.ok_or_else(AppError::not_found)?;
    let audience = access::audience(actor, &plan.case)?;
    if audience == Audience::Patient {
        return Err(AppError::not_found());
    }
    let needs_reason = !may_see(conn, app, actor, audience, &plan).await?;
    match audience {
        _ if part == Part::Plan => {}
        Audience::Patient => {}
        Audience::Clinic => identity::phi::require_open_record(conn, actor, plan.case.patient_id).await?,
        Audience::Staff => actor.require(Permission::ViewPatientMedical)?,
    }
    let mut alarms = if part == Part::Plan { alarms(conn, app, id).await? } else { Vec::new() };
    if needs_reason || audience == Audience::Clinic {
        // What the team wrote down is of the patient's health, and the team's own.
        for step in alarms.iter_mut().flat_map(|alarm| &mut alarm.steps) {
            step.note = None;
        }
    }
    let is_alarmed = alarms.iter().any(|alarm| alarm.is_open && alarm.item.reason_code == CLINICAL);
    let keys: HashSet<String> = is_alarmed.then(|| open_key(CLINICAL, id)).into_iter().collect();
    let (scans, answers) = match part {
        _ if needs_reason => (Vec::new(), Vec::new()),
        Part::Plan => (Vec::new(), Vec::new()),
        Part::Pictures => (pictures(conn, app, actor, id).await?, Vec::new()),
        Part::Answers => (Vec::new(), answers(conn, app, &plan).await?),
    };
    if part == Part::Plan || !needs_reason {
        let (action, fields): (_, &[&str]) = match part {
            Part::Plan => ("aftercare.viewed", &["patient", "plan"]),
            Part::Pictures => ("aftercare.scans_viewed", &["scans"]),
            Part::Answers => ("aftercare.responses_viewed", &["responses"]),
        };
        viewed(conn, app, actor, audience, &plan.case, action, fields).await?;
    }
    let plans = [plan];
    let around = Around::with_alarms(conn, actor, &plans, keys).await?;
    let [plan] = &plans;
    let today = plan.today(app.now());
    let standing = plan.standing(today);
    Ok(TeamPage {
        case: around.summary(app, actor, plan)?,
        patient: plan.case.patient_id,
        today,
        task_progress: standing.tasks,
        on_time: standing.on_time,
        next_due: plan.next_due(today),
        milestones: super::milestone_views(app, plan, &std::collections::HashMap::new())?,
        tasks: waiting(plan, today),
        alarms,
        scans,
        answers,
        needs_reason,
    })
}

/// Whether the medical part is open to the asker now; staff say first why they look (R-ID-63).
async fn may_see(
    conn: &impl ConnectionTrait,
    app: &App,
    actor: &Actor,
    audience: Audience,
    plan: &Plan,
) -> AppResult<bool> {
    if audience != Audience::Staff {
        return Ok(true);
    }
    if !actor.can(Permission::ViewPatientMedical) {
        return Ok(false);
    }
    match identity::phi::require_grant(conn, app, actor, plan.case.patient_id).await {
        Ok(()) => Ok(true),
        Err(error) if error.kind == ErrorKind::Forbidden => Ok(false),
        Err(error) => Err(error),
    }
}

/// The alarms of a case with their steps, in one statement.
async fn alarms(conn: &impl ConnectionTrait, app: &App, id: AfterCareId) -> AppResult<Vec<Alarm>> {
    let rows = workflows::Entity::find()
        .join(JoinType::LeftJoin, steps::Relation::Workflow.def().rev())
        .select_also(steps::Entity)
        .filter(workflows::Column::AfterCareId.eq(id))
        .filter(workflows::Column::WorkflowType.eq(AftercareWorkflowType::Escalation))
        .order_by_desc(workflows::Column::CreatedAt)
        .order_by_desc(workflows::Column::Id)
        .order_by_asc(steps::Column::StepIndex)
        .all(conn)
        .await?;
    let mut alarms: Vec<Alarm> = Vec::new();
    for (row, step) in rows {
        if alarms.last().is_none_or(|alarm| alarm.item.id != row.id) {
            let is_open = matches!(row.status, AftercareWorkflowStatus::Open | AftercareWorkflowStatus::Acknowledged);
            alarms.push(Alarm { item: super::escalation(row), is_open, steps: Vec::new() });
        }
        if let (Some(alarm), Some(step)) = (alarms.last_mut(), step) {
            let note = app.keys.open_opt(step.note.as_ref())?;
            alarm.steps.push(StepLine { kind: step.step_type, note, at: step.created_at });
        }
    }
    // What is open first, alarms before late work; each kind newest first.
    alarms.sort_by_key(|alarm| (!alarm.is_open, alarm.item.reason_code != CLINICAL));
    Ok(alarms)
}

async fn answers(conn: &impl ConnectionTrait, app: &App, plan: &Plan) -> AppResult<Vec<Answered>> {
    let rows = response_rows::Entity::find()
        .find_also_related(questionnaires::Entity)
        .filter(response_rows::Column::PatientId.eq(plan.case.patient_id))
        .filter(response_rows::Column::AftercareMilestoneId.is_in(plan.milestones.iter().map(|row| row.id)))
        .order_by_desc(response_rows::Column::CreatedAt)
        .order_by_desc(response_rows::Column::Id)
        .limit(ANSWERS)
        .all(conn)
        .await?;
    let view = |(row, asked): (response_rows::Model, Option<questionnaires::Model>)| {
        let (name, questions) = match asked {
            Some(asked) => (asked.questionnaire_name, serde_json::from_value(asked.questions)?),
            None => (String::new(), Vec::new()),
        };
        Ok(Answered {
            name,
            day: row.response_date,
            urgent: row.flagged_urgent,
            questions,
            values: app.keys.open(&row.responses)?,
        })
    };
    rows.into_iter().map(view).collect()
}

struct Listed(after_cares::Model, bool);

impl FromQueryResult for Listed {
    fn from_query_result(row: &QueryResult, prefix: &str) -> Result<Self, sea_orm::DbErr> {
        Ok(Self(after_cares::Model::from_query_result(row, prefix)?, row.try_get(prefix, "alarm")?))
    }
}

/// A case in a clinic's list.
pub struct ListedCase {
    /// The case.
    pub case: CaseSummary,
    /// Day of the next open task.
    pub next_due: Option<NaiveDate>,
}

/// What needs somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attention {
    /// An alarm is open.
    Urgent,
    /// A task is late.
    Overdue,
}

/// What a clinic's list is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// Only this status.
    pub status: Option<after_cares::AfterCareStatus>,
    /// Only what needs somebody.
    pub attention: Option<Attention>,
    /// Part of a case's or a patient's code; names are not searched, they may be hidden.
    pub text: String,
}

/// Longer texts are no codes.
const LONGEST_SEARCH: usize = 50;

/// Whether an alarm of the case is open.
fn has_alarm() -> SimpleExpr {
    Expr::exists(
        Query::select()
            .expr(Expr::val(1))
            .from(workflows::Entity)
            .and_where(
                Expr::col((workflows::Entity, workflows::Column::AfterCareId))
                    .equals((after_cares::Entity, after_cares::Column::Id)),
            )
            .and_where(Expr::col((workflows::Entity, workflows::Column::ReasonCode)).eq(CLINICAL))
            .and_where(Expr::col((workflows::Entity, workflows::Column::OpenKey)).is_not_null())
            .to_owned(),
    )
}

/// The cases whose code, or whose patient's code, contains the text.
fn with_code(text: &str) -> AppResult<Option<Condition>> {
    let text = text.trim().to_uppercase();
    if text.is_empty() {
        return Ok(None);
    }
    if text.chars().count() > LONGEST_SEARCH {
        return Err(AppError::invalid("query_too_long", "This search is too long."));
    }
    let people = Query::select()
        .column(patients::Column::Id)
        .from(patients::Entity)
        .and_where(Expr::col((patients::Entity, patients::Column::PatientCode)).like(like_contains(&text)))
        .to_owned();
    Ok(Some(
        Condition::any()
            .add(Expr::col((after_cares::Entity, after_cares::Column::CaseCode)).like(like_contains(&text)))
            .add(after_cares::Column::PatientId.in_subquery(people)),
    ))
}

/// The recoveries of the asker's clinic, those with an open alarm first, in at most six statements.
///
/// Which tasks are late follows from today's date and so cannot be asked of the database: for that filter all active
/// cases are read, each kind of row in one statement.
pub async fn list(app: &App, actor: &Actor, search: &Search, page: PageQuery) -> AppResult<Page<ListedCase>> {
    if !matches!(actor.kind, ActorKind::Provider { .. }) {
        return Err(AppError::forbidden());
    }
    let (conn, now) = (app.db.conn(), app.now());
    let mut query = scope(actor)?;
    if let Some(status) = search.status {
        query = query.filter(after_cares::Column::Status.eq(status));
    }
    if let Some(codes) = with_code(&search.text)? {
        query = query.filter(codes);
    }
    let in_memory = search.attention == Some(Attention::Overdue);
    match search.attention {
        Some(Attention::Urgent) => query = query.filter(has_alarm()),
        Some(Attention::Overdue) => {
            query = query.filter(after_cares::Column::Status.eq(after_cares::AfterCareStatus::Active));
        }
        None => {}
    }
    let mut total = if in_memory { 0 } else { query.clone().count(conn).await? };
    let mut rows = query
        .column_as(has_alarm(), "alarm")
        .order_by(has_alarm(), Order::Desc)
        .order_by_desc(after_cares::Column::CreatedAt)
        .order_by_desc(after_cares::Column::Id);
    if !in_memory {
        rows = rows.offset(page.offset()).limit(page.per_page);
    }
    let rows = rows.into_model::<Listed>().all(conn).await?;
    let alarmed = rows.iter().filter(|Listed(_, alarm)| *alarm).map(|Listed(case, _)| open_key(CLINICAL, case.id));
    let keys = alarmed.collect();
    let mut plans = Plan::load_many(conn, rows.into_iter().map(|Listed(case, _)| case).collect()).await?;
    if in_memory {
        plans.retain(|plan| plan.oldest_overdue(plan.today(now)).is_some());
        total = u64::try_from(plans.len()).unwrap_or(u64::MAX);
        let skip = usize::try_from(page.offset()).unwrap_or(usize::MAX);
        plans = plans.into_iter().skip(skip).take(usize::try_from(page.per_page).unwrap_or(usize::MAX)).collect();
    }
    let around = Around::with_alarms(conn, actor, &plans, keys).await?;
    let row = |plan: &Plan| {
        Ok(ListedCase { case: around.summary(app, actor, plan)?, next_due: plan.next_due(plan.today(now)) })
    };
    Ok(Page::new(plans.iter().map(row).collect::<AppResult<_>>()?, page, total))
}

/// The case of an item of work, for those who may see the case.
pub async fn case_of(conn: &impl ConnectionTrait, actor: &Actor, id: AftercareWorkflowId) -> AppResult<AfterCareId> {
    let found = workflows::Entity::find_by_id(id).find_also_related(after_cares::Entity).one(conn).await?;
    let Some((_, Some(case))) = found else { return Err(AppError::not_found()) };
    access::audience(actor, &case)?;
    Ok(case.id)
}

/// Whose case it is, for those who may see it.
pub async fn patient_of(conn: &impl ConnectionTrait, actor: &Actor, id: AfterCareId) -> AppResult<PatientId> {
    let (case, _) = access::readable(conn, actor, id).await?;
    Ok(case.patient_id)
}

/// Whether the newest step of an item says exactly this by the same person: the form was sent twice.
pub async fn is_last_step(
    app: &App,
    actor: &Actor,
    id: AftercareWorkflowId,
    kind: AftercareWorkflowStepType,
    note: &str,
) -> AppResult<bool> {
    let last = steps::Entity::find()
        .filter(steps::Column::WorkflowId.eq(id))
        .order_by_desc(steps::Column::StepIndex)
        .one(app.db.conn())
        .await?;
    let Some(last) = last.filter(|step| step.step_type == kind && step.actor_id == actor.reference().1) else {
        return Ok(false);
    };
    Ok(app.keys.open_opt(last.note.as_ref())?.is_some_and(|held: String| held == note))
}
