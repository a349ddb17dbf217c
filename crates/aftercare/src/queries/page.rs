//! What the pages show of one case, in few statements.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use chrono::{Days, NaiveDate};
use kernel::ids::{AfterCareId, AftercareMilestoneDefinitionId, AftercareQuestionnaireId, FileId};
use kernel::{Actor, AppError, AppResult};
use platform::App;
use platform::entity::files;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder,
    QuerySelect, RelationDef, RelationTrait,
};
use serde_json::Value as Json;

use super::{Around, instructions_of, milestone_views, task};
use crate::entity::after_care_medications::{self as medications, AfterCareMedicationStatus};
use crate::entity::aftercare_milestone_definition_questionnaires as asked;
use crate::entity::aftercare_milestone_definitions as definitions;
use crate::entity::aftercare_milestone_scans as scan_rows;
use crate::entity::aftercare_workflows as workflows;
use crate::entity::{after_cares, aftercare_milestones, aftercare_questionnaires as questionnaires};
use crate::plan::Plan;
use crate::rules::schedule::TaskKind;
use crate::rules::slots::{self, SlotState};
use crate::service::escalation::{CLINICAL, open_key};
use crate::service::scan::OWNER;
use crate::views::{CaseSummary, InstructionView, MilestoneView, ScanView, TaskView};

/// How long a picture's link works.
const LINK: Duration = Duration::from_secs(300);
/// Most pictures on one page.
const PICTURES: u64 = 120;

/// A patient's recovery as its page shows it.
pub struct PatientPage {
    /// The case.
    pub case: CaseSummary,
    /// Today for the patient.
    pub today: NaiveDate,
    /// Position of the milestone of the day.
    pub current: usize,
    /// Share of done tasks in percent.
    pub task_progress: i32,
    /// Day of the next open task.
    pub next_due: Option<NaiveDate>,
    /// Whether something can be sent at present.
    pub is_open: bool,
    /// The plan.
    pub milestones: Vec<MilestoneView>,
    /// Tasks that can be done or are late, and those of the next seven days.
    pub tasks: Vec<TaskView>,
    /// Names of the questionnaires.
    pub names: HashMap<AftercareQuestionnaireId, String>,
    /// Written instructions.
    pub instructions: Vec<InstructionView>,
    /// What is to be taken at present.
    pub medications: Vec<medications::Model>,
    /// Pictures, newest first.
    pub scans: Vec<ScanView>,
    /// The patient's other plans, newest first.
    pub others: Vec<OtherPlan>,
}

/// A plan as a line.
pub struct OtherPlan {
    /// Its case.
    pub id: AfterCareId,
    /// `AC2606-0001`.
    pub code: Option<String>,
    /// Day 1.
    pub start: Option<NaiveDate>,
    /// Where it stands.
    pub status: after_cares::AfterCareStatus,
}

/// A case of the patient who asks: the one wanted, else the newest. 404 for somebody else's.
pub async fn own(app: &App, actor: &Actor, wanted: Option<AfterCareId>) -> AppResult<Option<PatientPage>> {
    let patient = actor.patient()?;
    let conn = app.db.conn();
    let mut cases = with_milestones(conn, after_cares::Column::PatientId.eq(patient).into()).await?;
    let chosen = match wanted {
        Some(id) => cases.iter().position(|(case, _)| case.id == id).ok_or_else(AppError::not_found)?,
        None if cases.is_empty() => return Ok(None),
        None => 0,
    };
    let (case, milestones) = cases.remove(chosen);
    let plan = Plan::of(conn, case, milestones).await?;
    let other = |(case, _): (after_cares::Model, _)| OtherPlan {
        id: case.id,
        code: case.case_code,
        start: case.start_date,
        status: case.status,
    };
    let others = cases.into_iter().map(other).collect();
    let (restrictions, names) = asked_by(conn, &plan).await?;
    // Alarms are the team's; patients were told when they answered.
    let plans = [plan];
    let around = Around::with_alarms(conn, actor, &plans, HashSet::new()).await?;
    let [plan] = &plans;
    let today = plan.today(app.now());
    let standing = plan.standing(today);
    let case = around.summary(app, actor, plan)?;
    Ok(Some(PatientPage {
        today,
        current: standing.current,
        task_progress: standing.tasks,
        next_due: plan.next_due(today),
        is_open: case.status == after_cares::AfterCareStatus::Active,
        milestones: milestone_views(app, plan, &restrictions)?,
        tasks: waiting(plan, today),
        names,
        instructions: instructions_of(conn, plan.case.id).await?,
        medications: taken_now(conn, plan.case.id, today).await?,
        scans: pictures(conn, app, actor, plan.case.id).await?,
        others,
        case,
    }))
}

/// The cases of a condition with their milestones, newest first, in one statement.
async fn with_milestones(
    conn: &impl ConnectionTrait,
    which: Condition,
) -> AppResult<Vec<(after_cares::Model, Vec<aftercare_milestones::Model>)>> {
    Ok(after_cares::Entity::find()
        .filter(which)
        .find_with_related(aftercare_milestones::Entity)
        .order_by_desc(after_cares::Column::CreatedAt)
        .order_by_desc(after_cares::Column::Id)
        .order_by_asc(aftercare_milestones::Column::OrderIndex)
        .all(conn)
        .await?)
}

/// The newest case of a condition with its plan, in two statements.
pub(super) async fn newest(conn: &impl ConnectionTrait, which: Condition) -> AppResult<Option<Plan>> {
    match with_milestones(conn, which).await?.into_iter().next() {
        Some((case, milestones)) => Ok(Some(Plan::of(conn, case, milestones).await?)),
        None => Ok(None),
    }
}

/// Tasks that can be done or are late, and those of the next seven days.
pub(super) fn waiting(plan: &Plan, today: NaiveDate) -> Vec<TaskView> {
    let week = today.checked_add_days(Days::new(7)).unwrap_or(today);
    let wanted = plan
        .slots
        .iter()
        .filter(|slot| !matches!(slot.state(today), SlotState::Done | SlotState::Excused) && slot.due <= week);
    let mut tasks: Vec<TaskView> = wanted.filter_map(|slot| task(plan, slot, today)).collect();
    tasks.sort_by_key(|task| (task.due_date, task.kind, task.questionnaire_id));
    tasks
}

#[derive(FromQueryResult)]
struct AskedRow {
    definition: AftercareMilestoneDefinitionId,
    restrictions: Option<Json>,
    questionnaire: Option<AftercareQuestionnaireId>,
    name: Option<String>,
}

type Asked = (HashMap<AftercareMilestoneDefinitionId, Vec<String>>, HashMap<AftercareQuestionnaireId, String>);

/// What the milestones of a plan forbid and which questionnaires they ask, in one statement.
async fn asked_by(conn: &impl ConnectionTrait, plan: &Plan) -> AppResult<Asked> {
    let ids = plan.milestones.iter().map(|row| row.milestone_definition_id);
    let rows = definitions::Entity::find()
        .select_only()
        .column_as(definitions::Column::Id, "definition")
        .column_as(definitions::Column::ActivityRestrictions, "restrictions")
        .column_as(questionnaires::Column::Id, "questionnaire")
        .column_as(questionnaires::Column::QuestionnaireName, "name")
        .join(JoinType::LeftJoin, asked::Relation::MilestoneDefinition.def().rev())
        .join(JoinType::LeftJoin, asked::Relation::Questionnaire.def())
        .filter(definitions::Column::Id.is_in(ids))
        .into_model::<AskedRow>()
        .all(conn)
        .await?;
    let mut found = Asked::default();
    for row in rows {
        let texts = row.restrictions.map(serde_json::from_value).transpose()?;
        found.0.insert(row.definition, texts.unwrap_or_default());
        if let (Some(id), Some(name)) = (row.questionnaire, row.name) {
            found.1.insert(id, name);
        }
    }
    Ok(found)
}

async fn taken_now(
    conn: &impl ConnectionTrait,
    case: AfterCareId,
    today: NaiveDate,
) -> AppResult<Vec<medications::Model>> {
    Ok(medications::Entity::find()
        .filter(medications::Column::AfterCareId.eq(case))
        .filter(medications::Column::Status.eq(AfterCareMedicationStatus::Active))
        .filter(medications::Column::EndDate.gte(today))
        .order_by_asc(medications::Column::StartDate)
        .order_by_asc(medications::Column::Id)
        .all(conn)
        .await?)
}

#[derive(FromQueryResult)]
struct PictureRow {
    file: Option<FileId>,
}

fn stored() -> RelationDef {
    scan_rows::Entity::belongs_to(files::Entity)
        .from(scan_rows::Column::Id)
        .to(files::Column::FileableId)
        .on_condition(|_, file| {
            Condition::all()
                .add(Expr::col((file.clone(), files::Column::FileableType)).eq(OWNER))
                .add(Expr::col((file, files::Column::DeletedAt)).is_null())
        })
        .into()
}

/// The pictures of a case with their links, newest first, in one statement. Whether the asker may see them was decided
/// before.
pub(super) async fn pictures(
    conn: &impl ConnectionTrait,
    app: &App,
    actor: &Actor,
    case: AfterCareId,
) -> AppResult<Vec<ScanView>> {
    let rows = scan_rows::Entity::find()
        .join(JoinType::InnerJoin, scan_rows::Relation::AftercareMilestone.def())
        .join(JoinType::LeftJoin, stored())
        .column_as(files::Column::Id, "file")
        .filter(aftercare_milestones::Column::AfterCareId.eq(case))
        .order_by_desc(scan_rows::Column::CreatedAt)
        .order_by_desc(scan_rows::Column::Id)
        .limit(PICTURES)
        .into_model::<Picture>()
        .all(conn)
        .await?;
    let view = |Picture(row, picture): Picture| ScanView {
        id: row.id,
        milestone_id: row.aftercare_milestone_id,
        scan_type: row.scan_type,
        scan_date: row.scan_date,
        due_date: row.due_date,
        is_overdue: row.is_overdue,
        quality_score: row.quality_score,
        url: picture.file.map(|file| platform::files::signed_link(app, file, actor, LINK)),
    };
    Ok(rows.into_iter().map(view).collect())
}

struct Picture(scan_rows::Model, PictureRow);

impl FromQueryResult for Picture {
    fn from_query_result(row: &sea_orm::QueryResult, prefix: &str) -> Result<Self, sea_orm::DbErr> {
        Ok(Self(scan_rows::Model::from_query_result(row, prefix)?, PictureRow::from_query_result(row, prefix)?))
    }
}

/// What a scan sent now would be.
pub struct ScanSlot {
    /// Its day; absent for an extra.
    pub due: Option<NaiveDate>,
    /// Today for the patient.
    pub today: NaiveDate,
}

/// What a scan sent now would be; the refusal when none is taken now.
pub async fn scan_slot(app: &App, actor: &Actor, id: AfterCareId) -> AppResult<ScanSlot> {
    let patient = actor.patient()?;
    let own = Condition::all().add(after_cares::Column::Id.eq(id)).add(after_cares::Column::PatientId.eq(patient));
    let plan = newest(app.db.conn(), own).await?.ok_or_else(AppError::not_found)?;
    crate::access::check_own(actor, &plan.case)?;
    let today = plan.today(app.now());
    let slot = slots::choose(&plan.slots, TaskKind::Scan, None, None, today)?;
    Ok(ScanSlot { due: slot.map(|slot| slot.due), today })
}

/// Whether an alarm of the patient's own case is open.
pub async fn has_alarm(app: &App, actor: &Actor, id: AfterCareId) -> AppResult<bool> {
    let conn = app.db.conn();
    let (case, _) = crate::access::readable(conn, actor, id).await?;
    let open = workflows::Entity::find().filter(workflows::Column::OpenKey.eq(open_key(CLINICAL, case.id)));
    Ok(open.one(conn).await?.is_some())
}
