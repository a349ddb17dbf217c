//! `aftercare_messages`: messages of the aftercare chats; redacted, never deleted.

use kernel::ids::{AftercareConversationId, AftercareMessageId, AnyId, UserId};
use kernel::{Sealed, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `aftercare_messages`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "aftercare_messages")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AftercareMessageId,
    pub conversation_id: AftercareConversationId,
    pub sender_type: AftercareMessageSenderType,
    /// NULL for System.
    pub sender_id: Option<AnyId>,
    pub message_type: AftercareMessageType,
    /// <= 4000 characters.
    #[sea_orm(column_type = "Text")]
    pub content: Sealed<String>,
    pub attachment_url: Option<String>,
    pub attachment_mime: Option<String>,
    pub is_urgent: bool,
    pub client_message_id: Option<String>,
    pub redacted_at: Option<Timestamp>,
    pub redacted_by_id: Option<UserId>,
    pub redaction_reason: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `sender_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(50))")]
pub enum AftercareMessageSenderType {
    #[sea_orm(string_value = "Patient")]
    Patient,
    #[sea_orm(string_value = "ProviderUser")]
    ProviderUser,
    #[sea_orm(string_value = "User")]
    User,
    #[sea_orm(string_value = "System")]
    System,
}

/// The values of `message_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(30))")]
pub enum AftercareMessageType {
    #[sea_orm(string_value = "text")]
    #[serde(rename = "text")]
    Text,
    #[sea_orm(string_value = "system")]
    #[serde(rename = "system")]
    System,
    #[sea_orm(string_value = "scan_request")]
    #[serde(rename = "scan_request")]
    ScanRequest,
    #[sea_orm(string_value = "info_request")]
    #[serde(rename = "info_request")]
    InfoRequest,
    #[sea_orm(string_value = "consultation_request")]
    #[serde(rename = "consultation_request")]
    ConsultationRequest,
    #[sea_orm(string_value = "alert")]
    #[serde(rename = "alert")]
    Alert,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::aftercare_conversations::Entity",
        from = "Column::ConversationId",
        to = "super::aftercare_conversations::Column::Id"
    )]
    Conversation,
    #[sea_orm(
        belongs_to = "identity::entity::users::Entity",
        from = "Column::RedactedById",
        to = "identity::entity::users::Column::Id"
    )]
    RedactedBy,
}

impl Related<super::aftercare_conversations::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Conversation.def()
    }
}

impl Related<identity::entity::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::RedactedBy.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
