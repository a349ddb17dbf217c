//! `one_time_codes`: E-mail codes, set-password links, MFA login tickets and dispute links.

use kernel::ids::{AnyId, OneTimeCodeId};
use kernel::{Sealed, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `one_time_codes`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "one_time_codes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OneTimeCodeId,
    pub purpose: OneTimeCodePurpose,
    pub subject_type: Option<String>,
    pub subject_id: Option<AnyId>,
    /// E-mail the code went to.
    pub address: Option<String>,
    /// HMAC of purpose, subject and code.
    pub code_hash: Option<String>,
    /// SHA-256 of the registration token, link or ticket.
    pub token_hash: Option<String>,
    pub token_expires_at: Option<Timestamp>,
    /// E.g. new e-mail, MFA secret being enrolled.
    #[sea_orm(column_type = "Text")]
    pub payload: Option<Sealed<Json>>,
    pub attempts: i32,
    pub expires_at: Timestamp,
    pub used_at: Option<Timestamp>,
    /// Killed by a newer code.
    pub invalidated_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `purpose`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(50))")]
pub enum OneTimeCodePurpose {
    #[sea_orm(string_value = "email_verification")]
    #[serde(rename = "email_verification")]
    EmailVerification,
    #[sea_orm(string_value = "email_change")]
    #[serde(rename = "email_change")]
    EmailChange,
    #[sea_orm(string_value = "email_change_dispute")]
    #[serde(rename = "email_change_dispute")]
    EmailChangeDispute,
    #[sea_orm(string_value = "reauth")]
    #[serde(rename = "reauth")]
    Reauth,
    #[sea_orm(string_value = "set_password_link")]
    #[serde(rename = "set_password_link")]
    SetPasswordLink,
    #[sea_orm(string_value = "mfa_login")]
    #[serde(rename = "mfa_login")]
    MfaLogin,
    #[sea_orm(string_value = "mfa_enrolment")]
    #[serde(rename = "mfa_enrolment")]
    MfaEnrolment,
    #[sea_orm(string_value = "affiliate_activation")]
    #[serde(rename = "affiliate_activation")]
    AffiliateActivation,
}

/// No relation within reach of this wing.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
