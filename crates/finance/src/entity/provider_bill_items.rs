//! `provider_bill_items`: lines of a payout statement: earnings, deductions, carry-forwards, manual lines, aftercare shares.

use kernel::ids::{AftercarePaymentId, PaymentId, ProviderBillId, ProviderBillItemId, QuoteId, UserId};
use kernel::{Amount, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `provider_bill_items`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "provider_bill_items")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProviderBillItemId,
    pub bill_id: ProviderBillId,
    pub kind: ProviderBillItemKind,
    pub quote_id: Option<QuoteId>,
    pub aftercare_payment_id: Option<AftercarePaymentId>,
    pub refund_payment_id: Option<PaymentId>,
    /// Provider-visible text of manual lines.
    pub label: Option<String>,
    pub gross: Amount,
    pub commission: Amount,
    /// Signed.
    pub net: Amount,
    /// Quote to payout currency.
    #[sea_orm(column_type = "Decimal(Some((18, 8)))")]
    pub rate: Decimal,
    /// Deduction still to be carried forward.
    pub balance_after: Amount,
    pub reason: Option<String>,
    pub created_by_user_id: Option<UserId>,
    /// Cleared once when the bill is voided; nothing else changes.
    pub active: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `kind`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))")]
pub enum ProviderBillItemKind {
    #[sea_orm(string_value = "earning")]
    #[serde(rename = "earning")]
    Earning,
    #[sea_orm(string_value = "refund_deduction")]
    #[serde(rename = "refund_deduction")]
    RefundDeduction,
    #[sea_orm(string_value = "carry_forward")]
    #[serde(rename = "carry_forward")]
    CarryForward,
    #[sea_orm(string_value = "manual")]
    #[serde(rename = "manual")]
    Manual,
    #[sea_orm(string_value = "aftercare")]
    #[serde(rename = "aftercare")]
    Aftercare,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::provider_bills::Entity",
        from = "Column::BillId",
        to = "super::provider_bills::Column::Id"
    )]
    Bill,
    #[sea_orm(
        belongs_to = "quoting::entity::quotes::Entity",
        from = "Column::QuoteId",
        to = "quoting::entity::quotes::Column::Id"
    )]
    Quote,
    #[sea_orm(
        belongs_to = "payments::entity::payments::Entity",
        from = "Column::RefundPaymentId",
        to = "payments::entity::payments::Column::Id"
    )]
    RefundPayment,
    #[sea_orm(
        belongs_to = "identity::entity::users::Entity",
        from = "Column::CreatedByUserId",
        to = "identity::entity::users::Column::Id"
    )]
    CreatedByUser,
}

impl Related<super::provider_bills::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Bill.def()
    }
}

impl Related<quoting::entity::quotes::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Quote.def()
    }
}

impl Related<payments::entity::payments::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::RefundPayment.def()
    }
}

impl Related<identity::entity::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::CreatedByUser.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
