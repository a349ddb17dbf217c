//! `outbox_events`: facts written in the producer's transaction, to be turned into notifications and bus messages.

use kernel::Timestamp;
use kernel::ids::{AnyId, OutboxEventId};
use sea_orm::entity::prelude::*;

/// A row of `outbox_events`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outbox_events")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OutboxEventId,
    pub event_key: String,
    /// Event:subject:occurrence, idempotency of the producer.
    pub occurrence_key: String,
    pub subject_type: Option<String>,
    pub subject_id: Option<AnyId>,
    pub actor_type: Option<String>,
    pub actor_id: Option<AnyId>,
    /// Ids and whitelisted values.
    pub payload: Json,
    pub occurred_at: Timestamp,
    /// Later for scheduled reminders.
    pub available_at: Timestamp,
    pub attempts: i32,
    pub claimed_until: Option<Timestamp>,
    pub processed_at: Option<Timestamp>,
    pub last_error: Option<String>,
    pub created_at: Timestamp,
}

/// No relation within reach of this wing.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
