//! `app_list_items`: values of the small lists editable by admins (specialties, deletion reasons, document types ...).

use kernel::Timestamp;
use kernel::ids::AppListItemId;
use sea_orm::entity::prelude::*;

/// A row of `app_list_items`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "app_list_items")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AppListItemId,
    pub list_key: String,
    pub code: String,
    pub label: String,
    pub requires_explanation: bool,
    /// 'Other' cannot be switched off.
    pub is_fixed: bool,
    pub display_order: i32,
    pub is_active: bool,
    pub deactivated_at: Option<Timestamp>,
    pub version: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// No relation within reach of this wing.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
