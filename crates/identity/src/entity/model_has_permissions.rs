//! `model_has_permissions`: direct grant of one permission to one account (guard api only).

use kernel::Timestamp;
use kernel::ids::{AnyId, UserId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `model_has_permissions`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "model_has_permissions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub permission_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub model_type: ModelHasPermissionModelType,
    #[sea_orm(primary_key, auto_increment = false)]
    pub model_id: AnyId,
    pub granted_by: Option<UserId>,
    pub reason: Option<String>,
    pub created_at: Timestamp,
}

/// The values of `model_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum ModelHasPermissionModelType {
    #[sea_orm(string_value = "User")]
    User,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::permissions::Entity",
        from = "Column::PermissionId",
        to = "super::permissions::Column::Id"
    )]
    Permission,
    #[sea_orm(belongs_to = "super::users::Entity", from = "Column::GrantedBy", to = "super::users::Column::Id")]
    GrantedBy,
}

impl Related<super::permissions::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Permission.def()
    }
}

impl Related<super::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::GrantedBy.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
