//! `discounts`: price promotions of clinics and campaigns of the platform.

use kernel::ids::{AnyId, DiscountId, ProviderId};
use kernel::{Amount, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `discounts`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "discounts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DiscountId,
    pub discount_code: String,
    pub discount_type: DiscountType,
    pub discount_value: Amount,
    pub provider_id: Option<ProviderId>,
    pub usage_limit: Option<i32>,
    pub usage_count: i32,
    pub start_date: Option<Date>,
    pub end_date: Option<Date>,
    pub status: DiscountStatus,
    pub requires_provider_approval: bool,
    pub approval_status: DiscountApprovalStatus,
    pub approved_by_provider_id: Option<ProviderId>,
    pub name: Option<String>,
    pub description: Option<String>,
    pub created_by_type: Option<DiscountCreatedByType>,
    pub created_by_id: Option<AnyId>,
    /// Typed code, quote editor list, or both.
    pub application_mode: DiscountApplicationMode,
    pub published_at: Option<Timestamp>,
    pub paused_at: Option<Timestamp>,
    pub archived_at: Option<Timestamp>,
    pub per_patient_limit: Option<i32>,
    pub target_scope: DiscountTargetScope,
    /// 1-30, default 7.
    pub approval_window_days: Option<i16>,
    pub version: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `discount_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum DiscountType {
    #[sea_orm(string_value = "percentage")]
    #[serde(rename = "percentage")]
    Percentage,
    #[sea_orm(string_value = "fixed")]
    #[serde(rename = "fixed")]
    Fixed,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum DiscountStatus {
    #[sea_orm(string_value = "active")]
    #[serde(rename = "active")]
    Active,
    #[sea_orm(string_value = "inactive")]
    #[serde(rename = "inactive")]
    Inactive,
    #[sea_orm(string_value = "expired")]
    #[serde(rename = "expired")]
    Expired,
}

/// The values of `approval_status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum DiscountApprovalStatus {
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

/// The values of `created_by_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))")]
pub enum DiscountCreatedByType {
    #[sea_orm(string_value = "User")]
    User,
    #[sea_orm(string_value = "ProviderUser")]
    ProviderUser,
}

/// The values of `application_mode`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))")]
pub enum DiscountApplicationMode {
    #[sea_orm(string_value = "code")]
    #[serde(rename = "code")]
    Code,
    #[sea_orm(string_value = "list")]
    #[serde(rename = "list")]
    List,
    #[sea_orm(string_value = "either")]
    #[serde(rename = "either")]
    Either,
}

/// The values of `target_scope`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))")]
pub enum DiscountTargetScope {
    #[sea_orm(string_value = "all")]
    #[serde(rename = "all")]
    All,
    #[sea_orm(string_value = "list")]
    #[serde(rename = "list")]
    List,
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
        belongs_to = "directory::entity::providers::Entity",
        from = "Column::ApprovedByProviderId",
        to = "directory::entity::providers::Column::Id"
    )]
    ApprovedByProvider,
    #[sea_orm(has_many = "super::discount_redemptions::Entity")]
    DiscountRedemptions,
    #[sea_orm(has_many = "super::provider_discounts::Entity")]
    ProviderDiscounts,
}

impl Related<directory::entity::providers::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Provider.def()
    }
}

impl Related<super::discount_redemptions::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::DiscountRedemptions.def()
    }
}

impl Related<super::provider_discounts::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ProviderDiscounts.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
