//! `provider_applications`: partnership applications from the public page.

use kernel::Timestamp;
use kernel::ids::{ProviderApplicationId, ProviderId, UserId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `provider_applications`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "provider_applications")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProviderApplicationId,
    pub contact_name: String,
    pub clinic_name: String,
    pub city: String,
    pub country_code: String,
    pub email: String,
    pub phone: Option<String>,
    pub website_url: Option<String>,
    pub message: Option<String>,
    pub consent_at: Timestamp,
    pub status: ProviderApplicationStatus,
    /// Draft clinic made from it.
    pub provider_id: Option<ProviderId>,
    pub handled_by: Option<UserId>,
    pub handled_at: Option<Timestamp>,
    pub ip_address: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))")]
pub enum ProviderApplicationStatus {
    #[sea_orm(string_value = "new")]
    #[serde(rename = "new")]
    New,
    #[sea_orm(string_value = "contacted")]
    #[serde(rename = "contacted")]
    Contacted,
    #[sea_orm(string_value = "converted")]
    #[serde(rename = "converted")]
    Converted,
    #[sea_orm(string_value = "declined")]
    #[serde(rename = "declined")]
    Declined,
    #[sea_orm(string_value = "spam")]
    #[serde(rename = "spam")]
    Spam,
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
    #[sea_orm(
        belongs_to = "identity::entity::users::Entity",
        from = "Column::HandledBy",
        to = "identity::entity::users::Column::Id"
    )]
    HandledBy,
}

impl Related<super::providers::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Provider.def()
    }
}

impl Related<identity::entity::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::HandledBy.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
