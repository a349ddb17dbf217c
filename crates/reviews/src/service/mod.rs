//! Use cases: patients write and edit, moderators decide.

mod moderate;
mod write;

pub use moderate::{Decision, approve, reject, remove};
pub use write::{edit, eligibility, submit};
