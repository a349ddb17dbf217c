//! Use cases.

pub mod account;
pub mod build;
pub mod decide;
pub(crate) mod gather;
pub mod invoice;
pub mod pay;
pub mod readiness;
pub mod reconcile;
pub mod refund_account;
pub mod verify;
