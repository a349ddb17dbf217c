//! Use cases: load, permit, decide, write, record.

pub mod erase;
pub mod facts;
pub mod requests;
