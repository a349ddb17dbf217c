//! The payments wing on a real database, both engines.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests: a panic is the message")]

mod checkout;
mod golden;
mod lapse;
mod pages;
mod races;
mod storms;
mod support;
mod views;
mod webhooks;
