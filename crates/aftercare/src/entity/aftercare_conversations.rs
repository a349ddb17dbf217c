//! `aftercare_conversations`: the two chats of a case: patient with team, and team alone.

use kernel::Timestamp;
use kernel::ids::{AfterCareId, AftercareConversationId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `aftercare_conversations`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "aftercare_conversations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AftercareConversationId,
    pub after_care_id: AfterCareId,
    pub kind: AftercareConversationKind,
    pub status: AftercareConversationStatus,
    pub last_message_at: Option<Timestamp>,
    /// Oldest patient message without a team answer.
    pub awaiting_reply_since: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `kind`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(30))")]
pub enum AftercareConversationKind {
    #[sea_orm(string_value = "patient_team")]
    #[serde(rename = "patient_team")]
    PatientTeam,
    #[sea_orm(string_value = "care_team")]
    #[serde(rename = "care_team")]
    CareTeam,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))")]
pub enum AftercareConversationStatus {
    #[sea_orm(string_value = "open")]
    #[serde(rename = "open")]
    Open,
    #[sea_orm(string_value = "closed")]
    #[serde(rename = "closed")]
    Closed,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::after_cares::Entity",
        from = "Column::AfterCareId",
        to = "super::after_cares::Column::Id"
    )]
    AfterCare,
}

impl Related<super::after_cares::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::AfterCare.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
