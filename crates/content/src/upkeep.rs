//! What this wing does from time to time.

use std::time::Duration;

use platform::jobs::Schedule;

use crate::legal::{alarm, publish, remind};

/// The schedules of this wing.
pub fn schedules() -> Vec<Schedule> {
    vec![
        Schedule {
            name: "content.legal_activation",
            every: Duration::from_secs(60),
            run: |app| Box::pin(publish::activate_due(app)),
        },
        Schedule {
            name: "content.legal_reminders",
            every: Duration::from_secs(60 * 60),
            run: |app| Box::pin(remind::remind(app)),
        },
        Schedule {
            name: "content.legal_coverage",
            every: Duration::from_secs(24 * 60 * 60),
            run: |app| Box::pin(alarm::watch(app)),
        },
    ]
}
