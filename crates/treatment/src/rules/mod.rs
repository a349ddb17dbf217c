//! Decisions about a treatment: no database, no clock.

pub mod check_in;
pub mod days;
pub mod documentation;
pub mod outcome;
