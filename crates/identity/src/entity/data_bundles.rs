//! `data_bundles`: copies of one patient's data made for access and portability requests.

use kernel::Timestamp;
use kernel::ids::{AnyId, DataBundleId, PatientId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `data_bundles`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "data_bundles")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DataBundleId,
    pub patient_id: PatientId,
    pub requested_by_type: DataBundleRequestedByType,
    pub requested_by_id: AnyId,
    pub status: DataBundleStatus,
    pub manifest_sha256: Option<String>,
    /// Object destroyed at expiry.
    pub file_path: Option<String>,
    pub key_hash: Option<String>,
    /// At most three.
    pub downloads: i16,
    pub ready_at: Option<Timestamp>,
    pub link_expires_at: Option<Timestamp>,
    pub failure_reason: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `requested_by_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(50))")]
pub enum DataBundleRequestedByType {
    #[sea_orm(string_value = "Patient")]
    Patient,
    #[sea_orm(string_value = "User")]
    User,
}

/// The values of `status`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))")]
pub enum DataBundleStatus {
    #[sea_orm(string_value = "requested")]
    #[serde(rename = "requested")]
    Requested,
    #[sea_orm(string_value = "building")]
    #[serde(rename = "building")]
    Building,
    #[sea_orm(string_value = "ready")]
    #[serde(rename = "ready")]
    Ready,
    #[sea_orm(string_value = "downloaded")]
    #[serde(rename = "downloaded")]
    Downloaded,
    #[sea_orm(string_value = "expired")]
    #[serde(rename = "expired")]
    Expired,
    #[sea_orm(string_value = "failed")]
    #[serde(rename = "failed")]
    Failed,
    #[sea_orm(string_value = "refused")]
    #[serde(rename = "refused")]
    Refused,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::patients::Entity", from = "Column::PatientId", to = "super::patients::Column::Id")]
    Patient,
}

impl Related<super::patients::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Patient.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
