//! Putting versions in force: at once, at a time to come, and back to an earlier one (R-CM-80, 81).

use kernel::ids::LegalDocumentId;
use kernel::{Actor, AppError, AppResult, Permission, Timestamp};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::locale::Locale;
use platform::outbox::{self, Event};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;

use super::documents::{find, lock_series};
use super::kept;
use crate::entity::terms_and_conditions::{self as rows, LegalDocumentStatus as Status};

/// What a text needs at least before anybody is asked to agree to it.
const SHORTEST: usize = 200;

/// Publishes a draft with all its languages: now, or at a time to come.
///
/// Errors: 403 without `publish_terms`; 404; 409 `document_published`; 422 `default_text_missing` without English,
/// `content_too_short` under 200 characters, `effective_in_past`.
pub async fn publish(app: &App, actor: &Actor, id: LegalDocumentId, at: Option<Timestamp>) -> AppResult<()> {
    let by = actor.admin()?;
    actor.require(Permission::PublishTerms)?;
    let now = app.now();
    let at = at.unwrap_or(now);
    if at < now {
        return Err(AppError::field("effective_at", "effective_in_past", "Choose a time to come."));
    }
    platform::write_txn!(app.db, |txn| {
        let row = find(txn, id).await?;
        let series = lock_series(txn, row.document_type, row.audience).await?;
        let edition: Vec<_> = series.iter().filter(|other| other.version_label == row.version_label).collect();
        if edition.iter().any(|row| row.status != Status::Draft) {
            return Err(AppError::conflict("document_published", "This version is published already."));
        }
        if !edition.iter().any(|row| row.locale == Locale::En.code()) {
            return Err(AppError::field("locale", "default_text_missing", "Write the English text first."));
        }
        if edition.iter().any(|row| row.content.chars().count() < SHORTEST) {
            return Err(AppError::field("content", "content_too_short", "At least 200 characters."));
        }
        let status = if at > now { Status::Scheduled } else { Status::Current };
        if status == Status::Current {
            archive_current(txn, app, &series, &row.version_label).await?;
        }
        rows::Entity::update_many()
            .col_expr(rows::Column::Status, Expr::value(status))
            .col_expr(rows::Column::EffectiveAt, Expr::value(at))
            .col_expr(rows::Column::PublishedAt, Expr::value(now))
            .col_expr(rows::Column::PublishedBy, Expr::value(by))
            .col_expr(rows::Column::UpdatedAt, Expr::value(now))
            .filter(rows::Column::Id.is_in(edition.iter().map(|row| row.id)))
            .exec(txn)
            .await?;
        let facts = json!({ "document_type": row.document_type, "audience": row.audience,
            "version": row.version_label, "is_material": row.is_material, "effective_at": at });
        let entry = Entry::new("legal.published").subject("LegalDocument", id).change(None, Some(facts));
        audit::record(txn, app, actor, entry).await?;
        let event = Event::new("legal.published", "LegalDocument", id)
            .occurrence("published")
            .with("document_type", row.document_type)
            .with("audience", row.audience);
        outbox::emit(txn, app, actor, event).await
    })?;
    kept::forget(app).await;
    Ok(())
}

/// Puts an earlier version in force again; what was agreed to stays agreed to.
///
/// Errors: 403 without `publish_terms`; 404; 409 `document_not_archived`.
pub async fn revert(app: &App, actor: &Actor, id: LegalDocumentId) -> AppResult<()> {
    actor.admin()?;
    actor.require(Permission::PublishTerms)?;
    platform::write_txn!(app.db, |txn| {
        let row = find(txn, id).await?;
        let series = lock_series(txn, row.document_type, row.audience).await?;
        let edition: Vec<_> = series.iter().filter(|other| other.version_label == row.version_label).collect();
        if edition.iter().any(|row| row.status != Status::Archived) {
            return Err(AppError::conflict("document_not_archived", "Only an earlier version can come back."));
        }
        archive_current(txn, app, &series, &row.version_label).await?;
        // Its first day stays: by it versions are earlier or later.
        set_status(txn, app, edition.iter().map(|row| row.id).collect(), Status::Current).await?;
        let facts =
            json!({ "document_type": row.document_type, "audience": row.audience, "version": row.version_label });
        let entry = Entry::new("legal.reverted").subject("LegalDocument", id).change(None, Some(facts));
        audit::record(txn, app, actor, entry).await
    })?;
    kept::forget(app).await;
    Ok(())
}

async fn archive_current(txn: &Txn, app: &App, series: &[rows::Model], but: &str) -> AppResult<()> {
    let former = series.iter().filter(|row| row.status == Status::Current && row.version_label != but);
    set_status(txn, app, former.map(|row| row.id).collect(), Status::Archived).await
}

async fn set_status(txn: &Txn, app: &App, ids: Vec<LegalDocumentId>, status: Status) -> AppResult<()> {
    if ids.is_empty() {
        return Ok(());
    }
    rows::Entity::update_many()
        .col_expr(rows::Column::Status, Expr::value(status))
        .col_expr(rows::Column::UpdatedAt, Expr::value(app.now()))
        .filter(rows::Column::Id.is_in(ids))
        .exec(txn)
        .await?;
    Ok(())
}

/// Puts scheduled versions in force whose time has come. Safe twice and on several workers: each series is locked and
/// looked at again.
pub async fn activate_due(app: &App) -> AppResult<()> {
    let now = app.now();
    let due = rows::Entity::find()
        .filter(rows::Column::Status.eq(Status::Scheduled))
        .filter(rows::Column::EffectiveAt.lte(now))
        .order_by_asc(rows::Column::EffectiveAt)
        .order_by_asc(rows::Column::Id)
        .all(app.db.conn())
        .await?;
    for waiting in due {
        platform::write_txn!(app.db, |txn| {
            let series = lock_series(txn, waiting.document_type, waiting.audience).await?;
            let label = &waiting.version_label;
            let edition: Vec<_> =
                series.iter().filter(|row| row.version_label == *label && row.status == Status::Scheduled).collect();
            if edition.is_empty() {
                return Ok(());
            }
            archive_current(txn, app, &series, label).await?;
            set_status(txn, app, edition.iter().map(|row| row.id).collect(), Status::Current).await?;
            let facts =
                json!({ "document_type": waiting.document_type, "audience": waiting.audience, "version": label });
            let entry = Entry::new("legal.activated").subject("LegalDocument", waiting.id).change(None, Some(facts));
            audit::record(txn, app, &Actor::system(), entry).await
        })?;
        kept::forget(app).await;
    }
    Ok(())
}
