//! `setting_versions`: one saved change of a setting group: number, reason, author.

use kernel::Timestamp;
use kernel::ids::{ProviderId, SettingVersionId, UserId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `setting_versions`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "setting_versions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SettingVersionId,
    pub scope_type: SettingVersionScopeType,
    /// NULL for global.
    pub scope_id: Option<ProviderId>,
    /// Scope_id as text, 'global' without one; makes the version unique.
    pub scope_key: String,
    pub group_key: String,
    pub version: i32,
    pub reason: String,
    /// NULL = install defaults.
    pub set_by: Option<UserId>,
    pub effective_from: Timestamp,
    pub created_at: Timestamp,
}

/// The values of `scope_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))")]
pub enum SettingVersionScopeType {
    #[sea_orm(string_value = "global")]
    #[serde(rename = "global")]
    Global,
    #[sea_orm(string_value = "provider")]
    #[serde(rename = "provider")]
    Provider,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(has_many = "super::system_settings::Entity")]
    SystemSettings,
}

impl Related<super::system_settings::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::SystemSettings.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
