//! `after_cares`: one aftercare case of a patient, linked to a booking or bought on its own.

use kernel::ids::{
    AfterCareId, AftercareMilestoneTemplateId, PatientId, ProviderId, QuoteId, StandaloneAftercareRequestId,
};
use kernel::{Amount, Currency, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `after_cares`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "after_cares")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AfterCareId,
    pub quote_id: Option<QuoteId>,
    pub provider_id: ProviderId,
    pub patient_id: PatientId,
    pub aftercare_type: AfterCareType,
    /// Milestone template, not the offering.
    pub aftercare_template_id: AftercareMilestoneTemplateId,
    pub recovery_stage: String,
    pub recovery_percentage: i32,
    pub status: AfterCareStatus,
    pub pricing_model: Option<AfterCarePricingModel>,
    pub total_price: Option<Amount>,
    pub currency: Option<Currency>,
    pub duration_months: Option<i32>,
    /// AC + YYMM + - + 4-digit serial of the month; always set by the application.
    pub case_code: Option<String>,
    /// Day 1 of the plan; always set by the application.
    pub start_date: Option<Date>,
    /// Case time zone (IANA).
    pub timezone: String,
    pub standalone_request_id: Option<StandaloneAftercareRequestId>,
    /// Payment_overdue, provider_unavailable, withdrawn, cancelled_by_patient, subscription_ended, medical, admin.
    pub suspended_reason: Option<String>,
    pub suspended_at: Option<Timestamp>,
    pub completed_at: Option<Timestamp>,
    /// Closed early, final.
    pub ended_at: Option<Timestamp>,
    pub lock_version: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `aftercare_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum AfterCareType {
    #[sea_orm(string_value = "treatment_linked")]
    #[serde(rename = "treatment_linked")]
    TreatmentLinked,
    #[sea_orm(string_value = "standalone")]
    #[serde(rename = "standalone")]
    Standalone,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum AfterCareStatus {
    #[sea_orm(string_value = "active")]
    #[serde(rename = "active")]
    Active,
    #[sea_orm(string_value = "completed")]
    #[serde(rename = "completed")]
    Completed,
    #[sea_orm(string_value = "suspended")]
    #[serde(rename = "suspended")]
    Suspended,
}

/// The values of `pricing_model`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum AfterCarePricingModel {
    #[sea_orm(string_value = "fixed")]
    #[serde(rename = "fixed")]
    Fixed,
    #[sea_orm(string_value = "monthly_subscription")]
    #[serde(rename = "monthly_subscription")]
    MonthlySubscription,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "quoting::entity::quotes::Entity",
        from = "Column::QuoteId",
        to = "quoting::entity::quotes::Column::Id"
    )]
    Quote,
    #[sea_orm(
        belongs_to = "directory::entity::providers::Entity",
        from = "Column::ProviderId",
        to = "directory::entity::providers::Column::Id"
    )]
    Provider,
    #[sea_orm(
        belongs_to = "identity::entity::patients::Entity",
        from = "Column::PatientId",
        to = "identity::entity::patients::Column::Id"
    )]
    Patient,
    #[sea_orm(
        belongs_to = "super::aftercare_milestone_templates::Entity",
        from = "Column::AftercareTemplateId",
        to = "super::aftercare_milestone_templates::Column::Id"
    )]
    AftercareTemplate,
    #[sea_orm(
        belongs_to = "super::standalone_aftercare_requests::Entity",
        from = "Column::StandaloneRequestId",
        to = "super::standalone_aftercare_requests::Column::Id"
    )]
    StandaloneRequest,
    #[sea_orm(has_many = "super::after_care_instructions::Entity")]
    AfterCareInstructions,
    #[sea_orm(has_many = "super::after_care_medications::Entity")]
    AfterCareMedications,
    #[sea_orm(has_many = "super::aftercare_milestones::Entity")]
    AftercareMilestones,
    #[sea_orm(has_many = "super::aftercare_questions::Entity")]
    AftercareQuestions,
    #[sea_orm(has_many = "super::aftercare_conversations::Entity")]
    AftercareConversations,
    #[sea_orm(has_many = "super::aftercare_workflows::Entity")]
    AftercareWorkflows,
    #[sea_orm(has_many = "super::aftercare_clinicians::Entity")]
    AftercareClinicians,
    #[sea_orm(has_many = "super::recovery_progress_logs::Entity")]
    RecoveryProgressLogs,
}

impl Related<quoting::entity::quotes::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Quote.def()
    }
}

impl Related<directory::entity::providers::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Provider.def()
    }
}

impl Related<identity::entity::patients::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Patient.def()
    }
}

impl Related<super::aftercare_milestone_templates::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::AftercareTemplate.def()
    }
}

impl Related<super::standalone_aftercare_requests::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::StandaloneRequest.def()
    }
}

impl Related<super::after_care_instructions::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::AfterCareInstructions.def()
    }
}

impl Related<super::after_care_medications::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::AfterCareMedications.def()
    }
}

impl Related<super::aftercare_milestones::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::AftercareMilestones.def()
    }
}

impl Related<super::aftercare_questions::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::AftercareQuestions.def()
    }
}

impl Related<super::aftercare_conversations::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::AftercareConversations.def()
    }
}

impl Related<super::aftercare_workflows::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::AftercareWorkflows.def()
    }
}

impl Related<super::aftercare_clinicians::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::AftercareClinicians.def()
    }
}

impl Related<super::recovery_progress_logs::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::RecoveryProgressLogs.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
