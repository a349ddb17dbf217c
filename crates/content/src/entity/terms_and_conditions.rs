//! `terms_and_conditions`: legal documents, one row per version and language.

use kernel::Timestamp;
use kernel::ids::{LegalDocumentId, UserId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `terms_and_conditions`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "terms_and_conditions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LegalDocumentId,
    pub document_type: LegalDocumentType,
    pub audience: LegalDocumentAudience,
    pub version_label: String,
    pub locale: String,
    pub title: String,
    /// Sanitised Markdown, 200-50,000 characters.
    #[sea_orm(column_type = "Text")]
    pub content: String,
    pub change_summary: String,
    pub is_material: bool,
    pub requires_acceptance: bool,
    pub status: LegalDocumentStatus,
    pub effective_at: Option<Timestamp>,
    pub published_at: Option<Timestamp>,
    /// NULL = install draft.
    pub created_by: Option<UserId>,
    pub published_by: Option<UserId>,
    pub content_sha256: String,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `document_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum LegalDocumentType {
    #[sea_orm(string_value = "terms")]
    #[serde(rename = "terms")]
    Terms,
    #[sea_orm(string_value = "privacy_policy")]
    #[serde(rename = "privacy_policy")]
    PrivacyPolicy,
    #[sea_orm(string_value = "consent_form")]
    #[serde(rename = "consent_form")]
    ConsentForm,
    #[sea_orm(string_value = "cancellation_policy")]
    #[serde(rename = "cancellation_policy")]
    CancellationPolicy,
}

/// The values of `audience`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum LegalDocumentAudience {
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
pub enum LegalDocumentStatus {
    #[sea_orm(string_value = "draft")]
    #[serde(rename = "draft")]
    Draft,
    #[sea_orm(string_value = "scheduled")]
    #[serde(rename = "scheduled")]
    Scheduled,
    #[sea_orm(string_value = "current")]
    #[serde(rename = "current")]
    Current,
    #[sea_orm(string_value = "archived")]
    #[serde(rename = "archived")]
    Archived,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "identity::entity::users::Entity",
        from = "Column::CreatedBy",
        to = "identity::entity::users::Column::Id"
    )]
    CreatedBy,
    #[sea_orm(
        belongs_to = "identity::entity::users::Entity",
        from = "Column::PublishedBy",
        to = "identity::entity::users::Column::Id"
    )]
    PublishedBy,
}

impl Related<identity::entity::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::CreatedBy.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
