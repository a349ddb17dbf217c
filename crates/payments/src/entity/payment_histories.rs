//! `payment_histories`: append-only log of everything that happened to one payment.

use kernel::ids::{AnyId, PaymentHistoryId, PaymentId, QuoteId};
use kernel::{Amount, Currency, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `payment_histories`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "payment_histories")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PaymentHistoryId,
    pub payment_id: PaymentId,
    pub quote_id: QuoteId,
    /// 1,2,3... per payment.
    pub sequence: i32,
    pub event: PaymentHistoryEvent,
    pub from_status: Option<String>,
    pub to_status: Option<String>,
    pub amount: Amount,
    pub currency: Currency,
    pub source: PaymentHistorySource,
    pub actor_type: Option<PaymentHistoryActorType>,
    pub actor_id: Option<AnyId>,
    /// Gateway event id.
    pub external_event_id: Option<String>,
    /// Mandatory for admin events.
    pub reason: Option<String>,
    /// Masked details.
    pub metadata: Option<Json>,
    pub created_at: Timestamp,
}

/// The values of `event`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(64))")]
pub enum PaymentHistoryEvent {
    #[sea_orm(string_value = "created")]
    #[serde(rename = "created")]
    Created,
    #[sea_orm(string_value = "action_required")]
    #[serde(rename = "action_required")]
    ActionRequired,
    #[sea_orm(string_value = "processing")]
    #[serde(rename = "processing")]
    Processing,
    #[sea_orm(string_value = "succeeded")]
    #[serde(rename = "succeeded")]
    Succeeded,
    #[sea_orm(string_value = "failed")]
    #[serde(rename = "failed")]
    Failed,
    #[sea_orm(string_value = "canceled")]
    #[serde(rename = "canceled")]
    Canceled,
    #[sea_orm(string_value = "refunded")]
    #[serde(rename = "refunded")]
    Refunded,
    #[sea_orm(string_value = "refund_failed")]
    #[serde(rename = "refund_failed")]
    RefundFailed,
    #[sea_orm(string_value = "disputed")]
    #[serde(rename = "disputed")]
    Disputed,
    #[sea_orm(string_value = "receipt_recorded")]
    #[serde(rename = "receipt_recorded")]
    ReceiptRecorded,
    #[sea_orm(string_value = "override")]
    #[serde(rename = "override")]
    Override,
    #[sea_orm(string_value = "ignored_stale")]
    #[serde(rename = "ignored_stale")]
    IgnoredStale,
    #[sea_orm(string_value = "quarantined")]
    #[serde(rename = "quarantined")]
    Quarantined,
}

/// The values of `source`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))")]
pub enum PaymentHistorySource {
    #[sea_orm(string_value = "api")]
    #[serde(rename = "api")]
    Api,
    #[sea_orm(string_value = "webhook")]
    #[serde(rename = "webhook")]
    Webhook,
    #[sea_orm(string_value = "scheduler")]
    #[serde(rename = "scheduler")]
    Scheduler,
    #[sea_orm(string_value = "admin")]
    #[serde(rename = "admin")]
    Admin,
    #[sea_orm(string_value = "reconciliation")]
    #[serde(rename = "reconciliation")]
    Reconciliation,
}

/// The values of `actor_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))")]
pub enum PaymentHistoryActorType {
    #[sea_orm(string_value = "Patient")]
    Patient,
    #[sea_orm(string_value = "ProviderUser")]
    ProviderUser,
    #[sea_orm(string_value = "User")]
    User,
    #[sea_orm(string_value = "System")]
    System,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::payments::Entity", from = "Column::PaymentId", to = "super::payments::Column::Id")]
    Payment,
    #[sea_orm(
        belongs_to = "quoting::entity::quotes::Entity",
        from = "Column::QuoteId",
        to = "quoting::entity::quotes::Column::Id"
    )]
    Quote,
}

impl Related<super::payments::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Payment.def()
    }
}

impl Related<quoting::entity::quotes::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Quote.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
