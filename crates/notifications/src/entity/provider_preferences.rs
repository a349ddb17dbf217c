//! `provider_preferences`: which kinds of notification a clinic wants.

use kernel::Timestamp;
use kernel::ids::{ProviderId, ProviderPreferenceId};
use sea_orm::entity::prelude::*;

/// A row of `provider_preferences`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "provider_preferences")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProviderPreferenceId,
    pub provider_id: ProviderId,
    pub quote_notification: bool,
    pub schedule_notification: bool,
    pub start_treatment_notification: bool,
    pub after_care_notification: bool,
    pub review_notification: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub promotion_notification: bool,
    pub email_enabled: bool,
    pub push_enabled: bool,
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
