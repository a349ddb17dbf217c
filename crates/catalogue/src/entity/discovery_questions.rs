//! `discovery_questions`: answer options of the question how a patient found the platform.

use kernel::Timestamp;
use kernel::ids::{DiscoveryQuestionId, UserId};
use sea_orm::entity::prelude::*;

/// A row of `discovery_questions`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "discovery_questions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DiscoveryQuestionId,
    /// Unique without regard to case.
    pub option_label: String,
    pub display_order: i32,
    /// At least two stay active.
    pub is_active: bool,
    pub updated_by: Option<UserId>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "identity::entity::users::Entity",
        from = "Column::UpdatedBy",
        to = "identity::entity::users::Column::Id"
    )]
    UpdatedBy,
}

impl Related<identity::entity::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::UpdatedBy.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
