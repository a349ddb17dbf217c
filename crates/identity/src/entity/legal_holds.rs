//! `legal_holds`: legal orders to keep the data of a patient, clinic or case.

use kernel::Timestamp;
use kernel::ids::{AnyId, LegalHoldId, UserId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `legal_holds`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "legal_holds")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LegalHoldId,
    pub holdable_type: LegalHoldHoldableType,
    pub holdable_id: AnyId,
    pub reference: String,
    pub reason: String,
    pub status: LegalHoldStatus,
    pub placed_by: UserId,
    pub next_review_on: Date,
    pub released_by: Option<UserId>,
    pub released_at: Option<Timestamp>,
    pub release_reason: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `holdable_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(50))")]
pub enum LegalHoldHoldableType {
    #[sea_orm(string_value = "Patient")]
    Patient,
    #[sea_orm(string_value = "Provider")]
    Provider,
    #[sea_orm(string_value = "Quote")]
    Quote,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))")]
pub enum LegalHoldStatus {
    #[sea_orm(string_value = "active")]
    #[serde(rename = "active")]
    Active,
    #[sea_orm(string_value = "released")]
    #[serde(rename = "released")]
    Released,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::users::Entity", from = "Column::PlacedBy", to = "super::users::Column::Id")]
    PlacedBy,
    #[sea_orm(belongs_to = "super::users::Entity", from = "Column::ReleasedBy", to = "super::users::Column::Id")]
    ReleasedBy,
}

impl Related<super::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::PlacedBy.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
