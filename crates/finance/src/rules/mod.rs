//! Decisions without I/O.

pub mod account;
pub mod bill;
pub mod period;
pub mod readiness;
pub mod state;
pub mod transfers;
