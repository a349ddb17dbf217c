//! `document_counters`: last number used per document kind and UTC month; locked and raised inside the money transaction.

use kernel::Timestamp;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `document_counters`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "document_counters")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: DocumentCounterKind,
    #[sea_orm(primary_key, auto_increment = false)]
    pub yymm: String,
    pub last_number: i32,
    pub updated_at: Timestamp,
}

/// The values of `kind`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(3))")]
pub enum DocumentCounterKind {
    #[sea_orm(string_value = "INV")]
    #[serde(rename = "INV")]
    Inv,
    #[sea_orm(string_value = "RCT")]
    #[serde(rename = "RCT")]
    Rct,
    #[sea_orm(string_value = "CRN")]
    #[serde(rename = "CRN")]
    Crn,
    #[sea_orm(string_value = "PIN")]
    #[serde(rename = "PIN")]
    Pin,
    #[sea_orm(string_value = "APS")]
    #[serde(rename = "APS")]
    Aps,
}

/// No relation within reach of this wing.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
