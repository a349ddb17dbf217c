//! What this wing does with time.

use std::time::Duration;

use platform::jobs::Schedule;

use crate::roles;
use crate::service::invitations::mail;

/// The recurring work of this wing.
pub fn schedules() -> Vec<Schedule> {
    vec![
        Schedule {
            name: "identity.invitations",
            every: Duration::from_secs(60),
            run: |app| Box::pin(mail::pass_time(app)),
        },
        Schedule {
            name: "identity.planned_roles",
            every: Duration::from_secs(60),
            run: |app| Box::pin(roles::apply_all_due(app)),
        },
    ]
}
