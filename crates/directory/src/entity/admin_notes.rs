//! `admin_notes`: internal notes on patients and clinics.

use kernel::Timestamp;
use kernel::ids::{AdminNoteId, AnyId, UserId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `admin_notes`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "admin_notes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AdminNoteId,
    pub notable_type: AdminNoteNotableType,
    pub notable_id: AnyId,
    pub body: String,
    pub author_id: UserId,
    pub deleted_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// The values of `notable_type`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(50))")]
pub enum AdminNoteNotableType {
    #[sea_orm(string_value = "Patient")]
    Patient,
    #[sea_orm(string_value = "Provider")]
    Provider,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "identity::entity::users::Entity",
        from = "Column::AuthorId",
        to = "identity::entity::users::Column::Id"
    )]
    Author,
}

impl Related<identity::entity::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Author.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
