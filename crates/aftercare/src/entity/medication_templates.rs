//! `medication_templates`: admin catalogue of medications with default dosage.

use kernel::Timestamp;
use kernel::ids::{MedicationTemplateId, UserId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `medication_templates`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "medication_templates")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MedicationTemplateId,
    pub medication_name: String,
    pub form: Option<String>,
    pub default_dosage: String,
    pub default_frequency_code: MedicationTemplateDefaultFrequencyCode,
    /// 1..365.
    pub default_duration_days: i32,
    pub instructions: Option<String>,
    pub status: MedicationTemplateStatus,
    pub created_by_admin_id: UserId,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `default_frequency_code`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(30))")]
pub enum MedicationTemplateDefaultFrequencyCode {
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
pub enum MedicationTemplateStatus {
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
    #[sea_orm(has_many = "super::after_care_medications::Entity")]
    AfterCareMedications,
}

impl Related<identity::entity::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::CreatedByAdmin.def()
    }
}

impl Related<super::after_care_medications::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::AfterCareMedications.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
