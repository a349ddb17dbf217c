//! `oauth_auth_codes`: authorisation codes, single use, 10 minutes.

use kernel::Timestamp;
use kernel::ids::{AnyId, AuthSessionId, OauthClientId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `oauth_auth_codes`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "oauth_auth_codes")]
pub struct Model {
    /// SHA-256 hex of the code.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub user_id: AnyId,
    pub client_id: OauthClientId,
    #[sea_orm(column_type = "Text")]
    pub scopes: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub redirect_uri: String,
    pub code_challenge: Option<String>,
    pub code_challenge_method: Option<OauthAuthCodeChallengeMethod>,
    /// Browser session that consented.
    pub session_id: Option<AuthSessionId>,
    /// Token made from it, for replay revocation.
    pub access_token_id: Option<String>,
    /// True once exchanged.
    pub revoked: bool,
    pub expires_at: Timestamp,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `code_challenge_method`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(10))")]
pub enum OauthAuthCodeChallengeMethod {
    #[sea_orm(string_value = "S256")]
    S256,
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
