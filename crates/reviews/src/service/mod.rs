//! Use cases: patients write and edit, moderators decide.

mod moderate;
mod respond;
mod write;

pub use moderate::{Decision, approve, reject, remove};
pub use respond::{remove_response, respond};
pub use write::{edit, eligibility, submit};
