//! `provider_slugs`: former slugs of clinics, for permanent redirects.

use kernel::Timestamp;
use kernel::ids::{ProviderId, ProviderSlugId};
use sea_orm::entity::prelude::*;

/// A row of `provider_slugs`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "provider_slugs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProviderSlugId,
    pub slug: String,
    pub provider_id: ProviderId,
    pub created_at: Timestamp,
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
