//! Moderators decide; publishing changes the clinic's rating in the same transaction.

use identity::entity::patients;
use inquiry::entity::inquiries;
use kernel::ids::{ProviderId, ReviewId};
use kernel::permission::Permission;
use kernel::{Actor, AppError, AppResult};
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::outbox::{self, Event};
use platform::{App, write_txn};
use quoting::entity::quotes;
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QuerySelect, RelationTrait};
use serde_json::json;

use crate::entity::reviews::{self, ModerationStatus};
use crate::rules::alias;

/// What a moderator saw and says.
#[derive(Clone, Debug)]
pub struct Decision {
    /// The `edit_count` of the text that was read: another one is refused, nothing is published unread.
    pub seen: i32,
    /// For the patient, where the review does not go public.
    pub reason: Option<String>,
    /// For colleagues.
    pub note: Option<String>,
}

/// Publishes a review that waits; 409 `stale_state` when it does not wait any more or was edited meanwhile.
pub async fn approve(app: &App, actor: &Actor, id: ReviewId, decision: Decision) -> AppResult<()> {
    decide(app, actor, id, ModerationStatus::Published, &[ModerationStatus::Pending], decision).await
}

/// Refuses a review that waits, with a reason its author reads.
pub async fn reject(app: &App, actor: &Actor, id: ReviewId, decision: Decision) -> AppResult<()> {
    actor.require(Permission::ModerateReview)?;
    needs_reason(&decision)?;
    decide(app, actor, id, ModerationStatus::Rejected, &[ModerationStatus::Pending], decision).await
}

/// Takes a public review off, with a reason its author reads. The content stays for the record.
pub async fn remove(app: &App, actor: &Actor, id: ReviewId, decision: Decision) -> AppResult<()> {
    actor.require(Permission::ModerateReview)?;
    needs_reason(&decision)?;
    decide(app, actor, id, ModerationStatus::Removed, &[ModerationStatus::Published], decision).await
}

fn needs_reason(decision: &Decision) -> AppResult<()> {
    check_reason(decision.reason.as_deref().unwrap_or_default()).map(drop)
}

/// A reason somebody outside reads, without the space around it.
pub(super) fn check_reason(reason: &str) -> AppResult<&str> {
    let reason = reason.trim();
    if (10..=255).contains(&reason.chars().count()) {
        return Ok(reason);
    }
    Err(AppError::field("reason", "reason_required", "Give a reason of 10 to 255 characters; the patient reads it."))
}

async fn decide(
    app: &App,
    actor: &Actor,
    id: ReviewId,
    to: ModerationStatus,
    from: &[ModerationStatus],
    decision: Decision,
) -> AppResult<()> {
    actor.require(Permission::ModerateReview)?;
    let moderator = actor.admin()?;
    write_txn!(app.db, |txn| {
        let row = reviews::Entity::find_by_id(id).lock_exclusive().one(txn).await?.ok_or_else(AppError::not_found)?;
        if row.moderation_status == to && row.edit_count == decision.seen {
            // Asked twice: it is as it should be.
            return Ok(());
        }
        let now = app.now();
        let publishing = to == ModerationStatus::Published;
        let suffix = if publishing { alias_suffix(txn, &row).await? } else { row.author_alias_suffix };
        let changed = reviews::ActiveModel {
            moderation_status: Set(to),
            is_published: Set(publishing),
            published_at: Set(if publishing { Some(now) } else { row.published_at }),
            removed_at: Set((to == ModerationStatus::Removed).then_some(now)),
            moderated_by: Set(Some(moderator)),
            moderation_reason: Set(decision.reason.clone()),
            moderation_note: Set(decision.note.clone()),
            author_alias_suffix: Set(suffix),
            updated_at: Set(now),
            ..Default::default()
        };
        let done = reviews::Entity::update_many()
            .set(changed)
            .filter(reviews::Column::Id.eq(id))
            .filter(reviews::Column::ModerationStatus.is_in(from.iter().copied()))
            .filter(reviews::Column::EditCount.eq(decision.seen))
            .exec(txn)
            .await?;
        if done.rows_affected != 1 {
            return Err(AppError::conflict("stale_state", "This review changed meanwhile. Read it again."));
        }
        refresh_rating(txn, row.provider_id).await?;
        tell(txn, app, actor, &row, to).await
    })
}

/// Timeline, audit and event of a decision.
async fn tell(txn: &Txn, app: &App, actor: &Actor, row: &reviews::Model, to: ModerationStatus) -> AppResult<()> {
    let (action, event, word) = match to {
        ModerationStatus::Published => ("review.published", "review.published", Some("review_published")),
        ModerationStatus::Removed => ("review.removed", "review.removed_by_admin", Some("review_removed")),
        _ => ("review.rejected", "review.rejected", None),
    };
    let inquiry = quotes::Entity::find()
        .join(JoinType::InnerJoin, quotes::Relation::Inquiry.def())
        .filter(quotes::Column::Id.eq(row.quote_id))
        .select_only()
        .column_as(inquiries::Column::Id, "id")
        .into_tuple()
        .one(txn)
        .await?;
    if let (Some(word), Some(inquiry)) = (word, inquiry) {
        let facts = json!({ "provider_id": row.provider_id, "quote_id": row.quote_id, "review_id": row.id });
        inquiry::timeline::record(txn, app, actor, inquiry, word, facts).await?;
    }
    let before = json!({ "moderation_status": row.moderation_status });
    let after = json!({ "moderation_status": to });
    let entry = Entry::new(action).subject("Review", row.id).patient(row.patient_id).provider(row.provider_id);
    audit::record(txn, app, actor, entry.change(Some(before), Some(after))).await?;
    let event = Event::new(event, "Review", row.id)
        .occurrence(format!("{}:{}", row.edit_count, app.now().timestamp()))
        .with("review_id", row.id)
        .with("provider_id", row.provider_id)
        .with("patient_id", row.patient_id);
    outbox::emit(txn, app, actor, event).await
}

/// The number behind the author's alias: the second "Mark P." of a clinic is "Mark P. 2" (R-CM-64).
async fn alias_suffix(txn: &Txn, row: &reviews::Model) -> AppResult<Option<i16>> {
    if row.published_at.is_some() {
        // It had its name before.
        return Ok(row.author_alias_suffix);
    }
    let named = reviews::Entity::find()
        .find_also_related(patients::Entity)
        .filter(reviews::Column::ProviderId.eq(row.provider_id))
        .filter(reviews::Column::PublishedAt.is_not_null());
    let own = patients::Entity::find_by_id(row.patient_id).one(txn).await?.ok_or_else(AppError::not_found)?;
    // Only authors of that first name are loaded, however many reviews the clinic has.
    let others = named.filter(patients::Column::FirstName.eq(own.first_name.clone())).all(txn).await?;
    let name = alias(&own.first_name, &own.last_name, None);
    let same = others.iter().filter(|(_, patient)| {
        patient.as_ref().is_some_and(|patient| alias(&patient.first_name, &patient.last_name, None) == name)
    });
    let number = i16::try_from(same.count() + 1).unwrap_or(i16::MAX);
    Ok((number > 1).then_some(number))
}

/// Writes the sums behind a clinic's public rating anew from its published reviews (R-CM-67).
pub(super) async fn refresh_rating(conn: &impl ConnectionTrait, provider: ProviderId) -> AppResult<()> {
    let summary = crate::queries::summary(conn, provider).await?;
    let sum: i64 = summary.distribution.iter().map(|share| i64::from(share.rating) * share.count).sum();
    let fits = |number: i64| i32::try_from(number).map_err(AppError::internal);
    directory::ratings::set(conn, provider, fits(sum)?, fits(summary.count)?).await
}
