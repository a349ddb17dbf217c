//! `payments`: one row per money movement attempt of a booking: card intent, bank receipt or refund.

use kernel::ids::{
    CancellationRequestId, GatewayAccountId, InstallmentPaymentPlanId, PatientId, PaymentId, ProviderId, QuoteId,
};
use kernel::{Amount, Currency, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `payments`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "payments")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PaymentId,
    pub quote_id: QuoteId,
    pub patient_id: PatientId,
    pub provider_id: ProviderId,
    pub amount: Amount,
    pub currency: Currency,
    pub payment_type: PaymentType,
    pub payment_method: PaymentMethod,
    pub payment_status: PaymentStatus,
    pub stripe_payment_intent_id: Option<String>,
    pub transaction_id: Option<String>,
    pub metadata: Option<Json>,
    pub installment_plan_id: Option<InstallmentPaymentPlanId>,
    pub installment_number: Option<i32>,
    pub total_installments: Option<i32>,
    pub is_installment: bool,
    /// Set exactly on refund rows.
    pub refund_of_payment_id: Option<PaymentId>,
    /// Refund rows of a cancellation.
    pub cancellation_request_id: Option<CancellationRequestId>,
    /// Key sent to the gateway: pay:{id} or rf:{id}.
    pub idempotency_key: Option<String>,
    /// Account and mode used; refunds go back to it.
    pub gateway_account_id: Option<GatewayAccountId>,
    pub paid_at: Option<Timestamp>,
    pub failure_code: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `payment_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum PaymentType {
    #[sea_orm(string_value = "deposit")]
    #[serde(rename = "deposit")]
    Deposit,
    #[sea_orm(string_value = "final")]
    #[serde(rename = "final")]
    Final,
    #[sea_orm(string_value = "refund")]
    #[serde(rename = "refund")]
    Refund,
}

/// The values of `payment_method`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum PaymentMethod {
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
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum PaymentStatus {
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
    #[sea_orm(
        belongs_to = "super::installment_payment_plans::Entity",
        from = "Column::InstallmentPlanId",
        to = "super::installment_payment_plans::Column::Id"
    )]
    InstallmentPlan,
    #[sea_orm(belongs_to = "Entity", from = "Column::RefundOfPaymentId", to = "Column::Id")]
    RefundOfPayment,
    #[sea_orm(
        belongs_to = "booking::entity::cancellation_requests::Entity",
        from = "Column::CancellationRequestId",
        to = "booking::entity::cancellation_requests::Column::Id"
    )]
    CancellationRequest,
    #[sea_orm(
        belongs_to = "super::gateway_accounts::Entity",
        from = "Column::GatewayAccountId",
        to = "super::gateway_accounts::Column::Id"
    )]
    GatewayAccount,
    #[sea_orm(has_many = "super::payment_histories::Entity")]
    PaymentHistories,
    #[sea_orm(has_many = "super::ledger_entries::Entity")]
    LedgerEntries,
}

impl Related<quoting::entity::quotes::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Quote.def()
    }
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

impl Related<super::installment_payment_plans::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::InstallmentPlan.def()
    }
}

impl Related<booking::entity::cancellation_requests::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::CancellationRequest.def()
    }
}

impl Related<super::gateway_accounts::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::GatewayAccount.def()
    }
}

impl Related<super::payment_histories::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::PaymentHistories.def()
    }
}

impl Related<super::ledger_entries::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::LedgerEntries.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
