//! `provider_resources`: guides and files for clinics, for all or for one.

use kernel::Timestamp;
use kernel::ids::{FileId, ProviderId, ProviderResourceId, UserId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `provider_resources`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "provider_resources")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProviderResourceId,
    /// NULL = every clinic.
    pub provider_id: Option<ProviderId>,
    pub title: String,
    pub description: Option<String>,
    pub resource_type: ProviderResourceType,
    pub category: String,
    pub locale: String,
    /// Sanitised Markdown.
    #[sea_orm(column_type = "Text")]
    pub body: Option<String>,
    pub file_id: Option<FileId>,
    /// Https only.
    pub external_url: Option<String>,
    pub thumbnail: Option<String>,
    pub sort_order: i32,
    pub status: ProviderResourceStatus,
    pub published_at: Option<Timestamp>,
    pub created_by: Option<UserId>,
    pub deleted_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `resource_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(30))")]
pub enum ProviderResourceType {
    #[sea_orm(string_value = "article")]
    #[serde(rename = "article")]
    Article,
    #[sea_orm(string_value = "video")]
    #[serde(rename = "video")]
    Video,
    #[sea_orm(string_value = "pdf")]
    #[serde(rename = "pdf")]
    Pdf,
    #[sea_orm(string_value = "image")]
    #[serde(rename = "image")]
    Image,
    #[sea_orm(string_value = "link")]
    #[serde(rename = "link")]
    Link,
    #[sea_orm(string_value = "document")]
    #[serde(rename = "document")]
    Document,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))")]
pub enum ProviderResourceStatus {
    #[sea_orm(string_value = "draft")]
    #[serde(rename = "draft")]
    Draft,
    #[sea_orm(string_value = "published")]
    #[serde(rename = "published")]
    Published,
    #[sea_orm(string_value = "archived")]
    #[serde(rename = "archived")]
    Archived,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::providers::Entity",
        from = "Column::ProviderId",
        to = "super::providers::Column::Id"
    )]
    Provider,
    #[sea_orm(
        belongs_to = "platform::entity::files::Entity",
        from = "Column::FileId",
        to = "platform::entity::files::Column::Id"
    )]
    File,
    #[sea_orm(
        belongs_to = "identity::entity::users::Entity",
        from = "Column::CreatedBy",
        to = "identity::entity::users::Column::Id"
    )]
    CreatedBy,
}

impl Related<super::providers::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Provider.def()
    }
}

impl Related<platform::entity::files::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::File.def()
    }
}

impl Related<identity::entity::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::CreatedBy.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
