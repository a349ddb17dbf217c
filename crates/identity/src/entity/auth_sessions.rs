//! `auth_sessions`: one login on one device; owner of a refresh-token chain.

use kernel::Timestamp;
use kernel::ids::{AnyId, AuthSessionId, OauthClientId, UserId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `auth_sessions`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "auth_sessions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AuthSessionId,
    pub guard: AuthSessionGuard,
    pub model_type: AuthSessionModelType,
    pub model_id: AnyId,
    pub client_id: Option<OauthClientId>,
    /// Admin behind a read-only impersonation.
    pub impersonator_id: Option<UserId>,
    pub device: Option<String>,
    pub ip_address: Option<String>,
    pub user_agent: Option<String>,
    pub last_activity_at: Timestamp,
    /// Newest proof of identity, for re-auth.
    pub last_auth_at: Timestamp,
    pub mfa_at: Option<Timestamp>,
    /// Absolute end of the session.
    pub cap_at: Timestamp,
    pub revoked_at: Option<Timestamp>,
    pub revoke_reason: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `guard`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(50))")]
pub enum AuthSessionGuard {
    #[sea_orm(string_value = "api")]
    #[serde(rename = "api")]
    Api,
    #[sea_orm(string_value = "provider")]
    #[serde(rename = "provider")]
    Provider,
    #[sea_orm(string_value = "patient")]
    #[serde(rename = "patient")]
    Patient,
    #[sea_orm(string_value = "affiliate")]
    #[serde(rename = "affiliate")]
    Affiliate,
}

/// The values of `model_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum AuthSessionModelType {
    #[sea_orm(string_value = "User")]
    User,
    #[sea_orm(string_value = "ProviderUser")]
    ProviderUser,
    #[sea_orm(string_value = "Patient")]
    Patient,
    #[sea_orm(string_value = "Affiliate")]
    Affiliate,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::oauth_clients::Entity",
        from = "Column::ClientId",
        to = "super::oauth_clients::Column::Id"
    )]
    Client,
    #[sea_orm(belongs_to = "super::users::Entity", from = "Column::ImpersonatorId", to = "super::users::Column::Id")]
    Impersonator,
}

impl Related<super::oauth_clients::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Client.def()
    }
}

impl Related<super::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Impersonator.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
