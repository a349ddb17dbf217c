//! `aftercare_workflows`: work item on a case or request: setup, escalation, plan change, reassignment and so on.

use kernel::ids::{
    AfterCareId, AftercareQuestionnaireResponseId, AftercareWorkflowId, AnyId, QuoteId, StandaloneAftercareRequestId,
};
use kernel::{Sealed, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `aftercare_workflows`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "aftercare_workflows")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AftercareWorkflowId,
    pub after_care_id: Option<AfterCareId>,
    pub standalone_request_id: Option<StandaloneAftercareRequestId>,
    /// Setup before a case exists.
    pub quote_id: Option<QuoteId>,
    pub workflow_type: AftercareWorkflowType,
    pub status: AftercareWorkflowStatus,
    pub priority: AftercareWorkflowPriority,
    /// Clinical, overdue_tasks, paperwork_only, platform_team, provider_withdrew.
    pub reason_code: String,
    /// <= 500.
    #[sea_orm(column_type = "Text")]
    pub summary: Option<Sealed<String>>,
    pub trigger_source: AftercareWorkflowTriggerSource,
    pub opened_by_type: Option<AftercareWorkflowOpenedByType>,
    pub opened_by_id: Option<AnyId>,
    pub assigned_to_type: Option<AftercareWorkflowAssignedToType>,
    pub assigned_to_id: Option<AnyId>,
    /// Escalation level 1..3.
    pub level: i16,
    pub due_at: Option<Timestamp>,
    pub acknowledged_at: Option<Timestamp>,
    pub resolved_at: Option<Timestamp>,
    pub outcome: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub outcome_note: Option<Sealed<String>>,
    pub source_response_id: Option<AftercareQuestionnaireResponseId>,
    /// Requested change.
    pub payload: Option<Json>,
    pub open_key: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `workflow_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(50))")]
pub enum AftercareWorkflowType {
    #[sea_orm(string_value = "setup")]
    #[serde(rename = "setup")]
    Setup,
    #[sea_orm(string_value = "escalation")]
    #[serde(rename = "escalation")]
    Escalation,
    #[sea_orm(string_value = "plan_change")]
    #[serde(rename = "plan_change")]
    PlanChange,
    #[sea_orm(string_value = "extension")]
    #[serde(rename = "extension")]
    Extension,
    #[sea_orm(string_value = "reassignment")]
    #[serde(rename = "reassignment")]
    Reassignment,
    #[sea_orm(string_value = "withdrawal")]
    #[serde(rename = "withdrawal")]
    Withdrawal,
    #[sea_orm(string_value = "consultation")]
    #[serde(rename = "consultation")]
    Consultation,
    #[sea_orm(string_value = "info_request")]
    #[serde(rename = "info_request")]
    InfoRequest,
    #[sea_orm(string_value = "waiver")]
    #[serde(rename = "waiver")]
    Waiver,
    #[sea_orm(string_value = "correction")]
    #[serde(rename = "correction")]
    Correction,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(30))")]
pub enum AftercareWorkflowStatus {
    #[sea_orm(string_value = "open")]
    #[serde(rename = "open")]
    Open,
    #[sea_orm(string_value = "acknowledged")]
    #[serde(rename = "acknowledged")]
    Acknowledged,
    #[sea_orm(string_value = "resolved")]
    #[serde(rename = "resolved")]
    Resolved,
    #[sea_orm(string_value = "rejected")]
    #[serde(rename = "rejected")]
    Rejected,
    #[sea_orm(string_value = "cancelled")]
    #[serde(rename = "cancelled")]
    Cancelled,
}

/// The values of `priority`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))")]
pub enum AftercareWorkflowPriority {
    #[sea_orm(string_value = "normal")]
    #[serde(rename = "normal")]
    Normal,
    #[sea_orm(string_value = "high")]
    #[serde(rename = "high")]
    High,
    #[sea_orm(string_value = "urgent")]
    #[serde(rename = "urgent")]
    Urgent,
}

/// The values of `trigger_source`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))")]
pub enum AftercareWorkflowTriggerSource {
    #[sea_orm(string_value = "system")]
    #[serde(rename = "system")]
    System,
    #[sea_orm(string_value = "patient")]
    #[serde(rename = "patient")]
    Patient,
    #[sea_orm(string_value = "provider")]
    #[serde(rename = "provider")]
    Provider,
    #[sea_orm(string_value = "admin")]
    #[serde(rename = "admin")]
    Admin,
}

/// The values of `opened_by_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(50))")]
pub enum AftercareWorkflowOpenedByType {
    #[sea_orm(string_value = "Patient")]
    Patient,
    #[sea_orm(string_value = "ProviderUser")]
    ProviderUser,
    #[sea_orm(string_value = "User")]
    User,
    #[sea_orm(string_value = "System")]
    System,
}

/// The values of `assigned_to_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(50))")]
pub enum AftercareWorkflowAssignedToType {
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
        belongs_to = "super::standalone_aftercare_requests::Entity",
        from = "Column::StandaloneRequestId",
        to = "super::standalone_aftercare_requests::Column::Id"
    )]
    StandaloneRequest,
    #[sea_orm(
        belongs_to = "quoting::entity::quotes::Entity",
        from = "Column::QuoteId",
        to = "quoting::entity::quotes::Column::Id"
    )]
    Quote,
    #[sea_orm(
        belongs_to = "super::aftercare_questionnaire_responses::Entity",
        from = "Column::SourceResponseId",
        to = "super::aftercare_questionnaire_responses::Column::Id"
    )]
    SourceResponse,
}

impl Related<super::after_cares::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::AfterCare.def()
    }
}

impl Related<super::standalone_aftercare_requests::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::StandaloneRequest.def()
    }
}

impl Related<quoting::entity::quotes::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Quote.def()
    }
}

impl Related<super::aftercare_questionnaire_responses::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::SourceResponse.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
