//! `code_sends`: every code mail sent, for the rolling send window.

use kernel::Timestamp;
use kernel::ids::CodeSendId;
use sea_orm::entity::prelude::*;

/// A row of `code_sends`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "code_sends")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CodeSendId,
    pub purpose: String,
    /// Keyed hash of the address.
    pub address_hash: String,
    pub sent_at: Timestamp,
}

/// No relation within reach of this wing.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
