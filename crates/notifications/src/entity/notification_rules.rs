//! `notification_rules`: admin switches per event of the catalogue.

use kernel::Timestamp;
use kernel::ids::{NotificationRuleId, UserId};
use sea_orm::entity::prelude::*;

/// A row of `notification_rules`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "notification_rules")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: NotificationRuleId,
    pub event_key: String,
    pub enabled: bool,
    /// Per recipient kind: email, push, in-app.
    pub channels: Json,
    pub retry_max: i16,
    /// Reminder lead times.
    pub lead_settings: Option<Json>,
    pub is_locked: bool,
    pub updated_by: Option<UserId>,
    pub version: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "identity::entity::users::Entity",
        from = "Column::UpdatedBy",
        to = "identity::entity::users::Column::Id"
    )]
    UpdatedBy,
}

impl Related<identity::entity::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::UpdatedBy.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
