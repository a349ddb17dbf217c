//! `provider_users`: clinic staff identities: owner, managers, clinicians, billing; also clinicians without a login.

use kernel::Timestamp;
use kernel::ids::{ProviderId, ProviderUserId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `provider_users`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "provider_users")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProviderUserId,
    pub provider_id: ProviderId,
    pub firstname: String,
    pub lastname: String,
    pub title: Option<String>,
    pub email: String,
    pub password: String,
    pub phone_number: Option<String>,
    pub profile_image: Option<String>,
    pub status: ProviderUserStatus,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
    /// False = clinician named on quotes and treatments who has no account.
    pub can_login: bool,
    /// Set when an invitation or activation link is used.
    pub email_verified_at: Option<Timestamp>,
    /// Optimistic lock.
    pub version: i32,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum ProviderUserStatus {
    #[sea_orm(string_value = "active")]
    #[serde(rename = "active")]
    Active,
    #[sea_orm(string_value = "inactive")]
    #[serde(rename = "inactive")]
    Inactive,
    #[sea_orm(string_value = "suspended")]
    #[serde(rename = "suspended")]
    Suspended,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(has_many = "super::provider_team_members::Entity")]
    ProviderTeamMembers,
}

impl Related<super::provider_team_members::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ProviderTeamMembers.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
