//! What a clinic does with an inquiry: open it, acknowledge its alert, decline it.

use kernel::ids::{InquiryId, ProviderId, ProviderUserId};
use kernel::{Actor, AppError, AppResult, FieldErrors, Permission};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::outbox::{self, Event};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};
use serde::Deserialize;
use serde_json::json;

use crate::case;
use crate::distribution::{self, OPEN};
use crate::entity::inquiries::{self, InquiryStatus};
use crate::entity::inquiry_providers::{self, InquiryProviderSource, InquiryProviderStatus};
use crate::limits::Limits;
use crate::medical::{self, Alert};
use crate::rules::alert::AlertLevel;
use crate::rules::stage;

/// Notes the clinic's first opening: who and when. Later openings change nothing.
pub(crate) async fn mark_viewed(app: &App, row: &inquiry_providers::Model, by: ProviderUserId) -> AppResult<()> {
    if row.status != InquiryProviderStatus::Distributed {
        return Ok(());
    }
    let now = app.now();
    inquiry_providers::Entity::update_many()
        .set(inquiry_providers::ActiveModel {
            status: Set(InquiryProviderStatus::Viewed),
            viewed_at: Set(Some(now)),
            viewed_by: Set(Some(by)),
            updated_at: Set(now),
            ..Default::default()
        })
        .filter(inquiry_providers::Column::Id.eq(row.id))
        .filter(inquiry_providers::Column::Status.eq(InquiryProviderStatus::Distributed))
        .exec(app.db.conn())
        .await?;
    Ok(())
}

/// What a clinic acknowledges.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcknowledgeInput {
    /// The revision of the answers that was read; other answers are 409 `stale_version`.
    pub revision: Option<i32>,
}

/// Acknowledges a red alert for the answers as they are now (R-IQ-20). Repeating it changes nothing.
pub async fn acknowledge_alert(app: &App, actor: &Actor, id: InquiryId, input: &AcknowledgeInput) -> AppResult<Alert> {
    let (user, provider) = actor.provider()?;
    actor.require(Permission::ViewInquiry)?;
    distribution::assigned(app.db.conn(), id, provider).await?;
    platform::write_txn!(app.db, |txn| {
        let inquiry = case::lock(txn, id).await?;
        let row = distribution::assigned(txn, id, provider).await?;
        let alert = medical::alert(txn, app, id, provider).await?;
        if input.revision.is_some_and(|seen| seen != alert.revision) {
            return Err(AppError::stale_version().with("current_revision", alert.revision));
        }
        if alert.level != AlertLevel::Critical {
            return Err(AppError::conflict("alert_not_critical", "There is no red alert to acknowledge."));
        }
        if alert.acknowledged {
            return Ok(alert);
        }
        medical::acknowledge(txn, app, row.id, user, alert.revision).await?;
        let entry = Entry::new("inquiry.alert_acknowledged")
            .subject("Inquiry", id)
            .patient(inquiry.patient_id)
            .provider(provider)
            .change(None, Some(json!({ "revision": alert.revision })));
        audit::record(txn, app, actor, entry).await?;
        Ok(Alert { acknowledged: true, ..alert })
    })
}

/// Why a clinic does not want to quote.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclineInput {
    /// `not_suitable`, `no_capacity`, `dates_unavailable`, `medical_risk` or `other`.
    pub reason: String,
    /// At most 500 characters; demanded with `other`.
    pub note: Option<String>,
}

const DECLINE_REASONS: [&str; 5] = ["not_suitable", "no_capacity", "dates_unavailable", "medical_risk", "other"];

/// The clinic gives the case back before it sent a quote. Staff hear of it; the patient's case goes on.
pub async fn decline(app: &App, actor: &Actor, id: InquiryId, input: &DeclineInput) -> AppResult<()> {
    let (_, provider) = actor.provider()?;
    actor.require(Permission::ManageQuoteAcceptance)?;
    distribution::assigned(app.db.conn(), id, provider).await?;
    let note = checked(input)?;
    let limits = Limits::load(app).await?;
    platform::write_txn!(app.db, |txn| {
        let inquiry = case::lock(txn, id).await?;
        let row = distribution::assigned(txn, id, provider).await?;
        if row.status == InquiryProviderStatus::Declined {
            return Ok(());
        }
        if !stage::takes_quotes(inquiry.status) {
            return Err(case::not_active());
        }
        if !OPEN.contains(&row.status) {
            return Err(AppError::conflict(
                "decline_not_allowed",
                "Your clinic has answered already, or its time is over.",
            ));
        }
        close_row(txn, app, &row, &input.reason, note.clone()).await?;
        tell(txn, app, actor, &inquiry, provider, &input.reason).await?;
        if inquiry.exclusive_provider_id == Some(provider) && inquiry.status == InquiryStatus::Inquiry {
            return open_to_all(txn, app, inquiry, &limits).await;
        }
        Ok(())
    })
}

/// A request that was meant for one clinic goes to others once that clinic has said no, exactly once.
async fn open_to_all(txn: &Txn, app: &App, mut inquiry: inquiries::Model, limits: &Limits) -> AppResult<()> {
    inquiries::Entity::update_many()
        .set(inquiries::ActiveModel {
            exclusive_provider_id: Set(None),
            updated_at: Set(app.now()),
            ..Default::default()
        })
        .filter(inquiries::Column::Id.eq(inquiry.id))
        .exec(txn)
        .await?;
    inquiry.exclusive_provider_id = None;
    let before = distribution::of(txn, inquiry.id).await?;
    let others = distribution::match_clinics(txn, &inquiry, &before, limits).await?;
    let chosen = (others.as_slice(), InquiryProviderSource::Matched);
    distribution::hand_out(txn, app, &Actor::system(), &inquiry, &before, chosen, limits).await
}

fn checked(input: &DeclineInput) -> AppResult<Option<String>> {
    let note = input.note.as_deref().map(str::trim).filter(|note| !note.is_empty());
    let mut errors = FieldErrors::new();
    if !DECLINE_REASONS.contains(&input.reason.as_str()) {
        errors.add("reason", "reason_unknown", "Choose one of the reasons.");
    }
    if input.reason == "other" && note.is_none() {
        errors.add("note", "required", "Please explain in a few words.");
    }
    if note.is_some_and(|note| note.chars().count() > 500) {
        errors.add("note", "text_too_long", "At most 500 characters.");
    }
    errors.check()?;
    Ok(note.map(str::to_owned))
}

async fn close_row(
    txn: &platform::db::Txn,
    app: &App,
    row: &inquiry_providers::Model,
    reason: &str,
    note: Option<String>,
) -> AppResult<()> {
    let now = app.now();
    inquiry_providers::Entity::update_many()
        .set(inquiry_providers::ActiveModel {
            status: Set(InquiryProviderStatus::Declined),
            closed_at: Set(Some(now)),
            closed_reason: Set(Some(reason.to_owned())),
            decline_note: Set(note),
            updated_at: Set(now),
            ..Default::default()
        })
        .filter(inquiry_providers::Column::Id.eq(row.id))
        .exec(txn)
        .await?;
    Ok(())
}

async fn tell(
    txn: &platform::db::Txn,
    app: &App,
    actor: &Actor,
    inquiry: &crate::entity::inquiries::Model,
    provider: ProviderId,
    reason: &str,
) -> AppResult<()> {
    let entry = Entry::new("inquiry.declined")
        .subject("Inquiry", inquiry.id)
        .patient(inquiry.patient_id)
        .provider(provider)
        .change(None, Some(json!({ "reason_code": reason })));
    audit::record(txn, app, actor, entry).await?;
    let event = Event::new("inquiry.provider_declined", "Inquiry", inquiry.id)
        .occurrence(provider)
        .with("inquiry_id", inquiry.id)
        .with("provider_id", provider)
        .with("reason_code", reason);
    outbox::emit(txn, app, actor, event).await
}
