//! `patient_payment_methods`: cards a patient saved at the gateway; tokens only, no card numbers.

use kernel::Timestamp;
use kernel::ids::{GatewayAccountId, PatientId, PatientPaymentMethodId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `patient_payment_methods`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "patient_payment_methods")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PatientPaymentMethodId,
    pub patient_id: PatientId,
    pub gateway_account_id: GatewayAccountId,
    pub gateway_customer_id: String,
    pub gateway_method_id: String,
    pub brand: String,
    pub last4: String,
    pub exp_month: i16,
    pub exp_year: i16,
    pub is_default: bool,
    pub auto_charge_consent_at: Option<Timestamp>,
    pub status: PatientPaymentMethodStatus,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))")]
pub enum PatientPaymentMethodStatus {
    #[sea_orm(string_value = "active")]
    #[serde(rename = "active")]
    Active,
    #[sea_orm(string_value = "expired")]
    #[serde(rename = "expired")]
    Expired,
    #[sea_orm(string_value = "removed")]
    #[serde(rename = "removed")]
    Removed,
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
        belongs_to = "super::gateway_accounts::Entity",
        from = "Column::GatewayAccountId",
        to = "super::gateway_accounts::Column::Id"
    )]
    GatewayAccount,
}

impl Related<identity::entity::patients::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Patient.def()
    }
}

impl Related<super::gateway_accounts::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::GatewayAccount.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
