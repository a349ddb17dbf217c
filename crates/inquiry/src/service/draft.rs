//! The unfinished inquiry of a patient, saved at each step (R-IQ-10).

use chrono::Duration;
use kernel::ids::{InquiryDraftId, PatientId};
use kernel::{Actor, AppError, AppResult, Permission, Timestamp};
use platform::App;
use platform::jobs::{BATCH, Sweep};
use platform::media::{self, Item};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set, SqlErr,
};
use serde::Deserialize;

use crate::entity::inquiry_drafts;
use crate::limits::Limits;
use crate::rules::submission::DraftPayload;

/// What `mediable_type` says for pictures of a draft.
pub(crate) const OWNER: &str = "InquiryDraft";
/// More than any honest draft holds: every text at its limit and all answers with details.
const MAX_PAYLOAD: usize = 128 * 1024;

/// A draft with its payload opened and its pictures.
#[derive(Clone, Debug)]
pub struct OpenDraft {
    /// The row.
    pub row: inquiry_drafts::Model,
    /// What was entered so far.
    pub payload: DraftPayload,
    /// Head scan and evidence.
    pub media: Vec<Item>,
}

/// One save of a step.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SaveDraft {
    /// The step the patient is at.
    #[schema(example = "destinations")]
    pub step: String,
    /// Everything entered so far; replaces what was saved before.
    pub payload: DraftPayload,
    /// The version seen; without it the save wins over whatever another device saved.
    pub version: Option<i32>,
}

/// The patient's open draft, if it can still be resumed: saved within its days of life.
pub(crate) async fn find(
    conn: &impl ConnectionTrait,
    patient: PatientId,
    now: Timestamp,
) -> AppResult<Option<inquiry_drafts::Model>> {
    Ok(open_rows(patient).filter(inquiry_drafts::Column::ExpiresAt.gt(now)).one(conn).await?)
}

fn open_rows(patient: PatientId) -> sea_orm::Select<inquiry_drafts::Entity> {
    inquiry_drafts::Entity::find()
        .filter(inquiry_drafts::Column::PatientId.eq(patient))
        .filter(inquiry_drafts::Column::ConsumedInquiryId.is_null())
        .filter(inquiry_drafts::Column::DiscardedAt.is_null())
}

pub(crate) fn payload_of(app: &App, row: &inquiry_drafts::Model) -> AppResult<DraftPayload> {
    Ok(serde_json::from_value(app.keys.open(&row.payload)?)?)
}

/// The asking patient's draft; 404 when there is none to resume.
pub async fn show(app: &App, actor: &Actor) -> AppResult<OpenDraft> {
    let patient = author(actor)?;
    let row = find(app.db.conn(), patient, app.now()).await?.ok_or_else(AppError::not_found)?;
    opened(app, row).await
}

/// The same without its pictures, for steps that need none: one statement less.
pub(crate) async fn show_answers(app: &App, actor: &Actor) -> AppResult<OpenDraft> {
    let patient = author(actor)?;
    let row = find(app.db.conn(), patient, app.now()).await?.ok_or_else(AppError::not_found)?;
    let payload = payload_of(app, &row)?;
    Ok(OpenDraft { row, payload, media: Vec::new() })
}

async fn opened(app: &App, row: inquiry_drafts::Model) -> AppResult<OpenDraft> {
    let payload = payload_of(app, &row)?;
    let media = media::of(app.db.conn(), OWNER, &[row.id.any()]).await?.remove(&row.id.any()).unwrap_or_default();
    Ok(OpenDraft { row, payload, media })
}

/// The patient who may write inquiries.
pub(crate) fn author(actor: &Actor) -> AppResult<PatientId> {
    let patient = actor.patient()?;
    actor.require(Permission::CreateInquiry)?;
    Ok(patient)
}

/// Saves a step. The first save opens the draft; starting again continues the same one.
pub async fn save(app: &App, actor: &Actor, input: &SaveDraft) -> AppResult<OpenDraft> {
    let patient = author(actor)?;
    let step = input.step.trim();
    if step.is_empty() || step.chars().count() > 32 {
        return Err(AppError::field("step", "length_out_of_range", "Name the step with 1 to 32 characters."));
    }
    let payload = serde_json::to_value(&input.payload)?;
    if payload.to_string().len() > MAX_PAYLOAD {
        return Err(AppError::field("payload", "payload_too_large", "This is more than a request can hold."));
    }
    let limits = Limits::load(app).await?;
    let row = platform::write_txn!(app.db, |txn| {
        let found = ensure(txn, app, patient, &limits).await?;
        if input.version.is_some_and(|seen| seen != found.version) {
            return Err(AppError::stale_version().with("current_version", found.version));
        }
        let now = app.now();
        let change = inquiry_drafts::ActiveModel {
            step: Set(step.to_owned()),
            payload: Set(app.keys.seal(&payload)),
            version: Set(found.version + 1),
            last_activity_at: Set(now),
            expires_at: Set(now + Duration::days(limits.draft_days)),
            updated_at: Set(now),
            ..Default::default()
        };
        let done = inquiry_drafts::Entity::update_many()
            .set(change)
            .filter(inquiry_drafts::Column::Id.eq(found.id))
            .filter(inquiry_drafts::Column::Version.eq(found.version))
            .filter(inquiry_drafts::Column::ConsumedInquiryId.is_null())
            .exec(txn)
            .await?;
        if done.rows_affected == 0 {
            return Err(AppError::stale_version());
        }
        inquiry_drafts::Entity::find_by_id(found.id).one(txn).await?.ok_or_else(AppError::not_found)
    })?;
    opened(app, row).await
}

/// The draft lives its days from now on: a picture is a change too (R-IQ-10). What was typed keeps its version.
pub(super) async fn touch(txn: &platform::db::Txn, app: &App, draft: InquiryDraftId, limits: &Limits) -> AppResult<()> {
    let now = app.now();
    inquiry_drafts::Entity::update_many()
        .set(inquiry_drafts::ActiveModel {
            last_activity_at: Set(now),
            expires_at: Set(now + Duration::days(limits.draft_days)),
            updated_at: Set(now),
            ..Default::default()
        })
        .filter(inquiry_drafts::Column::Id.eq(draft))
        .exec(txn)
        .await?;
    Ok(())
}

/// The open draft, or a new empty one. A draft past its days is put away first: it is kept, but not resumed.
pub(crate) async fn ensure(
    txn: &platform::db::Txn,
    app: &App,
    patient: PatientId,
    limits: &Limits,
) -> AppResult<inquiry_drafts::Model> {
    let now = app.now();
    let found = open_rows(patient).lock_exclusive().one(txn).await?;
    if let Some(row) = found {
        if row.expires_at > now {
            return Ok(row);
        }
        discard_row(txn, app, row.id).await?;
    }
    let row = inquiry_drafts::ActiveModel {
        id: Set(InquiryDraftId::new()),
        patient_id: Set(patient),
        step: Set("start".to_owned()),
        payload: Set(app.keys.seal(&serde_json::to_value(DraftPayload::default())?)),
        version: Set(1),
        last_activity_at: Set(now),
        expires_at: Set(now + Duration::days(limits.draft_days)),
        consumed_inquiry_id: Set(None),
        discarded_at: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
    };
    // Two devices open the first draft at once: the unique index lets one in, the other is asked to load it.
    row.insert(txn).await.map_err(|err| match err.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => AppError::stale_version(),
        _ => err.into(),
    })
}

async fn discard_row(txn: &platform::db::Txn, app: &App, id: InquiryDraftId) -> AppResult<()> {
    let now = app.now();
    inquiry_drafts::Entity::update_many()
        .set(inquiry_drafts::ActiveModel { discarded_at: Set(Some(now)), updated_at: Set(now), ..Default::default() })
        .filter(inquiry_drafts::Column::Id.eq(id))
        .filter(inquiry_drafts::Column::ConsumedInquiryId.is_null())
        .filter(inquiry_drafts::Column::DiscardedAt.is_null())
        .exec(txn)
        .await?;
    Ok(())
}

/// Gives the draft up. It is kept for the audit and cannot be resumed; asking twice changes nothing.
pub async fn discard(app: &App, actor: &Actor) -> AppResult<()> {
    let patient = author(actor)?;
    platform::write_txn!(app.db, |txn| {
        if let Some(row) = open_rows(patient).lock_exclusive().one(txn).await? {
            discard_row(txn, app, row.id).await?;
        }
        Ok(())
    })
}

/// Puts away drafts nobody touched for their days of life; safe to repeat.
pub(crate) async fn expire(app: &App) -> AppResult<()> {
    let now = app.now();
    let mut sweep = Sweep::start(app, crate::jobs::EXPIRE_DRAFTS);
    loop {
        let due: Vec<(InquiryDraftId, Timestamp)> = inquiry_drafts::Entity::find()
            .select_only()
            .columns([inquiry_drafts::Column::Id, inquiry_drafts::Column::ExpiresAt])
            .filter(inquiry_drafts::Column::ExpiresAt.lte(now))
            .filter(inquiry_drafts::Column::ConsumedInquiryId.is_null())
            .filter(inquiry_drafts::Column::DiscardedAt.is_null())
            .filter(sweep.rest(inquiry_drafts::Column::ExpiresAt, inquiry_drafts::Column::Id))
            .order_by_asc(inquiry_drafts::Column::ExpiresAt)
            .order_by_asc(inquiry_drafts::Column::Id)
            .limit(BATCH)
            .into_tuple()
            .all(app.db.conn())
            .await?;
        for row in &due {
            sweep.took(*row, expire_one(app, row.0).await);
        }
        if !sweep.goes_on(app, due.len()) {
            return Ok(());
        }
    }
}

/// Puts one draft away, unless somebody came back to it since the look.
async fn expire_one(app: &App, id: InquiryDraftId) -> AppResult<()> {
    let now = app.now();
    inquiry_drafts::Entity::update_many()
        .set(inquiry_drafts::ActiveModel { discarded_at: Set(Some(now)), updated_at: Set(now), ..Default::default() })
        .filter(inquiry_drafts::Column::Id.eq(id))
        .filter(inquiry_drafts::Column::ExpiresAt.lte(now))
        .filter(inquiry_drafts::Column::ConsumedInquiryId.is_null())
        .filter(inquiry_drafts::Column::DiscardedAt.is_null())
        .exec(app.db.conn())
        .await?;
    Ok(())
}
