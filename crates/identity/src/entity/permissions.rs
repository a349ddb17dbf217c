//! `permissions`: catalogue of named permissions per guard.

use kernel::Timestamp;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `permissions`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "permissions")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub name: String,
    pub guard_name: String,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// Group in the role editor.
    pub group_key: Option<String>,
    pub label: Option<String>,
    /// Needs confirm_sensitive and re-auth.
    pub is_sensitive: bool,
    /// Top_default = mark ^, top_only = mark X.
    pub grant_rule: PermissionGrantRule,
}

/// The values of `grant_rule`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))")]
pub enum PermissionGrantRule {
    #[sea_orm(string_value = "open")]
    #[serde(rename = "open")]
    Open,
    #[sea_orm(string_value = "top_default")]
    #[serde(rename = "top_default")]
    TopDefault,
    #[sea_orm(string_value = "top_only")]
    #[serde(rename = "top_only")]
    TopOnly,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(has_many = "super::model_has_permissions::Entity")]
    ModelHasPermissions,
    #[sea_orm(has_many = "super::role_has_permissions::Entity")]
    RoleHasPermissions,
}

impl Related<super::model_has_permissions::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ModelHasPermissions.def()
    }
}

impl Related<super::role_has_permissions::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::RoleHasPermissions.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
