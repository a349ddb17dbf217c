//! `provider_team_members`: which staff identity works or worked in which clinic, in which role and when.

use kernel::Timestamp;
use kernel::ids::{AnyId, ProviderId, ProviderStaffInvitationId, ProviderTeamMemberId, ProviderUserId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `provider_team_members`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "provider_team_members")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProviderTeamMemberId,
    pub provider_id: ProviderId,
    pub provider_user_id: ProviderUserId,
    /// Current or last role.
    pub role_id: i64,
    /// NULL for the owner and for clinicians without login.
    pub invitation_id: Option<ProviderStaffInvitationId>,
    pub is_owner: bool,
    pub department: Option<String>,
    pub status: ProviderTeamMemberStatus,
    pub joined_at: Timestamp,
    pub suspended_at: Option<Timestamp>,
    pub suspension_reason: Option<String>,
    pub removed_at: Option<Timestamp>,
    pub removal_reason: Option<String>,
    pub removed_by_type: Option<ProviderTeamMemberRemovedByType>,
    pub removed_by_id: Option<AnyId>,
    pub work_reassigned_to: Option<ProviderUserId>,
    /// Written at most once a minute.
    pub last_active_at: Option<Timestamp>,
    pub version: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum ProviderTeamMemberStatus {
    #[sea_orm(string_value = "active")]
    #[serde(rename = "active")]
    Active,
    #[sea_orm(string_value = "suspended")]
    #[serde(rename = "suspended")]
    Suspended,
    #[sea_orm(string_value = "removed")]
    #[serde(rename = "removed")]
    Removed,
}

/// The values of `removed_by_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum ProviderTeamMemberRemovedByType {
    #[sea_orm(string_value = "ProviderUser")]
    ProviderUser,
    #[sea_orm(string_value = "User")]
    User,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::provider_users::Entity",
        from = "Column::ProviderUserId",
        to = "super::provider_users::Column::Id"
    )]
    ProviderUser,
    #[sea_orm(belongs_to = "super::roles::Entity", from = "Column::RoleId", to = "super::roles::Column::Id")]
    Role,
    #[sea_orm(
        belongs_to = "super::provider_staff_invitations::Entity",
        from = "Column::InvitationId",
        to = "super::provider_staff_invitations::Column::Id"
    )]
    Invitation,
    #[sea_orm(
        belongs_to = "super::provider_users::Entity",
        from = "Column::WorkReassignedTo",
        to = "super::provider_users::Column::Id"
    )]
    WorkReassignedTo,
}

impl Related<super::provider_users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ProviderUser.def()
    }
}

impl Related<super::roles::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Role.def()
    }
}

impl Related<super::provider_staff_invitations::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Invitation.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
