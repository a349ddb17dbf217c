//! What gateways reported, as staff look after it: what waits, what was put aside.

use std::collections::HashMap;

use kernel::ids::{GatewayAccountId, GatewayEventId};
use kernel::{Actor, AppResult, Page, PageQuery, Permission, Timestamp};
use platform::App;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};

use crate::entity::gateway_accounts;
use crate::entity::gateway_events::{self as rows, GatewayEventStatus};

/// What the list may be narrowed to.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct EventFilter {
    /// Where the events stand: `received`, `processed`, `ignored`, `parked`, `quarantined`.
    #[serde(default, rename = "filter[status]")]
    #[param(rename = "filter[status]", value_type = Option<String>)]
    pub status: Option<GatewayEventStatus>,
    /// The object they speak of: the id of an intent at the gateway.
    #[serde(default, rename = "filter[object]")]
    #[param(rename = "filter[object]")]
    pub object: Option<String>,
}

/// An event a gateway sent. What it says in full stays in the database: it may hold personal data.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct EventLine {
    /// Its id here.
    pub id: GatewayEventId,
    /// Its id at the gateway.
    #[schema(example = "evt_1OaB2c")]
    pub event_id: String,
    /// What it tells.
    #[schema(example = "payment_intent.succeeded")]
    pub event_type: String,
    /// The object it speaks of.
    #[schema(example = "pi_3MtwBw")]
    pub object_id: Option<String>,
    /// The account it came to.
    pub account: String,
    /// Where it stands.
    #[schema(value_type = String, example = "quarantined")]
    pub status: GatewayEventStatus,
    /// How often it was worked on.
    pub attempts: i32,
    /// Why it was put aside, where that is known.
    pub error: Option<String>,
    /// When the gateway made it.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it came here.
    #[schema(value_type = String, format = DateTime)]
    pub received_at: Timestamp,
    /// When it is tried again by itself.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub next_attempt_at: Option<Timestamp>,
}

/// The events, the newest first: three statements.
///
/// Errors: 403.
pub async fn list(app: &App, actor: &Actor, filter: &EventFilter, page: PageQuery) -> AppResult<Page<EventLine>> {
    actor.admin()?;
    actor.require(Permission::ViewTransaction)?;
    let page = page.checked()?;
    let conn = app.replica.conn();
    let mut found = rows::Entity::find();
    if let Some(status) = filter.status {
        found = found.filter(rows::Column::Status.eq(status));
    }
    if let Some(object) = filter.object.as_deref().map(str::trim).filter(|object| !object.is_empty()) {
        found = found.filter(rows::Column::ObjectId.eq(object));
    }
    let total = found.clone().count(conn).await?;
    let events = found
        .order_by_desc(rows::Column::CreatedAt)
        .order_by_desc(rows::Column::Id)
        .offset(page.offset())
        .limit(page.per_page)
        .all(conn)
        .await?;
    let accounts: HashMap<GatewayAccountId, String> = gateway_accounts::Entity::find()
        .filter(gateway_accounts::Column::Id.is_in(events.iter().map(|event| event.gateway_account_id)))
        .all(conn)
        .await?
        .into_iter()
        .map(|row| (row.id, row.name))
        .collect();
    let line = |event: rows::Model| EventLine {
        id: event.id,
        event_id: event.event_id,
        event_type: event.event_type,
        object_id: event.object_id,
        account: accounts.get(&event.gateway_account_id).cloned().unwrap_or_default(),
        status: event.status,
        attempts: event.attempts,
        error: event.error,
        created_at: event.event_created_at,
        received_at: event.created_at,
        next_attempt_at: event.next_attempt_at,
    };
    Ok(Page::new(events.into_iter().map(line).collect(), page, total))
}
