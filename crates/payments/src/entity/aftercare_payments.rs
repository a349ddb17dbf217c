//! `aftercare_payments`: planned and taken charges of standalone aftercare and their refunds.

use kernel::ids::{
    AfterCareId, AftercarePaymentId, GatewayAccountId, PatientId, ProviderId, StandaloneAftercareRequestId,
};
use kernel::{Amount, Currency, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `aftercare_payments`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "aftercare_payments")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AftercarePaymentId,
    pub standalone_request_id: StandaloneAftercareRequestId,
    /// Filled on activation.
    pub after_care_id: Option<AfterCareId>,
    pub patient_id: PatientId,
    /// Clinic at the time the share is earned.
    pub provider_id: Option<ProviderId>,
    pub pricing_model: AftercarePaymentPricingModel,
    pub payment_type: AftercarePaymentType,
    /// Set exactly on refunds.
    pub refund_of_id: Option<AftercarePaymentId>,
    /// N of total_installments; 1 of 1 for fixed; NULL on refunds.
    pub installment_number: Option<i32>,
    pub total_installments: Option<i32>,
    pub due_date: Date,
    pub amount: Amount,
    pub currency: Currency,
    /// NULL until the first attempt.
    pub payment_method: Option<AftercarePaymentMethod>,
    /// Pending = planned or being attempted.
    pub payment_status: AftercarePaymentStatus,
    pub attempts: i32,
    pub next_attempt_at: Option<Timestamp>,
    pub reminder_sent_at: Option<Timestamp>,
    /// Whole percent, frozen at the first payment.
    pub commission_rate: Option<i32>,
    /// Frozen when paid.
    pub commission_amount: Option<Amount>,
    /// Amount - commission_amount.
    pub provider_share: Option<Amount>,
    /// Filled on activation: the paid month, or the whole term if fixed.
    pub service_period_start: Option<Date>,
    /// The share becomes payable after this day.
    pub service_period_end: Option<Date>,
    pub paid_at: Option<Timestamp>,
    pub failure_code: Option<String>,
    pub gateway_account_id: Option<GatewayAccountId>,
    /// Retries reuse it.
    pub stripe_payment_intent_id: Option<String>,
    pub transaction_id: Option<String>,
    /// {request}:{n}:{attempt}.
    pub idempotency_key: Option<String>,
    pub metadata: Option<Json>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `pricing_model`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))")]
pub enum AftercarePaymentPricingModel {
    #[sea_orm(string_value = "fixed")]
    #[serde(rename = "fixed")]
    Fixed,
    #[sea_orm(string_value = "monthly_subscription")]
    #[serde(rename = "monthly_subscription")]
    MonthlySubscription,
}

/// The values of `payment_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))")]
pub enum AftercarePaymentType {
    #[sea_orm(string_value = "charge")]
    #[serde(rename = "charge")]
    Charge,
    #[sea_orm(string_value = "refund")]
    #[serde(rename = "refund")]
    Refund,
}

/// The values of `payment_method`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))")]
pub enum AftercarePaymentMethod {
    #[sea_orm(string_value = "card")]
    #[serde(rename = "card")]
    Card,
    #[sea_orm(string_value = "bank_transfer")]
    #[serde(rename = "bank_transfer")]
    BankTransfer,
}

/// The values of `payment_status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))")]
pub enum AftercarePaymentStatus {
    #[sea_orm(string_value = "pending")]
    #[serde(rename = "pending")]
    Pending,
    #[sea_orm(string_value = "completed")]
    #[serde(rename = "completed")]
    Completed,
    #[sea_orm(string_value = "failed")]
    #[serde(rename = "failed")]
    Failed,
    #[sea_orm(string_value = "refunded")]
    #[serde(rename = "refunded")]
    Refunded,
    #[sea_orm(string_value = "cancelled")]
    #[serde(rename = "cancelled")]
    Cancelled,
}

/// What this table points to, and what of this wing points to it. The request and the plan belong to the wing above.
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
        from = "Column::ProviderId",
        to = "directory::entity::providers::Column::Id"
    )]
    Provider,
    #[sea_orm(belongs_to = "Entity", from = "Column::RefundOfId", to = "Column::Id")]
    RefundOf,
    #[sea_orm(
        belongs_to = "super::gateway_accounts::Entity",
        from = "Column::GatewayAccountId",
        to = "super::gateway_accounts::Column::Id"
    )]
    GatewayAccount,
}

impl Related<identity::entity::patients::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Patient.def()
    }
}

impl Related<directory::entity::providers::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Provider.def()
    }
}

impl Related<super::gateway_accounts::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::GatewayAccount.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
