//! `affiliates`: marketing partners who bring patients and earn commission in USD.

use kernel::ids::AffiliateId;
use kernel::{Amount, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `affiliates`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "affiliates")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AffiliateId,
    pub affiliate_name: String,
    pub email: String,
    pub phone_number: Option<String>,
    pub company_name: Option<String>,
    pub website: Option<String>,
    pub contact_person: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub address: Option<String>,
    pub city: Option<String>,
    pub country: Option<String>,
    pub profile_image: Option<String>,
    pub status: AffiliateStatus,
    pub commission_type: AffiliateCommissionType,
    pub commission_value: Amount,
    pub payment_cycle: AffiliatePaymentCycle,
    pub start_date: Option<Date>,
    pub end_date: Option<Date>,
    #[sea_orm(column_type = "Text")]
    pub notes: Option<String>,
    pub discount_codes: Option<Json>,
    pub feature_flag_enabled: bool,
    pub facebook: Option<String>,
    pub instagram: Option<String>,
    pub tiktok: Option<String>,
    pub twitter: Option<String>,
    pub linkedin: Option<String>,
    /// HP-AFF-00012.
    pub affiliate_code: Option<String>,
    pub affiliate_type: Option<AffiliateType>,
    pub languages: Option<Json>,
    pub tax_id: Option<String>,
    pub performance_tier: Option<AffiliatePerformanceTier>,
    pub status_reason: Option<String>,
    pub suspended_at: Option<Timestamp>,
    pub offboarded_at: Option<Timestamp>,
    pub welcome_seen_at: Option<Timestamp>,
    /// Optimistic lock.
    pub version: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum AffiliateStatus {
    #[sea_orm(string_value = "draft")]
    #[serde(rename = "draft")]
    Draft,
    #[sea_orm(string_value = "active")]
    #[serde(rename = "active")]
    Active,
    #[sea_orm(string_value = "inactive")]
    #[serde(rename = "inactive")]
    Inactive,
    #[sea_orm(string_value = "suspended")]
    #[serde(rename = "suspended")]
    Suspended,
}

/// The values of `commission_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum AffiliateCommissionType {
    #[sea_orm(string_value = "percentage")]
    #[serde(rename = "percentage")]
    Percentage,
    #[sea_orm(string_value = "fixed")]
    #[serde(rename = "fixed")]
    Fixed,
}

/// The values of `payment_cycle`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum AffiliatePaymentCycle {
    #[sea_orm(string_value = "weekly")]
    #[serde(rename = "weekly")]
    Weekly,
    #[sea_orm(string_value = "monthly")]
    #[serde(rename = "monthly")]
    Monthly,
    #[sea_orm(string_value = "quarterly")]
    #[serde(rename = "quarterly")]
    Quarterly,
}

/// The values of `affiliate_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))")]
pub enum AffiliateType {
    #[sea_orm(string_value = "influencer")]
    #[serde(rename = "influencer")]
    Influencer,
    #[sea_orm(string_value = "clinic_partner")]
    #[serde(rename = "clinic_partner")]
    ClinicPartner,
    #[sea_orm(string_value = "organization")]
    #[serde(rename = "organization")]
    Organization,
    #[sea_orm(string_value = "other")]
    #[serde(rename = "other")]
    Other,
}

/// The values of `performance_tier`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))")]
pub enum AffiliatePerformanceTier {
    #[sea_orm(string_value = "bronze")]
    #[serde(rename = "bronze")]
    Bronze,
    #[sea_orm(string_value = "silver")]
    #[serde(rename = "silver")]
    Silver,
    #[sea_orm(string_value = "gold")]
    #[serde(rename = "gold")]
    Gold,
    #[sea_orm(string_value = "platinum")]
    #[serde(rename = "platinum")]
    Platinum,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(has_many = "super::affiliate_discount_codes::Entity")]
    AffiliateDiscountCodes,
    #[sea_orm(has_many = "super::affiliate_commission_terms::Entity")]
    AffiliateCommissionTerms,
    #[sea_orm(has_many = "super::affiliate_credentials::Entity")]
    AffiliateCredentials,
    #[sea_orm(has_many = "super::affiliate_attributions::Entity")]
    AffiliateAttributions,
    #[sea_orm(has_many = "super::affiliate_code_batch_rows::Entity")]
    AffiliateCodeBatchRows,
}

impl Related<super::affiliate_discount_codes::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::AffiliateDiscountCodes.def()
    }
}

impl Related<super::affiliate_commission_terms::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::AffiliateCommissionTerms.def()
    }
}

impl Related<super::affiliate_credentials::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::AffiliateCredentials.def()
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
