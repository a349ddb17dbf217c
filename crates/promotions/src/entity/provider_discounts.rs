//! `provider_discounts`: one clinic's answer to a campaign that costs both sides.

use kernel::Timestamp;
use kernel::ids::{AnyId, DiscountId, ProviderDiscountId, ProviderId, ProviderUserId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `provider_discounts`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "provider_discounts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProviderDiscountId,
    pub discount_id: DiscountId,
    pub provider_id: ProviderId,
    pub status: ProviderDiscountStatus,
    /// Version of the offer that was answered.
    pub discount_version: i32,
    pub decided_by_provider_user_id: Option<ProviderUserId>,
    pub decided_at: Option<Timestamp>,
    /// Last day to answer.
    pub respond_by: Option<Date>,
    pub comment: Option<String>,
    pub revoked_by_type: Option<ProviderDiscountRevokedByType>,
    pub revoked_by_id: Option<AnyId>,
    pub revoke_reason: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))")]
pub enum ProviderDiscountStatus {
    #[sea_orm(string_value = "pending")]
    #[serde(rename = "pending")]
    Pending,
    #[sea_orm(string_value = "accepted")]
    #[serde(rename = "accepted")]
    Accepted,
    #[sea_orm(string_value = "declined")]
    #[serde(rename = "declined")]
    Declined,
    #[sea_orm(string_value = "auto_declined")]
    #[serde(rename = "auto_declined")]
    AutoDeclined,
    #[sea_orm(string_value = "revoked")]
    #[serde(rename = "revoked")]
    Revoked,
    #[sea_orm(string_value = "exempt")]
    #[serde(rename = "exempt")]
    Exempt,
}

/// The values of `revoked_by_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))")]
pub enum ProviderDiscountRevokedByType {
    #[sea_orm(string_value = "ProviderUser")]
    ProviderUser,
    #[sea_orm(string_value = "User")]
    User,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::discounts::Entity",
        from = "Column::DiscountId",
        to = "super::discounts::Column::Id"
    )]
    Discount,
    #[sea_orm(
        belongs_to = "directory::entity::providers::Entity",
        from = "Column::ProviderId",
        to = "directory::entity::providers::Column::Id"
    )]
    Provider,
    #[sea_orm(
        belongs_to = "identity::entity::provider_users::Entity",
        from = "Column::DecidedByProviderUserId",
        to = "identity::entity::provider_users::Column::Id"
    )]
    DecidedByProviderUser,
}

impl Related<super::discounts::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Discount.def()
    }
}

impl Related<directory::entity::providers::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Provider.def()
    }
}

impl Related<identity::entity::provider_users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::DecidedByProviderUser.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
