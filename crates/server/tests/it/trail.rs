//! What a step left behind: timeline, audit, outbox.

use inquiry::entity::workflow_timelines;
use platform::entity::{audit_logs, outbox_events};
use sea_orm::{EntityTrait, QueryOrder};

use crate::world::World;

/// Reads what came since it was asked last.
#[derive(Default)]
pub struct Trail {
    timeline: usize,
    audit: usize,
    outbox: usize,
}

/// The words a step left, in order.
#[derive(Debug, PartialEq)]
pub struct Left {
    pub timeline: Vec<String>,
    pub audit: Vec<String>,
    pub outbox: Vec<String>,
}

impl Trail {
    pub async fn since(&mut self, world: &World) -> Left {
        let conn = world.t.conn();
        let timeline =
            workflow_timelines::Entity::find().order_by_asc(workflow_timelines::Column::Id).all(conn).await.unwrap();
        let audit = audit_logs::Entity::find().order_by_asc(audit_logs::Column::Id).all(conn).await.unwrap();
        let outbox = outbox_events::Entity::find().order_by_asc(outbox_events::Column::Id).all(conn).await.unwrap();
        let left = Left {
            timeline: timeline[self.timeline..].iter().map(|row| row.event.clone()).collect(),
            audit: audit[self.audit..].iter().map(|row| row.action.clone()).collect(),
            outbox: outbox[self.outbox..].iter().map(|row| row.event_key.clone()).collect(),
        };
        (self.timeline, self.audit, self.outbox) = (timeline.len(), audit.len(), outbox.len());
        left
    }

    /// Fails unless the step left exactly this, the sign-ins aside.
    #[track_caller]
    pub fn expect(left: Left, timeline: &[&str], audit: &[&str], outbox: &[&str]) {
        let audit_left: Vec<&str> =
            left.audit.iter().map(String::as_str).filter(|action| !action.starts_with("login.")).collect();
        let left = (
            left.timeline.iter().map(String::as_str).collect::<Vec<_>>(),
            audit_left,
            left.outbox.iter().map(String::as_str).collect::<Vec<_>>(),
        );
        assert_eq!(left, (timeline.to_vec(), audit.to_vec(), outbox.to_vec()));
    }
}
