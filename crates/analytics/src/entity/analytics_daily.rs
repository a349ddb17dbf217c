//! `analytics_daily`: daily sums behind the dashboards; a recomputation replaces a day.

use kernel::Timestamp;
use kernel::ids::{AnalyticsDailyId, ProviderId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `analytics_daily`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "analytics_daily")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AnalyticsDailyId,
    pub scope: AnalyticsDailyScope,
    pub provider_id: Option<ProviderId>,
    pub day: Date,
    pub metric: String,
    pub dimension_hash: String,
    /// Country, treatment ...; no personal data.
    pub dimensions: Option<Json>,
    #[sea_orm(column_type = "Decimal(Some((18, 2)))")]
    pub value: Decimal,
    pub item_count: i32,
    /// Hash of scope, clinic, day, metric, dimensions.
    pub row_key: String,
    pub computed_at: Timestamp,
}

/// The values of `scope`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))")]
pub enum AnalyticsDailyScope {
    #[sea_orm(string_value = "platform")]
    #[serde(rename = "platform")]
    Platform,
    #[sea_orm(string_value = "provider")]
    #[serde(rename = "provider")]
    Provider,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "directory::entity::providers::Entity",
        from = "Column::ProviderId",
        to = "directory::entity::providers::Column::Id"
    )]
    Provider,
}

impl Related<directory::entity::providers::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Provider.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
