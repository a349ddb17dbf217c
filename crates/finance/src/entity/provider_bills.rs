//! `provider_bills`: payout statement of one clinic for one period and currency.

use kernel::ids::{BankingDetailId, PayoutBatchId, ProviderBillId, ProviderId, UserId};
use kernel::{Amount, Currency, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `provider_bills`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "provider_bills")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProviderBillId,
    pub provider_id: ProviderId,
    pub bill_reference: String,
    pub period_start: Date,
    /// Inclusive.
    pub period_end: Date,
    pub payout_date: Date,
    /// Cycle in force when built.
    pub payment_cycle: ProviderBillPaymentCycle,
    /// Payout currency.
    pub currency: Currency,
    pub gross_amount: Amount,
    pub commission_amount: Amount,
    /// Deductions minus credits applied now.
    pub adjustment_amount: Amount,
    /// Gross - commission - adjustment, never below 0.
    pub net_amount: Amount,
    pub status: ProviderBillStatus,
    pub readiness: ProviderBillReadiness,
    /// Shown while not ready.
    pub blocked_reason: Option<String>,
    /// Destination fixed at approval.
    pub banking_detail_id: Option<BankingDetailId>,
    pub batch_id: Option<PayoutBatchId>,
    pub approved_by_user_id: Option<UserId>,
    pub approved_at: Option<Timestamp>,
    pub voided_by_user_id: Option<UserId>,
    pub voided_at: Option<Timestamp>,
    pub void_reason: Option<String>,
    pub processed_at: Option<Timestamp>,
    pub paid_at: Option<Timestamp>,
    pub failure_reason: Option<String>,
    pub transfer_id: Option<String>,
    /// Part of the transfer's idempotency key.
    pub transfer_attempt: i32,
    /// Admin only, each note <= 500 chars.
    #[sea_orm(column_type = "Text")]
    pub internal_notes: Option<String>,
    /// Optimistic lock.
    pub version: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `payment_cycle`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))")]
pub enum ProviderBillPaymentCycle {
    #[sea_orm(string_value = "weekly")]
    #[serde(rename = "weekly")]
    Weekly,
    #[sea_orm(string_value = "twice_monthly")]
    #[serde(rename = "twice_monthly")]
    TwiceMonthly,
    #[sea_orm(string_value = "monthly")]
    #[serde(rename = "monthly")]
    Monthly,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))")]
pub enum ProviderBillStatus {
    #[sea_orm(string_value = "pending_approval")]
    #[serde(rename = "pending_approval")]
    PendingApproval,
    #[sea_orm(string_value = "approved")]
    #[serde(rename = "approved")]
    Approved,
    #[sea_orm(string_value = "overdue")]
    #[serde(rename = "overdue")]
    Overdue,
    #[sea_orm(string_value = "processing")]
    #[serde(rename = "processing")]
    Processing,
    #[sea_orm(string_value = "paid")]
    #[serde(rename = "paid")]
    Paid,
    #[sea_orm(string_value = "failed")]
    #[serde(rename = "failed")]
    Failed,
    #[sea_orm(string_value = "voided")]
    #[serde(rename = "voided")]
    Voided,
}

/// The values of `readiness`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))")]
pub enum ProviderBillReadiness {
    #[sea_orm(string_value = "ready")]
    #[serde(rename = "ready")]
    Ready,
    #[sea_orm(string_value = "missing_bank_details")]
    #[serde(rename = "missing_bank_details")]
    MissingBankDetails,
    #[sea_orm(string_value = "invalid_bank_details")]
    #[serde(rename = "invalid_bank_details")]
    InvalidBankDetails,
    #[sea_orm(string_value = "manual_review")]
    #[serde(rename = "manual_review")]
    ManualReview,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "directory::entity::providers::Entity",
        from = "Column::ProviderId",
        to = "directory::entity::providers::Column::Id"
    )]
    Provider,
    #[sea_orm(
        belongs_to = "super::banking_details::Entity",
        from = "Column::BankingDetailId",
        to = "super::banking_details::Column::Id"
    )]
    BankingDetail,
    #[sea_orm(
        belongs_to = "super::payout_batches::Entity",
        from = "Column::BatchId",
        to = "super::payout_batches::Column::Id"
    )]
    Batch,
    #[sea_orm(
        belongs_to = "identity::entity::users::Entity",
        from = "Column::ApprovedByUserId",
        to = "identity::entity::users::Column::Id"
    )]
    ApprovedByUser,
    #[sea_orm(
        belongs_to = "identity::entity::users::Entity",
        from = "Column::VoidedByUserId",
        to = "identity::entity::users::Column::Id"
    )]
    VoidedByUser,
}

impl Related<directory::entity::providers::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Provider.def()
    }
}

impl Related<super::banking_details::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::BankingDetail.def()
    }
}

impl Related<super::payout_batches::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Batch.def()
    }
}

impl Related<identity::entity::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ApprovedByUser.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
