//! `oauth_access_tokens`: access tokens by jti, for revocation; purged 30 days after expiry.

use kernel::Timestamp;
use kernel::ids::{AnyId, AuthSessionId, OauthClientId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `oauth_access_tokens`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "oauth_access_tokens")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub user_id: Option<AnyId>,
    pub client_id: OauthClientId,
    pub name: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub scopes: Option<String>,
    pub revoked: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    /// NULL for client-credentials and personal tokens.
    pub session_id: Option<AuthSessionId>,
    pub guard: Option<OauthAccessTokenGuard>,
    pub revoked_at: Option<Timestamp>,
}

/// The values of `guard`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(50))")]
pub enum OauthAccessTokenGuard {
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

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::oauth_clients::Entity",
        from = "Column::ClientId",
        to = "super::oauth_clients::Column::Id"
    )]
    Client,
    #[sea_orm(
        belongs_to = "super::auth_sessions::Entity",
        from = "Column::SessionId",
        to = "super::auth_sessions::Column::Id"
    )]
    Session,
}

impl Related<super::oauth_clients::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Client.def()
    }
}

impl Related<super::auth_sessions::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Session.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
