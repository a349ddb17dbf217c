//! `users`: hairline staff accounts, and the legal-owner record of clinics (which never gets an api token).

use kernel::ids::UserId;
use kernel::{Sealed, Timestamp};
use sea_orm::entity::prelude::*;

/// A row of `users`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: UserId,
    pub username: String,
    pub firstname: String,
    pub lastname: String,
    pub email: String,
    pub password: String,
    pub avatar: Option<String>,
    pub role: Option<String>,
    pub email_verified_at: Option<Timestamp>,
    pub remember_token: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// Optional; encrypted like a patient phone.
    #[sea_orm(column_type = "Text")]
    pub phone_number: Option<Sealed<String>>,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(has_many = "super::oauth_clients::Entity")]
    OauthClients,
}

impl Related<super::oauth_clients::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::OauthClients.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
