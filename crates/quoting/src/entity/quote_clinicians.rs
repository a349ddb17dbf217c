//! `quote_clinicians`: clinicians named in a quote; replaced ones stay as ended rows.

use kernel::Timestamp;
use kernel::ids::{AnyId, ProviderUserId, QuoteClinicianId, QuoteId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `quote_clinicians`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "quote_clinicians")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: QuoteClinicianId,
    pub quote_id: QuoteId,
    /// Member of the quote's clinic; can_login may be false.
    pub provider_user_id: ProviderUserId,
    pub case_role: CaseRole,
    /// Copied at submission.
    pub display_name: String,
    pub display_title: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub note: Option<String>,
    /// C:{quote} on the current lead, NULL on all others.
    pub active_key: Option<String>,
    pub assigned_by_type: QuoteClinicianAssignedByType,
    pub assigned_by_id: AnyId,
    pub ended_at: Option<Timestamp>,
    pub end_reason: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `case_role`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))")]
pub enum CaseRole {
    #[sea_orm(string_value = "lead")]
    #[serde(rename = "lead")]
    Lead,
    #[sea_orm(string_value = "assistant")]
    #[serde(rename = "assistant")]
    Assistant,
}

/// The values of `assigned_by_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(50))")]
pub enum QuoteClinicianAssignedByType {
    #[sea_orm(string_value = "ProviderUser")]
    ProviderUser,
    #[sea_orm(string_value = "User")]
    User,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::quotes::Entity", from = "Column::QuoteId", to = "super::quotes::Column::Id")]
    Quote,
    #[sea_orm(
        belongs_to = "identity::entity::provider_users::Entity",
        from = "Column::ProviderUserId",
        to = "identity::entity::provider_users::Column::Id"
    )]
    ProviderUser,
}

impl Related<super::quotes::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Quote.def()
    }
}

impl Related<identity::entity::provider_users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ProviderUser.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
