//! What staff and clinics do with a request that is paid (section 4, R-AC-58, R-AC-60).

use chrono_tz::Tz;
use directory::entity::providers::{self, ProviderStatus};
use identity::anonymity;
use kernel::ids::{AfterCareId, AftercareMilestoneTemplateId, ProviderId, StandaloneAftercareRequestId};
use kernel::{Actor, ActorKind, AppError, AppResult, FieldErrors, Money, Permission};
use payments::service::aftercare as money;
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::outbox::{self, Event};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Set};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Refusal, RequestStatus, event, is_final, is_paid, lock, record, refuse, requests, write};
use crate::entity::after_cares;
use crate::entity::aftercare_milestone_templates::{self as templates, AftercareMilestoneTemplateStatus};
use crate::entity::aftercare_templates as offerings;
use crate::service::activate::{NewCase, Origin, write_case};

fn staff(actor: &Actor) -> AppResult<kernel::ids::UserId> {
    let user = actor.admin()?;
    actor.require(Permission::ManageAftercare)?;
    Ok(user)
}

fn reasoned(text: &str) -> AppResult<String> {
    let text = text.trim();
    let mut faults = FieldErrors::new();
    match text.chars().count() {
        0 => faults.add("reason", "reason_required", "Say why."),
        1..=500 => {}
        _ => faults.add("reason", "too_long", "At most 500 characters."),
    }
    faults.check()?;
    Ok(text.to_owned())
}

/// Gives a paid request to a clinic, or to another one. That clinic knows who the patient is from then on (R-ID-58).
///
/// Errors: 403; 404; 409 `request_not_paid`, `request_final`, `stale_version`, `provider_inactive`.
pub async fn assign(
    app: &App,
    actor: &Actor,
    id: StandaloneAftercareRequestId,
    (provider, seen): (ProviderId, i32),
) -> AppResult<()> {
    let user = staff(actor)?;
    platform::write_txn!(app.db, |txn| {
        let row = lock(txn, id).await?;
        open(&row)?;
        if row.lock_version != seen {
            return Err(AppError::stale_version().with("current_version", row.lock_version));
        }
        if !is_paid(&row) {
            return Err(AppError::conflict("request_not_paid", "The first payment has not arrived yet."));
        }
        if row.assigned_provider_id == Some(provider) {
            return Ok(());
        }
        let clinic = providers::Entity::find_by_id(provider).one(txn).await?.ok_or_else(AppError::not_found)?;
        if clinic.status != ProviderStatus::Active {
            return Err(AppError::conflict("provider_inactive", "This clinic takes nobody at the moment."));
        }
        let change = requests::ActiveModel {
            request_status: Set(RequestStatus::Assigned),
            assigned_provider_id: Set(Some(provider)),
            assigned_by_admin_id: Set(Some(user)),
            assigned_at: Set(Some(app.now())),
            awaiting_provider: Set(false),
            ..Default::default()
        };
        let known = anonymity::pairs(txn, row.patient_id).await?;
        write(txn, app, &row, change).await?;
        anonymity::follow(txn, app, actor, known).await?;
        record(txn, app, actor, &row, ("aftercare.request_assigned", None)).await?;
        let row = requests::Model { assigned_provider_id: Some(provider), ..row };
        let told = event("aftercare.standalone_assigned", &row).occurrence(row.lock_version + 1);
        outbox::emit(txn, app, actor, told).await
    })
}

/// Stops the clock of a request that waits for a clinic's answer, or lets it run again.
///
/// Errors: 403; 404; 409 `request_not_paid`, `request_with_clinic`, `request_final`.
pub async fn hold(app: &App, actor: &Actor, id: StandaloneAftercareRequestId, waits: bool) -> AppResult<()> {
    staff(actor)?;
    platform::write_txn!(app.db, |txn| {
        let row = lock(txn, id).await?;
        open(&row)?;
        if !is_paid(&row) {
            return Err(AppError::conflict("request_not_paid", "The first payment has not arrived yet."));
        }
        if row.request_status == RequestStatus::Assigned {
            return Err(AppError::conflict("request_with_clinic", "A clinic has it already."));
        }
        if row.awaiting_provider == waits {
            return Ok(());
        }
        let change = requests::ActiveModel {
            awaiting_provider: Set(waits),
            // Who lets it run again starts it anew.
            waiting_since: Set(if waits { row.waiting_since } else { Some(app.now()) }),
            ..Default::default()
        };
        write(txn, app, &row, change).await?;
        record(txn, app, actor, &row, ("aftercare.request_held", None)).await
    })
}

/// The clinic it was given to does not take it; it waits for another one.
///
/// Errors: 403; 404 for another clinic's; 409 `request_final`; 422 `reason`.
pub async fn decline(app: &App, actor: &Actor, id: StandaloneAftercareRequestId, reason: &str) -> AppResult<()> {
    let (_, provider) = actor.provider()?;
    actor.require(Permission::ManageAftercarePlan)?;
    let reason = reasoned(reason);
    platform::write_txn!(app.db, |txn| {
        let row = lock(txn, id).await?;
        if row.assigned_provider_id != Some(provider) {
            return Err(AppError::not_found());
        }
        open(&row)?;
        let reason = match &reason {
            Ok(reason) => reason.clone(),
            Err(error) => return Err(AppError::fields(error.fields.clone())),
        };
        release(txn, app, actor, &row, ("aftercare.request_declined", &reason)).await?;
        let told = event("aftercare.request_declined", &row).occurrence(row.lock_version + 1).with("reason", &reason);
        outbox::emit(txn, app, actor, told).await
    })
}

/// Staff take a request back from its clinic; it waits for another one.
///
/// Errors: 403; 404; 409 `request_not_assigned`, `request_final`; 422 `reason`.
pub async fn take_back(app: &App, actor: &Actor, id: StandaloneAftercareRequestId, reason: &str) -> AppResult<()> {
    staff(actor)?;
    let reason = reasoned(reason)?;
    platform::write_txn!(app.db, |txn| {
        let row = lock(txn, id).await?;
        open(&row)?;
        if row.request_status != RequestStatus::Assigned {
            return Err(AppError::conflict("request_not_assigned", "No clinic has it."));
        }
        release(txn, app, actor, &row, ("aftercare.request_taken_back", &reason)).await
    })
}

/// Back to those that wait for a clinic, with a new clock (section 4).
async fn release(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    row: &requests::Model,
    (action, reason): (&'static str, &str),
) -> AppResult<()> {
    let change = requests::ActiveModel {
        request_status: Set(RequestStatus::Pending),
        assigned_provider_id: Set(None),
        assigned_by_admin_id: Set(None),
        assigned_at: Set(None),
        awaiting_provider: Set(false),
        waiting_since: Set(Some(app.now())),
        ..Default::default()
    };
    let known = anonymity::pairs(txn, row.patient_id).await?;
    write(txn, app, row, change).await?;
    anonymity::follow(txn, app, actor, known).await?;
    record(txn, app, actor, row, (action, Some(reason))).await
}

/// Staff refuse a request; everything that was paid goes back (R-AC-62). Answers how much.
///
/// Errors: 403; 404; 409 `request_final`; 422 `reason`.
pub async fn reject(
    app: &App,
    actor: &Actor,
    id: StandaloneAftercareRequestId,
    reason: &str,
) -> AppResult<Option<Money>> {
    staff(actor)?;
    let reason = reasoned(reason)?;
    platform::write_txn!(app.db, |txn| {
        let row = lock(txn, id).await?;
        open(&row)?;
        refuse(txn, app, actor, &row, (Refusal::Admin, Some(&reason))).await
    })
}

pub(super) fn open(row: &requests::Model) -> AppResult<()> {
    match row.request_status {
        RequestStatus::Pending | RequestStatus::Assigned => Ok(()),
        RequestStatus::Activated | RequestStatus::Rejected => Err(is_final()),
    }
}

/// With which plan a request begins.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Activation {
    /// Another plan of the same length; the one that was bought when left out.
    #[serde(default)]
    pub template_id: Option<AftercareMilestoneTemplateId>,
}

/// Makes the plan of a request: its clinic does, or staff for it (R-AC-10, R-AC-60). Day 1 is today at the clinic.
///
/// Errors: 403; 404; 409 `request_not_assigned`, `payment_required`, `aftercare_exists` with the case, `request_final`; 422
/// `template_inactive`, `template_duration_mismatch`.
pub async fn activate(
    app: &App,
    actor: &Actor,
    id: StandaloneAftercareRequestId,
    ask: Activation,
) -> AppResult<AfterCareId> {
    let clinic = match actor.kind {
        ActorKind::Provider { provider, .. } => {
            actor.require(Permission::ManageAftercarePlan)?;
            Some(provider)
        }
        _ => {
            staff(actor)?;
            None
        }
    };
    platform::write_txn!(app.db, |txn| {
        let row = lock(txn, id).await?;
        if clinic.is_some() && row.assigned_provider_id != clinic {
            return Err(AppError::not_found());
        }
        if row.request_status == RequestStatus::Activated {
            let case = after_cares::Column::StandaloneRequestId.eq(id);
            let case = after_cares::Entity::find().filter(case).one(txn).await?.map(|case| case.id);
            return Err(AppError::conflict("aftercare_exists", "It has begun already.").with("case_id", case));
        }
        open(&row)?;
        let provider = row.assigned_provider_id.filter(|_| row.request_status == RequestStatus::Assigned);
        let provider =
            provider.ok_or_else(|| AppError::conflict("request_not_assigned", "Give it to a clinic first."))?;
        let template = template_of(txn, &row, ask).await?;
        begin(txn, app, actor, &row, provider, template).await
    })
}

async fn template_of(
    conn: &impl ConnectionTrait,
    row: &requests::Model,
    ask: Activation,
) -> AppResult<AftercareMilestoneTemplateId> {
    let bought = match row.aftercare_template_id {
        Some(id) => offerings::Entity::find_by_id(id).one(conn).await?.map(|offering| offering.milestone_template_id),
        None => None,
    };
    let id = ask
        .template_id
        .or(bought)
        .ok_or_else(|| AppError::field("template_id", "template_required", "Choose a plan."))?;
    let found = templates::Entity::find_by_id(id).one(conn).await?;
    let template = found.ok_or_else(|| AppError::field("template_id", "unknown_value", "There is no such plan."))?;
    // What was bought may have been switched off since; whoever bought it gets it.
    if template.status != AftercareMilestoneTemplateStatus::Active && ask.template_id.is_some() {
        return Err(AppError::field("template_id", "template_inactive", "This plan is switched off."));
    }
    if template.duration_months != row.duration_months {
        let text = "The plan is not as long as what was bought.";
        return Err(AppError::field("template_id", "template_duration_mismatch", text));
    }
    Ok(id)
}

async fn begin(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    row: &requests::Model,
    provider: ProviderId,
    template: AftercareMilestoneTemplateId,
) -> AppResult<AfterCareId> {
    let clinic = providers::Entity::find_by_id(provider).one(txn).await?.ok_or_else(AppError::not_found)?;
    let zone: Tz = clinic.timezone.as_deref().and_then(|name| name.parse().ok()).unwrap_or(chrono_tz::UTC);
    let start = app.now().with_timezone(&zone).date_naive();
    let lead = match actor.kind {
        ActorKind::Provider { user, .. } => Some(user),
        _ => None,
    };
    let new = NewCase { patient: row.patient_id, provider, template, start, zone, lead, origin: Origin::Request(row) };
    let case = write_case(txn, app, &new).await?;
    let months = u32::try_from(row.duration_months).map_err(AppError::internal)?;
    money::activate(txn, app, row.id, (case, provider), (start, months)).await?;
    super::heard::pause_if_owed(txn, app, row.id).await?;
    let change = requests::ActiveModel {
        request_status: Set(RequestStatus::Activated),
        activated_at: Set(Some(app.now())),
        open_key: Set(None),
        ..Default::default()
    };
    write(txn, app, row, change).await?;
    let entry = Entry::new("aftercare.activated")
        .subject("AfterCare", case)
        .patient(row.patient_id)
        .provider(provider)
        .change(None, Some(json!({ "template_id": template, "start_date": start, "request_id": row.id })));
    audit::record(txn, app, actor, entry).await?;
    let told = Event::new("aftercare.activated", "AfterCare", case)
        .occurrence("once")
        .with("case_id", case)
        .with("request_id", row.id)
        .with("patient_id", row.patient_id)
        .with("provider_id", provider)
        .with("template_id", template)
        .with("start_date", start);
    outbox::emit(txn, app, actor, told).await?;
    Ok(case)
}
