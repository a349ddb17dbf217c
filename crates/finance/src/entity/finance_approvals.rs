//! `finance_approvals`: four-eyes requests and decisions of finance and promotions.

use kernel::Timestamp;
use kernel::ids::{AnyId, FinanceApprovalId, UserId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `finance_approvals`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "finance_approvals")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FinanceApprovalId,
    pub subject_type: FinanceApprovalSubjectType,
    pub subject_id: AnyId,
    pub action: FinanceApprovalAction,
    /// What will be applied.
    pub payload: Json,
    /// Version the approver saw.
    pub subject_version: Option<i32>,
    pub requested_by_user_id: UserId,
    pub request_reason: String,
    pub decided_by_user_id: Option<UserId>,
    pub decision: FinanceApprovalDecision,
    pub decision_reason: Option<String>,
    pub decided_at: Option<Timestamp>,
    /// A super admin passed alone.
    pub is_sod_exception: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `subject_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))")]
pub enum FinanceApprovalSubjectType {
    #[sea_orm(string_value = "Discount")]
    Discount,
    #[sea_orm(string_value = "AffiliateDiscountCode")]
    AffiliateDiscountCode,
    #[sea_orm(string_value = "AffiliateCommission")]
    AffiliateCommission,
    #[sea_orm(string_value = "ProviderBillItem")]
    ProviderBillItem,
    #[sea_orm(string_value = "Affiliate")]
    Affiliate,
}

/// The values of `action`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(48))")]
pub enum FinanceApprovalAction {
    #[sea_orm(string_value = "publish_high_value")]
    #[serde(rename = "publish_high_value")]
    PublishHighValue,
    #[sea_orm(string_value = "margin_override")]
    #[serde(rename = "margin_override")]
    MarginOverride,
    #[sea_orm(string_value = "adjustment")]
    #[serde(rename = "adjustment")]
    Adjustment,
    #[sea_orm(string_value = "manual_line")]
    #[serde(rename = "manual_line")]
    ManualLine,
    #[sea_orm(string_value = "ban")]
    #[serde(rename = "ban")]
    Ban,
}

/// The values of `decision`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))")]
pub enum FinanceApprovalDecision {
    #[sea_orm(string_value = "pending")]
    #[serde(rename = "pending")]
    Pending,
    #[sea_orm(string_value = "approved")]
    #[serde(rename = "approved")]
    Approved,
    #[sea_orm(string_value = "rejected")]
    #[serde(rename = "rejected")]
    Rejected,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "identity::entity::users::Entity",
        from = "Column::RequestedByUserId",
        to = "identity::entity::users::Column::Id"
    )]
    RequestedByUser,
    #[sea_orm(
        belongs_to = "identity::entity::users::Entity",
        from = "Column::DecidedByUserId",
        to = "identity::entity::users::Column::Id"
    )]
    DecidedByUser,
}

impl Related<identity::entity::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::RequestedByUser.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
