//! `set_commissions`: platform default commission; the latest row not in the future applies.

use kernel::Timestamp;
use kernel::ids::{SetCommissionId, UserId};
use sea_orm::entity::prelude::*;

/// A row of `set_commissions`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "set_commissions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SetCommissionId,
    /// 15-25.
    pub commission_percentage: i32,
    pub effective_from: Timestamp,
    /// 20-500 chars.
    pub reason: String,
    pub set_by_user_id: UserId,
    pub created_at: Timestamp,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "identity::entity::users::Entity",
        from = "Column::SetByUserId",
        to = "identity::entity::users::Column::Id"
    )]
    SetByUser,
}

impl Related<identity::entity::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::SetByUser.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
