//! `affiliate_discount_codes`: codes and referral links of one affiliate; the discount is always funded by the platform.

use kernel::ids::{AffiliateCodeBatchId, AffiliateDiscountCodeId, AffiliateId, UserId};
use kernel::{Amount, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `affiliate_discount_codes`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "affiliate_discount_codes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AffiliateDiscountCodeId,
    pub affiliate_id: AffiliateId,
    pub code: String,
    pub discount_type: AffiliateDiscountCodeDiscountType,
    pub discount_value: Amount,
    pub usage_limit: Option<i32>,
    pub usage_count: i32,
    pub start_date: Option<Date>,
    pub end_date: Option<Date>,
    pub status: AffiliateDiscountCodeStatus,
    pub campaign_name: Option<String>,
    pub batch_id: Option<AffiliateCodeBatchId>,
    pub per_patient_limit: i32,
    pub application_method: AffiliateDiscountCodeApplicationMethod,
    pub disabled_reason: Option<AffiliateDiscountCodeDisabledReason>,
    pub margin_override_by_user_id: Option<UserId>,
    pub margin_override_at: Option<Timestamp>,
    pub margin_override_reason: Option<String>,
    /// <= 10 https links.
    pub material_links: Option<Json>,
    pub version: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `discount_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum AffiliateDiscountCodeDiscountType {
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
pub enum AffiliateDiscountCodeStatus {
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

/// The values of `application_method`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))")]
pub enum AffiliateDiscountCodeApplicationMethod {
    #[sea_orm(string_value = "code")]
    #[serde(rename = "code")]
    Code,
    #[sea_orm(string_value = "auto_link")]
    #[serde(rename = "auto_link")]
    AutoLink,
}

/// The values of `disabled_reason`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))")]
pub enum AffiliateDiscountCodeDisabledReason {
    #[sea_orm(string_value = "manual")]
    #[serde(rename = "manual")]
    Manual,
    #[sea_orm(string_value = "limit_reached")]
    #[serde(rename = "limit_reached")]
    LimitReached,
    #[sea_orm(string_value = "revoked")]
    #[serde(rename = "revoked")]
    Revoked,
    #[sea_orm(string_value = "affiliate_inactive")]
    #[serde(rename = "affiliate_inactive")]
    AffiliateInactive,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::affiliates::Entity",
        from = "Column::AffiliateId",
        to = "super::affiliates::Column::Id"
    )]
    Affiliate,
    #[sea_orm(
        belongs_to = "super::affiliate_code_batches::Entity",
        from = "Column::BatchId",
        to = "super::affiliate_code_batches::Column::Id"
    )]
    Batch,
    #[sea_orm(
        belongs_to = "identity::entity::users::Entity",
        from = "Column::MarginOverrideByUserId",
        to = "identity::entity::users::Column::Id"
    )]
    MarginOverrideByUser,
    #[sea_orm(has_many = "super::discount_redemptions::Entity")]
    DiscountRedemptions,
    #[sea_orm(has_many = "super::affiliate_attributions::Entity")]
    AffiliateAttributions,
    #[sea_orm(has_many = "super::affiliate_code_batch_rows::Entity")]
    AffiliateCodeBatchRows,
}

impl Related<super::affiliates::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Affiliate.def()
    }
}

impl Related<super::affiliate_code_batches::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Batch.def()
    }
}

impl Related<identity::entity::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::MarginOverrideByUser.def()
    }
}

impl Related<super::discount_redemptions::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::DiscountRedemptions.def()
    }
}

impl Related<super::affiliate_attributions::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::AffiliateAttributions.def()
    }
}

impl Related<super::affiliate_code_batch_rows::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::AffiliateCodeBatchRows.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
