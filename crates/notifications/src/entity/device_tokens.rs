//! `device_tokens`: push addresses of devices.

use kernel::Timestamp;
use kernel::ids::{AnyId, DeviceTokenId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `device_tokens`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "device_tokens")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DeviceTokenId,
    pub owner_type: DeviceTokenOwnerType,
    pub owner_id: AnyId,
    pub platform: DeviceTokenPlatform,
    pub token: String,
    pub last_seen_at: Timestamp,
    pub revoked_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `owner_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum DeviceTokenOwnerType {
    #[sea_orm(string_value = "Patient")]
    Patient,
    #[sea_orm(string_value = "ProviderUser")]
    ProviderUser,
    #[sea_orm(string_value = "User")]
    User,
    #[sea_orm(string_value = "Affiliate")]
    Affiliate,
}

/// The values of `platform`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))")]
pub enum DeviceTokenPlatform {
    #[sea_orm(string_value = "ios")]
    #[serde(rename = "ios")]
    Ios,
    #[sea_orm(string_value = "android")]
    #[serde(rename = "android")]
    Android,
    #[sea_orm(string_value = "web")]
    #[serde(rename = "web")]
    Web,
}

/// No relation within reach of this wing.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
