//! `affiliate_payouts`: payout statement of one affiliate for one period, in USD.

use kernel::ids::{AffiliateId, AffiliatePayoutId, BankingDetailId, PayoutBatchId, UserId};
use kernel::{Amount, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `affiliate_payouts`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "affiliate_payouts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AffiliatePayoutId,
    pub affiliate_id: AffiliateId,
    pub batch_id: Option<PayoutBatchId>,
    pub payout_reference: String,
    pub period_start: Date,
    pub period_end: Date,
    pub payout_date: Date,
    /// Accruals.
    pub gross_amount: Amount,
    /// Reversals and adjustments, signed.
    pub reversal_amount: Amount,
    /// May be negative only when rolled over.
    pub net_amount: Amount,
    pub booking_count: i32,
    pub status: AffiliatePayoutStatus,
    pub readiness: AffiliatePayoutReadiness,
    pub blocked_reason: Option<String>,
    /// Offboarding settlement.
    pub is_final: bool,
    pub banking_detail_id: Option<BankingDetailId>,
    pub processed_by_user_id: Option<UserId>,
    pub processed_at: Option<Timestamp>,
    pub paid_at: Option<Timestamp>,
    pub voided_by_user_id: Option<UserId>,
    pub void_reason: Option<String>,
    pub transfer_id: Option<String>,
    pub transfer_attempt: i32,
    pub failure_reason: Option<String>,
    /// APS-YYMM-NNNNN.
    pub document_number: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub notes: Option<String>,
    pub version: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))")]
pub enum AffiliatePayoutStatus {
    #[sea_orm(string_value = "pending")]
    #[serde(rename = "pending")]
    Pending,
    #[sea_orm(string_value = "on_hold")]
    #[serde(rename = "on_hold")]
    OnHold,
    #[sea_orm(string_value = "rolled_over")]
    #[serde(rename = "rolled_over")]
    RolledOver,
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
pub enum AffiliatePayoutReadiness {
    #[sea_orm(string_value = "ready")]
    #[serde(rename = "ready")]
    Ready,
    #[sea_orm(string_value = "missing_destination")]
    #[serde(rename = "missing_destination")]
    MissingDestination,
    #[sea_orm(string_value = "invalid_destination")]
    #[serde(rename = "invalid_destination")]
    InvalidDestination,
    #[sea_orm(string_value = "manual_review")]
    #[serde(rename = "manual_review")]
    ManualReview,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "promotions::entity::affiliates::Entity",
        from = "Column::AffiliateId",
        to = "promotions::entity::affiliates::Column::Id"
    )]
    Affiliate,
    #[sea_orm(
        belongs_to = "super::payout_batches::Entity",
        from = "Column::BatchId",
        to = "super::payout_batches::Column::Id"
    )]
    Batch,
    #[sea_orm(
        belongs_to = "super::banking_details::Entity",
        from = "Column::BankingDetailId",
        to = "super::banking_details::Column::Id"
    )]
    BankingDetail,
    #[sea_orm(
        belongs_to = "identity::entity::users::Entity",
        from = "Column::ProcessedByUserId",
        to = "identity::entity::users::Column::Id"
    )]
    ProcessedByUser,
    #[sea_orm(
        belongs_to = "identity::entity::users::Entity",
        from = "Column::VoidedByUserId",
        to = "identity::entity::users::Column::Id"
    )]
    VoidedByUser,
}

impl Related<promotions::entity::affiliates::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Affiliate.def()
    }
}

impl Related<super::payout_batches::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Batch.def()
    }
}

impl Related<super::banking_details::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::BankingDetail.def()
    }
}

impl Related<identity::entity::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ProcessedByUser.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
