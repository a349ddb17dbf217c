//! `mfa_recovery_codes`: single-use recovery codes.

use kernel::Timestamp;
use kernel::ids::{MfaCredentialId, MfaRecoveryCodeId};
use sea_orm::entity::prelude::*;

/// A row of `mfa_recovery_codes`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mfa_recovery_codes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MfaRecoveryCodeId,
    pub mfa_credential_id: MfaCredentialId,
    pub code_hash: String,
    pub used_at: Option<Timestamp>,
    pub created_at: Timestamp,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::mfa_credentials::Entity",
        from = "Column::MfaCredentialId",
        to = "super::mfa_credentials::Column::Id"
    )]
    MfaCredential,
}

impl Related<super::mfa_credentials::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::MfaCredential.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
