//! What patients may ask about their own data: to be erased, and who looked at it.
//!
//! Stands at the end of the list of wings, because erasing a person touches nearly all of them. Owns no table: requests
//! and sealed identities are tables of identity. States of a request: submitted, in_review, verification_required, on_hold,
//! approved, completed, denied, withdrawn. Writers lock the patient's account first, then the request.

pub mod access_log;
pub mod api;
mod install;
mod pages;
pub mod rules;
pub mod seed;
pub mod service;
mod upkeep;

pub use api::routes;
pub use install::install;
pub use pages::pages;
pub use upkeep::{jobs, schedules};
