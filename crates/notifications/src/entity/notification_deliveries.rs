//! `notification_deliveries`: one notification over one channel.

use kernel::Timestamp;
use kernel::ids::{NotificationDeliveryId, NotificationId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `notification_deliveries`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "notification_deliveries")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: NotificationDeliveryId,
    pub notification_id: NotificationId,
    pub channel: NotificationDeliveryChannel,
    pub address_masked: Option<String>,
    pub status: NotificationDeliveryStatus,
    pub attempt_count: i32,
    pub next_attempt_at: Option<Timestamp>,
    pub claimed_until: Option<Timestamp>,
    pub last_error: Option<String>,
    pub suppressed_reason: Option<NotificationDeliverySuppressedReason>,
    /// Digest that carried it.
    pub digest_notification_id: Option<NotificationId>,
    pub provider_message_id: Option<String>,
    pub sent_at: Option<Timestamp>,
    pub delivered_at: Option<Timestamp>,
    pub opened_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `channel`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))")]
pub enum NotificationDeliveryChannel {
    #[sea_orm(string_value = "email")]
    #[serde(rename = "email")]
    Email,
    #[sea_orm(string_value = "push")]
    #[serde(rename = "push")]
    Push,
    #[sea_orm(string_value = "sms")]
    #[serde(rename = "sms")]
    Sms,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))")]
pub enum NotificationDeliveryStatus {
    #[sea_orm(string_value = "queued")]
    #[serde(rename = "queued")]
    Queued,
    #[sea_orm(string_value = "sending")]
    #[serde(rename = "sending")]
    Sending,
    #[sea_orm(string_value = "sent")]
    #[serde(rename = "sent")]
    Sent,
    #[sea_orm(string_value = "delivered")]
    #[serde(rename = "delivered")]
    Delivered,
    #[sea_orm(string_value = "opened")]
    #[serde(rename = "opened")]
    Opened,
    #[sea_orm(string_value = "retry_wait")]
    #[serde(rename = "retry_wait")]
    RetryWait,
    #[sea_orm(string_value = "failed_permanent")]
    #[serde(rename = "failed_permanent")]
    FailedPermanent,
    #[sea_orm(string_value = "deferred")]
    #[serde(rename = "deferred")]
    Deferred,
    #[sea_orm(string_value = "suppressed")]
    #[serde(rename = "suppressed")]
    Suppressed,
    #[sea_orm(string_value = "cancelled")]
    #[serde(rename = "cancelled")]
    Cancelled,
}

/// The values of `suppressed_reason`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))")]
pub enum NotificationDeliverySuppressedReason {
    #[sea_orm(string_value = "preference_off")]
    #[serde(rename = "preference_off")]
    PreferenceOff,
    #[sea_orm(string_value = "rule_disabled")]
    #[serde(rename = "rule_disabled")]
    RuleDisabled,
    #[sea_orm(string_value = "throttled")]
    #[serde(rename = "throttled")]
    Throttled,
    #[sea_orm(string_value = "no_address")]
    #[serde(rename = "no_address")]
    NoAddress,
    #[sea_orm(string_value = "no_consent")]
    #[serde(rename = "no_consent")]
    NoConsent,
    #[sea_orm(string_value = "expired")]
    #[serde(rename = "expired")]
    Expired,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::alerts_notifications::Entity",
        from = "Column::NotificationId",
        to = "super::alerts_notifications::Column::Id"
    )]
    Notification,
    #[sea_orm(
        belongs_to = "super::alerts_notifications::Entity",
        from = "Column::DigestNotificationId",
        to = "super::alerts_notifications::Column::Id"
    )]
    DigestNotification,
}

impl Related<super::alerts_notifications::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Notification.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
