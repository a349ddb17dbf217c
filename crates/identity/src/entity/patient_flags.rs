//! `patient_flags`: marks on a patient for staff, opened by rules or by hand.

use kernel::Timestamp;
use kernel::ids::{AnyId, PatientFlagId, PatientId, UserId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `patient_flags`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "patient_flags")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PatientFlagId,
    pub patient_id: PatientId,
    pub flag: PatientFlag,
    pub subject_type: Option<String>,
    pub subject_id: Option<AnyId>,
    pub is_manual: bool,
    pub note: Option<String>,
    pub opened_by: Option<UserId>,
    pub opened_at: Timestamp,
    pub closed_by: Option<UserId>,
    pub closed_at: Option<Timestamp>,
    /// Patient, flag and subject while open, else NULL.
    pub open_key: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `flag`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(40))")]
pub enum PatientFlag {
    #[sea_orm(string_value = "aftercare_urgent")]
    #[serde(rename = "aftercare_urgent")]
    AftercareUrgent,
    #[sea_orm(string_value = "fraud_review")]
    #[serde(rename = "fraud_review")]
    FraudReview,
    #[sea_orm(string_value = "payment_at_risk")]
    #[serde(rename = "payment_at_risk")]
    PaymentAtRisk,
    #[sea_orm(string_value = "payment_overdue")]
    #[serde(rename = "payment_overdue")]
    PaymentOverdue,
    #[sea_orm(string_value = "critical_medical")]
    #[serde(rename = "critical_medical")]
    CriticalMedical,
    #[sea_orm(string_value = "conversation_flagged")]
    #[serde(rename = "conversation_flagged")]
    ConversationFlagged,
    #[sea_orm(string_value = "dsr_open")]
    #[serde(rename = "dsr_open")]
    DsrOpen,
    #[sea_orm(string_value = "legal_hold")]
    #[serde(rename = "legal_hold")]
    LegalHold,
    #[sea_orm(string_value = "duplicate_suspect")]
    #[serde(rename = "duplicate_suspect")]
    DuplicateSuspect,
    #[sea_orm(string_value = "no_quotes")]
    #[serde(rename = "no_quotes")]
    NoQuotes,
    #[sea_orm(string_value = "stuck")]
    #[serde(rename = "stuck")]
    Stuck,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::patients::Entity", from = "Column::PatientId", to = "super::patients::Column::Id")]
    Patient,
    #[sea_orm(belongs_to = "super::users::Entity", from = "Column::OpenedBy", to = "super::users::Column::Id")]
    OpenedBy,
    #[sea_orm(belongs_to = "super::users::Entity", from = "Column::ClosedBy", to = "super::users::Column::Id")]
    ClosedBy,
}

impl Related<super::patients::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Patient.def()
    }
}

impl Related<super::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::OpenedBy.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
