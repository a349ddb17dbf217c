//! Work that nobody asks for: prices that end soon.

use std::time::Duration;

use futures::future::BoxFuture;
use kernel::AppResult;
use platform::App;
use platform::jobs::Schedule;

use crate::service::{currencies, starting_prices};

/// What this wing does by the clock.
pub fn schedules() -> Vec<Schedule> {
    // Several times a day, so that a day is not missed; each price is told of once.
    vec![
        Schedule { name: "catalogue.ending_prices", every: Duration::from_secs(6 * 3600), run: ending_prices },
        // Each pair knows when its own time comes.
        Schedule { name: "catalogue.exchange_rates", every: Duration::from_secs(60), run: exchange_rates },
    ]
}

fn ending_prices(app: &App) -> BoxFuture<'_, AppResult<()>> {
    Box::pin(async move { starting_prices::remind(app).await.map(|_| ()) })
}

fn exchange_rates(app: &App) -> BoxFuture<'_, AppResult<()>> {
    Box::pin(currencies::sync(app))
}
