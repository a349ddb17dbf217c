//! What this wing does from time to time.

use std::time::Duration;

use platform::jobs::Schedule;

use crate::service::interventions;

/// The schedules of this wing.
pub fn schedules() -> Vec<Schedule> {
    vec![Schedule {
        name: "identity.account_upkeep",
        every: Duration::from_secs(60),
        run: |app| Box::pin(interventions::upkeep(app)),
    }]
}
