//! Proving the ledger: bookings and statements recomputed from their rows (R-PY-67, R-PY-68).

use kernel::AppResult;
use payments::service::verify::{self, Report};
use platform::App;

/// How many bookings there are to look at.
pub async fn count(app: &App) -> AppResult<u64> {
    verify::count(app).await
}

/// Recomputes every posting and compares it with the ledger; changes nothing. `progress` hears how many bookings were
/// looked at.
pub async fn verify(app: &App, progress: impl FnMut(u64)) -> AppResult<Report> {
    let mut report = verify::bookings(app, progress).await?;
    finance::service::verify::statements(app, &mut report).await?;
    Ok(report)
}
