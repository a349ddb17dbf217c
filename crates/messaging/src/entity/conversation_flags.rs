//! `conversation_flags`: internal marks on a thread.

use kernel::Timestamp;
use kernel::ids::{ConversationFlagId, ConversationId, MessageId, UserId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `conversation_flags`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "conversation_flags")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ConversationFlagId,
    pub conversation_id: ConversationId,
    pub message_id: Option<MessageId>,
    pub flag_kind: ConversationFlagKind,
    pub category: ConversationFlagCategory,
    pub severity: ConversationFlagSeverity,
    pub notes: Option<String>,
    pub status: ConversationFlagStatus,
    /// NULL = system.
    pub created_by: Option<UserId>,
    pub resolved_by: Option<UserId>,
    pub resolved_at: Option<Timestamp>,
    pub resolution_note: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `flag_kind`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))")]
pub enum ConversationFlagKind {
    #[sea_orm(string_value = "automatic")]
    #[serde(rename = "automatic")]
    Automatic,
    #[sea_orm(string_value = "manual")]
    #[serde(rename = "manual")]
    Manual,
}

/// The values of `category`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(40))")]
pub enum ConversationFlagCategory {
    #[sea_orm(string_value = "contact_details")]
    #[serde(rename = "contact_details")]
    ContactDetails,
    #[sea_orm(string_value = "possible_split_contact")]
    #[serde(rename = "possible_split_contact")]
    PossibleSplitContact,
    #[sea_orm(string_value = "off_platform_phrase")]
    #[serde(rename = "off_platform_phrase")]
    OffPlatformPhrase,
    #[sea_orm(string_value = "prohibited_term")]
    #[serde(rename = "prohibited_term")]
    ProhibitedTerm,
    #[sea_orm(string_value = "off_platform_risk")]
    #[serde(rename = "off_platform_risk")]
    OffPlatformRisk,
    #[sea_orm(string_value = "potential_dispute")]
    #[serde(rename = "potential_dispute")]
    PotentialDispute,
    #[sea_orm(string_value = "quality_concern")]
    #[serde(rename = "quality_concern")]
    QualityConcern,
    #[sea_orm(string_value = "follow_up_needed")]
    #[serde(rename = "follow_up_needed")]
    FollowUpNeeded,
    #[sea_orm(string_value = "other")]
    #[serde(rename = "other")]
    Other,
}

/// The values of `severity`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(8))")]
pub enum ConversationFlagSeverity {
    #[sea_orm(string_value = "normal")]
    #[serde(rename = "normal")]
    Normal,
    #[sea_orm(string_value = "high")]
    #[serde(rename = "high")]
    High,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))")]
pub enum ConversationFlagStatus {
    #[sea_orm(string_value = "active")]
    #[serde(rename = "active")]
    Active,
    #[sea_orm(string_value = "resolved")]
    #[serde(rename = "resolved")]
    Resolved,
    #[sea_orm(string_value = "escalated")]
    #[serde(rename = "escalated")]
    Escalated,
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
    #[sea_orm(belongs_to = "super::messages::Entity", from = "Column::MessageId", to = "super::messages::Column::Id")]
    Message,
    #[sea_orm(
        belongs_to = "identity::entity::users::Entity",
        from = "Column::CreatedBy",
        to = "identity::entity::users::Column::Id"
    )]
    CreatedBy,
    #[sea_orm(
        belongs_to = "identity::entity::users::Entity",
        from = "Column::ResolvedBy",
        to = "identity::entity::users::Column::Id"
    )]
    ResolvedBy,
}

impl Related<super::conversations::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Conversation.def()
    }
}

impl Related<super::messages::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Message.def()
    }
}

impl Related<identity::entity::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::CreatedBy.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
