//! `installment_payment_plans`: interest-free split of one booking's total into 2 to 9 payments.

use kernel::ids::{InstallmentPaymentPlanId, PatientId, QuoteId};
use kernel::{Amount, Currency, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `installment_payment_plans`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "installment_payment_plans")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: InstallmentPaymentPlanId,
    pub quote_id: QuoteId,
    pub patient_id: PatientId,
    pub total_amount: Amount,
    pub installment_amount: Amount,
    pub number_of_installments: i32,
    pub completed_installments: i32,
    pub payment_frequency: InstallmentPaymentPlanPaymentFrequency,
    pub first_payment_date: Date,
    pub final_payment_date: Date,
    pub status: InstallmentPaymentPlanStatus,
    /// Payment currency; always set by the application.
    pub currency: Option<Currency>,
    /// Plan that replaced this one after a date change.
    pub superseded_by: Option<InstallmentPaymentPlanId>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `payment_frequency`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum InstallmentPaymentPlanPaymentFrequency {
    #[sea_orm(string_value = "weekly")]
    #[serde(rename = "weekly")]
    Weekly,
    #[sea_orm(string_value = "monthly")]
    #[serde(rename = "monthly")]
    Monthly,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum InstallmentPaymentPlanStatus {
    #[sea_orm(string_value = "active")]
    #[serde(rename = "active")]
    Active,
    #[sea_orm(string_value = "completed")]
    #[serde(rename = "completed")]
    Completed,
    #[sea_orm(string_value = "cancelled")]
    #[serde(rename = "cancelled")]
    Cancelled,
    #[sea_orm(string_value = "defaulted")]
    #[serde(rename = "defaulted")]
    Defaulted,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "quoting::entity::quotes::Entity",
        from = "Column::QuoteId",
        to = "quoting::entity::quotes::Column::Id"
    )]
    Quote,
    #[sea_orm(
        belongs_to = "identity::entity::patients::Entity",
        from = "Column::PatientId",
        to = "identity::entity::patients::Column::Id"
    )]
    Patient,
    #[sea_orm(belongs_to = "Entity", from = "Column::SupersededBy", to = "Column::Id")]
    SupersededBy,
}

impl Related<quoting::entity::quotes::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Quote.def()
    }
}

impl Related<identity::entity::patients::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Patient.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
