//! Alarms and late work: opened once, taken, raised, resolved, never forgotten (R-AC-43 to R-AC-47).

use chrono::Duration;
use kernel::ids::{AfterCareId, AftercareQuestionnaireResponseId, AftercareWorkflowId, AftercareWorkflowStepId};
use kernel::{Actor, ActorKind, AppError, AppResult, Permission};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::outbox::{self, Event};
use sea_orm::{
    ActiveEnum, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};
use serde::Deserialize;
use serde_json::json;

use crate::access;
use crate::entity::after_cares;
use crate::entity::aftercare_workflow_steps::{self as steps, AftercareWorkflowStepType};
use crate::entity::aftercare_workflows::{
    self as workflows, AftercareWorkflowAssignedToType, AftercareWorkflowPriority, AftercareWorkflowStatus,
    AftercareWorkflowTriggerSource, AftercareWorkflowType,
};
use crate::rules::urgency::{self, Hit};
use crate::service::{by, team};
use crate::settings;

/// Reason of an alarm after a dangerous answer.
pub const CLINICAL: &str = "clinical";
/// Reason of work that is late.
pub const OVERDUE: &str = "overdue_tasks";

/// How an alarm may end.
pub const OUTCOMES: [&str; 6] =
    ["advised", "medication_changed", "consultation_booked", "local_visit", "to_provider", "false_alarm"];

/// The unique word of the one open item of a kind for a case.
pub fn open_key(reason: &str, case: AfterCareId) -> String {
    format!("{reason}:{case}")
}

/// A dangerous answer opens an alarm, or adds to the one that is open without moving its time. In the transaction of
/// the answer, under the lock of the case.
pub async fn raise_alarm(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    case: &after_cares::Model,
    response: AftercareQuestionnaireResponseId,
    hits: &[Hit],
) -> AppResult<()> {
    let values = Some(json!({ "response_id": response, "hits": hits }));
    if let Some(open) = open_item(txn, CLINICAL, case.id).await? {
        return step(txn, app, actor, open.id, AftercareWorkflowStepType::FlagAdded, None, values).await;
    }
    let due_at = app.now() + Duration::minutes(settings::ESCALATION_MINUTES.get(app).await?);
    let item = New {
        reason: CLINICAL,
        priority: AftercareWorkflowPriority::Urgent,
        source: AftercareWorkflowTriggerSource::Patient,
        due_at: Some(due_at),
        response: Some(response),
        values,
    };
    open(txn, app, actor, case, item).await
}

/// Late work by three days opens an item, one for each case; it resolves by itself when nothing is late.
pub async fn follow_overdue(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    case: &after_cares::Model,
    escalated: bool,
    nothing_late: bool,
) -> AppResult<()> {
    match open_item(txn, OVERDUE, case.id).await? {
        None if escalated => {
            let item = New {
                reason: OVERDUE,
                priority: AftercareWorkflowPriority::High,
                source: AftercareWorkflowTriggerSource::System,
                due_at: None,
                response: None,
                values: None,
            };
            open(txn, app, actor, case, item).await
        }
        Some(found) if nothing_late => {
            let change = workflows::ActiveModel {
                status: Set(AftercareWorkflowStatus::Resolved),
                resolved_at: Set(Some(app.now())),
                outcome: Set(Some("done".to_owned())),
                open_key: Set(None),
                ..Default::default()
            };
            write(txn, app, &found, change).await?;
            step(txn, app, &Actor::system(), found.id, AftercareWorkflowStepType::Resolved, None, None).await
        }
        _ => Ok(()),
    }
}

struct New {
    reason: &'static str,
    priority: AftercareWorkflowPriority,
    source: AftercareWorkflowTriggerSource,
    due_at: Option<kernel::Timestamp>,
    response: Option<AftercareQuestionnaireResponseId>,
    values: Option<serde_json::Value>,
}

async fn open(txn: &Txn, app: &App, actor: &Actor, case: &after_cares::Model, new: New) -> AppResult<()> {
    let now = app.now();
    let id = AftercareWorkflowId::new();
    let specialist = team::specialist_of(txn, case.id).await?;
    let row = workflows::ActiveModel {
        id: Set(id),
        after_care_id: Set(Some(case.id)),
        standalone_request_id: Set(None),
        quote_id: Set(case.quote_id),
        workflow_type: Set(AftercareWorkflowType::Escalation),
        status: Set(AftercareWorkflowStatus::Open),
        priority: Set(new.priority),
        reason_code: Set(new.reason.to_owned()),
        summary: Set(None),
        trigger_source: Set(new.source),
        opened_by_type: Set(Some(by(actor)?)),
        opened_by_id: Set(actor.reference().1),
        assigned_to_type: Set(specialist.map(|_| AftercareWorkflowAssignedToType::User)),
        assigned_to_id: Set(specialist.map(|user| user.any())),
        level: Set(1),
        due_at: Set(new.due_at),
        acknowledged_at: Set(None),
        resolved_at: Set(None),
        outcome: Set(None),
        outcome_note: Set(None),
        source_response_id: Set(new.response),
        payload: Set(None),
        open_key: Set(Some(open_key(new.reason, case.id))),
        created_at: Set(now),
        updated_at: Set(now),
    };
    workflows::Entity::insert(row).exec_without_returning(txn).await?;
    step(txn, app, actor, id, AftercareWorkflowStepType::Opened, None, new.values).await?;
    let entry = Entry::new("aftercare.escalation_opened")
        .subject("AftercareWorkflow", id)
        .patient(case.patient_id)
        .provider(case.provider_id)
        .change(None, Some(json!({ "reason_code": new.reason, "level": 1 })));
    audit::record(txn, app, actor, entry).await?;
    let event = about(case, "aftercare.escalation_triggered", id)
        .occurrence("once")
        .with("level", 1)
        .with("priority", new.priority)
        .with("reason_code", new.reason)
        .with("due_at", new.due_at);
    outbox::emit(txn, app, actor, event).await
}

fn about(case: &after_cares::Model, key: &'static str, id: AftercareWorkflowId) -> Event {
    Event::new(key, "AftercareWorkflow", id)
        .with("workflow_id", id)
        .with("case_id", case.id)
        .with("patient_id", case.patient_id)
        .with("provider_id", case.provider_id)
        .with("quote_id", case.quote_id)
}

/// The open item of a kind for a case.
async fn open_item(
    conn: &impl ConnectionTrait,
    reason: &str,
    case: AfterCareId,
) -> AppResult<Option<workflows::Model>> {
    let key = workflows::Column::OpenKey.eq(open_key(reason, case));
    Ok(workflows::Entity::find().filter(key).one(conn).await?)
}

async fn write(txn: &Txn, app: &App, row: &workflows::Model, mut change: workflows::ActiveModel) -> AppResult<()> {
    change.updated_at = Set(app.now());
    workflows::Entity::update_many().set(change).filter(workflows::Column::Id.eq(row.id)).exec(txn).await?;
    Ok(())
}

/// Appends to an item's history, under the lock of its case.
async fn step(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    workflow: AftercareWorkflowId,
    kind: AftercareWorkflowStepType,
    note: Option<&str>,
    values_after: Option<serde_json::Value>,
) -> AppResult<()> {
    let last: Option<i32> = steps::Entity::find()
        .select_only()
        .column(steps::Column::StepIndex)
        .filter(steps::Column::WorkflowId.eq(workflow))
        .order_by_desc(steps::Column::StepIndex)
        .into_tuple()
        .one(txn)
        .await?;
    let row = steps::ActiveModel {
        id: Set(AftercareWorkflowStepId::new()),
        workflow_id: Set(workflow),
        step_index: Set(last.unwrap_or(0) + 1),
        step_type: Set(kind),
        actor_type: Set(by(actor)?),
        actor_id: Set(actor.reference().1),
        // The table is append-only: its rows are never written again, not even with a new key.
        note: Set(note.map(|note| app.keys.seal_lasting(&note.to_owned()))),
        values_before: Set(None),
        values_after: Set(values_after.map(|values| app.keys.seal_lasting(&values))),
        created_at: Set(app.now()),
    };
    steps::Entity::insert(row).exec_without_returning(txn).await?;
    Ok(())
}

/// An item with its case under lock, for a member of the team: Hairline's aftercare staff, or, from level 3 on, the
/// clinic (section 6).
async fn lock_item(
    txn: &Txn,
    actor: &Actor,
    id: AftercareWorkflowId,
) -> AppResult<(workflows::Model, after_cares::Model)> {
    if !actor.is_signed_in() {
        return Err(AppError::unauthenticated());
    }
    let row = workflows::Entity::find_by_id(id).one(txn).await?.ok_or_else(AppError::not_found)?;
    let case = access::lock(txn, row.after_care_id.ok_or_else(AppError::not_found)?).await?;
    // Read again under the case's lock: somebody may just have changed it.
    let row = workflows::Entity::find_by_id(id).one(txn).await?.ok_or_else(AppError::not_found)?;
    match actor.kind {
        ActorKind::Admin(_) => actor.require(Permission::ManageAftercare)?,
        ActorKind::Provider { provider, .. } if provider == case.provider_id => {
            actor.require(Permission::ManageAftercarePlan)?;
            if row.level < 3 {
                return Err(AppError::forbidden());
            }
        }
        _ => return Err(AppError::not_found()),
    }
    Ok((row, case))
}

/// Somebody takes an alarm. Taking it again changes nothing: the second sees who did.
pub async fn acknowledge(app: &App, actor: &Actor, id: AftercareWorkflowId) -> AppResult<()> {
    platform::write_txn!(app.db, |txn| {
        let (row, case) = lock_item(txn, actor, id).await?;
        if row.status != AftercareWorkflowStatus::Open {
            return Ok(());
        }
        let change = workflows::ActiveModel {
            status: Set(AftercareWorkflowStatus::Acknowledged),
            acknowledged_at: Set(Some(app.now())),
            assigned_to_type: Set(Some(by(actor)?)),
            assigned_to_id: Set(actor.reference().1),
            ..Default::default()
        };
        write(txn, app, &row, change).await?;
        step(txn, app, actor, id, AftercareWorkflowStepType::Acknowledged, None, None).await?;
        record(txn, app, actor, &case, id, "aftercare.escalation_acknowledged").await
    })
}

/// What a member of the team did or saw.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewStep {
    /// `patient_contacted` or `note`.
    pub step_type: StepWord,
    /// In words, at most 2000 characters.
    pub note: String,
}

/// The steps people add by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StepWord {
    /// Somebody spoke with the patient.
    PatientContacted,
    /// A remark.
    Note,
}

/// Adds a step to an open item.
pub async fn add_step(app: &App, actor: &Actor, id: AftercareWorkflowId, new: &NewStep) -> AppResult<()> {
    let note = new.note.trim();
    if note.is_empty() || note.chars().count() > 2000 {
        return Err(AppError::field("note", "text_length", "Write 1 to 2000 characters."));
    }
    let kind = match new.step_type {
        StepWord::PatientContacted => AftercareWorkflowStepType::PatientContacted,
        StepWord::Note => AftercareWorkflowStepType::Note,
    };
    platform::write_txn!(app.db, |txn| {
        let (row, case) = lock_item(txn, actor, id).await?;
        require_open(&row)?;
        step(txn, app, actor, id, kind, Some(note), None).await?;
        record(txn, app, actor, &case, id, "aftercare.escalation_step_added").await
    })
}

/// How an alarm ended.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Resolution {
    /// `advised`, `medication_changed`, `consultation_booked`, `local_visit`, `to_provider` or `false_alarm`.
    pub outcome: Option<String>,
    /// In words, at most 2000 characters.
    pub note: Option<String>,
}

/// Ends an alarm: somebody spoke with the patient and says what came of it (R-AC-45). Hairline's staff only.
pub async fn resolve(app: &App, actor: &Actor, id: AftercareWorkflowId, ask: &Resolution) -> AppResult<()> {
    platform::write_txn!(app.db, |txn| {
        let (row, case) = lock_item(txn, actor, id).await?;
        actor.admin()?;
        require_open(&row)?;
        let contacted = steps::Entity::find()
            .filter(steps::Column::WorkflowId.eq(id))
            .filter(steps::Column::StepType.eq(AftercareWorkflowStepType::PatientContacted))
            .count(txn)
            .await?;
        let outcome = ask.outcome.as_deref().filter(|outcome| OUTCOMES.contains(outcome));
        let (Some(outcome), true) = (outcome, contacted > 0) else {
            return Err(AppError::invalid(
                "resolution_incomplete",
                "Speak with the patient, add that step, and say what came of it.",
            ));
        };
        let note = ask.note.as_deref().map(str::trim).filter(|note| !note.is_empty());
        let change = workflows::ActiveModel {
            status: Set(AftercareWorkflowStatus::Resolved),
            resolved_at: Set(Some(app.now())),
            outcome: Set(Some(outcome.to_owned())),
            outcome_note: Set(note.map(|note| app.keys.seal(&note.to_owned()))),
            open_key: Set(None),
            ..Default::default()
        };
        write(txn, app, &row, change).await?;
        step(txn, app, actor, id, AftercareWorkflowStepType::Resolved, note, None).await?;
        record(txn, app, actor, &case, id, "aftercare.escalation_resolved").await?;
        let event = about(&case, "aftercare.escalation_resolved", id).occurrence("once").with("outcome", outcome);
        outbox::emit(txn, app, actor, event).await
    })
}

fn require_open(row: &workflows::Model) -> AppResult<()> {
    match row.status {
        AftercareWorkflowStatus::Open | AftercareWorkflowStatus::Acknowledged => Ok(()),
        _ => Err(AppError::conflict("invalid_status", "This item is closed.")),
    }
}

async fn record(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    case: &after_cares::Model,
    id: AftercareWorkflowId,
    action: &'static str,
) -> AppResult<()> {
    let entry = Entry::new(action).subject("AftercareWorkflow", id).patient(case.patient_id).provider(case.provider_id);
    audit::record(txn, app, actor, entry).await
}

/// Raises every alarm nobody took in time (R-AC-44). Safe late and twice: the level follows from the clock.
pub async fn raise_due(app: &App) -> AppResult<()> {
    let due = workflows::Entity::find()
        .filter(workflows::Column::WorkflowType.eq(AftercareWorkflowType::Escalation))
        .filter(workflows::Column::Status.eq(AftercareWorkflowStatus::Open))
        .filter(workflows::Column::ReasonCode.eq(CLINICAL))
        .filter(workflows::Column::Level.lt(3))
        .filter(workflows::Column::DueAt.lte(app.now()))
        .order_by_asc(workflows::Column::DueAt)
        .limit(200)
        .all(app.db.conn())
        .await?;
    for row in due {
        if let Err(error) = raise_one(app, &row).await {
            tracing::error!(workflow.id = %row.id, %error, "an alarm cannot be raised");
        }
    }
    Ok(())
}

async fn raise_one(app: &App, seen: &workflows::Model) -> AppResult<()> {
    let actor = Actor::system();
    let period = Duration::minutes(settings::ESCALATION_MINUTES.get(app).await?);
    platform::write_txn!(app.db, |txn| {
        let Some(case) = seen.after_care_id else { return Ok(()) };
        let case = access::lock(txn, case).await?;
        let found = workflows::Entity::find_by_id(seen.id).one(txn).await?;
        let Some(row) = found.filter(|row| row.status == AftercareWorkflowStatus::Open) else { return Ok(()) };
        let level = urgency::level(row.created_at, period, app.now());
        if level <= row.level {
            return Ok(());
        }
        let due_at = row.created_at + period * i32::from(level);
        let change = workflows::ActiveModel { level: Set(level), due_at: Set(Some(due_at)), ..Default::default() };
        write(txn, app, &row, change).await?;
        let values = Some(json!({ "from": row.level, "to": level }));
        step(txn, app, &actor, row.id, AftercareWorkflowStepType::LevelRaised, None, values).await?;
        record(txn, app, &actor, &case, row.id, "aftercare.escalation_raised").await?;
        let event = about(&case, "aftercare.escalation_raised", row.id)
            .occurrence(level)
            .with("level", level)
            .with("priority", row.priority.to_value())
            .with("due_at", due_at);
        outbox::emit(txn, app, &actor, event).await
    })
}
