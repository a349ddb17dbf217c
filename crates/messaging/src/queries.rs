//! Reads of threads, scoped to the reader's side. Fixed numbers of statements.

use std::collections::HashMap;

use directory::entity::providers;
use identity::anonymity;
use identity::entity::patients;
use kernel::ids::{ConversationId, InquiryId, PatientId, ProviderId};
use kernel::permission::Permission;
use kernel::{Actor, ActorKind, AppError, AppResult, CursorPage, CursorQuery, Page, PageQuery};
use platform::App;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, LoaderTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, Select,
};

use crate::entity::conversations;
use crate::entity::messages::{self, MessageSenderRole};
use crate::views::{ClinicName, ConversationView, MessageView};

/// One of the two sides of a thread, or staff looking on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The patient.
    Patient(PatientId),
    /// The clinic.
    Clinic(ProviderId),
}

impl Side {
    /// The side the actor belongs to: 403 for accounts that have none, or lack the right (R-CM-03).
    pub fn of(actor: &Actor) -> AppResult<Self> {
        match actor.kind {
            ActorKind::Patient(id) => {
                actor.require(Permission::MessageProvider)?;
                Ok(Self::Patient(id))
            }
            ActorKind::Provider { provider, .. } => {
                actor.require(Permission::MessagePatient)?;
                Ok(Self::Clinic(provider))
            }
            ActorKind::Anonymous => Err(AppError::unauthenticated()),
            _ => Err(AppError::forbidden()),
        }
    }

    /// The role its messages carry.
    pub fn role(self) -> MessageSenderRole {
        match self {
            Self::Patient(_) => MessageSenderRole::Patient,
            Self::Clinic(_) => MessageSenderRole::Provider,
        }
    }

    fn condition(self) -> Condition {
        match self {
            Self::Patient(id) => Condition::all().add(conversations::Column::PatientId.eq(id)),
            Self::Clinic(id) => Condition::all().add(conversations::Column::ProviderId.eq(id)),
        }
    }

    /// How far this side has read.
    pub fn pointer(self, row: &conversations::Model) -> i32 {
        match self {
            Self::Patient(_) => row.patient_last_read_seq,
            Self::Clinic(_) => row.provider_last_read_seq,
        }
    }
}

/// The thread, if it is this side's: 404 otherwise.
pub async fn own(conn: &impl ConnectionTrait, side: Side, id: ConversationId) -> AppResult<conversations::Model> {
    let found = conversations::Entity::find_by_id(id).filter(side.condition()).one(conn).await?;
    found.ok_or_else(AppError::not_found)
}

/// The threads of a side, newest message first.
pub async fn list(app: &App, actor: &Actor, page: PageQuery) -> AppResult<Page<ConversationView>> {
    let side = Side::of(actor)?;
    let conn = app.db.conn();
    let select = conversations::Entity::find().filter(side.condition());
    let total = select.clone().count(conn).await?;
    let rows = select
        .order_by_desc(conversations::Column::LastMessageAt)
        .order_by_desc(conversations::Column::Id)
        .offset(page.offset())
        .limit(page.per_page)
        .all(conn)
        .await?;
    let data = view(app, conn, side, &rows).await?;
    Ok(Page::new(data, page, total))
}

/// One thread.
pub async fn show(app: &App, actor: &Actor, id: ConversationId) -> AppResult<ConversationView> {
    let side = Side::of(actor)?;
    let conn = app.db.conn();
    let row = own(conn, side, id).await?;
    view(app, conn, side, &[row]).await?.pop().ok_or_else(AppError::not_found)
}

async fn view(
    app: &App,
    conn: &impl ConnectionTrait,
    side: Side,
    rows: &[conversations::Model],
) -> AppResult<Vec<ConversationView>> {
    let unread = unread(conn, side, rows).await?;
    let mut clinics = vec![None; rows.len()];
    let mut people = vec![None; rows.len()];
    match side {
        Side::Patient(_) => {
            let name = |clinic: providers::Model| ClinicName { id: clinic.id, name: clinic.provider_name };
            clinics =
                rows.to_vec().load_one(providers::Entity, conn).await?.into_iter().map(|it| it.map(name)).collect();
        }
        Side::Clinic(provider) => {
            let patients = rows.to_vec().load_one(patients::Entity, conn).await?;
            let ids: Vec<PatientId> = patients.iter().flatten().map(|patient| patient.id).collect();
            let levels = anonymity::levels(conn, provider, &ids).await?;
            people = Vec::with_capacity(rows.len());
            for patient in patients {
                people.push(match patient {
                    Some(patient) => {
                        let level = levels.get(&patient.id).copied().unwrap_or(anonymity::Level::Full);
                        Some(anonymity::mask(app, &patient, level)?)
                    }
                    None => None,
                });
            }
        }
    }
    let parts = rows.iter().zip(clinics).zip(people);
    let view = |((row, clinic), patient): ((&conversations::Model, _), _)| ConversationView {
        id: row.id,
        status: row.status,
        clinic,
        patient,
        unread: unread.get(&row.id).copied().unwrap_or(0),
        last_seq: row.last_seq,
        last_message_at: row.last_message_at,
    };
    Ok(parts.map(view).collect())
}

/// Messages behind the side's pointer that it did not write itself (R-CM-31).
async fn unread(
    conn: &impl ConnectionTrait,
    side: Side,
    rows: &[conversations::Model],
) -> AppResult<HashMap<ConversationId, i64>> {
    let select = messages::Entity::find()
        .inner_join(conversations::Entity)
        .select_only()
        .column(messages::Column::ConversationId)
        .column_as(Expr::col((messages::Entity, messages::Column::Id)).count(), "count")
        .filter(messages::Column::ConversationId.is_in(rows.iter().map(|row| row.id)));
    let counts: Vec<(ConversationId, i64)> =
        unread_by(select, side).group_by(messages::Column::ConversationId).into_tuple().all(conn).await?;
    Ok(counts.into_iter().collect())
}

/// Messages of a thread: the newest first, or with `after` the newer ones in order.
pub async fn messages_of(
    app: &App,
    actor: &Actor,
    id: ConversationId,
    query: &CursorQuery,
    after: Option<i32>,
) -> AppResult<CursorPage<MessageView>> {
    let limit = query.checked_limit()?;
    let conn = app.db.conn();
    own(conn, Side::of(actor)?, id).await?;
    part(conn, id, query, after, limit).await
}

async fn part(
    conn: &impl ConnectionTrait,
    id: ConversationId,
    query: &CursorQuery,
    after: Option<i32>,
    limit: u64,
) -> AppResult<CursorPage<MessageView>> {
    let mut select = messages::Entity::find().filter(messages::Column::ConversationId.eq(id));
    if let Some(after) = after {
        select = select.filter(messages::Column::Seq.gt(after)).order_by_asc(messages::Column::Seq);
    } else {
        if let Some(cursor) = &query.cursor {
            let before: i32 = cursor.parse().map_err(|_| AppError::malformed("This cursor is none of ours."))?;
            select = select.filter(messages::Column::Seq.lt(before));
        }
        select = select.order_by_desc(messages::Column::Seq);
    }
    let rows = select.limit(limit + 1).all(conn).await?;
    let views = rows.iter().map(MessageView::from).collect();
    Ok(CursorPage::from_overfull(views, limit, |message| message.seq.to_string()))
}

/// A thread with one part of its messages, for a page that shows both.
#[derive(Clone, Debug)]
pub struct Thread {
    /// The thread.
    pub conversation: ConversationView,
    /// The case it began with.
    pub inquiry: Option<InquiryId>,
    /// Messages, the newest first.
    pub messages: CursorPage<MessageView>,
}

/// One thread with its newest messages, or those before the cursor. Five statements at most.
pub async fn thread(app: &App, actor: &Actor, id: ConversationId, query: &CursorQuery) -> AppResult<Thread> {
    let side = Side::of(actor)?;
    let limit = query.checked_limit()?;
    let conn = app.db.conn();
    let row = own(conn, side, id).await?;
    let inquiry = row.inquiry_id;
    let conversation = view(app, conn, side, &[row]).await?.pop().ok_or_else(AppError::not_found)?;
    let messages = part(conn, id, query, None, limit).await?;
    Ok(Thread { conversation, inquiry, messages })
}

/// The newest message of each of these threads of the actor's side, in one statement.
pub async fn newest(
    app: &App,
    actor: &Actor,
    threads: &[ConversationView],
) -> AppResult<HashMap<ConversationId, MessageView>> {
    let side = Side::of(actor)?;
    if threads.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = messages::Entity::find()
        .inner_join(conversations::Entity)
        .filter(side.condition())
        .filter(messages::Column::ConversationId.is_in(threads.iter().map(|thread| thread.id)))
        .filter(
            Expr::col((messages::Entity, messages::Column::Seq))
                .eq(Expr::col((conversations::Entity, conversations::Column::LastSeq))),
        )
        .all(app.db.conn())
        .await?;
    Ok(rows.iter().map(|row| (row.conversation_id, MessageView::from(row))).collect())
}

/// Messages of the actor's side that it has not read, in all threads together; 0 for accounts without threads.
pub async fn unread_total(app: &App, actor: &Actor) -> AppResult<u64> {
    let Ok(side) = Side::of(actor) else { return Ok(0) };
    let select = messages::Entity::find().inner_join(conversations::Entity).filter(side.condition());
    Ok(unread_by(select, side).count(app.db.conn()).await?)
}

/// The messages behind the side's pointer that it did not write itself.
fn unread_by(select: Select<messages::Entity>, side: Side) -> Select<messages::Entity> {
    let behind = match side {
        Side::Patient(_) => conversations::Column::PatientLastReadSeq,
        Side::Clinic(_) => conversations::Column::ProviderLastReadSeq,
    };
    select
        .filter(Expr::col((messages::Entity, messages::Column::Seq)).gt(Expr::col((conversations::Entity, behind))))
        .filter(messages::Column::SenderRole.ne(side.role()))
}
