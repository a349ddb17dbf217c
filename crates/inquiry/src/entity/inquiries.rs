//! `inquiries`: one submitted request of a patient for hair treatment quotes; its status is the stage of the case.

use kernel::Timestamp;
use kernel::ids::{InquiryId, PatientId, ProviderId, QuoteId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `inquiries`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "inquiries")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: InquiryId,
    /// Rule of the seed; unreachable because deletes are refused.
    pub patient_id: PatientId,
    pub problem: InquiryProblem,
    /// Storage prefix of the head-scan set; pictures are media rows.
    pub scan_url: String,
    pub treatment_schedule: Json,
    #[sea_orm(column_type = "Text")]
    pub problem_details: String,
    pub nature_of_concern: Option<String>,
    pub duration_of_concern: Option<InquiryDurationOfConcern>,
    pub previous_treatments: Option<String>,
    pub symptom_severity: Option<InquirySymptomSeverity>,
    pub lifestyle_factors: Option<String>,
    /// Storage prefix of the evidence set; files are media rows.
    pub additional_files: Option<String>,
    pub additional_notes: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// HPID + YY + MM + 4-digit monthly number; always set on new rows.
    pub inquiry_code: Option<String>,
    pub status: InquiryStatus,
    /// 1-10 slider; symptom_severity is derived from it.
    pub symptom_severity_score: Option<i16>,
    pub submitted_at: Option<Timestamp>,
    /// Latest deadline of its clinics.
    pub quote_deadline_at: Option<Timestamp>,
    /// Accepted or later quote.
    pub accepted_quote_id: Option<QuoteId>,
    /// Set for cases routed to one clinic only.
    pub exclusive_provider_id: Option<ProviderId>,
    pub terms_accepted_at: Option<Timestamp>,
    pub cancelled_at: Option<Timestamp>,
    pub cancelled_by_type: Option<InquiryCancelledByType>,
    /// Label of the cancellation list; never shown to clinics.
    pub cancellation_reason: Option<String>,
    pub cancellation_notes: Option<String>,
    /// At most 1000 characters.
    #[sea_orm(column_type = "Text")]
    pub cancellation_feedback: Option<String>,
    pub archived_at: Option<Timestamp>,
    pub archive_reason: Option<String>,
    /// Optimistic lock.
    pub version: i32,
}

/// The values of `problem`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum InquiryProblem {
    #[sea_orm(string_value = "hair_transplant")]
    #[serde(rename = "hair_transplant")]
    HairTransplant,
    #[sea_orm(string_value = "beard_transplant")]
    #[serde(rename = "beard_transplant")]
    BeardTransplant,
    #[sea_orm(string_value = "both")]
    #[serde(rename = "both")]
    Both,
}

/// The values of `duration_of_concern`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum InquiryDurationOfConcern {
    #[sea_orm(string_value = "lt_6m")]
    #[serde(rename = "lt_6m")]
    Under6M,
    #[sea_orm(string_value = "6_12m")]
    #[serde(rename = "6_12m")]
    M6To12,
    #[sea_orm(string_value = "1_3y")]
    #[serde(rename = "1_3y")]
    Y1To3,
    #[sea_orm(string_value = "3_5y")]
    #[serde(rename = "3_5y")]
    Y3To5,
    #[sea_orm(string_value = "5_10y")]
    #[serde(rename = "5_10y")]
    Y5To10,
    #[sea_orm(string_value = "gt_10y")]
    #[serde(rename = "gt_10y")]
    Over10Y,
}

/// The values of `symptom_severity`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum InquirySymptomSeverity {
    #[sea_orm(string_value = "mild")]
    #[serde(rename = "mild")]
    Mild,
    #[sea_orm(string_value = "moderate")]
    #[serde(rename = "moderate")]
    Moderate,
    #[sea_orm(string_value = "severe")]
    #[serde(rename = "severe")]
    Severe,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))")]
pub enum InquiryStatus {
    #[sea_orm(string_value = "inquiry")]
    #[serde(rename = "inquiry")]
    Inquiry,
    #[sea_orm(string_value = "quote")]
    #[serde(rename = "quote")]
    Quote,
    #[sea_orm(string_value = "accepted")]
    #[serde(rename = "accepted")]
    Accepted,
    #[sea_orm(string_value = "confirmed")]
    #[serde(rename = "confirmed")]
    Confirmed,
    #[sea_orm(string_value = "inprogress")]
    #[serde(rename = "inprogress")]
    Inprogress,
    #[sea_orm(string_value = "aftercare")]
    #[serde(rename = "aftercare")]
    Aftercare,
    #[sea_orm(string_value = "completed")]
    #[serde(rename = "completed")]
    Completed,
    #[sea_orm(string_value = "cancelled")]
    #[serde(rename = "cancelled")]
    Cancelled,
    #[sea_orm(string_value = "expired")]
    #[serde(rename = "expired")]
    Expired,
}

/// The values of `cancelled_by_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))")]
pub enum InquiryCancelledByType {
    #[sea_orm(string_value = "patient")]
    #[serde(rename = "patient")]
    Patient,
    #[sea_orm(string_value = "system")]
    #[serde(rename = "system")]
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
        belongs_to = "directory::entity::providers::Entity",
        from = "Column::ExclusiveProviderId",
        to = "directory::entity::providers::Column::Id"
    )]
    ExclusiveProvider,
    #[sea_orm(has_many = "super::inquiry_providers::Entity")]
    InquiryProviders,
    #[sea_orm(has_many = "super::medical_histories::Entity")]
    MedicalHistories,
    #[sea_orm(has_many = "super::questionnaires::Entity")]
    Questionnaires,
    #[sea_orm(has_many = "super::workflow_timelines::Entity")]
    WorkflowTimelines,
}

impl Related<identity::entity::patients::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Patient.def()
    }
}

impl Related<directory::entity::providers::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ExclusiveProvider.def()
    }
}

impl Related<super::inquiry_providers::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::InquiryProviders.def()
    }
}

impl Related<super::medical_histories::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::MedicalHistories.def()
    }
}

impl Related<super::questionnaires::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Questionnaires.def()
    }
}

impl Related<super::workflow_timelines::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::WorkflowTimelines.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
