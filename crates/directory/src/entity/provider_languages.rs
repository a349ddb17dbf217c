//! `provider_languages`: languages spoken at a clinic, first = main language.

use kernel::Timestamp;
use kernel::ids::{LanguageId, ProviderId, ProviderLanguageId};
use sea_orm::entity::prelude::*;

/// A row of `provider_languages`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "provider_languages")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProviderLanguageId,
    pub provider_id: ProviderId,
    pub language_id: LanguageId,
    pub sort_order: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::providers::Entity",
        from = "Column::ProviderId",
        to = "super::providers::Column::Id"
    )]
    Provider,
}

impl Related<super::providers::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Provider.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
