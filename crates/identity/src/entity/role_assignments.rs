//! `role_assignments`: history and future dates of role assignments.

use kernel::Timestamp;
use kernel::ids::{AnyId, RoleAssignmentId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `role_assignments`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "role_assignments")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RoleAssignmentId,
    pub model_type: RoleAssignmentModelType,
    pub model_id: AnyId,
    pub role_id: i64,
    pub effective_from: Timestamp,
    pub effective_to: Option<Timestamp>,
    /// When model_has_roles followed.
    pub applied_at: Option<Timestamp>,
    pub assigned_by_type: Option<RoleAssignmentAssignedByType>,
    pub assigned_by_id: Option<AnyId>,
    pub reason: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `model_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum RoleAssignmentModelType {
    #[sea_orm(string_value = "User")]
    User,
    #[sea_orm(string_value = "ProviderUser")]
    ProviderUser,
    #[sea_orm(string_value = "Patient")]
    Patient,
    #[sea_orm(string_value = "Affiliate")]
    Affiliate,
}

/// The values of `assigned_by_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum RoleAssignmentAssignedByType {
    #[sea_orm(string_value = "User")]
    User,
    #[sea_orm(string_value = "ProviderUser")]
    ProviderUser,
    #[sea_orm(string_value = "System")]
    System,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::roles::Entity", from = "Column::RoleId", to = "super::roles::Column::Id")]
    Role,
}

impl Related<super::roles::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Role.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
