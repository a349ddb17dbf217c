//! Decisions about recovery: no database, no clock.

pub mod offering;
pub mod progress;
pub mod questions;
pub mod schedule;
pub mod slots;
pub mod stage;
pub mod urgency;
pub mod worklist;
