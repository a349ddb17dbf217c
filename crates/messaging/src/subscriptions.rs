//! What threads learn from quotes and bookings.

use futures::future::BoxFuture;
use kernel::{Actor, AppResult};
use platform::App;
use platform::outbox::{Delivered, Subscription};

use crate::service;

/// The events this wing listens to.
pub fn subscriptions() -> Vec<Subscription> {
    vec![
        Subscription { event: "quote.submitted", name: "messaging.note_quote", handle: note_quote },
        Subscription { event: "booking.confirmed", name: "messaging.reveal", handle: reveal },
    ]
}

fn note_quote<'a>(app: &'a App, event: &'a Delivered) -> BoxFuture<'a, AppResult<()>> {
    Box::pin(async move { service::note_quote(app, &Actor::system(), event.id("quote_id")?).await })
}

fn reveal<'a>(app: &'a App, event: &'a Delivered) -> BoxFuture<'a, AppResult<()>> {
    Box::pin(async move { service::reveal(app, event.id("quote_id")?).await })
}
