//! Reading cases, tasks, scans, answers and the team's work.

pub mod page;
mod records;
pub mod standalone;
pub mod team;
mod worklist;

pub use records::{questionnaire, responses, scans, templates};
pub use worklist::{view as escalation, worklist};

use std::collections::{HashMap, HashSet};

use chrono::Days;
use identity::anonymity::{self, Level, MaskedPatient};
use identity::entity::patients;
use kernel::ids::{AfterCareId, AftercareMilestoneDefinitionId, PatientId};
use kernel::{Actor, ActorKind, AppError, AppResult, Page, PageQuery, Permission};
use platform::App;
use platform::audit::{self, Entry};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};

use crate::access::{self, Audience};
use crate::entity::after_care_instructions::{self as instructions, AfterCareInstructionStatus};
use crate::entity::after_cares::{self, AfterCareStatus};
use crate::entity::aftercare_milestone_definitions as definitions;
use crate::entity::aftercare_workflows as workflows;
use crate::plan::Plan;
use crate::rules::progress;
use crate::rules::schedule::Schedule;
use crate::rules::slots::{Slot, SlotState};
use crate::service::escalation::{CLINICAL, open_key};
use crate::views::{CaseDetail, CaseSummary, InstructionView, MilestoneView, OwnAftercare, TaskView};

/// The cases an actor may see, newest first.
pub async fn list(
    app: &App,
    actor: &Actor,
    status: Option<AfterCareStatus>,
    page: PageQuery,
) -> AppResult<Page<CaseSummary>> {
    let conn = app.db.conn();
    let mut query = scope(actor)?;
    if let Some(status) = status {
        query = query.filter(after_cares::Column::Status.eq(status));
    }
    let total = query.clone().count(conn).await?;
    let rows = query
        .order_by_desc(after_cares::Column::CreatedAt)
        .order_by_desc(after_cares::Column::Id)
        .offset(page.offset())
        .limit(page.per_page)
        .all(conn)
        .await?;
    let plans = Plan::load_many(conn, rows).await?;
    let around = Around::load(conn, actor, &plans).await?;
    let data = plans.iter().map(|plan| around.summary(app, actor, plan)).collect::<AppResult<_>>()?;
    Ok(Page::new(data, page, total))
}

/// The rows of an actor; the filter is part of the query, so that a page never holds a stranger's case.
fn scope(actor: &Actor) -> AppResult<Select<after_cares::Entity>> {
    let all = after_cares::Entity::find();
    match actor.kind {
        ActorKind::Anonymous => Err(AppError::unauthenticated()),
        ActorKind::Patient(patient) => Ok(all.filter(after_cares::Column::PatientId.eq(patient))),
        ActorKind::Provider { provider, .. } => {
            actor.require(Permission::ViewAftercare)?;
            Ok(all.filter(after_cares::Column::ProviderId.eq(provider)))
        }
        ActorKind::Admin(_) | ActorKind::System => actor.require(Permission::ViewAftercare).map(|()| all),
        ActorKind::Affiliate(_) => Err(AppError::forbidden()),
    }
}

/// What stands around cases, each kind read in one statement.
pub(crate) struct Around {
    patients: HashMap<PatientId, patients::Model>,
    levels: HashMap<PatientId, Level>,
    alarms: HashSet<String>,
}

impl Around {
    /// For plans whose open alarms are not known yet.
    pub(crate) async fn load(conn: &impl ConnectionTrait, actor: &Actor, plans: &[Plan]) -> AppResult<Self> {
        let keys = plans.iter().map(|plan| open_key(CLINICAL, plan.case.id));
        let alarms: Vec<Option<String>> = workflows::Entity::find()
            .select_only()
            .column(workflows::Column::OpenKey)
            .filter(workflows::Column::OpenKey.is_in(keys))
            .into_tuple()
            .all(conn)
            .await?;
        Self::with_alarms(conn, actor, plans, alarms.into_iter().flatten().collect()).await
    }

    /// For plans whose open alarms, by key, were read before.
    pub(crate) async fn with_alarms(
        conn: &impl ConnectionTrait,
        actor: &Actor,
        plans: &[Plan],
        alarms: HashSet<String>,
    ) -> AppResult<Self> {
        let people: Vec<PatientId> = plans.iter().map(|plan| plan.case.patient_id).collect();
        let (patients, levels) = match actor.kind {
            // Patients know who they are.
            ActorKind::Patient(_) => (HashMap::new(), HashMap::new()),
            ActorKind::Provider { provider, .. } => {
                (patients_of(conn, &people).await?, anonymity::levels(conn, provider, &people).await?)
            }
            // Staff know the identity at every stage (section 5.8 of identity).
            _ => (patients_of(conn, &people).await?, people.iter().map(|id| (*id, Level::None)).collect()),
        };
        Ok(Self { patients, levels, alarms })
    }

    fn patient(&self, app: &App, actor: &Actor, id: PatientId) -> AppResult<Option<MaskedPatient>> {
        let level = self.levels.get(&id).copied().unwrap_or_default();
        self.patients.get(&id).map(|patient| anonymity::mask_for(app, actor, patient, level)).transpose()
    }

    pub(crate) fn summary(&self, app: &App, actor: &Actor, plan: &Plan) -> AppResult<CaseSummary> {
        let (case, today) = (&plan.case, plan.today(app.now()));
        // A paused or finished case does not grow later (section 4).
        let active = case.status == AfterCareStatus::Active;
        let (stage, recovery) = match active {
            true => {
                let standing = plan.standing(today);
                (standing.stage, standing.recovery)
            }
            false => (case.recovery_stage.clone(), case.recovery_percentage),
        };
        let oldest = plan.oldest_overdue(today).filter(|_| active);
        Ok(CaseSummary {
            id: case.id,
            case_code: case.case_code.clone(),
            aftercare_type: case.aftercare_type,
            quote_id: case.quote_id,
            provider_id: case.provider_id,
            patient: self.patient(app, actor, case.patient_id)?,
            status: case.status,
            recovery_stage: stage,
            recovery_percentage: recovery,
            start_date: case.start_date,
            end_date: plan.milestones.last().map(|row| row.end_date),
            overdue_days: oldest.map_or(0, |due| (today - due).num_days()),
            urgent: self.alarms.contains(&open_key(CLINICAL, case.id)),
        })
    }
}

async fn patients_of(conn: &impl ConnectionTrait, ids: &[PatientId]) -> AppResult<HashMap<PatientId, patients::Model>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = patients::Entity::find().filter(patients::Column::Id.is_in(ids.iter().copied())).all(conn).await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// A patient's newest case.
pub async fn own(app: &App, actor: &Actor) -> AppResult<OwnAftercare> {
    let patient = actor.patient()?;
    let newest = after_cares::Entity::find()
        .filter(after_cares::Column::PatientId.eq(patient))
        .order_by_desc(after_cares::Column::CreatedAt)
        .order_by_desc(after_cares::Column::Id)
        .one(app.db.conn())
        .await?;
    let case = match newest {
        Some(case) => Some(detail(app, actor, Plan::load(app.db.conn(), case).await?).await?),
        None => None,
    };
    Ok(OwnAftercare { case })
}

/// One case with its plan. A clinic's or staff's look is recorded.
pub async fn show(app: &App, actor: &Actor, id: AfterCareId) -> AppResult<CaseDetail> {
    let conn = app.db.conn();
    let (case, audience) = access::readable(conn, actor, id).await?;
    viewed(conn, app, actor, audience, &case, "aftercare.viewed", &["patient", "plan"]).await?;
    detail(app, actor, Plan::load(conn, case).await?).await
}

/// Records a look by anybody but the patient.
async fn viewed(
    conn: &impl ConnectionTrait,
    app: &App,
    actor: &Actor,
    audience: Audience,
    case: &after_cares::Model,
    action: &'static str,
    fields: &[&str],
) -> AppResult<()> {
    if audience == Audience::Patient {
        return Ok(());
    }
    let entry = Entry::new(action).subject("AfterCare", case.id).patient(case.patient_id).provider(case.provider_id);
    audit::record(conn, app, actor, entry.fields(fields)).await
}

async fn detail(app: &App, actor: &Actor, plan: Plan) -> AppResult<CaseDetail> {
    let conn = app.db.conn();
    let plans = [plan];
    let around = Around::load(conn, actor, &plans).await?;
    let [plan] = &plans;
    let today = plan.today(app.now());
    let standing = plan.standing(today);
    let week = today.checked_add_days(Days::new(7)).unwrap_or(today);
    let upcoming = plan.slots.iter().filter(|slot| {
        let waits = !matches!(slot.state(today), SlotState::Done | SlotState::Excused);
        waits && slot.due <= week
    });
    Ok(CaseDetail {
        case: around.summary(app, actor, plan)?,
        template_id: plan.case.aftercare_template_id,
        timezone: plan.case.timezone.clone(),
        today,
        task_progress: standing.tasks,
        on_time_rate: standing.on_time,
        next_due: plan.next_due(today),
        milestones: milestones_of(conn, app, plan).await?,
        upcoming: upcoming.filter_map(|slot| task(plan, slot, today)).collect(),
        instructions: instructions_of(conn, plan.case.id).await?,
        lock_version: plan.case.lock_version,
    })
}

async fn milestones_of(conn: &impl ConnectionTrait, app: &App, plan: &Plan) -> AppResult<Vec<MilestoneView>> {
    // Restrictions are read live, so that additions to a template reach running plans (R-AC-03).
    let ids = plan.milestones.iter().map(|row| row.milestone_definition_id);
    let found = definitions::Entity::find().filter(definitions::Column::Id.is_in(ids)).all(conn).await?;
    let general: HashMap<AftercareMilestoneDefinitionId, Vec<String>> = found
        .into_iter()
        .map(|row| {
            let texts = row.activity_restrictions.map(serde_json::from_value).transpose()?;
            Ok((row.id, texts.unwrap_or_default()))
        })
        .collect::<AppResult<_>>()?;
    milestone_views(app, plan, &general)
}

/// The milestones with what to avoid in each: general restrictions by definition, unless the case has its own.
fn milestone_views(
    app: &App,
    plan: &Plan,
    general: &HashMap<AftercareMilestoneDefinitionId, Vec<String>>,
) -> AppResult<Vec<MilestoneView>> {
    let standing = plan.standing(plan.today(app.now()));
    let mut views = Vec::with_capacity(plan.milestones.len());
    for (position, (row, (completion, status))) in plan.milestones.iter().zip(&standing.milestones).enumerate() {
        let own: Schedule = serde_json::from_value(row.schedule.clone())?;
        let count = progress::count(plan.slots_of(position));
        let shared = || general.get(&row.milestone_definition_id).cloned().unwrap_or_default();
        views.push(MilestoneView {
            id: row.id,
            order_index: row.order_index,
            name: row.milestone_name.clone(),
            start_date: row.start_date,
            end_date: row.end_date,
            status: *status,
            completion_percentage: *completion,
            tasks: count.counted,
            tasks_done: count.done,
            restrictions: own.restrictions_override.unwrap_or_else(shared),
        });
    }
    Ok(views)
}

fn task(plan: &Plan, slot: &Slot, today: chrono::NaiveDate) -> Option<TaskView> {
    let late = slot.is_late(today);
    Some(TaskView {
        milestone_id: plan.milestones.get(slot.milestone)?.id,
        kind: slot.kind,
        questionnaire_id: slot.questionnaire,
        due_date: slot.due,
        opens_on: slot.opens,
        state: slot.state(today),
        overdue_days: if late { slot.overdue_days(today) } else { 0 },
        done_on: slot.done_on,
    })
}

async fn instructions_of(conn: &impl ConnectionTrait, case: AfterCareId) -> AppResult<Vec<InstructionView>> {
    let rows = instructions::Entity::find()
        .filter(instructions::Column::AfterCareId.eq(case))
        .filter(instructions::Column::Status.eq(AfterCareInstructionStatus::Active))
        .order_by_asc(instructions::Column::OrderIndex)
        .order_by_asc(instructions::Column::Id)
        .all(conn)
        .await?;
    let view = |row: instructions::Model| InstructionView {
        category: row.category,
        title: row.title,
        body: row.body,
        repeat_days: row.repeat_days,
    };
    Ok(rows.into_iter().map(view).collect())
}

/// The milestones of a case.
pub async fn milestones(app: &App, actor: &Actor, id: AfterCareId) -> AppResult<Vec<MilestoneView>> {
    let conn = app.db.conn();
    let (case, audience) = access::readable(conn, actor, id).await?;
    viewed(conn, app, actor, audience, &case, "aftercare.viewed", &["plan"]).await?;
    milestones_of(conn, app, &Plan::load(conn, case).await?).await
}

/// Which tasks are asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct TaskFilter {
    /// Not before this day.
    pub from: Option<chrono::NaiveDate>,
    /// Not after this day.
    pub to: Option<chrono::NaiveDate>,
    /// Only in this state.
    pub state: Option<SlotState>,
}

/// The tasks of a case by day.
pub async fn tasks(app: &App, actor: &Actor, id: AfterCareId, filter: TaskFilter) -> AppResult<Vec<TaskView>> {
    let conn = app.db.conn();
    let (case, audience) = access::readable(conn, actor, id).await?;
    viewed(conn, app, actor, audience, &case, "aftercare.viewed", &["tasks"]).await?;
    let plan = Plan::load(conn, case).await?;
    let today = plan.today(app.now());
    let wanted = plan.slots.iter().filter(|slot| {
        filter.from.is_none_or(|from| slot.due >= from)
            && filter.to.is_none_or(|to| slot.due <= to)
            && filter.state.is_none_or(|state| slot.state(today) == state)
    });
    let mut tasks: Vec<_> = wanted.filter_map(|slot| task(&plan, slot, today)).collect();
    tasks.sort_by_key(|task| (task.due_date, task.kind, task.questionnaire_id));
    Ok(tasks)
}
