//! Use cases.

pub mod account;
pub mod build;
pub mod decide;
mod gather;
pub mod invoice;
pub mod pay;
pub mod readiness;
