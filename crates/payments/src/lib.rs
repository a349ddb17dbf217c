//! Payments: attempts, gateway, webhooks, refunds, ledger.
//!
//! Owns `payments` (one row per attempt, receipt or refund), their histories, the numbered papers, the ledger and
//! the gateway's accounts and events. A booking is the accepted quote; its id is the quote's.
//!
//! Money is booked in one place, [`service::settle`]: webhooks, polls and clean-up bring facts there. States of an
//! attempt: pending, completed, failed, refunded; `completed` never goes back, `failed` is completed by proof of the
//! same intent. Lock order: inquiry, quotes, clinic, schedules, payments, then events and counters. The gateway is
//! never called inside a transaction.

mod api;
pub mod entity;
mod facts;
pub mod gateway;
mod jobs;
mod metadata;
mod pages;
pub mod papers;
pub mod queries;
pub mod rules;
pub mod seed;
pub mod service;
mod store;
pub mod views;

use kernel::AppResult;
use platform::App;

pub use api::routes;
pub use jobs::{jobs, schedules, subscriptions};
pub use pages::pages;
pub use queries::{Balance, balance};
pub use store::{Paper, is_posted, issue, post};

/// Makes sure what this wing needs is there: the account of the simulator. Idempotent.
pub async fn install(app: &App) -> AppResult<()> {
    service::accounts::install(app).await
}
