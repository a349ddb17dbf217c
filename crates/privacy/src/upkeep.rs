//! What goes on without anybody asking: erasing what was approved, waking what waited, reminding staff, ending what was
//! kept long enough.

use std::time::Duration;

use kernel::ids::{DataBundleId, DeletionRequestId, PatientId};
use kernel::{AppError, AppResult};
use platform::jobs::{JobKind, Schedule};
use serde_json::Value as Json;

use crate::service::{bundle, erase, holds, objects, requests, retention};

/// Erases the patient of an approved request.
pub(crate) const ERASE: &str = "privacy.erase";

/// Makes a copy of a patient's data.
pub(crate) const BUNDLE: &str = "privacy.bundle";

/// The jobs of this wing.
pub fn jobs() -> Vec<JobKind> {
    vec![
        JobKind {
            name: ERASE,
            run: |app, payload| {
                Box::pin(async move {
                    let id: DeletionRequestId = id_of(payload, "request_id")?;
                    erase::run(app, id).await
                })
            },
        },
        JobKind {
            name: BUNDLE,
            run: |app, payload| {
                Box::pin(async move {
                    let id: DataBundleId = id_of(payload, "bundle_id")?;
                    bundle::build(app, id).await
                })
            },
        },
        JobKind { name: objects::DESTROY, run: |app, payload| Box::pin(objects::destroy(app, payload)) },
        JobKind {
            name: objects::DESTROY_COPIES,
            run: |app, payload| {
                Box::pin(async move {
                    let id: PatientId = id_of(payload, "patient_id")?;
                    objects::destroy_copies(app, id).await
                })
            },
        },
    ]
}

fn id_of<T: std::str::FromStr>(payload: &Json, name: &str) -> AppResult<T> {
    let id = payload.get(name).and_then(Json::as_str).and_then(|id| id.parse().ok());
    id.ok_or_else(|| AppError::internal(format!("job without {name}")))
}

/// The schedules of this wing.
pub fn schedules() -> Vec<Schedule> {
    vec![Schedule {
        name: "privacy.upkeep",
        every: Duration::from_secs(60 * 60),
        run: |app| {
            Box::pin(async move {
                requests::upkeep(app).await?;
                holds::remind(app).await?;
                bundle::expire(app).await?;
                retention::nightly(app).await
            })
        },
    }]
}
