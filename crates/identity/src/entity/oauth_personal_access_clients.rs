//! `oauth_personal_access_clients`: marks the client that issues personal access tokens.

use kernel::Timestamp;
use kernel::ids::OauthClientId;
use sea_orm::entity::prelude::*;

/// A row of `oauth_personal_access_clients`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "oauth_personal_access_clients")]
pub struct Model {
    /// AUTO_INCREMENT.
    #[sea_orm(primary_key)]
    pub id: i64,
    pub client_id: OauthClientId,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
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
}

impl Related<super::oauth_clients::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Client.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
