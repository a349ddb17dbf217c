//! Check-in, treatment days, documentation, completion.
//!
//! A row of `treatment_executions` with its days (`timelines`) is opened when a booking is confirmed. The status of the
//! case moves only through `quoting::case`; every write here takes that lock first (inquiry, quote, schedule) and then
//! its own rows, so that arrival, money and documentation agree.
//!
//! Nothing is documented before check-in, nothing by the clinic after completion. Clinics and staff see the notes, the
//! patient sees days without notes and, once it is over, the result.

pub mod access;
pub mod api;
pub mod entity;
mod pages;
mod projection;
pub mod queries;
pub mod rules;
pub mod seed;
pub mod service;
pub mod settings;
mod store;
pub mod views;

pub use api::routes;
pub use pages::pages;
pub use service::open::subscriptions;
