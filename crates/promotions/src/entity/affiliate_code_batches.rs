//! `affiliate_code_batches`: one bulk creation of affiliate codes with its frozen settings.

use kernel::Timestamp;
use kernel::ids::{AffiliateCodeBatchId, UserId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `affiliate_code_batches`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "affiliate_code_batches")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AffiliateCodeBatchId,
    /// Prefix, type, value, limits, dates, campaign.
    pub settings: Json,
    /// Snapshot at submit.
    pub affiliate_ids: Json,
    pub status: AffiliateCodeBatchStatus,
    pub created_count: i32,
    pub skipped_count: i32,
    pub failed_count: i32,
    pub created_by_user_id: UserId,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))")]
pub enum AffiliateCodeBatchStatus {
    #[sea_orm(string_value = "queued")]
    #[serde(rename = "queued")]
    Queued,
    #[sea_orm(string_value = "running")]
    #[serde(rename = "running")]
    Running,
    #[sea_orm(string_value = "done")]
    #[serde(rename = "done")]
    Done,
    #[sea_orm(string_value = "done_with_failures")]
    #[serde(rename = "done_with_failures")]
    DoneWithFailures,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "identity::entity::users::Entity",
        from = "Column::CreatedByUserId",
        to = "identity::entity::users::Column::Id"
    )]
    CreatedByUser,
}

impl Related<identity::entity::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::CreatedByUser.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
