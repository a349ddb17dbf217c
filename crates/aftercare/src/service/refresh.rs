//! What the dates change by themselves: states, percentages, overdue work, the end of a case (section 4, R-AC-47).

use kernel::ids::AfterCareId;
use kernel::{Actor, AppResult};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::outbox::{self, Event};
use quoting::entity::quotes;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use serde_json::json;

use crate::access;
use crate::entity::after_cares::{self, AfterCareStatus};
use crate::entity::aftercare_milestones;
use crate::plan::Plan;
use crate::rules::slots::ESCALATED_AFTER;
use crate::service::escalation;

/// Cases looked at in one go.
const BATCH: u64 = 100;

/// Writes down where a locked, active case stands now. Doing it again changes nothing.
pub async fn refresh(txn: &Txn, app: &App, actor: &Actor, case: after_cares::Model) -> AppResult<Plan> {
    let now = app.now();
    let plan = Plan::load(txn, case).await?;
    let today = plan.today(now);
    let standing = plan.standing(today);
    for (row, (completion, status)) in plan.milestones.iter().zip(&standing.milestones) {
        if row.completion_percentage == *completion && row.milestone_status == *status {
            continue;
        }
        aftercare_milestones::Entity::update_many()
            .set(aftercare_milestones::ActiveModel {
                completion_percentage: Set(*completion),
                milestone_status: Set(*status),
                updated_at: Set(now),
                ..Default::default()
            })
            .filter(aftercare_milestones::Column::Id.eq(row.id))
            .exec(txn)
            .await?;
    }
    let case = &plan.case;
    if case.recovery_percentage != standing.recovery || case.recovery_stage != standing.stage {
        let change = after_cares::ActiveModel {
            recovery_percentage: Set(standing.recovery),
            recovery_stage: Set(standing.stage.clone()),
            updated_at: Set(now),
            ..Default::default()
        };
        write(txn, case, change).await?;
    }
    let escalated = plan.oldest_overdue(today).is_some_and(|due| (today - due).num_days() >= ESCALATED_AFTER);
    escalation::follow_overdue(txn, app, actor, case, escalated, plan.oldest_overdue(today).is_none()).await?;
    if standing.is_over && case.status == AfterCareStatus::Active {
        finish(txn, app, actor, case).await?;
    }
    Ok(plan)
}

async fn write(txn: &Txn, case: &after_cares::Model, change: after_cares::ActiveModel) -> AppResult<()> {
    after_cares::Entity::update_many().set(change).filter(after_cares::Column::Id.eq(case.id)).exec(txn).await?;
    Ok(())
}

/// Everything is done and the last day is over. The booking itself ends with the patient's review.
async fn finish(txn: &Txn, app: &App, actor: &Actor, case: &after_cares::Model) -> AppResult<()> {
    let now = app.now();
    let change = after_cares::ActiveModel {
        status: Set(AfterCareStatus::Completed),
        completed_at: Set(Some(now)),
        lock_version: Set(case.lock_version + 1),
        updated_at: Set(now),
        ..Default::default()
    };
    write(txn, case, change).await?;
    let mut entry = Entry::new("aftercare.completed")
        .subject("AfterCare", case.id)
        .patient(case.patient_id)
        .provider(case.provider_id)
        .change(Some(json!({ "status": "active" })), Some(json!({ "status": "completed" })));
    let mut event = Event::new("aftercare.case_completed", "AfterCare", case.id)
        .occurrence("once")
        .with("case_id", case.id)
        .with("patient_id", case.patient_id)
        .with("provider_id", case.provider_id);
    if let Some(quote) = case.quote_id {
        entry = entry.quote(quote);
        event = event.with("quote_id", quote);
        if let Some(row) = quotes::Entity::find_by_id(quote).one(txn).await? {
            event = event.with("inquiry_id", row.inquiry_id);
            let metadata = json!({ "quote_id": quote, "provider_id": case.provider_id, "case_id": case.id });
            inquiry::timeline::record(txn, app, actor, row.inquiry_id, "aftercare_completed", metadata).await?;
        }
    }
    audit::record(txn, app, actor, entry).await?;
    outbox::emit(txn, app, actor, event).await
}

/// Brings every active case up to date. One case that fails does not hold up the others.
pub async fn refresh_all(app: &App) -> AppResult<()> {
    let mut after: Option<AfterCareId> = None;
    loop {
        let mut query = after_cares::Entity::find()
            .select_only()
            .column(after_cares::Column::Id)
            .filter(after_cares::Column::Status.eq(AfterCareStatus::Active))
            .order_by_asc(after_cares::Column::Id)
            .limit(BATCH);
        if let Some(after) = after {
            query = query.filter(after_cares::Column::Id.gt(after));
        }
        let ids: Vec<AfterCareId> = query.into_tuple().all(app.db.conn()).await?;
        let Some(last) = ids.last() else { return Ok(()) };
        after = Some(*last);
        for id in ids {
            if let Err(error) = refresh_one(app, id).await {
                tracing::error!(aftercare.id = %id, %error, "an aftercare case cannot be brought up to date");
            }
        }
    }
}

async fn refresh_one(app: &App, id: AfterCareId) -> AppResult<()> {
    let actor = Actor::system();
    platform::write_txn!(app.db, |txn| {
        let case = access::lock(txn, id).await?;
        if case.status == AfterCareStatus::Active {
            refresh(txn, app, &actor, case).await?;
        }
        Ok(())
    })
}
