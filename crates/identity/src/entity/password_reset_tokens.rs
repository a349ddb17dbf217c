//! `password_reset_tokens`: running password resets of Hairline staff, one per address.

use kernel::Timestamp;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `password_reset_tokens`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "password_reset_tokens")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub email: String,
    /// Keyed hash of the code (stage otp) or of the ticket (stage ticket).
    pub token: String,
    pub stage: PasswordResetTokenStage,
    pub attempts: i32,
    pub expires_at: Timestamp,
    pub requested_ip: Option<String>,
    pub created_at: Timestamp,
}

/// The values of `stage`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))")]
pub enum PasswordResetTokenStage {
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
