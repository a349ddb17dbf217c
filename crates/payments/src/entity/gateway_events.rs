//! `gateway_events`: every webhook event received, once per account and event id.

use kernel::Timestamp;
use kernel::ids::{GatewayAccountId, GatewayEventId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `gateway_events`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "gateway_events")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: GatewayEventId,
    pub gateway_account_id: GatewayAccountId,
    pub event_id: String,
    pub event_type: String,
    pub object_id: Option<String>,
    pub event_created_at: Timestamp,
    pub payload: Json,
    pub status: GatewayEventStatus,
    pub attempts: i32,
    pub next_attempt_at: Option<Timestamp>,
    pub processed_at: Option<Timestamp>,
    pub error: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))")]
pub enum GatewayEventStatus {
    #[sea_orm(string_value = "received")]
    #[serde(rename = "received")]
    Received,
    #[sea_orm(string_value = "processed")]
    #[serde(rename = "processed")]
    Processed,
    #[sea_orm(string_value = "ignored")]
    #[serde(rename = "ignored")]
    Ignored,
    #[sea_orm(string_value = "parked")]
    #[serde(rename = "parked")]
    Parked,
    #[sea_orm(string_value = "quarantined")]
    #[serde(rename = "quarantined")]
    Quarantined,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::gateway_accounts::Entity",
        from = "Column::GatewayAccountId",
        to = "super::gateway_accounts::Column::Id"
    )]
    GatewayAccount,
}

impl Related<super::gateway_accounts::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::GatewayAccount.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
