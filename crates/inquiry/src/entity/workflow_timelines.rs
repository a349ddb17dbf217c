//! `workflow_timelines`: append-only record of the events of a case, from inquiry to review.

use kernel::Timestamp;
use kernel::ids::{InquiryId, WorkflowTimelineId};
use sea_orm::entity::prelude::*;

/// A row of `workflow_timelines`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "workflow_timelines")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WorkflowTimelineId,
    pub inquiry_id: InquiryId,
    /// Snake_case; words of all areas in inquiry-quote.md 3.1.
    pub event: String,
    /// {actor_type,actor_id,provider_id?,quote_id?,from?,to?,reason_code?}; ids, codes and dates only.
    pub metadata: Option<Json>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// What this table points to, and what of this wing points to it.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::inquiries::Entity", from = "Column::InquiryId", to = "super::inquiries::Column::Id")]
    Inquiry,
}

impl Related<super::inquiries::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Inquiry.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
