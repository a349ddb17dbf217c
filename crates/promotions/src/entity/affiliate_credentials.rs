//! `affiliate_credentials`: password and activation link of an affiliate account.

use kernel::Timestamp;
use kernel::ids::{AffiliateCredentialId, AffiliateId};
use sea_orm::entity::prelude::*;

/// A row of `affiliate_credentials`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "affiliate_credentials")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AffiliateCredentialId,
    pub affiliate_id: AffiliateId,
    /// Bcrypt hash; NULL until activation.
    pub password: Option<String>,
    /// SHA-256, link valid 24 h.
    pub activation_token_hash: Option<String>,
    pub activation_expires_at: Option<Timestamp>,
    pub password_set_at: Option<Timestamp>,
    pub last_login_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::affiliates::Entity",
        from = "Column::AffiliateId",
        to = "super::affiliates::Column::Id"
    )]
    Affiliate,
}

impl Related<super::affiliates::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Affiliate.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
