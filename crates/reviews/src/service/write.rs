//! Patients write and edit.

use aftercare::entity::after_cares::{self, AfterCareStatus};
use inquiry::entity::inquiries;
use kernel::ids::{PatientId, QuoteId, ReviewId};
use kernel::permission::Permission;
use kernel::{Actor, AppError, AppResult};
use platform::audit::{self, Entry};
use platform::outbox::{self, Event};
use platform::{App, write_txn};
use quoting::entity::quotes::{self, QuoteStatus};
use sea_orm::ActiveValue::{Set, Unchanged};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect, SqlErr,
};
use serde_json::json;
use treatment::entity::treatment_executions;

use crate::entity::reviews::{self, ModerationStatus};
use crate::rules::{self, Content, Eligibility, check_content};
use crate::service::moderate::refresh_rating;

/// Whether the patient may review this booking now; a foreign one is a 404.
pub async fn eligibility(app: &App, actor: &Actor, quote: QuoteId) -> AppResult<Eligibility> {
    let patient = actor.patient()?;
    let (quote, _) = own_quote(app.db.conn(), patient, quote).await?;
    eligible(app, app.db.conn(), &quote).await
}

/// Writes the one review of a booking; it waits for moderation (R-CM-60 to 63).
///
/// 409 `review_exists` with the id of the first when there is one already.
pub async fn submit(app: &App, actor: &Actor, quote_id: QuoteId, content: Content) -> AppResult<reviews::Model> {
    actor.require(Permission::WriteReview)?;
    let patient = actor.patient()?;
    let content = check_content(content)?;
    write_txn!(app.db, |txn| {
        let (quote, inquiry) = own_quote(txn, patient, quote_id).await?;
        if let Some(first) = of_quote(txn, quote.id).await? {
            return Err(exists(first.id));
        }
        eligible(app, txn, &quote).await?.check()?;
        let flags = flags_of(txn, patient, None, &content.text).await?;
        let now = app.now();
        let row = reviews::Model {
            id: ReviewId::new(),
            patient_id: patient,
            provider_id: quote.provider_id,
            quote_id: Some(quote.id),
            overall_rating: content.overall,
            facility_rating: Some(content.facility),
            staff_rating: Some(content.staff),
            results_rating: Some(content.results),
            value_rating: Some(content.value),
            review_text: Some(content.text.clone()),
            is_published: false,
            created_at: now,
            updated_at: now,
            moderation_status: ModerationStatus::Pending,
            published_at: None,
            last_edited_at: None,
            removed_at: None,
            edit_count: 0,
            moderated_by: None,
            moderation_reason: None,
            moderation_note: None,
            is_flagged: !flags.is_empty(),
            flag_reasons: (!flags.is_empty()).then(|| json!(flags)),
            author_alias_suffix: None,
            locale: None,
        };
        // Two devices at once: the unique key on the quote decides, and nothing else of this transaction stays.
        reviews::Entity::insert(reviews::ActiveModel::from(row.clone()).reset_all())
            .exec_without_returning(txn)
            .await
            .map_err(|err| match err.sql_err() {
                Some(SqlErr::UniqueConstraintViolation(_)) => {
                    AppError::conflict("review_exists", "You have reviewed this treatment already.")
                }
                _ => err.into(),
            })?;
        record(txn, app, actor, &row, inquiry.id, "review_submitted").await?;
        let entry = Entry::new("review.submitted").subject("Review", row.id).patient(patient).quote(quote.id);
        audit::record(txn, app, actor, entry.provider(quote.provider_id)).await?;
        let event = Event::new("review.submitted", "Review", row.id).occurrence(0).with("review_id", row.id);
        outbox::emit(txn, app, actor, event.with("provider_id", row.provider_id).with("patient_id", patient)).await?;
        if quote.status == QuoteStatus::Aftercare && plan_is_over(txn, quote.id).await? {
            // The case is complete when it is reviewed and its plan is over, whichever comes last.
            let case = quoting::case::lock(txn, quote.id).await?;
            quoting::case::finish(txn, app, actor, &case).await?;
        }
        Ok(row)
    })
}

/// Changes a review; a public one is withdrawn until it is approved again (section 4).
///
/// `seen` is the `edit_count` the patient edits on: 409 `stale_version` when another device was faster.
pub async fn edit(app: &App, actor: &Actor, id: ReviewId, seen: i32, content: Content) -> AppResult<reviews::Model> {
    actor.require(Permission::WriteReview)?;
    let patient = actor.patient()?;
    let content = check_content(content)?;
    write_txn!(app.db, |txn| {
        let row = reviews::Entity::find_by_id(id)
            .filter(reviews::Column::PatientId.eq(patient))
            .lock_exclusive()
            .one(txn)
            .await?
            .ok_or_else(AppError::not_found)?;
        if matches!(row.moderation_status, ModerationStatus::Removed | ModerationStatus::TakenDown) {
            return Err(AppError::conflict("review_not_editable", "This review was taken off and cannot be edited."));
        }
        if row.edit_count != seen {
            return Err(AppError::stale_version());
        }
        let flags = flags_of(txn, patient, Some(id), &content.text).await?;
        let now = app.now();
        let changed = reviews::ActiveModel {
            id: Unchanged(id),
            overall_rating: Set(content.overall),
            facility_rating: Set(Some(content.facility)),
            staff_rating: Set(Some(content.staff)),
            results_rating: Set(Some(content.results)),
            value_rating: Set(Some(content.value)),
            review_text: Set(Some(content.text.clone())),
            is_published: Set(false),
            moderation_status: Set(ModerationStatus::Pending),
            edit_count: Set(row.edit_count + 1),
            last_edited_at: Set(Some(now)),
            updated_at: Set(now),
            is_flagged: Set(!flags.is_empty()),
            flag_reasons: Set((!flags.is_empty()).then(|| json!(flags))),
            ..Default::default()
        };
        // What a moderator approved is not the text that stands now: the edit count decides.
        let done = reviews::Entity::update_many()
            .set(changed)
            .filter(reviews::Column::Id.eq(id))
            .filter(reviews::Column::EditCount.eq(seen))
            .exec(txn)
            .await?;
        if done.rows_affected != 1 {
            return Err(AppError::stale_version());
        }
        if row.is_published {
            refresh_rating(txn, row.provider_id).await?;
        }
        audit::record(txn, app, actor, Entry::new("review.edited").subject("Review", id).patient(patient)).await?;
        let event = Event::new("review.updated", "Review", id).occurrence(row.edit_count + 1);
        outbox::emit(txn, app, actor, event.with("provider_id", row.provider_id).with("review_id", id)).await?;
        reviews::Entity::find_by_id(id).one(txn).await?.ok_or_else(AppError::not_found)
    })
}

async fn own_quote(
    conn: &impl ConnectionTrait,
    patient: PatientId,
    id: QuoteId,
) -> AppResult<(quotes::Model, inquiries::Model)> {
    let found = quotes::Entity::find_by_id(id)
        .find_also_related(inquiries::Entity)
        .filter(inquiries::Column::PatientId.eq(patient))
        .one(conn)
        .await?;
    match found {
        Some((quote, Some(inquiry))) => Ok((quote, inquiry)),
        _ => Err(AppError::not_found()),
    }
}

async fn eligible(app: &App, conn: &impl ConnectionTrait, quote: &quotes::Model) -> AppResult<Eligibility> {
    let execution = treatment_executions::Entity::find()
        .filter(treatment_executions::Column::QuoteId.eq(quote.id))
        .one(conn)
        .await?;
    Ok(rules::eligibility(quote.status, execution.and_then(|row| row.completed_at), app.now()))
}

async fn of_quote(conn: &impl ConnectionTrait, quote: QuoteId) -> AppResult<Option<reviews::Model>> {
    Ok(reviews::Entity::find().filter(reviews::Column::QuoteId.eq(quote)).one(conn).await?)
}

fn exists(first: ReviewId) -> AppError {
    AppError::conflict("review_exists", "You have reviewed this treatment already.").with("existing_id", first)
}

/// Why a moderator should look twice: contact details, or the same words on another review (R-CM-71).
async fn flags_of(
    conn: &impl ConnectionTrait,
    patient: PatientId,
    this: Option<ReviewId>,
    text: &str,
) -> AppResult<Vec<&'static str>> {
    let mut flags = Vec::new();
    if identity::anonymity::redact(text) != text {
        flags.push("contact_details");
    }
    let mut same = reviews::Entity::find()
        .filter(reviews::Column::PatientId.eq(patient))
        .filter(reviews::Column::ReviewText.eq(text));
    if let Some(this) = this {
        same = same.filter(reviews::Column::Id.ne(this));
    }
    if same.count(conn).await? > 0 {
        flags.push("duplicate_text");
    }
    Ok(flags)
}

/// Whether no aftercare plan of the booking runs any more.
async fn plan_is_over(conn: &impl ConnectionTrait, quote: QuoteId) -> AppResult<bool> {
    let running = after_cares::Entity::find()
        .filter(after_cares::Column::QuoteId.eq(quote))
        .filter(after_cares::Column::Status.ne(AfterCareStatus::Completed))
        .filter(after_cares::Column::EndedAt.is_null())
        .count(conn)
        .await?;
    Ok(running == 0)
}

async fn record(
    conn: &impl ConnectionTrait,
    app: &App,
    actor: &Actor,
    row: &reviews::Model,
    inquiry: kernel::ids::InquiryId,
    word: &'static str,
) -> AppResult<()> {
    let facts = json!({ "provider_id": row.provider_id, "quote_id": row.quote_id, "review_id": row.id });
    inquiry::timeline::record(conn, app, actor, inquiry, word, facts).await
}
