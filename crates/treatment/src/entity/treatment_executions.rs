//! `treatment_executions`: the treatment of one booking as performed: arrival, results, completion and closure.

use kernel::ids::{AnyId, PatientId, ProviderUserId, QuoteId, TreatmentExecutionId, UserId};
use kernel::{Sealed, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `treatment_executions`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "treatment_executions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TreatmentExecutionId,
    pub quote_id: QuoteId,
    /// Copied from the quote at confirmation, never edited.
    pub estimated_graft_count: i32,
    pub travel_requirement: TreatmentExecutionTravelRequirement,
    pub travel_requirement_at: Option<Timestamp>,
    pub travel_requirement_by_type: Option<TreatmentExecutionTravelRequirementByType>,
    pub travel_requirement_by_id: Option<AnyId>,
    pub return_leg_expected: bool,
    /// First automatic request.
    pub travel_requested_at: Option<Timestamp>,
    pub checked_in_at: Option<Timestamp>,
    pub checked_in_by_type: Option<TreatmentExecutionCheckedInByType>,
    pub checked_in_by_id: Option<AnyId>,
    /// Set while in progress: one case per patient.
    pub in_progress_patient_id: Option<PatientId>,
    /// Shown to the patient when present.
    #[sea_orm(column_type = "Text")]
    pub beginning_note: Option<Sealed<String>>,
    /// Draft until completion, then final.
    #[sea_orm(column_type = "Text")]
    pub conclusion_notes: Option<Sealed<String>>,
    #[sea_orm(column_type = "Text")]
    pub prescription: Option<Sealed<String>>,
    #[sea_orm(column_type = "Text")]
    pub advice: Option<Sealed<String>>,
    #[sea_orm(column_type = "Text")]
    pub medication_instructions: Option<Sealed<String>>,
    pub actual_graft_count: Option<i32>,
    /// Media.set_id of the accepted final set.
    pub final_photo_set_id: Option<AnyId>,
    pub completed_at: Option<Timestamp>,
    pub completed_by_type: Option<TreatmentExecutionCompletedByType>,
    pub completed_by_id: Option<AnyId>,
    /// Frozen copy of everything at completion.
    #[sea_orm(column_type = "Text")]
    pub completion_snapshot: Option<Sealed<Json>>,
    /// 0 = none yet.
    pub instruction_sheet_version: i32,
    pub case_label: Option<TreatmentExecutionCaseLabel>,
    pub closure_reason: Option<TreatmentExecutionClosureReason>,
    #[sea_orm(column_type = "Text")]
    pub closure_note: Option<Sealed<String>>,
    pub closure_requested_at: Option<Timestamp>,
    pub closure_requested_by_id: Option<ProviderUserId>,
    pub closure_resolved_at: Option<Timestamp>,
    pub closure_resolved_by_id: Option<UserId>,
    pub closure_resolution: Option<TreatmentExecutionClosureResolution>,
    pub lock_version: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `travel_requirement`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))")]
pub enum TreatmentExecutionTravelRequirement {
    #[sea_orm(string_value = "undecided")]
    #[serde(rename = "undecided")]
    Undecided,
    #[sea_orm(string_value = "required")]
    #[serde(rename = "required")]
    Required,
    #[sea_orm(string_value = "not_required")]
    #[serde(rename = "not_required")]
    NotRequired,
}

/// The values of `travel_requirement_by_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(50))")]
pub enum TreatmentExecutionTravelRequirementByType {
    #[sea_orm(string_value = "Patient")]
    Patient,
    #[sea_orm(string_value = "User")]
    User,
}

/// The values of `checked_in_by_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(50))")]
pub enum TreatmentExecutionCheckedInByType {
    #[sea_orm(string_value = "ProviderUser")]
    ProviderUser,
    #[sea_orm(string_value = "User")]
    User,
}

/// The values of `completed_by_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(50))")]
pub enum TreatmentExecutionCompletedByType {
    #[sea_orm(string_value = "ProviderUser")]
    ProviderUser,
    #[sea_orm(string_value = "User")]
    User,
}

/// The values of `case_label`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))")]
pub enum TreatmentExecutionCaseLabel {
    #[sea_orm(string_value = "no_show")]
    #[serde(rename = "no_show")]
    NoShow,
    #[sea_orm(string_value = "postponed")]
    #[serde(rename = "postponed")]
    Postponed,
}

/// The values of `closure_reason`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(30))")]
pub enum TreatmentExecutionClosureReason {
    #[sea_orm(string_value = "no_show")]
    #[serde(rename = "no_show")]
    NoShow,
    #[sea_orm(string_value = "patient_cancellation")]
    #[serde(rename = "patient_cancellation")]
    PatientCancellation,
    #[sea_orm(string_value = "medical")]
    #[serde(rename = "medical")]
    Medical,
    #[sea_orm(string_value = "operational")]
    #[serde(rename = "operational")]
    Operational,
    #[sea_orm(string_value = "other")]
    #[serde(rename = "other")]
    Other,
}

/// The values of `closure_resolution`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))")]
pub enum TreatmentExecutionClosureResolution {
    #[sea_orm(string_value = "reinstated")]
    #[serde(rename = "reinstated")]
    Reinstated,
    #[sea_orm(string_value = "rescheduled")]
    #[serde(rename = "rescheduled")]
    Rescheduled,
    #[sea_orm(string_value = "cancelled")]
    #[serde(rename = "cancelled")]
    Cancelled,
    #[sea_orm(string_value = "completed")]
    #[serde(rename = "completed")]
    Completed,
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
        belongs_to = "identity::entity::patients::Entity",
        from = "Column::InProgressPatientId",
        to = "identity::entity::patients::Column::Id"
    )]
    InProgressPatient,
    #[sea_orm(
        belongs_to = "identity::entity::provider_users::Entity",
        from = "Column::ClosureRequestedById",
        to = "identity::entity::provider_users::Column::Id"
    )]
    ClosureRequestedBy,
    #[sea_orm(
        belongs_to = "identity::entity::users::Entity",
        from = "Column::ClosureResolvedById",
        to = "identity::entity::users::Column::Id"
    )]
    ClosureResolvedBy,
}

impl Related<quoting::entity::quotes::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Quote.def()
    }
}

/// From the other side, to read a case in one statement.
impl Related<Entity> for quoting::entity::quotes::Entity {
    fn to() -> RelationDef {
        Relation::Quote.def().rev()
    }
}

impl Related<identity::entity::patients::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::InProgressPatient.def()
    }
}

impl Related<identity::entity::provider_users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ClosureRequestedBy.def()
    }
}

impl Related<identity::entity::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ClosureResolvedBy.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
