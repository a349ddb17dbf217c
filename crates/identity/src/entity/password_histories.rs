//! `password_histories`: newest five password hashes of an account.

use kernel::Timestamp;
use kernel::ids::{AnyId, PasswordHistoryId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `password_histories`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "password_histories")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PasswordHistoryId,
    pub model_type: PasswordHistoryModelType,
    pub model_id: AnyId,
    /// Bcrypt hash.
    pub password: String,
    pub created_at: Timestamp,
}

/// The values of `model_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum PasswordHistoryModelType {
    #[sea_orm(string_value = "User")]
    User,
    #[sea_orm(string_value = "ProviderUser")]
    ProviderUser,
    #[sea_orm(string_value = "Patient")]
    Patient,
    #[sea_orm(string_value = "Affiliate")]
    Affiliate,
}

/// No relation within reach of this wing.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
