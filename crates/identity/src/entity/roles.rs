//! `roles`: named roles per guard.

use kernel::Timestamp;
use sea_orm::entity::prelude::*;

/// A row of `roles`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "roles")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub name: String,
    pub guard_name: String,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub label: Option<String>,
    pub description: Option<String>,
    /// Seeded; name immutable.
    pub is_system: bool,
    /// Super_admin, provider_owner: permissions fixed.
    pub is_locked: bool,
    pub archived_at: Option<Timestamp>,
    pub version: i32,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(has_many = "super::provider_team_members::Entity")]
    ProviderTeamMembers,
    #[sea_orm(has_many = "super::provider_staff_invitations::Entity")]
    ProviderStaffInvitations,
    #[sea_orm(has_many = "super::model_has_roles::Entity")]
    ModelHasRoles,
    #[sea_orm(has_many = "super::role_has_permissions::Entity")]
    RoleHasPermissions,
    #[sea_orm(has_many = "super::role_assignments::Entity")]
    RoleAssignments,
    #[sea_orm(has_many = "super::admin_invitations::Entity")]
    AdminInvitations,
}

impl Related<super::provider_team_members::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ProviderTeamMembers.def()
    }
}

impl Related<super::provider_staff_invitations::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ProviderStaffInvitations.def()
    }
}

impl Related<super::model_has_roles::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ModelHasRoles.def()
    }
}

impl Related<super::role_has_permissions::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::RoleHasPermissions.def()
    }
}

impl Related<super::role_assignments::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::RoleAssignments.def()
    }
}

impl Related<super::admin_invitations::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::AdminInvitations.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
