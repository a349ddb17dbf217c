//! `moderation_terms`: words and phrases that flag or block a message or review.

use kernel::Timestamp;
use kernel::ids::{ModerationTermsId, UserId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `moderation_terms`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "moderation_terms")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ModerationTermsId,
    pub term: String,
    pub locale: String,
    pub action: ModerationTermsAction,
    pub category: String,
    pub is_active: bool,
    pub updated_by: Option<UserId>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `action`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(8))")]
pub enum ModerationTermsAction {
    #[sea_orm(string_value = "flag")]
    #[serde(rename = "flag")]
    Flag,
    #[sea_orm(string_value = "block")]
    #[serde(rename = "block")]
    Block,
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
