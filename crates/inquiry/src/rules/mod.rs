//! Decisions without I/O.

pub mod alert;
pub mod matching;
pub mod stage;
pub mod submission;
