//! `languages`: languages of the user interface and pick list of languages spoken in clinics.

use kernel::Timestamp;
use kernel::ids::LanguageId;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `languages`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "languages")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LanguageId,
    /// BCP 47.
    pub code: String,
    /// English name.
    pub name: String,
    pub native_name: String,
    pub direction: LanguageDirection,
    pub status: LanguageStatus,
    /// Exactly one.
    pub is_default: bool,
    pub fallback_language_id: Option<LanguageId>,
    /// Selectable on clinic profiles.
    pub is_spoken_option: bool,
    pub sort_order: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `direction`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(3))")]
pub enum LanguageDirection {
    #[sea_orm(string_value = "ltr")]
    #[serde(rename = "ltr")]
    Ltr,
    #[sea_orm(string_value = "rtl")]
    #[serde(rename = "rtl")]
    Rtl,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum LanguageStatus {
    #[sea_orm(string_value = "preparation")]
    #[serde(rename = "preparation")]
    Preparation,
    #[sea_orm(string_value = "active")]
    #[serde(rename = "active")]
    Active,
    #[sea_orm(string_value = "inactive")]
    #[serde(rename = "inactive")]
    Inactive,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "Entity", from = "Column::FallbackLanguageId", to = "Column::Id")]
    FallbackLanguage,
}

impl ActiveModelBehavior for ActiveModel {}
