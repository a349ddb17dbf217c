//! Use cases: load, permit, decide, write, record.

pub mod bundle;
pub mod closing;
pub mod contents;
pub mod erase;
pub mod facts;
pub mod holds;
pub(crate) mod objects;
pub(crate) mod records;
pub mod requests;
pub mod retention;
