//! `account_states`: account status of patients, Hairline staff and affiliates (clinic staff keep theirs in provider_users.status).

use kernel::Timestamp;
use kernel::ids::{AccountStateId, AnyId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `account_states`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account_states")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AccountStateId,
    pub model_type: AccountStateModelType,
    pub model_id: AnyId,
    pub state: AccountState,
    pub reason: Option<String>,
    /// End of a suspension.
    pub until: Option<Timestamp>,
    pub must_reset_password: bool,
    pub changed_by_type: Option<String>,
    pub changed_by_id: Option<AnyId>,
    pub changed_at: Timestamp,
    pub version: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `model_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum AccountStateModelType {
    #[sea_orm(string_value = "Patient")]
    Patient,
    #[sea_orm(string_value = "User")]
    User,
    #[sea_orm(string_value = "Affiliate")]
    Affiliate,
}

/// The values of `state`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))")]
pub enum AccountState {
    #[sea_orm(string_value = "pending_verification")]
    #[serde(rename = "pending_verification")]
    PendingVerification,
    #[sea_orm(string_value = "active")]
    #[serde(rename = "active")]
    Active,
    #[sea_orm(string_value = "suspended")]
    #[serde(rename = "suspended")]
    Suspended,
    #[sea_orm(string_value = "deactivated")]
    #[serde(rename = "deactivated")]
    Deactivated,
    #[sea_orm(string_value = "expired")]
    #[serde(rename = "expired")]
    Expired,
    #[sea_orm(string_value = "anonymised")]
    #[serde(rename = "anonymised")]
    Anonymised,
}

/// No relation within reach of this wing.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
