//! What Hairline's staff do to a request: ask more clinics, take one away, move a deadline, put a finished case away
//! (R-IQ-27, R-IQ-28). Every act has a reason, which stays in the audit log.

use chrono::{DateTime, Duration, Utc};
use kernel::ids::{InquiryId, ProviderId};
use kernel::{Actor, AppError, AppResult, Permission};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::outbox::{self, Event};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};
use serde::Deserialize;
use serde_json::{Value, json};

use super::submit::{accepting_among, active_of};
use super::{places, reasoned};
use crate::case::{self, already_active};
use crate::distribution::{self, LIVE, OPEN, places_left};
use crate::entity::inquiries::{self, InquiryStatus};
use crate::entity::inquiry_providers::{self as rows, InquiryProviderSource, InquiryProviderStatus};
use crate::limits::Limits;
use crate::rules::stage;
use crate::timeline;

/// How far ahead a deadline may be set.
const FARTHEST: Duration = Duration::days(30);

/// Why staff act.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActInput {
    /// 10 to 500 characters.
    #[schema(example = "The patient asked for a wider choice.")]
    pub reason: String,
}

/// Clinics to add.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddInput {
    /// The clinics.
    #[schema(example = json!(["01970000-0000-7000-8000-000000000001"]))]
    pub provider_ids: Vec<ProviderId>,
    /// Go beyond the cap on purpose.
    #[serde(default)]
    pub override_cap: bool,
    /// 10 to 500 characters.
    #[schema(example = "The patient asked for a wider choice.")]
    pub reason: String,
}

/// A new end of the time to answer.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeadlineInput {
    /// One clinic; all that have not answered when absent.
    pub provider_id: Option<ProviderId>,
    /// At most 30 days ahead.
    #[schema(example = "2026-03-06T10:00:00Z")]
    pub deadline: DateTime<Utc>,
    /// 10 to 500 characters.
    #[schema(example = "The clinic's surgeon is back on Friday.")]
    pub reason: String,
}

/// Runs the distribution again: free places are filled with the best clinics not asked before (R-IQ-25, R-IQ-28).
/// Answers how many were added.
pub async fn redistribute(app: &App, actor: &Actor, id: InquiryId, input: &ActInput) -> AppResult<usize> {
    let reason = entitled(actor, Permission::ReassignProvider, &input.reason)?;
    let limits = Limits::load(app).await?;
    platform::write_txn!(app.db, |txn| {
        let inquiry = lock_open(txn, id).await?;
        distribution::lapse_overdue(txn, app, id).await?;
        let before = distribution::of(txn, id).await?;
        let added = match inquiry.exclusive_provider_id {
            Some(_) => Vec::new(),
            None => distribution::match_clinics(txn, &inquiry, &before, &limits).await?,
        };
        let source = InquiryProviderSource::Matched;
        distribution::hand_out(txn, app, actor, &inquiry, &before, (&added, source), &limits).await?;
        note(txn, app, actor, &inquiry, "inquiry.redistributed", &reason, json!({ "added": added })).await?;
        Ok(added.len())
    })
}

/// Gives the case to clinics of staff's choice, wherever they are; a request that had ended opens again.
///
/// Errors: 409 `inquiry_not_active`, `active_inquiry_exists`, 403 `inquiry_restricted` for a request meant for one
/// clinic, 422 `provider_not_available`, 422 `too_many_providers` above the cap without `override_cap`.
pub async fn add_clinics(app: &App, actor: &Actor, id: InquiryId, input: &AddInput) -> AppResult<()> {
    let reason = entitled(actor, Permission::ReassignProvider, &input.reason)?;
    let limits = Limits::load(app).await?;
    let mut wanted = input.provider_ids.clone();
    wanted.sort_unstable();
    wanted.dedup();
    if wanted.is_empty() || wanted.len() > 50 {
        return Err(AppError::field("provider_ids", "required", "Choose at least one clinic."));
    }
    platform::write_txn!(app.db, |txn| {
        let inquiry = case::lock(txn, id).await?;
        let ended = inquiry.status == InquiryStatus::Expired && inquiry.archived_at.is_none();
        if !ended {
            require_open(&inquiry)?;
        } else if active_of(txn, inquiry.patient_id).await?.is_some() {
            return Err(already_active());
        }
        distribution::lapse_overdue(txn, app, id).await?;
        let before = distribution::of(txn, id).await?;
        let has =
            |clinic: &ProviderId| before.iter().any(|row| row.provider_id == *clinic && LIVE.contains(&row.status));
        let fresh: Vec<ProviderId> = wanted.iter().filter(|clinic| !has(clinic)).copied().collect();
        if fresh.is_empty() {
            return Ok(());
        }
        if inquiry.exclusive_provider_id.is_some_and(|only| fresh.iter().any(|clinic| *clinic != only)) {
            return Err(AppError::denied("inquiry_restricted", "This request is meant for one clinic."));
        }
        let accepting = accepting_among(txn, &fresh).await?;
        if fresh.iter().any(|clinic| !accepting.contains_key(clinic)) {
            let message = "This clinic does not take requests now.";
            return Err(AppError::field("provider_ids", "provider_not_available", message));
        }
        if fresh.len() > places_left(&before, &limits) && !input.override_cap {
            let message = format!("At most {} clinics, unless you go beyond it on purpose.", limits.max_providers);
            return Err(AppError::field("provider_ids", "too_many_providers", message));
        }
        if ended {
            case::set_stage(txn, app, &inquiry, InquiryStatus::Inquiry).await?;
            let metadata = json!({ "from": inquiry.status, "to": InquiryStatus::Inquiry });
            timeline::record(txn, app, actor, id, "inquiry_reopened", metadata).await?;
        }
        let source = InquiryProviderSource::Admin;
        distribution::hand_out(txn, app, actor, &inquiry, &before, (&fresh, source), &limits).await?;
        let facts = json!({ "added": fresh, "override_cap": input.override_cap });
        note(txn, app, actor, &inquiry, "inquiry.clinics_added", &reason, facts).await
    })
}

/// Takes the case from a clinic that has not answered: it finds nothing of it any more (R-IQ-29).
///
/// Errors: 404 for a clinic that does not have it, 409 `provider_has_quoted`.
pub async fn remove_clinic(
    app: &App,
    actor: &Actor,
    id: InquiryId,
    clinic: ProviderId,
    input: &ActInput,
) -> AppResult<()> {
    let reason = entitled(actor, Permission::ReassignProvider, &input.reason)?;
    platform::write_txn!(app.db, |txn| {
        let inquiry = lock_open(txn, id).await?;
        let before = distribution::of(txn, id).await?;
        let row = before.iter().find(|row| row.provider_id == clinic).ok_or_else(AppError::not_found)?;
        match row.status {
            InquiryProviderStatus::Removed => return Ok(()),
            InquiryProviderStatus::Quoted => {
                return Err(AppError::conflict("provider_has_quoted", "This clinic has sent an offer already."));
            }
            _ => {}
        }
        places::take_out(txn, app, &[row.id], "admin").await?;
        distribution::refresh_deadline(txn, app, id, &distribution::of(txn, id).await?).await?;
        note(txn, app, actor, &inquiry, "inquiry.clinic_removed", &reason, json!({ "removed": clinic })).await
    })
}

/// Gives clinics that have not answered until another moment; one whose time had passed has the case again.
///
/// Errors: 409 `inquiry_not_active`, 404 for a clinic that does not have it, 409 `provider_has_quoted`, 422 for a
/// deadline that is past or too far.
pub async fn set_deadline(app: &App, actor: &Actor, id: InquiryId, input: &DeadlineInput) -> AppResult<()> {
    let reason = entitled(actor, Permission::ReassignProvider, &input.reason)?;
    platform::write_txn!(app.db, |txn| {
        let now = app.now();
        if input.deadline <= now || input.deadline > now + FARTHEST {
            let message = "Choose a moment within the next 30 days.";
            return Err(AppError::field("deadline", "deadline_out_of_range", message));
        }
        let inquiry = lock_open(txn, id).await?;
        let before = distribution::of(txn, id).await?;
        let unanswered = |row: &&rows::Model| OPEN.contains(&row.status) || row.status == InquiryProviderStatus::Lapsed;
        let chosen: Vec<&rows::Model> = match input.provider_id {
            None => before.iter().filter(|row| OPEN.contains(&row.status)).collect(),
            Some(clinic) => {
                let mine = before.iter().find(|row| row.provider_id == clinic);
                let mine = mine.filter(|row| row.status != InquiryProviderStatus::Removed);
                let row = mine.ok_or_else(AppError::not_found)?;
                if !unanswered(&row) {
                    let message = "This clinic has answered or does not take part any more.";
                    return Err(AppError::conflict("provider_has_quoted", message));
                }
                vec![row]
            }
        };
        for row in &chosen {
            let mut change = rows::ActiveModel {
                response_deadline_at: Set(input.deadline),
                updated_at: Set(now),
                ..Default::default()
            };
            if row.status == InquiryProviderStatus::Lapsed {
                // It is asked again and told again.
                change.status = Set(InquiryProviderStatus::Distributed);
                change.distributed_at = Set(now);
                change.notified_at = Set(None);
            }
            rows::Entity::update_many().set(change).filter(rows::Column::Id.eq(row.id)).exec(txn).await?;
        }
        distribution::announce(txn, app, actor, &inquiry).await?;
        distribution::refresh_deadline(txn, app, id, &distribution::of(txn, id).await?).await?;
        let clinics: Vec<ProviderId> = chosen.iter().map(|row| row.provider_id).collect();
        let before: Vec<_> = chosen.iter().map(|row| row.response_deadline_at).collect();
        let facts = json!({ "deadline": input.deadline, "clinics": clinics, "deadlines_before": before });
        note(txn, app, actor, &inquiry, "inquiry.deadline_set", &reason, facts).await
    })
}

/// Puts a case away that is over: it stays readable and nothing else. Asking twice changes nothing.
///
/// Errors: 409 `archive_not_allowed` while the case is not cancelled, expired or completed.
pub async fn archive(app: &App, actor: &Actor, id: InquiryId, input: &ActInput) -> AppResult<()> {
    let reason = entitled(actor, Permission::EditQuote, &input.reason)?;
    platform::write_txn!(app.db, |txn| {
        let inquiry = case::lock(txn, id).await?;
        if inquiry.archived_at.is_some() {
            return Ok(());
        }
        if !stage::may_archive(inquiry.status) {
            let message = "Only a case that is cancelled, expired or completed can be put away.";
            return Err(AppError::conflict("archive_not_allowed", message));
        }
        let now = app.now();
        inquiries::Entity::update_many()
            .set(inquiries::ActiveModel {
                archived_at: Set(Some(now)),
                archive_reason: Set(Some(reason.clone())),
                updated_at: Set(now),
                ..Default::default()
            })
            .filter(inquiries::Column::Id.eq(id))
            .exec(txn)
            .await?;
        case::mirror_stage(txn, inquiry.patient_id).await?;
        timeline::record(txn, app, actor, id, "inquiry_archived", json!({ "from": inquiry.status })).await?;
        note(txn, app, actor, &inquiry, "inquiry.archived", &reason, json!({ "archived_at": now })).await
    })
}

/// The reason, from staff who may do this.
fn entitled(actor: &Actor, permission: Permission, reason: &str) -> AppResult<String> {
    actor.admin()?;
    actor.require(permission)?;
    reasoned(reason)
}

/// The inquiry under lock, while clinics may answer it.
async fn lock_open(txn: &Txn, id: InquiryId) -> AppResult<inquiries::Model> {
    let inquiry = case::lock(txn, id).await?;
    require_open(&inquiry)?;
    Ok(inquiry)
}

fn require_open(inquiry: &inquiries::Model) -> AppResult<()> {
    if stage::takes_quotes(inquiry.status) && inquiry.archived_at.is_none() { Ok(()) } else { Err(case::not_active()) }
}

/// The act in the audit log with its reason, and as an event for the wings above.
async fn note(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    inquiry: &inquiries::Model,
    action: &'static str,
    reason: &str,
    facts: Value,
) -> AppResult<()> {
    let entry = Entry::new(action)
        .subject("Inquiry", inquiry.id)
        .patient(inquiry.patient_id)
        .reason(reason)
        .change(Some(json!({ "status": inquiry.status })), Some(facts));
    audit::record(txn, app, actor, entry).await?;
    let event = Event::new(action, "Inquiry", inquiry.id)
        .occurrence(app.now().timestamp_millis())
        .with("inquiry_id", inquiry.id)
        .with("patient_id", inquiry.patient_id);
    outbox::emit(txn, app, actor, event).await
}
