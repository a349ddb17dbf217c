//! What goes on without anybody asking: erasing what was approved, waking what waited, reminding staff.

use std::time::Duration;

use kernel::AppError;
use kernel::ids::DeletionRequestId;
use platform::jobs::{JobKind, Schedule};
use serde_json::Value as Json;

use crate::service::{erase, requests};

/// Erases the patient of an approved request.
pub(crate) const ERASE: &str = "privacy.erase";

/// The jobs of this wing.
pub fn jobs() -> Vec<JobKind> {
    vec![JobKind {
        name: ERASE,
        run: |app, payload| {
            Box::pin(async move {
                let id = payload.get("request_id").and_then(Json::as_str).and_then(|id| id.parse().ok());
                let id: DeletionRequestId = id.ok_or_else(|| AppError::internal("job without request_id"))?;
                erase::run(app, id).await
            })
        },
    }]
}

/// The schedules of this wing.
pub fn schedules() -> Vec<Schedule> {
    vec![Schedule {
        name: "privacy.upkeep",
        every: Duration::from_secs(60 * 60),
        run: |app| {
            Box::pin(async move {
                requests::upkeep(app).await?;
                erase::destroy_sealed(app).await
            })
        },
    }]
}
