//! `aftercare_conversation_participants`: who takes or took part in an aftercare chat.

use kernel::Timestamp;
use kernel::ids::{AftercareConversationId, AftercareConversationParticipantId, AnyId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `aftercare_conversation_participants`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "aftercare_conversation_participants")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AftercareConversationParticipantId,
    pub conversation_id: AftercareConversationId,
    pub participant_type: AftercareConversationParticipantType,
    pub participant_id: AnyId,
    pub role: AftercareConversationParticipantRole,
    pub joined_at: Timestamp,
    pub left_at: Option<Timestamp>,
    pub last_read_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `participant_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(50))")]
pub enum AftercareConversationParticipantType {
    #[sea_orm(string_value = "Patient")]
    Patient,
    #[sea_orm(string_value = "ProviderUser")]
    ProviderUser,
    #[sea_orm(string_value = "User")]
    User,
}

/// The values of `role`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(50))")]
pub enum AftercareConversationParticipantRole {
    #[sea_orm(string_value = "patient")]
    #[serde(rename = "patient")]
    Patient,
    #[sea_orm(string_value = "aftercare_specialist")]
    #[serde(rename = "aftercare_specialist")]
    AftercareSpecialist,
    #[sea_orm(string_value = "lead_physician")]
    #[serde(rename = "lead_physician")]
    LeadPhysician,
    #[sea_orm(string_value = "coordinator")]
    #[serde(rename = "coordinator")]
    Coordinator,
    #[sea_orm(string_value = "provider_clinician")]
    #[serde(rename = "provider_clinician")]
    ProviderClinician,
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
}

impl Related<super::aftercare_conversations::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Conversation.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
