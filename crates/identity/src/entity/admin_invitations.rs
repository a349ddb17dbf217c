//! `admin_invitations`: invitations to Hairline staff.

use kernel::Timestamp;
use kernel::ids::{AdminInvitationId, UserId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `admin_invitations`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "admin_invitations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AdminInvitationId,
    pub email: String,
    pub first_name: String,
    pub last_name: String,
    pub role_id: i64,
    pub personal_message: Option<String>,
    pub token_hash: String,
    pub status: AdminInvitationStatus,
    pub expires_at: Timestamp,
    /// NULL for the install command.
    pub invited_by: Option<UserId>,
    pub accepted_by: Option<UserId>,
    pub accepted_at: Option<Timestamp>,
    pub cancelled_at: Option<Timestamp>,
    pub send_attempts: i32,
    pub last_sent_at: Option<Timestamp>,
    pub resend_count: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum AdminInvitationStatus {
    #[sea_orm(string_value = "pending_send")]
    #[serde(rename = "pending_send")]
    PendingSend,
    #[sea_orm(string_value = "pending")]
    #[serde(rename = "pending")]
    Pending,
    #[sea_orm(string_value = "accepted")]
    #[serde(rename = "accepted")]
    Accepted,
    #[sea_orm(string_value = "expired")]
    #[serde(rename = "expired")]
    Expired,
    #[sea_orm(string_value = "cancelled")]
    #[serde(rename = "cancelled")]
    Cancelled,
    #[sea_orm(string_value = "bounced")]
    #[serde(rename = "bounced")]
    Bounced,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::roles::Entity", from = "Column::RoleId", to = "super::roles::Column::Id")]
    Role,
    #[sea_orm(belongs_to = "super::users::Entity", from = "Column::InvitedBy", to = "super::users::Column::Id")]
    InvitedBy,
    #[sea_orm(belongs_to = "super::users::Entity", from = "Column::AcceptedBy", to = "super::users::Column::Id")]
    AcceptedBy,
}

impl Related<super::roles::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Role.def()
    }
}

impl Related<super::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::InvitedBy.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
