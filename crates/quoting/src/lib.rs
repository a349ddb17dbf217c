//! Quotes, comparison, acceptance, slots, the state machine of the case.
//!
//! Owns quotes with their packages, lines, clinicians and versions, and, because acceptance takes the slot in its own
//! transaction, the schedules with their occupancy cells and the booking terms. [`case`] holds the only functions that
//! move the status of a case after acceptance.
//!
//! Lock order: inquiry, its quotes by id, the clinic, schedules, then what wings above own (payments).

pub mod api;
pub mod around;
pub mod case;
pub mod desk;
pub mod entity;
pub mod flags;
pub mod jobs;
pub mod offers;
pub mod oversight;
mod pages;
mod projection;
pub mod queries;
pub mod rules;
pub mod seed;
pub mod service;
pub mod settings;
pub mod slots;
pub mod store;
pub mod views;
mod work;

pub use api::routes;
pub use jobs::{jobs, schedules};
pub use pages::pages;
pub use work::work;
