//! The finance wing on a real database, both engines.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests: a panic is the message")]

mod accounts;
mod aftercare;
mod bills;
mod clocks;
mod golden;
mod pages;
mod reconciliation;
mod refund_account;
mod refunds;
mod revenue;
mod support;
mod transfers;
