//! `provider_awards`: awards shown on a clinic's profile.

use kernel::Timestamp;
use kernel::ids::{ProviderAwardId, ProviderId};
use sea_orm::entity::prelude::*;

/// A row of `provider_awards`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "provider_awards")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProviderAwardId,
    pub provider_id: ProviderId,
    pub award_name: String,
    pub issuer: Option<String>,
    pub description: Option<String>,
    pub award_year: i16,
    pub award_image: Option<String>,
    pub sort_order: i32,
    pub deleted_at: Option<Timestamp>,
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
