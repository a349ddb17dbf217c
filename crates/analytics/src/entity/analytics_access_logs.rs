//! `analytics_access_logs`: who opened which analytics screen with which filters (12 months).

use kernel::Timestamp;
use kernel::ids::{AnalyticsAccessLogId, AnyId, ProviderId};
use sea_orm::entity::prelude::*;

/// A row of `analytics_access_logs`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "analytics_access_logs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AnalyticsAccessLogId,
    pub actor_type: String,
    pub actor_id: AnyId,
    pub provider_id: Option<ProviderId>,
    pub screen: String,
    pub filters: Option<Json>,
    pub created_at: Timestamp,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "directory::entity::providers::Entity",
        from = "Column::ProviderId",
        to = "directory::entity::providers::Column::Id"
    )]
    Provider,
}

impl Related<directory::entity::providers::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Provider.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
