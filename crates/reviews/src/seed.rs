//! Builders for demo data and tests of upper wings.

use kernel::ids::{QuoteId, ReviewId};
use kernel::{Actor, AppResult};
use platform::App;

use crate::entity::reviews;
use crate::rules::Content;
use crate::service::{self, Decision};

/// Writes a review with the same rating for everything but the overall one.
pub async fn write(app: &App, patient: &Actor, quote: QuoteId, overall: i32, text: &str) -> AppResult<reviews::Model> {
    let other = overall.clamp(1, 5);
    let content =
        Content { overall, facility: other, staff: other, results: other, value: other, text: text.to_owned() };
    service::submit(app, patient, quote, content).await
}

/// Writes a review and publishes it.
pub async fn publish(
    app: &App,
    patient: &Actor,
    admin: &Actor,
    quote: QuoteId,
    overall: i32,
    text: &str,
) -> AppResult<ReviewId> {
    let row = write(app, patient, quote, overall, text).await?;
    service::approve(app, admin, row.id, Decision { seen: 0, reason: None, note: None }).await?;
    Ok(row.id)
}
