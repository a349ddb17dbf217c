//! The team's work, most urgent first (R-AC-69).

use std::collections::HashMap;

use identity::entity::{provider_users, users};
use kernel::ids::AfterCareId;
use kernel::{Actor, AppResult, Page, PageQuery, Permission, Timestamp};
use platform::App;
use platform::audit::{self, Entry};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveEnum, ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter,
    QueryOrder, QueryResult, QuerySelect, RelationDef, RelationTrait,
};

use super::Around;
use crate::entity::after_cares::{self, AfterCareStatus};
use crate::entity::aftercare_conversations::{self as conversations, AftercareConversationKind};
use crate::entity::aftercare_workflows::{
    self as workflows, AftercareWorkflowAssignedToType, AftercareWorkflowStatus, AftercareWorkflowType,
};
use crate::plan::Plan;
use crate::rules::worklist::{Bucket, Facts, place};
use crate::service::escalation::{CLINICAL, open_key};
use crate::views::{EscalationView, WorkItem};

/// The work list of Hairline's aftercare staff.
///
/// The order follows from today's date and so cannot be asked of the database: all running cases are read, each kind of
/// row in one statement, and one page of them is shaped.
pub async fn worklist(app: &App, actor: &Actor, bucket: Option<Bucket>, page: PageQuery) -> AppResult<Page<WorkItem>> {
    actor.admin()?;
    actor.require(Permission::ViewAftercare)?;
    let (conn, now) = (app.db.conn(), app.now());
    let (running, waiting) = running(conn).await?;
    let mut escalations = open_items(conn).await?;
    let mut placed = Vec::new();
    for plan in Plan::load_many(conn, running).await? {
        let today = plan.today(now);
        let items = escalations.remove(&plan.case.id).unwrap_or_default();
        let clinical = items.iter().map(|(item, _)| item).find(|item| item.reason_code == CLINICAL);
        let facts = Facts {
            id: plan.case.id,
            suspended: plan.case.status == AfterCareStatus::Suspended,
            clinical: clinical.map(|item| {
                (item.status == AftercareWorkflowStatus::Acknowledged, item.due_at.unwrap_or(item.created_at))
            }),
            waiting_since: waiting.get(&plan.case.id).copied(),
            oldest_overdue: plan.oldest_overdue(today),
            next_due: plan.next_due(today),
        };
        let Some(key) = place(&facts, now, today) else { continue };
        if bucket.is_none_or(|bucket| bucket == key.0) {
            placed.push((key, plan, items, facts));
        }
    }
    placed.sort_by_key(|(key, ..)| *key);
    let total = u64::try_from(placed.len()).unwrap_or(u64::MAX);
    let skip = usize::try_from(page.offset()).unwrap_or(usize::MAX);
    let take = usize::try_from(page.per_page).unwrap_or(usize::MAX);
    let mut shown = Vec::new();
    let mut plans = Vec::new();
    for (key, plan, items, facts) in placed.into_iter().skip(skip).take(take) {
        shown.push((key.0, items, facts));
        plans.push(plan);
    }
    let alarmed = plans.iter().zip(&shown).filter(|(_, (_, _, facts))| facts.clinical.is_some());
    let alarms = alarmed.map(|(plan, _)| open_key(CLINICAL, plan.case.id)).collect();
    let around = Around::with_alarms(conn, actor, &plans, alarms).await?;
    let mut data = Vec::with_capacity(plans.len());
    for (plan, (bucket, items, facts)) in plans.iter().zip(shown) {
        data.push(WorkItem {
            bucket,
            case: around.summary(app, actor, plan)?,
            assignee: items.iter().find_map(|(_, name)| name.clone()),
            escalations: items.into_iter().map(|(item, _)| item).collect(),
            next_due: facts.next_due,
            waiting_since: facts.waiting_since,
        });
    }
    audit::record(conn, app, actor, Entry::new("aftercare.worklist_viewed").fields(&["patient", "urgency"])).await?;
    Ok(Page::new(data, page, total))
}

/// An open item with the name of who works on it.
struct Open(workflows::Model, Option<String>);

impl FromQueryResult for Open {
    fn from_query_result(row: &QueryResult, prefix: &str) -> Result<Self, sea_orm::DbErr> {
        let name = |first: &str, last: &str| -> Result<Option<String>, sea_orm::DbErr> {
            let first: Option<String> = row.try_get(prefix, first)?;
            let last: Option<String> = row.try_get(prefix, last)?;
            Ok(first.zip(last).map(|(first, last)| format!("{first} {last}")))
        };
        let staff = name("staff_first", "staff_last")?;
        let clinic = name("clinic_first", "clinic_last")?;
        Ok(Self(workflows::Model::from_query_result(row, prefix)?, staff.or(clinic)))
    }
}

/// The open items by case, with the name of who works on each, in one statement.
async fn open_items(
    conn: &impl ConnectionTrait,
) -> AppResult<HashMap<AfterCareId, Vec<(EscalationView, Option<String>)>>> {
    // Only here: its names would hide those of numbers and instants.
    use sea_orm::sea_query::ExprTrait;

    let is = |kind: AftercareWorkflowAssignedToType| {
        Condition::all().add(Expr::col((workflows::Entity, workflows::Column::AssignedToType)).eq(kind.to_value()))
    };
    let staff: RelationDef = workflows::Entity::belongs_to(users::Entity)
        .from(workflows::Column::AssignedToId)
        .to(users::Column::Id)
        .on_condition(move |_, _| is(AftercareWorkflowAssignedToType::User))
        .into();
    let clinic: RelationDef = workflows::Entity::belongs_to(provider_users::Entity)
        .from(workflows::Column::AssignedToId)
        .to(provider_users::Column::Id)
        .on_condition(move |_, _| is(AftercareWorkflowAssignedToType::ProviderUser))
        .into();
    let rows = workflows::Entity::find()
        .join(JoinType::LeftJoin, staff)
        .join(JoinType::LeftJoin, clinic)
        .column_as(users::Column::Firstname, "staff_first")
        .column_as(users::Column::Lastname, "staff_last")
        .column_as(provider_users::Column::Firstname, "clinic_first")
        .column_as(provider_users::Column::Lastname, "clinic_last")
        .filter(workflows::Column::WorkflowType.eq(AftercareWorkflowType::Escalation))
        .filter(workflows::Column::Status.is_in([AftercareWorkflowStatus::Open, AftercareWorkflowStatus::Acknowledged]))
        // `clinical` before `overdue_tasks`.
        .order_by_asc(workflows::Column::ReasonCode)
        .order_by_asc(workflows::Column::Id)
        .into_model::<Open>()
        .all(conn)
        .await?;
    let mut items: HashMap<_, Vec<_>> = HashMap::new();
    for Open(row, name) in rows {
        if let Some(case) = row.after_care_id {
            items.entry(case).or_default().push((view(row), name));
        }
    }
    Ok(items)
}

/// An item as the team sees it.
pub fn view(row: workflows::Model) -> EscalationView {
    EscalationView {
        id: row.id,
        reason_code: row.reason_code,
        status: row.status,
        priority: row.priority,
        level: row.level,
        due_at: row.due_at,
        acknowledged_at: row.acknowledged_at,
        assigned_to_type: row.assigned_to_type.map(|kind| kind.to_value()),
        assigned_to_id: row.assigned_to_id,
        outcome: row.outcome,
        created_at: row.created_at,
    }
}

type Running = (Vec<after_cares::Model>, HashMap<AfterCareId, Timestamp>);

/// The running cases, and since when their patients wait for an answer.
async fn running(conn: &impl ConnectionTrait) -> AppResult<Running> {
    let waits = conversations::Relation::AfterCare.def().rev().on_condition(|_, _| {
        Condition::all()
            .add(conversations::Column::Kind.eq(AftercareConversationKind::PatientTeam))
            .add(conversations::Column::AwaitingReplySince.is_not_null())
    });
    let rows = after_cares::Entity::find()
        .filter(after_cares::Column::Status.ne(AfterCareStatus::Completed))
        .filter(after_cares::Column::EndedAt.is_null())
        .join(JoinType::LeftJoin, waits)
        .select_also(conversations::Entity)
        .all(conn)
        .await?;
    let mut cases: HashMap<AfterCareId, after_cares::Model> = HashMap::with_capacity(rows.len());
    let mut since: HashMap<AfterCareId, Timestamp> = HashMap::new();
    for (case, waiting) in rows {
        if let Some(at) = waiting.and_then(|row| row.awaiting_reply_since) {
            let oldest = since.entry(case.id).or_insert(at);
            *oldest = at.min(*oldest);
        }
        cases.insert(case.id, case);
    }
    Ok((cases.into_values().collect(), since))
}
