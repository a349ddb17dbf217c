//! `oauth_refresh_tokens`: rotating refresh tokens, one chain per session.

use kernel::Timestamp;
use kernel::ids::AuthSessionId;
use sea_orm::entity::prelude::*;

/// A row of `oauth_refresh_tokens`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "oauth_refresh_tokens")]
pub struct Model {
    /// Public part; client holds id.secret.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub access_token_id: String,
    pub session_id: AuthSessionId,
    pub secret_hash: String,
    pub revoked: bool,
    pub used_at: Option<Timestamp>,
    pub replaced_by: Option<String>,
    pub expires_at: Timestamp,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::oauth_access_tokens::Entity",
        from = "Column::AccessTokenId",
        to = "super::oauth_access_tokens::Column::Id"
    )]
    AccessToken,
    #[sea_orm(
        belongs_to = "super::auth_sessions::Entity",
        from = "Column::SessionId",
        to = "super::auth_sessions::Column::Id"
    )]
    Session,
    #[sea_orm(belongs_to = "Entity", from = "Column::ReplacedBy", to = "Column::Id")]
    ReplacedBy,
}

impl Related<super::oauth_access_tokens::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::AccessToken.def()
    }
}

impl Related<super::auth_sessions::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Session.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
