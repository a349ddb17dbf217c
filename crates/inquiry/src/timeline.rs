//! The record of a case (`workflow_timelines`): what happened when, without names and free text.

use std::collections::HashSet;

use kernel::ids::{InquiryId, WorkflowTimelineId};
use kernel::{Actor, AppResult, CursorPage};
use platform::App;
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use serde_json::{Map, Value, json};

use crate::entity::workflow_timelines;

/// Writes one event of a case in the transaction of the change.
///
/// `metadata` is an object of ids, enum words and dates (`provider_id`, `quote_id`, `from`, `to`, `reason_code`);
/// who acted is added here. Never a name, a note or free text: every clinic of the case may read it.
pub async fn record(
    conn: &impl ConnectionTrait,
    app: &App,
    actor: &Actor,
    inquiry: InquiryId,
    event: &'static str,
    metadata: Value,
) -> AppResult<()> {
    let (actor_type, actor_id) = actor.reference();
    let mut known = match metadata {
        Value::Object(members) => members,
        _ => Map::new(),
    };
    known.insert("actor_type".to_owned(), json!(actor_type));
    known.insert("actor_id".to_owned(), json!(actor_id));
    let now = app.now();
    workflow_timelines::ActiveModel {
        id: Set(WorkflowTimelineId::new()),
        inquiry_id: Set(inquiry),
        event: Set(event.to_owned()),
        metadata: Set(Some(Value::Object(known))),
        created_at: Set(now),
        updated_at: Set(now),
    }
    .insert(conn)
    .await?;
    Ok(())
}

/// Whether an event tells of the end or the return of a quote: of one that was never sent, patients read nothing.
pub fn may_be_draft(event: &str) -> bool {
    matches!(event, "quote_cancelled" | "quote_restored")
}

/// The ids of the quotes of a case that were sent to its patient.
pub(crate) async fn sent_quotes(conn: &impl ConnectionTrait, inquiry: InquiryId) -> AppResult<HashSet<String>> {
    let sent: Vec<Option<Value>> = workflow_timelines::Entity::find()
        .select_only()
        .column(workflow_timelines::Column::Metadata)
        .filter(workflow_timelines::Column::InquiryId.eq(inquiry))
        .filter(workflow_timelines::Column::Event.eq("quote_submitted"))
        .into_tuple()
        .all(conn)
        .await?;
    let id = |metadata: Value| Some(metadata.get("quote_id")?.as_str()?.to_owned());
    Ok(sent.into_iter().flatten().filter_map(id).collect())
}

/// The events of a case, newest first. Ids are time-ordered, so the id alone is the cursor.
pub(crate) async fn page(
    conn: &impl ConnectionTrait,
    inquiry: InquiryId,
    after: Option<WorkflowTimelineId>,
    limit: u64,
) -> AppResult<CursorPage<workflow_timelines::Model>> {
    let mut query = workflow_timelines::Entity::find()
        .filter(workflow_timelines::Column::InquiryId.eq(inquiry))
        .order_by_desc(workflow_timelines::Column::Id)
        .limit(limit + 1);
    if let Some(after) = after {
        query = query.filter(workflow_timelines::Column::Id.lt(after));
    }
    Ok(CursorPage::from_overfull(query.all(conn).await?, limit, |row| row.id.to_string()))
}
