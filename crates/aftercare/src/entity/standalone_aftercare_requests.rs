//! `standalone_aftercare_requests`: A patient's purchase of aftercare for a treatment done elsewhere.

use kernel::ids::{AftercareTemplateId, AnyId, PatientId, ProviderId, QuoteId, StandaloneAftercareRequestId, UserId};
use kernel::{Amount, Currency, Sealed, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `standalone_aftercare_requests`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "standalone_aftercare_requests")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: StandaloneAftercareRequestId,
    pub patient_id: PatientId,
    pub treatment_date: Date,
    pub clinic_name: String,
    pub treatment_type: String,
    pub graft_count: Option<i32>,
    #[sea_orm(column_type = "Text")]
    pub current_concerns: Option<Sealed<String>>,
    pub photo_urls: Option<Json>,
    pub surgeon_notes_url: Option<String>,
    pub duration_months: i32,
    pub pricing_model: StandaloneAftercareRequestPricingModel,
    pub total_price: Amount,
    pub currency: Currency,
    pub request_status: StandaloneAftercareRequestStatus,
    pub assigned_provider_id: Option<ProviderId>,
    pub assigned_by_admin_id: Option<UserId>,
    pub assigned_at: Option<Timestamp>,
    /// SR + YYMM + - + serial; always set by the application.
    pub request_code: Option<String>,
    pub service_type: StandaloneAftercareRequestServiceType,
    pub source_quote_id: Option<QuoteId>,
    /// Offering bought.
    pub aftercare_template_id: Option<AftercareTemplateId>,
    pub rejection_reason: Option<String>,
    /// Payment_expired, assignment_expired, admin.
    pub reject_code: Option<String>,
    /// Stops the 7-day clock.
    pub awaiting_provider: bool,
    /// Start of the 7-day clock: first payment, or return to pending.
    pub waiting_since: Option<Timestamp>,
    pub terms_accepted_at: Option<Timestamp>,
    pub activated_at: Option<Timestamp>,
    pub rejected_at: Option<Timestamp>,
    pub idempotency_key: Option<String>,
    /// = patient_id while pending or assigned.
    pub open_key: Option<AnyId>,
    pub lock_version: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `pricing_model`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum StandaloneAftercareRequestPricingModel {
    #[sea_orm(string_value = "fixed")]
    #[serde(rename = "fixed")]
    Fixed,
    #[sea_orm(string_value = "monthly_subscription")]
    #[serde(rename = "monthly_subscription")]
    MonthlySubscription,
}

/// The values of `request_status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum StandaloneAftercareRequestStatus {
    #[sea_orm(string_value = "pending")]
    #[serde(rename = "pending")]
    Pending,
    #[sea_orm(string_value = "assigned")]
    #[serde(rename = "assigned")]
    Assigned,
    #[sea_orm(string_value = "activated")]
    #[serde(rename = "activated")]
    Activated,
    #[sea_orm(string_value = "rejected")]
    #[serde(rename = "rejected")]
    Rejected,
}

/// The values of `service_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(30))")]
pub enum StandaloneAftercareRequestServiceType {
    #[sea_orm(string_value = "standalone")]
    #[serde(rename = "standalone")]
    Standalone,
    #[sea_orm(string_value = "post_treatment")]
    #[serde(rename = "post_treatment")]
    PostTreatment,
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
        from = "Column::AssignedProviderId",
        to = "directory::entity::providers::Column::Id"
    )]
    AssignedProvider,
    #[sea_orm(
        belongs_to = "identity::entity::users::Entity",
        from = "Column::AssignedByAdminId",
        to = "identity::entity::users::Column::Id"
    )]
    AssignedByAdmin,
    #[sea_orm(
        belongs_to = "quoting::entity::quotes::Entity",
        from = "Column::SourceQuoteId",
        to = "quoting::entity::quotes::Column::Id"
    )]
    SourceQuote,
    #[sea_orm(
        belongs_to = "super::aftercare_templates::Entity",
        from = "Column::AftercareTemplateId",
        to = "super::aftercare_templates::Column::Id"
    )]
    AftercareTemplate,
}

impl Related<identity::entity::patients::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Patient.def()
    }
}

impl Related<directory::entity::providers::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::AssignedProvider.def()
    }
}

impl Related<identity::entity::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::AssignedByAdmin.def()
    }
}

impl Related<quoting::entity::quotes::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::SourceQuote.def()
    }
}

impl Related<super::aftercare_templates::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::AftercareTemplate.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
