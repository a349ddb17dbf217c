//! `sealed_identities`: encrypted identity of an erased patient, kept only for the legal retention.

use kernel::ids::{PatientId, SealedIdentityId};
use kernel::{Sealed, Timestamp};
use sea_orm::entity::prelude::*;

/// A row of `sealed_identities`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sealed_identities")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SealedIdentityId,
    pub patient_id: PatientId,
    /// Own key; NULL after destruction.
    #[sea_orm(column_type = "Text")]
    pub ciphertext: Option<Sealed<Json>>,
    /// Shredded at destroy_on.
    pub key_ref: Option<String>,
    pub destroy_on: Date,
    pub destroyed_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
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
