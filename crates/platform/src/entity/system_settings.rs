//! `system_settings`: values of settings; the newest effective version of a key is in force.

use kernel::Timestamp;
use kernel::ids::{SettingVersionId, SystemSettingId};
use sea_orm::entity::prelude::*;

/// A row of `system_settings`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "system_settings")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SystemSettingId,
    pub setting_version_id: SettingVersionId,
    pub setting_key: String,
    /// JSON text; ciphertext when is_sensitive.
    #[sea_orm(column_type = "Text")]
    pub value: String,
    pub is_sensitive: bool,
    pub created_at: Timestamp,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::setting_versions::Entity",
        from = "Column::SettingVersionId",
        to = "super::setting_versions::Column::Id"
    )]
    SettingVersion,
}

impl Related<super::setting_versions::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::SettingVersion.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
