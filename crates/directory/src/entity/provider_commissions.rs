//! `provider_commissions`: dated versions of one clinic's commission and payout cycle.

use kernel::ids::{AnyId, ProviderCommissionId, ProviderId, UserId};
use kernel::{Amount, Currency, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `provider_commissions`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "provider_commissions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProviderCommissionId,
    pub provider_id: ProviderId,
    pub commission_type: ProviderCommissionType,
    /// Whole 15-25 if percentage; > 0 if flat.
    pub commission_value: Amount,
    /// Only for flat.
    pub currency: Option<Currency>,
    pub payment_cycle: ProviderCommissionPaymentCycle,
    /// 0-15, period end to payout date.
    pub payout_offset_days: i32,
    pub effective_from: Date,
    /// Ranges of one clinic never overlap.
    pub effective_to: Option<Date>,
    /// Clinics set together.
    pub scope_id: Option<AnyId>,
    pub status: ProviderCommissionStatus,
    /// 20-500 chars.
    pub reason: String,
    pub created_by_user_id: UserId,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `commission_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))")]
pub enum ProviderCommissionType {
    #[sea_orm(string_value = "percentage")]
    #[serde(rename = "percentage")]
    Percentage,
    #[sea_orm(string_value = "flat")]
    #[serde(rename = "flat")]
    Flat,
}

/// The values of `payment_cycle`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))")]
pub enum ProviderCommissionPaymentCycle {
    #[sea_orm(string_value = "weekly")]
    #[serde(rename = "weekly")]
    Weekly,
    #[sea_orm(string_value = "twice_monthly")]
    #[serde(rename = "twice_monthly")]
    TwiceMonthly,
    #[sea_orm(string_value = "monthly")]
    #[serde(rename = "monthly")]
    Monthly,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))")]
pub enum ProviderCommissionStatus {
    #[sea_orm(string_value = "active")]
    #[serde(rename = "active")]
    Active,
    #[sea_orm(string_value = "archived")]
    #[serde(rename = "archived")]
    Archived,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::providers::Entity",
        from = "Column::ProviderId",
        to = "super::providers::Column::Id"
    )]
    Provider,
    #[sea_orm(
        belongs_to = "identity::entity::users::Entity",
        from = "Column::CreatedByUserId",
        to = "identity::entity::users::Column::Id"
    )]
    CreatedByUser,
}

impl Related<super::providers::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Provider.def()
    }
}

impl Related<identity::entity::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::CreatedByUser.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
