//! `information`: non-legal pages: about, help, emergency information.

use kernel::Timestamp;
use kernel::ids::{InformationId, UserId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `information`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "information")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: InformationId,
    pub slug: String,
    pub info_type: InformationInfoType,
    pub audience: InformationAudience,
    pub locale: String,
    pub title: String,
    /// Sanitised Markdown, at most 50,000 characters.
    #[sea_orm(column_type = "Text")]
    pub body: String,
    pub status: InformationStatus,
    pub version: i32,
    pub sort_order: i32,
    pub published_at: Option<Timestamp>,
    pub updated_by: Option<UserId>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `info_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum InformationInfoType {
    #[sea_orm(string_value = "about")]
    #[serde(rename = "about")]
    About,
    #[sea_orm(string_value = "how_it_works")]
    #[serde(rename = "how_it_works")]
    HowItWorks,
    #[sea_orm(string_value = "faq")]
    #[serde(rename = "faq")]
    Faq,
    #[sea_orm(string_value = "contact_support")]
    #[serde(rename = "contact_support")]
    ContactSupport,
    #[sea_orm(string_value = "emergency_info")]
    #[serde(rename = "emergency_info")]
    EmergencyInfo,
    #[sea_orm(string_value = "account_deletion_help")]
    #[serde(rename = "account_deletion_help")]
    AccountDeletionHelp,
    #[sea_orm(string_value = "app_media")]
    #[serde(rename = "app_media")]
    AppMedia,
    #[sea_orm(string_value = "other")]
    #[serde(rename = "other")]
    Other,
}

/// The values of `audience`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum InformationAudience {
    #[sea_orm(string_value = "public")]
    #[serde(rename = "public")]
    Public,
    #[sea_orm(string_value = "patient")]
    #[serde(rename = "patient")]
    Patient,
    #[sea_orm(string_value = "provider")]
    #[serde(rename = "provider")]
    Provider,
    #[sea_orm(string_value = "affiliate")]
    #[serde(rename = "affiliate")]
    Affiliate,
    #[sea_orm(string_value = "all")]
    #[serde(rename = "all")]
    All,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum InformationStatus {
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
        belongs_to = "identity::entity::users::Entity",
        from = "Column::UpdatedBy",
        to = "identity::entity::users::Column::Id"
    )]
    UpdatedBy,
}

impl Related<identity::entity::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::UpdatedBy.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
