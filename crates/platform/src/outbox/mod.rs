//! Facts for others: written in the transaction of the change, delivered after it as durable jobs.
//!
//! A wing emits what happened; wings above subscribe. Each pair of event and subscription becomes one job, so one
//! subscriber that fails holds nobody else up.

mod dispatch;

use std::fmt::Display;

use futures::future::BoxFuture;
use kernel::ids::{AnyId, OutboxEventId};
use kernel::{Actor, AppError, AppResult, Timestamp};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, Set};
use serde::Serialize;
use serde_json::{Map, Value as Json};

use crate::entity::outbox_events;
use crate::{App, jobs};

pub(crate) use dispatch::{DELIVER, deliver, dispatch_due};

/// A fact to be told. Built with [`Event::new`], written with [`emit`].
pub struct Event {
    key: &'static str,
    subject_type: &'static str,
    subject_id: AnyId,
    occurrence: Option<String>,
    payload: AppResult<Map<String, Json>>,
    at: Option<Timestamp>,
}

impl Event {
    /// Something that happened to a subject: `Event::new("quote.accepted", "Quote", id)`.
    pub fn new(key: &'static str, subject_type: &'static str, subject_id: impl Into<AnyId>) -> Self {
        let subject_id = subject_id.into();
        Self { key, subject_type, subject_id, occurrence: None, payload: Ok(Map::new()), at: None }
    }

    /// Tells this occurrence from others of the same subject; the second emit of one occurrence is dropped.
    /// Without it the time of the emit is the occurrence.
    pub fn occurrence(mut self, occurrence: impl Display) -> Self {
        self.occurrence = Some(occurrence.to_string());
        self
    }

    /// Adds a value: ids and values from fixed lists only, never names or free text.
    pub fn with(mut self, name: &str, value: impl Serialize) -> Self {
        self.payload = self.payload.and_then(|mut payload| {
            payload.insert(name.to_owned(), serde_json::to_value(value)?);
            Ok(payload)
        });
        self
    }

    /// To be told at a later time.
    pub fn at(mut self, at: Timestamp) -> Self {
        self.at = Some(at);
        self
    }
}

/// Writes an event in the caller's transaction. One that was emitted before is dropped silently.
pub async fn emit(conn: &impl ConnectionTrait, app: &App, actor: &Actor, event: Event) -> AppResult<()> {
    let now = app.now();
    let occurrence = event.occurrence.unwrap_or_else(|| now.timestamp().to_string());
    let occurrence_key = format!("{}:{}:{occurrence}", event.key, event.subject_id);
    if occurrence_key.len() > 255 {
        return Err(AppError::internal(format!("occurrence of {} is too long", event.key)));
    }
    // Asked first, so that the usual repetition costs no write; the unique key decides a race.
    let known = outbox_events::Entity::find().filter(outbox_events::Column::OccurrenceKey.eq(&occurrence_key));
    if known.count(conn).await? > 0 {
        return Ok(());
    }
    let (actor_type, actor_id) = actor.reference();
    let row = outbox_events::ActiveModel {
        id: Set(OutboxEventId::new()),
        event_key: Set(event.key.to_owned()),
        occurrence_key: Set(occurrence_key),
        subject_type: Set(Some(event.subject_type.to_owned())),
        subject_id: Set(Some(event.subject_id)),
        actor_type: Set(Some(actor_type.to_owned())),
        actor_id: Set(actor_id),
        payload: Set(Json::Object(event.payload?)),
        occurred_at: Set(now),
        available_at: Set(event.at.unwrap_or(now)),
        attempts: Set(0),
        claimed_until: Set(None),
        processed_at: Set(None),
        last_error: Set(None),
        created_at: Set(now),
    };
    outbox_events::Entity::insert(row)
        .on_conflict(OnConflict::new().do_nothing_on([outbox_events::Column::Id]).to_owned())
        .try_insert()
        .exec_without_returning(conn)
        .await?;
    jobs::wake();
    Ok(())
}

/// Events that were not delivered yet, oldest first; for tests and the operator's view.
pub async fn pending(conn: &impl ConnectionTrait) -> AppResult<Vec<outbox_events::Model>> {
    let open = outbox_events::Entity::find().filter(outbox_events::Column::ProcessedAt.is_null());
    Ok(open.order_by_asc(outbox_events::Column::Id).all(conn).await?)
}

/// Every event of a key or of all, oldest first; for tests.
pub async fn recorded(conn: &impl ConnectionTrait, key: Option<&str>) -> AppResult<Vec<outbox_events::Model>> {
    let mut all = outbox_events::Entity::find().order_by_asc(outbox_events::Column::Id);
    if let Some(key) = key {
        all = all.filter(outbox_events::Column::EventKey.eq(key));
    }
    Ok(all.all(conn).await?)
}

/// An event as its subscriber gets it. The subscriber reads everything else fresh.
#[derive(Clone, Debug)]
pub struct Delivered {
    /// Its id.
    pub id: OutboxEventId,
    /// What happened: `quote.accepted`.
    pub key: String,
    /// To what kind of thing.
    pub subject_type: Option<String>,
    /// To which one.
    pub subject_id: Option<AnyId>,
    /// Who did it, by kind.
    pub actor_type: Option<String>,
    /// Who did it.
    pub actor_id: Option<AnyId>,
    /// Ids and values that go with it.
    pub payload: Json,
    /// When.
    pub occurred_at: Timestamp,
}

impl Delivered {
    /// An id from the payload.
    pub fn id<T: From<AnyId>>(&self, name: &str) -> AppResult<T> {
        self.optional_id(name)?.ok_or_else(|| AppError::internal(format!("event {}: no {name}", self.key)))
    }

    /// An id from the payload that may be missing or null.
    pub fn optional_id<T: From<AnyId>>(&self, name: &str) -> AppResult<Option<T>> {
        match self.payload.get(name) {
            None | Some(Json::Null) => Ok(None),
            Some(value) => {
                let id: AnyId = value
                    .as_str()
                    .and_then(|text| text.parse().ok())
                    .ok_or_else(|| AppError::internal(format!("event {}: {name} is no id", self.key)))?;
                Ok(Some(id.into()))
            }
        }
    }

    /// A text from the payload.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.payload.get(name).and_then(Json::as_str)
    }

    /// The id of the subject.
    pub fn subject<T: From<AnyId>>(&self) -> AppResult<T> {
        self.subject_id.map(T::from).ok_or_else(|| AppError::internal(format!("event {}: no subject", self.key)))
    }
}

impl From<outbox_events::Model> for Delivered {
    fn from(row: outbox_events::Model) -> Self {
        Self {
            id: row.id,
            key: row.event_key,
            subject_type: row.subject_type,
            subject_id: row.subject_id,
            actor_type: row.actor_type,
            actor_id: row.actor_id,
            payload: row.payload,
            occurred_at: row.occurred_at,
        }
    }
}

/// What a subscription does with an event. May run twice for one event; "no longer relevant" is `Ok`.
pub type Handle = for<'a> fn(&'a App, &'a Delivered) -> BoxFuture<'a, AppResult<()>>;

/// A wing's interest in an event.
#[derive(Clone)]
pub struct Subscription {
    /// The key of the event, or `*` for all.
    pub event: &'static str,
    /// Its own unique name, stored in jobs: `aftercare.start_plan`.
    pub name: &'static str,
    /// What it does.
    pub handle: Handle,
}

impl Subscription {
    fn wants(&self, key: &str) -> bool {
        self.event == "*" || self.event == key
    }
}
