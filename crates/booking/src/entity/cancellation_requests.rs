//! `cancellation_requests`: A cancellation with its frozen day count, tier and approved refund.

use kernel::ids::{AnyId, CancellationRequestId, QuoteId, UserId};
use kernel::{Amount, Currency, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `cancellation_requests`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "cancellation_requests")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CancellationRequestId,
    pub quote_id: QuoteId,
    pub requested_by_type: CancellationRequestRequestedByType,
    pub requested_by_id: Option<AnyId>,
    pub requested_at: Timestamp,
    /// Clinic-local date of the request.
    pub clinic_date: Date,
    pub days_before: i32,
    pub reason: String,
    pub exception_type: Option<CancellationRequestExceptionType>,
    /// File ids, <= 5.
    pub documents: Json,
    #[sea_orm(column_type = "Decimal(Some((5, 2)))")]
    pub tier_percent: Decimal,
    /// Net paid at the request.
    pub paid_amount: Amount,
    pub proposed_amount: Amount,
    pub approved_amount: Option<Amount>,
    /// Payment currency.
    pub currency: Currency,
    pub status: CancellationRequestStatus,
    pub decided_by_user_id: Option<UserId>,
    pub decided_at: Option<Timestamp>,
    pub decision_reason: Option<String>,
    pub settled_at: Option<Timestamp>,
    pub version: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `requested_by_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))")]
pub enum CancellationRequestRequestedByType {
    #[sea_orm(string_value = "Patient")]
    Patient,
    #[sea_orm(string_value = "ProviderUser")]
    ProviderUser,
    #[sea_orm(string_value = "User")]
    User,
    #[sea_orm(string_value = "System")]
    System,
}

/// The values of `exception_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))")]
pub enum CancellationRequestExceptionType {
    #[sea_orm(string_value = "medical")]
    #[serde(rename = "medical")]
    Medical,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))")]
pub enum CancellationRequestStatus {
    #[sea_orm(string_value = "pending")]
    #[serde(rename = "pending")]
    Pending,
    #[sea_orm(string_value = "approved")]
    #[serde(rename = "approved")]
    Approved,
    #[sea_orm(string_value = "settled")]
    #[serde(rename = "settled")]
    Settled,
    #[sea_orm(string_value = "denied")]
    #[serde(rename = "denied")]
    Denied,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "quoting::entity::quotes::Entity",
        from = "Column::QuoteId",
        to = "quoting::entity::quotes::Column::Id"
    )]
    Quote,
    #[sea_orm(
        belongs_to = "identity::entity::users::Entity",
        from = "Column::DecidedByUserId",
        to = "identity::entity::users::Column::Id"
    )]
    DecidedByUser,
}

impl Related<quoting::entity::quotes::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Quote.def()
    }
}

impl Related<identity::entity::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::DecidedByUser.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
