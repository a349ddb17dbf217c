//! `aftercare_resources`: library of educational videos, guides and help texts.

use kernel::Timestamp;
use kernel::ids::{AftercareResourceId, UserId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `aftercare_resources`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "aftercare_resources")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AftercareResourceId,
    pub title: String,
    pub description: Option<String>,
    pub category: AftercareResourceCategory,
    pub resource_type: AftercareResourceType,
    /// Https address or storage path.
    pub url: String,
    /// Required for video.
    pub duration_seconds: Option<i32>,
    /// <= 100 MB.
    pub file_size_bytes: Option<i64>,
    pub language_code: String,
    pub treatment_types: Json,
    pub status: AftercareResourceStatus,
    pub created_by_admin_id: UserId,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `category`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(30))")]
pub enum AftercareResourceCategory {
    #[sea_orm(string_value = "video")]
    #[serde(rename = "video")]
    Video,
    #[sea_orm(string_value = "guide")]
    #[serde(rename = "guide")]
    Guide,
    #[sea_orm(string_value = "faq")]
    #[serde(rename = "faq")]
    Faq,
    #[sea_orm(string_value = "help")]
    #[serde(rename = "help")]
    Help,
}

/// The values of `resource_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(30))")]
pub enum AftercareResourceType {
    #[sea_orm(string_value = "video")]
    #[serde(rename = "video")]
    Video,
    #[sea_orm(string_value = "pdf")]
    #[serde(rename = "pdf")]
    Pdf,
    #[sea_orm(string_value = "webpage")]
    #[serde(rename = "webpage")]
    Webpage,
    #[sea_orm(string_value = "document")]
    #[serde(rename = "document")]
    Document,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))")]
pub enum AftercareResourceStatus {
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
    #[sea_orm(
        belongs_to = "identity::entity::users::Entity",
        from = "Column::CreatedByAdminId",
        to = "identity::entity::users::Column::Id"
    )]
    CreatedByAdmin,
}

impl Related<identity::entity::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::CreatedByAdmin.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
