//! `alerts_notifications`: in-app inbox: one row per event occurrence and recipient.

use kernel::Timestamp;
use kernel::ids::{AnyId, NotificationId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `alerts_notifications`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "alerts_notifications")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: NotificationId,
    pub event_key: String,
    pub category: NotificationCategory,
    pub priority: NotificationPriority,
    pub recipient_type: NotificationRecipientType,
    pub recipient_id: AnyId,
    pub subject_type: Option<String>,
    pub subject_id: Option<AnyId>,
    pub locale: String,
    pub title: String,
    #[sea_orm(column_type = "Text")]
    pub body: String,
    /// Whitelisted template values.
    pub params: Option<Json>,
    pub action_url: Option<String>,
    /// Event:subject:occurrence.
    pub dedupe_key: String,
    pub is_read: bool,
    pub read_at: Option<Timestamp>,
    pub archived_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `category`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum NotificationCategory {
    #[sea_orm(string_value = "account")]
    #[serde(rename = "account")]
    Account,
    #[sea_orm(string_value = "inquiry")]
    #[serde(rename = "inquiry")]
    Inquiry,
    #[sea_orm(string_value = "quote")]
    #[serde(rename = "quote")]
    Quote,
    #[sea_orm(string_value = "booking")]
    #[serde(rename = "booking")]
    Booking,
    #[sea_orm(string_value = "treatment")]
    #[serde(rename = "treatment")]
    Treatment,
    #[sea_orm(string_value = "payment")]
    #[serde(rename = "payment")]
    Payment,
    #[sea_orm(string_value = "payout")]
    #[serde(rename = "payout")]
    Payout,
    #[sea_orm(string_value = "travel")]
    #[serde(rename = "travel")]
    Travel,
    #[sea_orm(string_value = "messaging")]
    #[serde(rename = "messaging")]
    Messaging,
    #[sea_orm(string_value = "aftercare")]
    #[serde(rename = "aftercare")]
    Aftercare,
    #[sea_orm(string_value = "review")]
    #[serde(rename = "review")]
    Review,
    #[sea_orm(string_value = "promotion")]
    #[serde(rename = "promotion")]
    Promotion,
    #[sea_orm(string_value = "affiliate")]
    #[serde(rename = "affiliate")]
    Affiliate,
    #[sea_orm(string_value = "compliance")]
    #[serde(rename = "compliance")]
    Compliance,
    #[sea_orm(string_value = "legal")]
    #[serde(rename = "legal")]
    Legal,
    #[sea_orm(string_value = "system")]
    #[serde(rename = "system")]
    System,
}

/// The values of `priority`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum NotificationPriority {
    #[sea_orm(string_value = "critical")]
    #[serde(rename = "critical")]
    Critical,
    #[sea_orm(string_value = "transactional")]
    #[serde(rename = "transactional")]
    Transactional,
    #[sea_orm(string_value = "routine")]
    #[serde(rename = "routine")]
    Routine,
}

/// The values of `recipient_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum NotificationRecipientType {
    #[sea_orm(string_value = "Patient")]
    Patient,
    #[sea_orm(string_value = "ProviderUser")]
    ProviderUser,
    #[sea_orm(string_value = "User")]
    User,
    #[sea_orm(string_value = "Affiliate")]
    Affiliate,
    #[sea_orm(string_value = "Provider")]
    Provider,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(has_many = "super::notification_deliveries::Entity")]
    NotificationDeliveries,
}

impl Related<super::notification_deliveries::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::NotificationDeliveries.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
