//! `phi_access_grants`: justified, time-limited admin access to one patient's medical data.

use kernel::Timestamp;
use kernel::ids::{AuthSessionId, PatientId, PhiAccessGrantId, UserId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `phi_access_grants`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "phi_access_grants")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PhiAccessGrantId,
    pub user_id: UserId,
    pub patient_id: PatientId,
    pub session_id: Option<AuthSessionId>,
    pub scope: PhiAccessGrantScope,
    pub justification: String,
    pub valid_until: Timestamp,
    pub created_at: Timestamp,
}

/// The values of `scope`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))")]
pub enum PhiAccessGrantScope {
    #[sea_orm(string_value = "medical")]
    #[serde(rename = "medical")]
    Medical,
    #[sea_orm(string_value = "archive")]
    #[serde(rename = "archive")]
    Archive,
}

/// No relation within reach of this wing.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
