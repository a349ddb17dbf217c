//! Sending: numbered under the thread's lock, filtered while the pair may not know each other.

use chrono::Duration;
use identity::anonymity::{self, Level};
use kernel::ids::{AnyId, ConversationFlagId, ConversationId, MessageId, MessageModerationId};
use kernel::{Actor, AppError, AppResult};
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::outbox::{self, Event};
use platform::{App, write_txn};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::json;

use crate::entity::conversation_flags::{
    self, ConversationFlagCategory, ConversationFlagKind, ConversationFlagSeverity, ConversationFlagStatus,
};
use crate::entity::conversations::{self, ConversationStatus};
use crate::entity::message_moderation;
use crate::entity::messages::{self, MessageKind, MessageSenderType};
use crate::queries::{Side, own};
use crate::rules::{clean_text, is_split_number, suggests_leaving};

/// Messages one sender may send in a minute (R-CM-16).
const PER_MINUTE: u64 = 20;

/// A message that stands in the thread.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The row.
    pub message: messages::Model,
    /// False when the same client id was sent before: nothing was triggered again (R-CM-15).
    pub is_new: bool,
}

/// What the filter would hide, without storing anything (R-CM-27).
pub async fn check(app: &App, actor: &Actor, id: ConversationId, text: &str) -> AppResult<(String, bool)> {
    let side = Side::of(actor)?;
    let conn = app.db.conn();
    let thread = own(conn, side, id).await?;
    let text = clean_text(text)?;
    let shown = shown(conn, &thread, &text).await?.0;
    let would_hide = shown != text;
    Ok((shown, would_hide))
}

/// Sends a text.
///
/// Errors: 404 for another's thread, 409 `conversation_closed`, 409 `idempotency_conflict` for a client id with another
/// text, 422 `message_empty` and `message_too_long`, 429 `rate_limited`.
pub async fn send(
    app: &App,
    actor: &Actor,
    id: ConversationId,
    text: &str,
    client_id: Option<AnyId>,
) -> AppResult<Sent> {
    let side = Side::of(actor)?;
    let text = clean_text(text)?;
    let (kind, Some(sender)) = actor.reference() else { return Err(AppError::forbidden()) };
    let sender_type = if kind == "Patient" { MessageSenderType::Patient } else { MessageSenderType::ProviderUser };
    write_txn!(app.db, |txn| {
        own(txn, side, id).await?;
        let thread = conversations::Entity::find_by_id(id).lock_exclusive().one(txn).await?;
        let thread = thread.ok_or_else(AppError::not_found)?;
        let (shown, revealed) = shown(txn, &thread, &text).await?;
        if let Some(client_id) = client_id
            && let Some(first) = sent_before(txn, id, sender_type, sender, client_id).await?
        {
            if first.content != shown {
                return Err(AppError::conflict("idempotency_conflict", "This message id was used for another text."));
            }
            return Ok(Sent { message: first, is_new: false });
        }
        if thread.status != ConversationStatus::Open {
            return Err(AppError::conflict("conversation_closed", "This conversation is closed."));
        }
        let recent = recent_of(app, txn, id, sender).await?;
        if recent.len() as u64 >= PER_MINUTE && minute_is_full(app, &recent) {
            return Err(AppError::too_many("rate_limited", "You write very fast. Please wait a moment.", 60));
        }
        let now = app.now();
        let message = messages::Model {
            id: MessageId::new(),
            conversation_id: id,
            sender_id: sender,
            sender_type,
            content: shown.clone(),
            attachment_url: None,
            is_read: false,
            created_at: now,
            updated_at: now,
            seq: Some(thread.last_seq + 1),
            sender_role: Some(side.role()),
            kind: MessageKind::Text,
            client_message_id: client_id.map(|client_id| client_id.to_string()),
            read_at: None,
            is_redacted: shown != text,
        };
        messages::Entity::insert(messages::ActiveModel::from(message.clone()).reset_all())
            .exec_without_returning(txn)
            .await?;
        advance(txn, side, &thread, &message).await?;
        if message.is_redacted {
            keep_original(txn, app, &message, &text).await?;
            flag(txn, app, &message, ConversationFlagCategory::ContactDetails).await?;
            let event = Event::new("message.redacted", "Message", message.id).occurrence(0);
            outbox::emit(txn, app, actor, event.with("conversation_id", id).with("sender_id", sender)).await?;
        }
        let mut texts: Vec<&str> = recent.iter().take(4).map(|row| row.content.as_str()).collect();
        texts.push(&message.content);
        if !revealed && is_split_number(&texts) {
            flag(txn, app, &message, ConversationFlagCategory::PossibleSplitContact).await?;
        }
        if suggests_leaving(&text) {
            flag(txn, app, &message, ConversationFlagCategory::OffPlatformPhrase).await?;
        }
        // That something was said, by whom and to whom; never what.
        let mut entry = Entry::new("message.sent").subject("Message", message.id);
        if let Some(patient) = thread.patient_id {
            entry = entry.patient(patient);
        }
        if let Some(provider) = thread.provider_id {
            entry = entry.provider(provider);
        }
        audit::record(txn, app, actor, entry).await?;
        let event = Event::new("message.received", "Message", message.id)
            .occurrence(0)
            .with("conversation_id", id)
            .with("patient_id", thread.patient_id)
            .with("provider_id", thread.provider_id)
            .with("to", if matches!(side, Side::Patient(_)) { "provider" } else { "patient" });
        outbox::emit(txn, app, actor, event).await?;
        Ok(Sent { message, is_new: true })
    })
}

/// The text as both sides see it, and whether the pair may know each other. Before, contact details and the patient's
/// own name are hidden.
async fn shown(conn: &impl ConnectionTrait, thread: &conversations::Model, text: &str) -> AppResult<(String, bool)> {
    if is_revealed(conn, thread).await? {
        return Ok((text.to_owned(), true));
    }
    let patient = match thread.patient_id {
        Some(id) => identity::patients::load(conn, id).await?,
        None => return Ok((anonymity::redact(text), false)),
    };
    Ok((anonymity::redact_with_names(text, &[&patient.first_name, &patient.last_name]), false))
}

/// Whether the pair may know each other: by the level of this case, never by the patient's summary (R-CM-05).
async fn is_revealed(conn: &impl ConnectionTrait, thread: &conversations::Model) -> AppResult<bool> {
    let (Some(patient), Some(provider)) = (thread.patient_id, thread.provider_id) else { return Ok(false) };
    let levels = anonymity::levels(conn, provider, &[patient]).await?;
    Ok(levels.get(&patient) == Some(&Level::None))
}

async fn sent_before(
    txn: &Txn,
    thread: ConversationId,
    sender_type: MessageSenderType,
    sender: AnyId,
    client_id: AnyId,
) -> AppResult<Option<messages::Model>> {
    let select = messages::Entity::find()
        .filter(messages::Column::ConversationId.eq(thread))
        .filter(messages::Column::SenderType.eq(sender_type))
        .filter(messages::Column::SenderId.eq(sender))
        .filter(messages::Column::ClientMessageId.eq(client_id.to_string()));
    Ok(select.one(txn).await?)
}

/// The sender's messages of the last ten minutes, newest first, no more than the limits need.
async fn recent_of(app: &App, txn: &Txn, thread: ConversationId, sender: AnyId) -> AppResult<Vec<messages::Model>> {
    let select = messages::Entity::find()
        .filter(messages::Column::ConversationId.eq(thread))
        .filter(messages::Column::SenderId.eq(sender))
        .filter(messages::Column::Kind.eq(MessageKind::Text))
        .filter(messages::Column::CreatedAt.gt(app.now() - Duration::minutes(10)))
        .order_by_desc(messages::Column::Seq)
        .limit(PER_MINUTE);
    Ok(select.all(txn).await?)
}

fn minute_is_full(app: &App, recent: &[messages::Model]) -> bool {
    let since = app.now() - Duration::minutes(1);
    recent.iter().filter(|row| row.created_at > since).count() as u64 >= PER_MINUTE
}

/// Moves the thread's number and clock; a patient's question starts the wait, a clinic's text ends it (R-CM-34).
async fn advance(txn: &Txn, side: Side, thread: &conversations::Model, message: &messages::Model) -> AppResult<()> {
    let mut update = conversations::Entity::update_many()
        .col_expr(conversations::Column::LastSeq, Expr::value(message.seq))
        .col_expr(conversations::Column::LastMessageAt, Expr::value(message.created_at))
        .col_expr(conversations::Column::UpdatedAt, Expr::value(message.created_at));
    update = match side {
        Side::Patient(_) if thread.unanswered_since.is_none() => {
            update.col_expr(conversations::Column::UnansweredSince, Expr::value(message.created_at))
        }
        Side::Patient(_) => update,
        Side::Clinic(_) => update
            .col_expr(conversations::Column::UnansweredSince, Expr::value(Option::<kernel::Timestamp>::None))
            .col_expr(conversations::Column::NoAnswerStage, Expr::value(0)),
    };
    let done = update
        .filter(conversations::Column::Id.eq(thread.id))
        .filter(conversations::Column::LastSeq.eq(thread.last_seq))
        .exec(txn)
        .await?;
    if done.rows_affected != 1 {
        return Err(AppError::conflict("stale_state", "Somebody wrote at the same moment. Please send it again."));
    }
    Ok(())
}

async fn keep_original(txn: &Txn, app: &App, message: &messages::Model, text: &str) -> AppResult<()> {
    let now = app.now();
    let row = message_moderation::ActiveModel {
        id: Set(MessageModerationId::new()),
        message_id: Set(message.id),
        original_content: Set(app.keys.seal(&text.to_owned())),
        findings: Set(json!(["contact_details"])),
        created_at: Set(now),
        updated_at: Set(now),
    };
    message_moderation::Entity::insert(row).exec_without_returning(txn).await?;
    Ok(())
}

/// Marks the thread for moderators; the third hidden message of a sender within a day weighs more (R-CM-26).
async fn flag(txn: &Txn, app: &App, message: &messages::Model, category: ConversationFlagCategory) -> AppResult<()> {
    let now = app.now();
    let hidden = messages::Entity::find()
        .filter(messages::Column::ConversationId.eq(message.conversation_id))
        .filter(messages::Column::SenderId.eq(message.sender_id))
        .filter(messages::Column::IsRedacted.eq(true))
        .filter(messages::Column::CreatedAt.gt(now - Duration::hours(24)))
        .count(txn)
        .await?;
    let severity = if hidden >= 3 { ConversationFlagSeverity::High } else { ConversationFlagSeverity::Normal };
    let row = conversation_flags::ActiveModel {
        id: Set(ConversationFlagId::new()),
        conversation_id: Set(message.conversation_id),
        message_id: Set(Some(message.id)),
        flag_kind: Set(ConversationFlagKind::Automatic),
        category: Set(category),
        severity: Set(severity),
        notes: Set(None),
        status: Set(ConversationFlagStatus::Active),
        created_by: Set(None),
        resolved_by: Set(None),
        resolved_at: Set(None),
        resolution_note: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
    };
    conversation_flags::Entity::insert(row).exec_without_returning(txn).await?;
    let event = Event::new("conversation.flagged", "Message", message.id).occurrence(format!("{category:?}"));
    outbox::emit(txn, app, &Actor::system(), event.with("conversation_id", message.conversation_id)).await
}
