//! `gateway_accounts`: card gateway accounts and the countries routed to them.

use kernel::ids::GatewayAccountId;
use kernel::{Sealed, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `gateway_accounts`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "gateway_accounts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: GatewayAccountId,
    pub name: String,
    pub mode: GatewayAccountMode,
    pub public_key: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub secret_key_encrypted: Sealed<String>,
    /// JSON list, newest first (rotation).
    #[sea_orm(column_type = "Text")]
    pub webhook_secrets_encrypted: Sealed<String>,
    pub country_codes: Json,
    pub region_groups: Json,
    pub currencies: Json,
    pub is_fallback: bool,
    pub status: GatewayAccountStatus,
    pub last_tested_at: Option<Timestamp>,
    pub version: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `mode`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(8))")]
pub enum GatewayAccountMode {
    #[sea_orm(string_value = "test")]
    #[serde(rename = "test")]
    Test,
    #[sea_orm(string_value = "live")]
    #[serde(rename = "live")]
    Live,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))")]
pub enum GatewayAccountStatus {
    #[sea_orm(string_value = "active")]
    #[serde(rename = "active")]
    Active,
    #[sea_orm(string_value = "inactive")]
    #[serde(rename = "inactive")]
    Inactive,
    #[sea_orm(string_value = "failing")]
    #[serde(rename = "failing")]
    Failing,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(has_many = "super::payments::Entity")]
    Payments,
    #[sea_orm(has_many = "super::gateway_events::Entity")]
    GatewayEvents,
    #[sea_orm(has_many = "super::patient_payment_methods::Entity")]
    PatientPaymentMethods,
}

impl Related<super::payments::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Payments.def()
    }
}

impl Related<super::gateway_events::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::GatewayEvents.def()
    }
}

impl Related<super::patient_payment_methods::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::PatientPaymentMethods.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
