//! `messages`: messages of a thread.

use kernel::Timestamp;
use kernel::ids::{AnyId, ConversationId, MessageId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `messages`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "messages")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MessageId,
    pub conversation_id: ConversationId,
    pub sender_id: AnyId,
    pub sender_type: MessageSenderType,
    #[sea_orm(column_type = "Text")]
    pub content: String,
    pub attachment_url: Option<String>,
    pub is_read: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// Place in the thread; required for new rows.
    pub seq: Option<i32>,
    pub sender_role: Option<MessageSenderRole>,
    pub kind: MessageKind,
    pub client_message_id: Option<String>,
    pub read_at: Option<Timestamp>,
    pub is_redacted: bool,
}

/// The values of `sender_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum MessageSenderType {
    #[sea_orm(string_value = "Patient")]
    Patient,
    #[sea_orm(string_value = "ProviderUser")]
    ProviderUser,
    #[sea_orm(string_value = "User")]
    User,
}

/// The values of `sender_role`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum MessageSenderRole {
    #[sea_orm(string_value = "patient")]
    #[serde(rename = "patient")]
    Patient,
    #[sea_orm(string_value = "provider")]
    #[serde(rename = "provider")]
    Provider,
    #[sea_orm(string_value = "admin")]
    #[serde(rename = "admin")]
    Admin,
}

/// The values of `kind`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum MessageKind {
    #[sea_orm(string_value = "text")]
    #[serde(rename = "text")]
    Text,
    #[sea_orm(string_value = "system")]
    #[serde(rename = "system")]
    System,
    #[sea_orm(string_value = "intervention")]
    #[serde(rename = "intervention")]
    Intervention,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::conversations::Entity",
        from = "Column::ConversationId",
        to = "super::conversations::Column::Id"
    )]
    Conversation,
    #[sea_orm(has_many = "super::message_moderation::Entity")]
    MessageModeration,
    #[sea_orm(has_many = "super::conversation_flags::Entity")]
    ConversationFlags,
    #[sea_orm(has_many = "super::conversation_interventions::Entity")]
    ConversationInterventions,
}

impl Related<super::conversations::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Conversation.def()
    }
}

impl Related<super::message_moderation::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::MessageModeration.def()
    }
}

impl Related<super::conversation_flags::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ConversationFlags.def()
    }
}

impl Related<super::conversation_interventions::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ConversationInterventions.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
