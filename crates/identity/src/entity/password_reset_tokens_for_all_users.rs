//! `password_reset_tokens_for_all_users`: running password resets of patients, clinic staff and affiliates.

use kernel::Timestamp;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `password_reset_tokens_for_all_users`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "password_reset_tokens_for_all_users")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_type: PasswordResetTokenForAllUserType,
    #[sea_orm(primary_key, auto_increment = false)]
    pub email: String,
    /// Keyed hash of the code (stage otp) or of the ticket (stage ticket).
    pub token: String,
    pub stage: PasswordResetTokenForAllStage,
    pub attempts: i32,
    pub expires_at: Timestamp,
    pub requested_ip: Option<String>,
    pub created_at: Timestamp,
}

/// The values of `user_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(50))")]
pub enum PasswordResetTokenForAllUserType {
    #[sea_orm(string_value = "patient")]
    #[serde(rename = "patient")]
    Patient,
    #[sea_orm(string_value = "provider")]
    #[serde(rename = "provider")]
    Provider,
    #[sea_orm(string_value = "affiliate")]
    #[serde(rename = "affiliate")]
    Affiliate,
}

/// The values of `stage`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))")]
pub enum PasswordResetTokenForAllStage {
    #[sea_orm(string_value = "otp")]
    #[serde(rename = "otp")]
    Otp,
    #[sea_orm(string_value = "ticket")]
    #[serde(rename = "ticket")]
    Ticket,
    #[sea_orm(string_value = "used")]
    #[serde(rename = "used")]
    Used,
}

/// No relation within reach of this wing.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
