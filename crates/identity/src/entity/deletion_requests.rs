//! `deletion_requests`: A patient's request to be erased.

use kernel::Timestamp;
use kernel::ids::{DeletionRequestId, PatientId, UserId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `deletion_requests`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "deletion_requests")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DeletionRequestId,
    pub patient_id: PatientId,
    pub reference: String,
    pub status: DeletionRequestStatus,
    pub reason_code: Option<String>,
    pub reason_text: Option<String>,
    pub submitted_at: Timestamp,
    pub due_at: Timestamp,
    pub paused_since: Option<Timestamp>,
    pub paused_days: i32,
    pub decided_by: Option<UserId>,
    pub decided_at: Option<Timestamp>,
    pub decision_note: Option<String>,
    /// Class, legal basis, end date as told to the patient.
    pub retained_categories: Option<Json>,
    pub completed_at: Option<Timestamp>,
    pub version: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))")]
pub enum DeletionRequestStatus {
    #[sea_orm(string_value = "submitted")]
    #[serde(rename = "submitted")]
    Submitted,
    #[sea_orm(string_value = "in_review")]
    #[serde(rename = "in_review")]
    InReview,
    #[sea_orm(string_value = "verification_required")]
    #[serde(rename = "verification_required")]
    VerificationRequired,
    #[sea_orm(string_value = "on_hold")]
    #[serde(rename = "on_hold")]
    OnHold,
    #[sea_orm(string_value = "approved")]
    #[serde(rename = "approved")]
    Approved,
    #[sea_orm(string_value = "completed")]
    #[serde(rename = "completed")]
    Completed,
    #[sea_orm(string_value = "denied")]
    #[serde(rename = "denied")]
    Denied,
    #[sea_orm(string_value = "withdrawn")]
    #[serde(rename = "withdrawn")]
    Withdrawn,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::patients::Entity", from = "Column::PatientId", to = "super::patients::Column::Id")]
    Patient,
    #[sea_orm(belongs_to = "super::users::Entity", from = "Column::DecidedBy", to = "super::users::Column::Id")]
    DecidedBy,
}

impl Related<super::patients::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Patient.def()
    }
}

impl Related<super::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::DecidedBy.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
