//! A thread begins with a quote and learns when the pair may know each other.

use kernel::ids::{ConversationId, InquiryId, MessageId, PatientId, ProviderId, QuoteId};
use kernel::{Actor, AppResult};
use platform::db::Txn;
use platform::{App, write_txn};
use quoting::entity::quotes;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use serde_json::json;

use crate::entity::conversations::{self, ConversationStatus};
use crate::entity::messages::{self, MessageKind, MessageSenderRole, MessageSenderType};

/// The note a quote leaves in the thread: a key of the catalogue.
const QUOTE_NOTE: &str = "message-quote-received";

/// Opens the pair's thread with its first quote, and notes every quote in it once (section 4).
///
/// Asked twice for the same quote it changes nothing: the quote's id is the note's client id.
pub async fn note_quote(app: &App, actor: &Actor, quote: QuoteId) -> AppResult<()> {
    write_txn!(app.db, |txn| {
        let Some((row, Some(inquiry))) =
            quotes::Entity::find_by_id(quote).find_also_related(inquiry::entity::inquiries::Entity).one(txn).await?
        else {
            return Ok(());
        };
        let Some(author) = row.created_by_provider_user_id else { return Ok(()) };
        let (thread, is_new) = lock_or_open(txn, app, inquiry.patient_id, row.provider_id, inquiry.id).await?;
        let noted = messages::Entity::find()
            .filter(messages::Column::ConversationId.eq(thread.id))
            .filter(messages::Column::ClientMessageId.eq(quote.to_string()))
            .one(txn)
            .await?;
        if noted.is_some() {
            return Ok(());
        }
        let now = app.now();
        let seq = thread.last_seq + 1;
        let note = messages::ActiveModel {
            id: Set(MessageId::new()),
            conversation_id: Set(thread.id),
            sender_id: Set(author.any()),
            sender_type: Set(MessageSenderType::ProviderUser),
            sender_role: Set(Some(MessageSenderRole::Provider)),
            content: Set(QUOTE_NOTE.to_owned()),
            attachment_url: Set(None),
            is_read: Set(false),
            seq: Set(Some(seq)),
            kind: Set(MessageKind::System),
            client_message_id: Set(Some(quote.to_string())),
            read_at: Set(None),
            is_redacted: Set(false),
            created_at: Set(now),
            updated_at: Set(now),
        };
        messages::Entity::insert(note).exec_without_returning(txn).await?;
        conversations::Entity::update_many()
            .col_expr(conversations::Column::LastSeq, Expr::value(seq))
            .col_expr(conversations::Column::LastMessageAt, Expr::value(now))
            .col_expr(conversations::Column::UpdatedAt, Expr::value(now))
            // A live quote opens a thread again that had none left.
            .col_expr(conversations::Column::Status, Expr::value("open"))
            .filter(conversations::Column::Id.eq(thread.id))
            .filter(conversations::Column::Status.ne(ConversationStatus::Archived))
            .exec(txn)
            .await?;
        if is_new {
            let facts = json!({ "provider_id": row.provider_id, "quote_id": quote });
            inquiry::timeline::record(txn, app, actor, inquiry.id, "conversation_opened", facts).await?;
        }
        Ok(())
    })
}

/// Notes that the pair may know each other from now on (R-CM-05). What was hidden stays hidden.
pub async fn reveal(app: &App, quote: QuoteId) -> AppResult<()> {
    let conn = app.db.conn();
    let Some((row, Some(inquiry))) =
        quotes::Entity::find_by_id(quote).find_also_related(inquiry::entity::inquiries::Entity).one(conn).await?
    else {
        return Ok(());
    };
    conversations::Entity::update_many()
        .col_expr(conversations::Column::RevealedAt, Expr::value(app.now()))
        .filter(conversations::Column::PatientId.eq(inquiry.patient_id))
        .filter(conversations::Column::ProviderId.eq(row.provider_id))
        .filter(conversations::Column::RevealedAt.is_null())
        .exec(conn)
        .await?;
    Ok(())
}

/// The pair's thread, locked; made when it is missing. The unique key on the pair decides races (R-CM-02).
async fn lock_or_open(
    txn: &Txn,
    app: &App,
    patient: PatientId,
    provider: ProviderId,
    inquiry: InquiryId,
) -> AppResult<(conversations::Model, bool)> {
    if let Some(row) = of_pair(txn, patient, provider).await? {
        return Ok((row, false));
    }
    let (id, now) = (ConversationId::new(), app.now());
    let row = conversations::ActiveModel {
        id: Set(id),
        inquiry_id: Set(Some(inquiry)),
        patient_id: Set(Some(patient)),
        provider_id: Set(Some(provider)),
        status: Set(ConversationStatus::Open),
        closed_reason: Set(None),
        revealed_at: Set(None),
        last_message_at: Set(None),
        last_seq: Set(0),
        patient_last_read_seq: Set(0),
        provider_last_read_seq: Set(0),
        unanswered_since: Set(None),
        no_answer_stage: Set(0),
        admin_intervened: Set(false),
        created_at: Set(now),
        updated_at: Set(now),
    };
    let pair = [conversations::Column::PatientId, conversations::Column::ProviderId];
    conversations::Entity::insert(row)
        .on_conflict(OnConflict::columns(pair).do_nothing_on([conversations::Column::Id]).to_owned())
        .exec_without_returning(txn)
        .await
        .or_else(|err| match err {
            sea_orm::DbErr::RecordNotInserted => Ok(0),
            other => Err(other),
        })?;
    let row = of_pair(txn, patient, provider).await?.ok_or_else(kernel::AppError::not_found)?;
    let is_new = row.id == id;
    Ok((row, is_new))
}

async fn of_pair(
    conn: &impl ConnectionTrait,
    patient: PatientId,
    provider: ProviderId,
) -> AppResult<Option<conversations::Model>> {
    let select = conversations::Entity::find()
        .filter(conversations::Column::PatientId.eq(patient))
        .filter(conversations::Column::ProviderId.eq(provider));
    Ok(select.lock_exclusive().one(conn).await?)
}
