//! Commissions, provider bills and payouts, reconciliation.
//!
//! Owns `provider_bills` with their lines and batches, and `banking_details`. A statement is built some days before its
//! payout from what the ended treatments of a clinic brought, staff approve it, and on the payout day its money leaves.
//! Refunds after a payout are taken from later statements until they are absorbed. Lock order: clinic, its accounts,
//! statements, batches, counters. The gateway is never called inside a transaction.

mod api;
pub mod entity;
mod jobs;
mod pages;
pub mod queries;
pub mod rules;
pub mod seed;
pub mod service;
pub mod settings;
mod sheets;
mod store;
pub mod views;

pub use api::routes;
pub use jobs::{jobs, schedules, subscriptions};
pub use pages::pages;
