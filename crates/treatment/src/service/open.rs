//! A confirmed booking gets its treatment record and its days.

use futures::future::BoxFuture;
use kernel::AppResult;
use kernel::ids::QuoteId;
use platform::App;
use platform::outbox::{Delivered, Subscription};

use crate::{access, store};

/// What this wing wants to hear of.
pub fn subscriptions() -> Vec<Subscription> {
    vec![Subscription { event: "booking.confirmed", name: "treatment.open_case", handle: on_confirmed }]
}

fn on_confirmed<'a>(app: &'a App, event: &'a Delivered) -> BoxFuture<'a, AppResult<()>> {
    Box::pin(async move { open_case(app, event.id("quote_id")?).await })
}

/// Opens the record of a booking; doing it again changes nothing (R-TT-06).
pub async fn open_case(app: &App, quote: QuoteId) -> AppResult<()> {
    platform::write_txn!(app.db, |txn| {
        let case = quoting::case::lock(txn, quote).await?;
        if access::is_booking(case.quote.status) {
            store::open(txn, app, &case).await?;
        }
        Ok(())
    })
}
