//! `patient_resources`: guides for patients (patient_id NULL) and the material one patient received and viewed (patient_id set).

use kernel::Timestamp;
use kernel::ids::{
    AfterCareId, AftercareMilestoneDefinitionId, AftercareMilestoneId, AftercareResourceId, AnyId, FileId, PatientId,
    PatientResourceId, TreatmentId,
};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `patient_resources`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "patient_resources")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PatientResourceId,
    /// NULL = library item for every patient.
    pub patient_id: Option<PatientId>,
    pub title: String,
    pub description: Option<String>,
    pub resource_type: PatientResourceType,
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
    pub status: PatientResourceStatus,
    pub published_at: Option<Timestamp>,
    /// Library: show for this treatment.
    pub treatment_id: Option<TreatmentId>,
    /// Library: show in this milestone.
    pub milestone_definition_id: Option<AftercareMilestoneDefinitionId>,
    /// Delivered: item of the aftercare library.
    pub aftercare_resource_id: Option<AftercareResourceId>,
    pub after_care_id: Option<AfterCareId>,
    pub aftercare_milestone_id: Option<AftercareMilestoneId>,
    pub source: PatientResourceSource,
    /// Delivered: usually the milestone start.
    pub visible_from: Option<Date>,
    pub first_viewed_at: Option<Timestamp>,
    pub completed_at: Option<Timestamp>,
    pub view_count: i32,
    pub created_by_type: PatientResourceCreatedByType,
    pub created_by_id: Option<AnyId>,
    pub deleted_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `resource_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(30))")]
pub enum PatientResourceType {
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
pub enum PatientResourceStatus {
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

/// The values of `source`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))")]
pub enum PatientResourceSource {
    #[sea_orm(string_value = "template")]
    #[serde(rename = "template")]
    Template,
    #[sea_orm(string_value = "provider")]
    #[serde(rename = "provider")]
    Provider,
    #[sea_orm(string_value = "admin")]
    #[serde(rename = "admin")]
    Admin,
}

/// The values of `created_by_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(50))")]
pub enum PatientResourceCreatedByType {
    #[sea_orm(string_value = "User")]
    User,
    #[sea_orm(string_value = "ProviderUser")]
    ProviderUser,
    #[sea_orm(string_value = "System")]
    System,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "identity::entity::patients::Entity",
        from = "Column::PatientId",
        to = "identity::entity::patients::Column::Id"
    )]
    Patient,
    #[sea_orm(
        belongs_to = "platform::entity::files::Entity",
        from = "Column::FileId",
        to = "platform::entity::files::Column::Id"
    )]
    File,
    #[sea_orm(
        belongs_to = "catalogue::entity::treatments::Entity",
        from = "Column::TreatmentId",
        to = "catalogue::entity::treatments::Column::Id"
    )]
    Treatment,
    #[sea_orm(
        belongs_to = "aftercare::entity::aftercare_milestone_definitions::Entity",
        from = "Column::MilestoneDefinitionId",
        to = "aftercare::entity::aftercare_milestone_definitions::Column::Id"
    )]
    MilestoneDefinition,
    #[sea_orm(
        belongs_to = "aftercare::entity::aftercare_resources::Entity",
        from = "Column::AftercareResourceId",
        to = "aftercare::entity::aftercare_resources::Column::Id"
    )]
    AftercareResource,
    #[sea_orm(
        belongs_to = "aftercare::entity::after_cares::Entity",
        from = "Column::AfterCareId",
        to = "aftercare::entity::after_cares::Column::Id"
    )]
    AfterCare,
    #[sea_orm(
        belongs_to = "aftercare::entity::aftercare_milestones::Entity",
        from = "Column::AftercareMilestoneId",
        to = "aftercare::entity::aftercare_milestones::Column::Id"
    )]
    AftercareMilestone,
}

impl Related<identity::entity::patients::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Patient.def()
    }
}

impl Related<platform::entity::files::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::File.def()
    }
}

impl Related<catalogue::entity::treatments::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Treatment.def()
    }
}

impl Related<aftercare::entity::aftercare_milestone_definitions::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::MilestoneDefinition.def()
    }
}

impl Related<aftercare::entity::aftercare_resources::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::AftercareResource.def()
    }
}

impl Related<aftercare::entity::after_cares::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::AfterCare.def()
    }
}

impl Related<aftercare::entity::aftercare_milestones::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::AftercareMilestone.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
