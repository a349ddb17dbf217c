//! `after_care_medications`: medication prescribed to one patient; an edit is a new row.

use kernel::Timestamp;
use kernel::ids::{AfterCareId, AfterCareMedicationId, AnyId, MedicationTemplateId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `after_care_medications`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "after_care_medications")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AfterCareMedicationId,
    pub after_care_id: AfterCareId,
    pub medication_template_id: Option<MedicationTemplateId>,
    pub medication_name: String,
    pub dosage: String,
    pub frequency_code: AfterCareMedicationFrequencyCode,
    pub dose_times: Json,
    pub start_date: Date,
    pub end_date: Date,
    pub special_instructions: Option<String>,
    pub status: AfterCareMedicationStatus,
    pub superseded_by: Option<AfterCareMedicationId>,
    pub stopped_at: Option<Timestamp>,
    pub stop_reason: Option<String>,
    pub prescribed_by_type: AfterCareMedicationPrescribedByType,
    pub prescribed_by_id: AnyId,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `frequency_code`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(30))")]
pub enum AfterCareMedicationFrequencyCode {
    #[sea_orm(string_value = "once_daily")]
    #[serde(rename = "once_daily")]
    OnceDaily,
    #[sea_orm(string_value = "twice_daily")]
    #[serde(rename = "twice_daily")]
    TwiceDaily,
    #[sea_orm(string_value = "three_daily")]
    #[serde(rename = "three_daily")]
    ThreeDaily,
    #[sea_orm(string_value = "four_daily")]
    #[serde(rename = "four_daily")]
    FourDaily,
    #[sea_orm(string_value = "every_8h")]
    #[serde(rename = "every_8h")]
    Every8h,
    #[sea_orm(string_value = "every_12h")]
    #[serde(rename = "every_12h")]
    Every12h,
    #[sea_orm(string_value = "weekly")]
    #[serde(rename = "weekly")]
    Weekly,
    #[sea_orm(string_value = "as_needed")]
    #[serde(rename = "as_needed")]
    AsNeeded,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))")]
pub enum AfterCareMedicationStatus {
    #[sea_orm(string_value = "active")]
    #[serde(rename = "active")]
    Active,
    #[sea_orm(string_value = "stopped")]
    #[serde(rename = "stopped")]
    Stopped,
    #[sea_orm(string_value = "superseded")]
    #[serde(rename = "superseded")]
    Superseded,
}

/// The values of `prescribed_by_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(50))")]
pub enum AfterCareMedicationPrescribedByType {
    #[sea_orm(string_value = "ProviderUser")]
    ProviderUser,
    #[sea_orm(string_value = "User")]
    User,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::after_cares::Entity",
        from = "Column::AfterCareId",
        to = "super::after_cares::Column::Id"
    )]
    AfterCare,
    #[sea_orm(
        belongs_to = "super::medication_templates::Entity",
        from = "Column::MedicationTemplateId",
        to = "super::medication_templates::Column::Id"
    )]
    MedicationTemplate,
    #[sea_orm(belongs_to = "Entity", from = "Column::SupersededBy", to = "Column::Id")]
    SupersededBy,
}

impl Related<super::after_cares::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::AfterCare.def()
    }
}

impl Related<super::medication_templates::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::MedicationTemplate.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
