//! `inquiry_drafts`: unfinished inquiry of a patient, saved step by step.

use kernel::ids::{InquiryDraftId, InquiryId, PatientId};
use kernel::{Sealed, Timestamp};
use sea_orm::entity::prelude::*;

/// A row of `inquiry_drafts`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "inquiry_drafts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: InquiryDraftId,
    pub patient_id: PatientId,
    pub step: String,
    #[sea_orm(column_type = "Text")]
    pub payload: Sealed<Json>,
    pub version: i32,
    pub last_activity_at: Timestamp,
    /// Last_activity_at + 7 days.
    pub expires_at: Timestamp,
    pub consumed_inquiry_id: Option<InquiryId>,
    pub discarded_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "identity::entity::patients::Entity",
        from = "Column::PatientId",
        to = "identity::entity::patients::Column::Id"
    )]
    Patient,
    #[sea_orm(
        belongs_to = "super::inquiries::Entity",
        from = "Column::ConsumedInquiryId",
        to = "super::inquiries::Column::Id"
    )]
    ConsumedInquiry,
}

impl Related<identity::entity::patients::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Patient.def()
    }
}

impl Related<super::inquiries::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ConsumedInquiry.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
