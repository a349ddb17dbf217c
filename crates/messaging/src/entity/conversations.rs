//! `conversations`: the single message thread of one patient and one clinic.

use kernel::Timestamp;
use kernel::ids::{ConversationId, InquiryId, PatientId, ProviderId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `conversations`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "conversations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ConversationId,
    pub inquiry_id: Option<InquiryId>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// Required for new rows.
    pub patient_id: Option<PatientId>,
    /// Required for new rows.
    pub provider_id: Option<ProviderId>,
    pub status: ConversationStatus,
    pub closed_reason: Option<ConversationClosedReason>,
    /// First quote of the pair reached confirmed.
    pub revealed_at: Option<Timestamp>,
    pub last_message_at: Option<Timestamp>,
    pub last_seq: i32,
    pub patient_last_read_seq: i32,
    pub provider_last_read_seq: i32,
    pub unanswered_since: Option<Timestamp>,
    /// 0 none, 1 = 48 h reminder sent, 2 = 72 h flag raised.
    pub no_answer_stage: i16,
    pub admin_intervened: bool,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum ConversationStatus {
    #[sea_orm(string_value = "open")]
    #[serde(rename = "open")]
    Open,
    #[sea_orm(string_value = "closed")]
    #[serde(rename = "closed")]
    Closed,
    #[sea_orm(string_value = "archived")]
    #[serde(rename = "archived")]
    Archived,
}

/// The values of `closed_reason`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))")]
pub enum ConversationClosedReason {
    #[sea_orm(string_value = "no_live_quote")]
    #[serde(rename = "no_live_quote")]
    NoLiveQuote,
    #[sea_orm(string_value = "provider_suspended")]
    #[serde(rename = "provider_suspended")]
    ProviderSuspended,
    #[sea_orm(string_value = "admin_lock")]
    #[serde(rename = "admin_lock")]
    AdminLock,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "inquiry::entity::inquiries::Entity",
        from = "Column::InquiryId",
        to = "inquiry::entity::inquiries::Column::Id"
    )]
    Inquiry,
    #[sea_orm(
        belongs_to = "identity::entity::patients::Entity",
        from = "Column::PatientId",
        to = "identity::entity::patients::Column::Id"
    )]
    Patient,
    #[sea_orm(
        belongs_to = "directory::entity::providers::Entity",
        from = "Column::ProviderId",
        to = "directory::entity::providers::Column::Id"
    )]
    Provider,
    #[sea_orm(has_many = "super::messages::Entity")]
    Messages,
    #[sea_orm(has_many = "super::conversation_flags::Entity")]
    ConversationFlags,
    #[sea_orm(has_many = "super::conversation_interventions::Entity")]
    ConversationInterventions,
}

impl Related<inquiry::entity::inquiries::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Inquiry.def()
    }
}

impl Related<identity::entity::patients::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Patient.def()
    }
}

impl Related<directory::entity::providers::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Provider.def()
    }
}

impl Related<super::messages::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Messages.def()
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
