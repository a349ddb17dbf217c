//! `mfa_credentials`: TOTP secret of an account.

use kernel::ids::{AnyId, MfaCredentialId};
use kernel::{Sealed, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `mfa_credentials`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mfa_credentials")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MfaCredentialId,
    pub model_type: MfaCredentialModelType,
    pub model_id: AnyId,
    #[sea_orm(column_type = "Text")]
    pub secret: Sealed<String>,
    pub confirmed_at: Option<Timestamp>,
    /// Last accepted time step.
    pub last_step: Option<i64>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `model_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum MfaCredentialModelType {
    #[sea_orm(string_value = "User")]
    User,
    #[sea_orm(string_value = "ProviderUser")]
    ProviderUser,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(has_many = "super::mfa_recovery_codes::Entity")]
    MfaRecoveryCodes,
}

impl Related<super::mfa_recovery_codes::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::MfaRecoveryCodes.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
