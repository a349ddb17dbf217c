//! `affiliate_commission_terms`: history of an affiliate's commission terms by first day of validity.

use kernel::ids::{AffiliateCommissionTermsId, AffiliateId, UserId};
use kernel::{Amount, Timestamp};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `affiliate_commission_terms`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "affiliate_commission_terms")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AffiliateCommissionTermsId,
    pub affiliate_id: AffiliateId,
    pub effective_from: Date,
    pub commission_type: AffiliateCommissionTermsCommissionType,
    pub commission_value: Amount,
    pub reason: String,
    pub set_by_user_id: UserId,
    pub approved_by_user_id: Option<UserId>,
    pub created_at: Timestamp,
}

/// The values of `commission_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))")]
pub enum AffiliateCommissionTermsCommissionType {
    #[sea_orm(string_value = "percentage")]
    #[serde(rename = "percentage")]
    Percentage,
    #[sea_orm(string_value = "fixed")]
    #[serde(rename = "fixed")]
    Fixed,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::affiliates::Entity",
        from = "Column::AffiliateId",
        to = "super::affiliates::Column::Id"
    )]
    Affiliate,
    #[sea_orm(
        belongs_to = "identity::entity::users::Entity",
        from = "Column::SetByUserId",
        to = "identity::entity::users::Column::Id"
    )]
    SetByUser,
    #[sea_orm(
        belongs_to = "identity::entity::users::Entity",
        from = "Column::ApprovedByUserId",
        to = "identity::entity::users::Column::Id"
    )]
    ApprovedByUser,
}

impl Related<super::affiliates::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Affiliate.def()
    }
}

impl Related<identity::entity::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::SetByUser.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
