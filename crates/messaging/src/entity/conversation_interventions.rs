//! `conversation_interventions`: admin messages inside a pair's thread, with reason.

use kernel::Timestamp;
use kernel::ids::{ConversationId, ConversationInterventionId, MessageId, UserId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `conversation_interventions`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "conversation_interventions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ConversationInterventionId,
    pub conversation_id: ConversationId,
    pub message_id: MessageId,
    pub admin_id: UserId,
    pub reason_code: ConversationInterventionReasonCode,
    pub justification: String,
    pub created_at: Timestamp,
}

/// The values of `reason_code`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))")]
pub enum ConversationInterventionReasonCode {
    #[sea_orm(string_value = "policy_violation")]
    #[serde(rename = "policy_violation")]
    PolicyViolation,
    #[sea_orm(string_value = "urgent_dispute")]
    #[serde(rename = "urgent_dispute")]
    UrgentDispute,
    #[sea_orm(string_value = "patient_safety")]
    #[serde(rename = "patient_safety")]
    PatientSafety,
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
        from = "Column::AdminId",
        to = "identity::entity::users::Column::Id"
    )]
    Admin,
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
        Relation::Admin.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
