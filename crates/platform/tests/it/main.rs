//! The platform against real databases.

// The lints excuse tests by this mark, helpers included.
#![cfg(test)]

mod audit;
mod counters;
mod database;
mod files;
mod idempotency;
mod jobs;
mod outbox;
mod rates;
mod rotation;
mod settings;
