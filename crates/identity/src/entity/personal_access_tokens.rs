//! `personal_access_tokens`: opaque API tokens for scripts.

use kernel::Timestamp;
use kernel::ids::AnyId;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `personal_access_tokens`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "personal_access_tokens")]
pub struct Model {
    /// AUTO_INCREMENT.
    #[sea_orm(primary_key)]
    pub id: i64,
    pub tokenable_type: PersonalAccessTokenTokenableType,
    pub tokenable_id: AnyId,
    pub name: String,
    /// SHA-256; client holds id|plain.
    pub token: String,
    /// JSON array of scopes.
    #[sea_orm(column_type = "Text")]
    pub abilities: Option<String>,
    pub last_used_at: Option<Timestamp>,
    pub expires_at: Timestamp,
    pub revoked_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `tokenable_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum PersonalAccessTokenTokenableType {
    #[sea_orm(string_value = "User")]
    User,
    #[sea_orm(string_value = "ProviderUser")]
    ProviderUser,
}

/// No relation within reach of this wing.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
