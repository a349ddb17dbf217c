//! `oauth_clients`: OAuth2 clients: first-party apps, partner apps, machine jobs.

use kernel::Timestamp;
use kernel::ids::{OauthClientId, UserId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `oauth_clients`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "oauth_clients")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OauthClientId,
    pub user_id: Option<UserId>,
    pub name: String,
    /// SHA-256 hex of the secret; NULL = public client.
    pub secret: Option<String>,
    pub provider: Option<OauthClientProvider>,
    #[sea_orm(column_type = "Text")]
    pub redirect: String,
    pub personal_access_client: bool,
    pub password_client: bool,
    pub revoked: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// Skips the consent page.
    pub first_party: bool,
    /// JSON array; NULL = default scopes.
    #[sea_orm(column_type = "Text")]
    pub allowed_scopes: Option<String>,
    pub last_used_at: Option<Timestamp>,
}

/// The values of `provider`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum OauthClientProvider {
    #[sea_orm(string_value = "users")]
    #[serde(rename = "users")]
    Users,
    #[sea_orm(string_value = "patients")]
    #[serde(rename = "patients")]
    Patients,
    #[sea_orm(string_value = "provider_users")]
    #[serde(rename = "provider_users")]
    ProviderUsers,
    #[sea_orm(string_value = "affiliates")]
    #[serde(rename = "affiliates")]
    Affiliates,
    #[sea_orm(string_value = "google")]
    #[serde(rename = "google")]
    Google,
    #[sea_orm(string_value = "facebook")]
    #[serde(rename = "facebook")]
    Facebook,
    #[sea_orm(string_value = "apple")]
    #[serde(rename = "apple")]
    Apple,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::users::Entity", from = "Column::UserId", to = "super::users::Column::Id")]
    User,
}

impl Related<super::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::User.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
