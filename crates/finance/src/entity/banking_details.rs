//! `banking_details`: versioned payout or refund destinations of clinics, affiliates and patients.

use kernel::ids::{AnyId, BankingDetailId, UserId};
use kernel::{Currency, Sealed, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `banking_details`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "banking_details")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: BankingDetailId,
    pub owner_type: BankingDetailOwnerType,
    /// Polymorphic, no FK.
    pub owner_id: AnyId,
    pub account_holder_name: String,
    pub bank_name: String,
    pub bank_country: String,
    /// Payout currency; affiliates USD.
    pub currency: Currency,
    /// This or iban_encrypted.
    #[sea_orm(column_type = "Text")]
    pub account_number_encrypted: Option<Sealed<String>>,
    #[sea_orm(column_type = "Text")]
    pub iban_encrypted: Option<Sealed<String>>,
    /// Masked display.
    pub account_last4: String,
    /// Keyed HMAC of the normalised number.
    pub account_fingerprint: String,
    /// This or routing_number.
    pub swift_code: Option<String>,
    pub routing_number: Option<String>,
    /// Connected account.
    pub gateway_destination_id: Option<String>,
    pub status: BankingDetailStatus,
    /// End of the cool-off.
    pub usable_from: Timestamp,
    pub version: i32,
    pub superseded_by: Option<BankingDetailId>,
    /// Fingerprint also used by another payee: cleared by.
    pub shared_cleared_by_user_id: Option<UserId>,
    pub shared_cleared_at: Option<Timestamp>,
    pub shared_clear_reason: Option<String>,
    pub created_by_type: BankingDetailCreatedByType,
    pub created_by_id: AnyId,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `owner_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))")]
pub enum BankingDetailOwnerType {
    #[sea_orm(string_value = "Provider")]
    Provider,
    #[sea_orm(string_value = "Affiliate")]
    Affiliate,
    #[sea_orm(string_value = "Patient")]
    Patient,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))")]
pub enum BankingDetailStatus {
    #[sea_orm(string_value = "pending")]
    #[serde(rename = "pending")]
    Pending,
    #[sea_orm(string_value = "active")]
    #[serde(rename = "active")]
    Active,
    #[sea_orm(string_value = "invalid")]
    #[serde(rename = "invalid")]
    Invalid,
    #[sea_orm(string_value = "superseded")]
    #[serde(rename = "superseded")]
    Superseded,
}

/// The values of `created_by_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))")]
pub enum BankingDetailCreatedByType {
    #[sea_orm(string_value = "Patient")]
    Patient,
    #[sea_orm(string_value = "ProviderUser")]
    ProviderUser,
    #[sea_orm(string_value = "User")]
    User,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "Entity", from = "Column::SupersededBy", to = "Column::Id")]
    SupersededBy,
    #[sea_orm(
        belongs_to = "identity::entity::users::Entity",
        from = "Column::SharedClearedByUserId",
        to = "identity::entity::users::Column::Id"
    )]
    SharedClearedByUser,
    #[sea_orm(has_many = "super::provider_bills::Entity")]
    ProviderBills,
    #[sea_orm(has_many = "super::affiliate_payouts::Entity")]
    AffiliatePayouts,
}

impl Related<identity::entity::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::SharedClearedByUser.def()
    }
}

impl Related<super::provider_bills::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ProviderBills.def()
    }
}

impl Related<super::affiliate_payouts::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::AffiliatePayouts.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
