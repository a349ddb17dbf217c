//! `legal_acceptances`: ledger of legal versions accepted by staff, clinics' members and affiliates.

use kernel::Timestamp;
use kernel::ids::{AnyId, LegalAcceptanceId, LegalDocumentId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `legal_acceptances`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "legal_acceptances")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LegalAcceptanceId,
    pub holder_type: LegalAcceptanceHolderType,
    pub holder_id: AnyId,
    pub consent_type: String,
    pub action: LegalAcceptanceAction,
    pub terms_and_conditions_id: Option<LegalDocumentId>,
    pub document_version: Option<String>,
    pub locale: String,
    pub content_sha256: Option<String>,
    pub channel: LegalAcceptanceChannel,
    pub ip_address: Option<String>,
    pub user_agent: Option<String>,
    pub acted_at: Timestamp,
    pub created_at: Timestamp,
}

/// The values of `holder_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(255))")]
pub enum LegalAcceptanceHolderType {
    #[sea_orm(string_value = "ProviderUser")]
    ProviderUser,
    #[sea_orm(string_value = "User")]
    User,
    #[sea_orm(string_value = "Affiliate")]
    Affiliate,
}

/// The values of `action`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))")]
pub enum LegalAcceptanceAction {
    #[sea_orm(string_value = "granted")]
    #[serde(rename = "granted")]
    Granted,
    #[sea_orm(string_value = "withdrawn")]
    #[serde(rename = "withdrawn")]
    Withdrawn,
}

/// The values of `channel`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))")]
pub enum LegalAcceptanceChannel {
    #[sea_orm(string_value = "web")]
    #[serde(rename = "web")]
    Web,
    #[sea_orm(string_value = "mobile")]
    #[serde(rename = "mobile")]
    Mobile,
    #[sea_orm(string_value = "admin_assisted")]
    #[serde(rename = "admin_assisted")]
    AdminAssisted,
}

/// The document is a table of a wing above.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
