//! Work by the clock.

use std::time::Duration;

use futures::future::BoxFuture;
use kernel::AppResult;
use platform::App;
use platform::jobs::Schedule;

use crate::service::{escalation, refresh, standalone};

/// The schedules of this wing.
pub fn schedules() -> Vec<Schedule> {
    vec![
        Schedule { name: "aftercare.refresh", every: Duration::from_secs(3600), run: refresh_cases },
        Schedule { name: "aftercare.expire_requests", every: Duration::from_secs(900), run: expire_requests },
        Schedule { name: "aftercare.raise_escalations", every: Duration::from_secs(300), run: raise_escalations },
    ]
}

fn refresh_cases(app: &App) -> BoxFuture<'_, AppResult<()>> {
    Box::pin(refresh::refresh_all(app))
}

fn raise_escalations(app: &App) -> BoxFuture<'_, AppResult<()>> {
    Box::pin(escalation::raise_due(app))
}

fn expire_requests(app: &App) -> BoxFuture<'_, AppResult<()>> {
    Box::pin(standalone::expire_due(app))
}
