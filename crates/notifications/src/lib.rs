//! Who is told of what: the catalogue of events, the in-app inbox, mail.
//!
//! One subscription listens to every event. An event of the catalogue becomes one row per recipient, whatever the channel
//! switches say (R-CM-42); mail is queued beside it and sent by a job. The dedupe key makes a repeated event silent.

pub mod api;
pub mod catalogue;
pub mod entity;
mod jobs;
pub mod live;
mod pages;
pub mod queries;
mod rules;
mod service;

pub use api::routes;
pub use jobs::{jobs, subscriptions};
pub use pages::pages;
pub use service::preferences;
