//! `affiliate_code_batch_rows`: outcome for one affiliate of a code batch.

use kernel::Timestamp;
use kernel::ids::{AffiliateCodeBatchId, AffiliateCodeBatchRowId, AffiliateDiscountCodeId, AffiliateId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `affiliate_code_batch_rows`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "affiliate_code_batch_rows")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AffiliateCodeBatchRowId,
    pub batch_id: AffiliateCodeBatchId,
    pub affiliate_id: AffiliateId,
    pub affiliate_discount_code_id: Option<AffiliateDiscountCodeId>,
    pub outcome: AffiliateCodeBatchRowOutcome,
    pub reason: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `outcome`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))")]
pub enum AffiliateCodeBatchRowOutcome {
    #[sea_orm(string_value = "pending")]
    #[serde(rename = "pending")]
    Pending,
    #[sea_orm(string_value = "created")]
    #[serde(rename = "created")]
    Created,
    #[sea_orm(string_value = "skipped")]
    #[serde(rename = "skipped")]
    Skipped,
    #[sea_orm(string_value = "failed")]
    #[serde(rename = "failed")]
    Failed,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::affiliate_code_batches::Entity",
        from = "Column::BatchId",
        to = "super::affiliate_code_batches::Column::Id"
    )]
    Batch,
    #[sea_orm(
        belongs_to = "super::affiliates::Entity",
        from = "Column::AffiliateId",
        to = "super::affiliates::Column::Id"
    )]
    Affiliate,
    #[sea_orm(
        belongs_to = "super::affiliate_discount_codes::Entity",
        from = "Column::AffiliateDiscountCodeId",
        to = "super::affiliate_discount_codes::Column::Id"
    )]
    AffiliateDiscountCode,
}

impl Related<super::affiliate_code_batches::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Batch.def()
    }
}

impl Related<super::affiliates::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Affiliate.def()
    }
}

impl Related<super::affiliate_discount_codes::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::AffiliateDiscountCode.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
