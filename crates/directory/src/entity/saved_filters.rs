//! `saved_filters`: named filters of staff lists.

use kernel::Timestamp;
use kernel::ids::{AnyId, SavedFilterId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `saved_filters`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "saved_filters")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SavedFilterId,
    pub owner_type: SavedFilterOwnerType,
    pub owner_id: AnyId,
    pub screen: String,
    pub name: String,
    /// Never the free text q.
    pub filters: Json,
    pub is_default: bool,
    /// Visible to the same role.
    pub shared_role_id: Option<i64>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `owner_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(50))")]
pub enum SavedFilterOwnerType {
    #[sea_orm(string_value = "User")]
    User,
    #[sea_orm(string_value = "ProviderUser")]
    ProviderUser,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "identity::entity::roles::Entity",
        from = "Column::SharedRoleId",
        to = "identity::entity::roles::Column::Id"
    )]
    SharedRole,
}

impl Related<identity::entity::roles::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::SharedRole.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
