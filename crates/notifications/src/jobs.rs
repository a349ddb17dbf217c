//! The subscription to every event, and the job that sends mail.

use futures::future::BoxFuture;
use kernel::AppResult;
use platform::App;
use platform::jobs::JobKind;
use platform::outbox::{Delivered, Subscription};
use serde_json::Value as Json;

use crate::service;

/// The name of the job that sends one mail.
pub(crate) const DELIVER: &str = "notifications.deliver";

/// The events this wing listens to: those of the catalogue.
pub fn subscriptions() -> Vec<Subscription> {
    crate::catalogue::CATALOGUE
        .iter()
        .map(|rule| Subscription { event: rule.event, name: rule.subscription, handle: tell })
        .collect()
}

/// The jobs of this wing.
pub fn jobs() -> Vec<JobKind> {
    vec![JobKind { name: DELIVER, run: deliver }]
}

fn tell<'a>(app: &'a App, event: &'a Delivered) -> BoxFuture<'a, AppResult<()>> {
    Box::pin(service::tell(app, event))
}

fn deliver<'a>(app: &'a App, payload: &'a Json) -> BoxFuture<'a, AppResult<()>> {
    Box::pin(service::deliver(app, payload))
}
