//! `payment_documents`: numbered invoices, receipts, credit notes and payout papers with their totals.

use kernel::Timestamp;
use kernel::ids::{AnyId, PaymentDocumentId, QuoteId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `payment_documents`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "payment_documents")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PaymentDocumentId,
    /// INV, RCT, CRN, PIN or APS-YYMM-NNNNN.
    pub document_number: String,
    pub kind: PaymentDocumentKind,
    pub subject_type: PaymentDocumentSubjectType,
    pub subject_id: AnyId,
    pub quote_id: Option<QuoteId>,
    pub cancels_document_id: Option<PaymentDocumentId>,
    /// Totals, parties, lines; the PDF is rendered from it, always identical.
    pub snapshot: Json,
    pub issued_at: Timestamp,
    pub created_at: Timestamp,
}

/// The values of `kind`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))")]
pub enum PaymentDocumentKind {
    #[sea_orm(string_value = "invoice")]
    #[serde(rename = "invoice")]
    Invoice,
    #[sea_orm(string_value = "receipt")]
    #[serde(rename = "receipt")]
    Receipt,
    #[sea_orm(string_value = "credit_note")]
    #[serde(rename = "credit_note")]
    CreditNote,
    #[sea_orm(string_value = "payout_invoice")]
    #[serde(rename = "payout_invoice")]
    PayoutInvoice,
    #[sea_orm(string_value = "affiliate_statement")]
    #[serde(rename = "affiliate_statement")]
    AffiliateStatement,
}

/// The values of `subject_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))")]
pub enum PaymentDocumentSubjectType {
    #[sea_orm(string_value = "Booking")]
    Booking,
    #[sea_orm(string_value = "Payment")]
    Payment,
    #[sea_orm(string_value = "AftercarePayment")]
    AftercarePayment,
    #[sea_orm(string_value = "ProviderBill")]
    ProviderBill,
    #[sea_orm(string_value = "AffiliatePayout")]
    AffiliatePayout,
    #[sea_orm(string_value = "Document")]
    Document,
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
    #[sea_orm(belongs_to = "Entity", from = "Column::CancelsDocumentId", to = "Column::Id")]
    CancelsDocument,
}

impl Related<quoting::entity::quotes::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Quote.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
