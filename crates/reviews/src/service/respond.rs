//! A clinic answers a review in public; staff may take the answer off (R-CM-68).

use kernel::ids::{ReviewId, ReviewResponseId};
use kernel::permission::Permission;
use kernel::{Actor, AppError, AppResult};
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::outbox::{self, Event};
use platform::{App, write_txn};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;

use crate::entity::review_responses::{self, ReviewResponseAuthorType, ReviewResponseStatus};
use crate::entity::reviews;
use crate::rules::check_answer;
use crate::service::moderate::check_reason;

/// The first answer, and one instead of an answer that was taken off.
const MOST: usize = 2;
/// Why a review is looked at once more: its answer holds contact details (R-CM-27).
const FLAG: &str = "answer_contact_details";

/// Answers a published review of the own clinic. What is said stays as it is.
///
/// Errors: 404 for a review of another clinic, 409 `review_not_published`, 409 `response_exists`.
pub async fn respond(app: &App, actor: &Actor, id: ReviewId, text: &str) -> AppResult<()> {
    let (member, provider) = actor.provider()?;
    actor.require(Permission::RespondReview)?;
    let text = check_answer(text)?;
    write_txn!(app.db, |txn| {
        let row = reviews::Entity::find_by_id(id)
            .filter(reviews::Column::ProviderId.eq(provider))
            .lock_exclusive()
            .one(txn)
            .await?
            .ok_or_else(AppError::not_found)?;
        if !row.is_published {
            return Err(AppError::conflict("review_not_published", "This review is not public."));
        }
        let before = answers(txn, id).await?;
        if before.iter().any(|answer| answer.status == ReviewResponseStatus::Active && answer.body == text) {
            // Sent twice: it stands.
            return Ok(());
        }
        if before.len() >= MOST || before.iter().any(|answer| answer.status == ReviewResponseStatus::Active) {
            return Err(AppError::conflict("response_exists", "This review was answered already."));
        }
        let now = app.now();
        let answer = review_responses::ActiveModel {
            id: Set(ReviewResponseId::new()),
            review_id: Set(id),
            provider_id: Set(provider),
            author_type: Set(ReviewResponseAuthorType::ProviderUser),
            author_id: Set(member.any()),
            body: Set(text.clone()),
            status: Set(ReviewResponseStatus::Active),
            removed_reason: Set(None),
            removed_by: Set(None),
            removed_at: Set(None),
            created_at: Set(now),
            updated_at: Set(now),
        };
        review_responses::Entity::insert(answer).exec_without_returning(txn).await?;
        if identity::anonymity::redact(&text) != text {
            flag(txn, &row).await?;
        }
        let entry = Entry::new("review.response_posted").subject("Review", id).patient(row.patient_id);
        audit::record(txn, app, actor, entry.provider(provider)).await?;
        tell(txn, app, actor, "review.response_posted", &row, before.len() + 1).await
    })
}

/// Takes the answer to a review off, with a reason for the clinic; it may answer once more.
///
/// Errors: 404 for an unknown review or one that was never answered.
pub async fn remove_response(app: &App, actor: &Actor, id: ReviewId, reason: &str) -> AppResult<()> {
    let moderator = actor.admin()?;
    actor.require(Permission::ModerateReview)?;
    let reason = check_reason(reason)?;
    write_txn!(app.db, |txn| {
        let row = reviews::Entity::find_by_id(id).lock_exclusive().one(txn).await?.ok_or_else(AppError::not_found)?;
        let all = answers(txn, id).await?;
        if all.is_empty() {
            return Err(AppError::not_found());
        }
        let now = app.now();
        let done = review_responses::Entity::update_many()
            .set(review_responses::ActiveModel {
                status: Set(ReviewResponseStatus::Removed),
                removed_reason: Set(Some(reason.to_owned())),
                removed_by: Set(Some(moderator)),
                removed_at: Set(Some(now)),
                updated_at: Set(now),
                ..Default::default()
            })
            .filter(review_responses::Column::ReviewId.eq(id))
            .filter(review_responses::Column::Status.eq(ReviewResponseStatus::Active))
            .exec(txn)
            .await?;
        if done.rows_affected == 0 {
            // Asked twice: it is off.
            return Ok(());
        }
        let entry = Entry::new("review.response_removed").subject("Review", id).patient(row.patient_id);
        audit::record(txn, app, actor, entry.provider(row.provider_id).reason(reason)).await?;
        tell(txn, app, actor, "review.response_removed", &row, all.len()).await
    })
}

async fn answers(txn: &Txn, id: ReviewId) -> AppResult<Vec<review_responses::Model>> {
    Ok(review_responses::Entity::find()
        .filter(review_responses::Column::ReviewId.eq(id))
        .order_by_asc(review_responses::Column::Id)
        .all(txn)
        .await?)
}

/// Puts the review before the moderators once more.
async fn flag(txn: &Txn, row: &reviews::Model) -> AppResult<()> {
    let known = row.flag_reasons.clone().and_then(|json| serde_json::from_value::<Vec<String>>(json).ok());
    let mut reasons = known.unwrap_or_default();
    if !reasons.iter().any(|reason| reason == FLAG) {
        reasons.push(FLAG.to_owned());
    }
    reviews::Entity::update_many()
        .set(reviews::ActiveModel {
            is_flagged: Set(true),
            flag_reasons: Set(Some(json!(reasons))),
            ..Default::default()
        })
        .filter(reviews::Column::Id.eq(row.id))
        .exec(txn)
        .await?;
    Ok(())
}

async fn tell(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    word: &'static str,
    row: &reviews::Model,
    number: usize,
) -> AppResult<()> {
    let event = Event::new(word, "Review", row.id)
        .occurrence(number)
        .with("review_id", row.id)
        .with("provider_id", row.provider_id)
        .with("patient_id", row.patient_id)
        .with("quote_id", row.quote_id);
    outbox::emit(txn, app, actor, event).await
}
