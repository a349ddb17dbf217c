//! `aftercare_clinicians`: care team of a case, past and present.

use kernel::Timestamp;
use kernel::ids::{AfterCareId, AftercareClinicianId, AnyId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `aftercare_clinicians`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "aftercare_clinicians")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AftercareClinicianId,
    pub after_care_id: AfterCareId,
    pub member_type: AftercareClinicianMemberType,
    pub member_id: AnyId,
    pub role: AftercareClinicianRole,
    pub active_key: Option<String>,
    pub assigned_by_type: AftercareClinicianAssignedByType,
    pub assigned_by_id: Option<AnyId>,
    pub assigned_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    pub end_reason: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `member_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(50))")]
pub enum AftercareClinicianMemberType {
    #[sea_orm(string_value = "User")]
    User,
    #[sea_orm(string_value = "ProviderUser")]
    ProviderUser,
}

/// The values of `role`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(50))")]
pub enum AftercareClinicianRole {
    #[sea_orm(string_value = "aftercare_specialist")]
    #[serde(rename = "aftercare_specialist")]
    AftercareSpecialist,
    #[sea_orm(string_value = "lead_physician")]
    #[serde(rename = "lead_physician")]
    LeadPhysician,
    #[sea_orm(string_value = "coordinator")]
    #[serde(rename = "coordinator")]
    Coordinator,
    #[sea_orm(string_value = "provider_clinician")]
    #[serde(rename = "provider_clinician")]
    ProviderClinician,
}

/// The values of `assigned_by_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(50))")]
pub enum AftercareClinicianAssignedByType {
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
        belongs_to = "super::after_cares::Entity",
        from = "Column::AfterCareId",
        to = "super::after_cares::Column::Id"
    )]
    AfterCare,
}

impl Related<super::after_cares::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::AfterCare.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
