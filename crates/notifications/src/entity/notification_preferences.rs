//! `notification_preferences`: channel switches, quiet hours and display preferences of one account.

use kernel::ids::{AnyId, NotificationPreferenceId};
use kernel::{Currency, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `notification_preferences`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "notification_preferences")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: NotificationPreferenceId,
    pub owner_type: NotificationPreferenceOwnerType,
    pub owner_id: AnyId,
    pub email_enabled: bool,
    pub push_enabled: bool,
    /// Reserved.
    pub sms_enabled: bool,
    /// Needs a marketing consent.
    pub marketing_enabled: bool,
    /// Admins: {category:{email,in_app}}.
    pub category_overrides: Option<Json>,
    pub quiet_hours_enabled: bool,
    pub quiet_start: Time,
    pub quiet_end: Time,
    /// IANA name.
    pub timezone: Option<String>,
    /// Languages.code, logical.
    pub locale: Option<String>,
    pub region: Option<String>,
    pub display_currency: Option<Currency>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `owner_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum NotificationPreferenceOwnerType {
    #[sea_orm(string_value = "Patient")]
    Patient,
    #[sea_orm(string_value = "ProviderUser")]
    ProviderUser,
    #[sea_orm(string_value = "User")]
    User,
    #[sea_orm(string_value = "Affiliate")]
    Affiliate,
}

/// No relation within reach of this wing.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
