//! `affiliate_attributions`: which affiliate brought a patient, and until when it counts.

use kernel::Timestamp;
use kernel::ids::{AffiliateAttributionId, AffiliateDiscountCodeId, AffiliateId, PatientId, QuoteId, UserId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `affiliate_attributions`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "affiliate_attributions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AffiliateAttributionId,
    pub patient_id: PatientId,
    pub affiliate_id: AffiliateId,
    pub affiliate_discount_code_id: AffiliateDiscountCodeId,
    pub source: AffiliateAttributionSource,
    pub captured_at: Timestamp,
    pub expires_at: Timestamp,
    pub state: AffiliateAttributionState,
    pub refusal_reason: Option<AffiliateAttributionRefusalReason>,
    /// Booking it was frozen into.
    pub quote_id: Option<QuoteId>,
    pub corrected_by_user_id: Option<UserId>,
    pub correction_reason: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `source`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))")]
pub enum AffiliateAttributionSource {
    #[sea_orm(string_value = "link")]
    #[serde(rename = "link")]
    Link,
    #[sea_orm(string_value = "code")]
    #[serde(rename = "code")]
    Code,
}

/// The values of `state`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))")]
pub enum AffiliateAttributionState {
    #[sea_orm(string_value = "active")]
    #[serde(rename = "active")]
    Active,
    #[sea_orm(string_value = "refused")]
    #[serde(rename = "refused")]
    Refused,
    #[sea_orm(string_value = "superseded")]
    #[serde(rename = "superseded")]
    Superseded,
    #[sea_orm(string_value = "expired")]
    #[serde(rename = "expired")]
    Expired,
    #[sea_orm(string_value = "frozen")]
    #[serde(rename = "frozen")]
    Frozen,
}

/// The values of `refusal_reason`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(64))")]
pub enum AffiliateAttributionRefusalReason {
    #[sea_orm(string_value = "shared_identity")]
    #[serde(rename = "shared_identity")]
    SharedIdentity,
    #[sea_orm(string_value = "shared_bank")]
    #[serde(rename = "shared_bank")]
    SharedBank,
    #[sea_orm(string_value = "clinic_staff")]
    #[serde(rename = "clinic_staff")]
    ClinicStaff,
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
        belongs_to = "super::affiliates::Entity",
        from = "Column::AffiliateId",
        to = "super::affiliates::Column::Id"
    )]
    Affiliate,
    #[sea_orm(
        belongs_to = "super::affiliate_discount_codes::Entity",
        from = "Column::AffiliateDiscountCodeId",
        to = "super::affiliate_discount_codes::Column::Id"
    )]
    AffiliateDiscountCode,
    #[sea_orm(
        belongs_to = "quoting::entity::quotes::Entity",
        from = "Column::QuoteId",
        to = "quoting::entity::quotes::Column::Id"
    )]
    Quote,
    #[sea_orm(
        belongs_to = "identity::entity::users::Entity",
        from = "Column::CorrectedByUserId",
        to = "identity::entity::users::Column::Id"
    )]
    CorrectedByUser,
}

impl Related<identity::entity::patients::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Patient.def()
    }
}

impl Related<super::affiliates::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Affiliate.def()
    }
}

impl Related<super::affiliate_discount_codes::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::AffiliateDiscountCode.def()
    }
}

impl Related<quoting::entity::quotes::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Quote.def()
    }
}

impl Related<identity::entity::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::CorrectedByUser.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
