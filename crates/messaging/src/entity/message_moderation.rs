//! `message_moderation`: unredacted text and findings of a filtered message, for admins only.

use kernel::ids::{MessageId, MessageModerationId};
use kernel::{Sealed, Timestamp};
use sea_orm::entity::prelude::*;

/// A row of `message_moderation`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "message_moderation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MessageModerationId,
    pub message_id: MessageId,
    #[sea_orm(column_type = "Text")]
    pub original_content: Sealed<String>,
    pub findings: Json,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::messages::Entity", from = "Column::MessageId", to = "super::messages::Column::Id")]
    Message,
}

impl Related<super::messages::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Message.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
