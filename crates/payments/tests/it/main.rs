//! The payments wing on a real database, both engines.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests: a panic is the message")]

mod accounts;
mod add_ons;
mod cancel;
mod checkout;
mod codes;
mod desk;
mod disputes;
mod doors;
mod flags;
mod golden;
mod histories;
mod invoices;
mod lapse;
mod look_alike;
mod many_due;
mod moves;
mod pages;
mod plans;
mod proof;
mod races;
mod storms;
mod stripe;
mod support;
mod transfers;
mod views;
mod webhooks;
