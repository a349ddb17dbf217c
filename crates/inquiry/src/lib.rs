//! Inquiry drafts, medical history, media, distribution, the case timeline.
//!
//! A patient's request from the first saved step until clinics have it. Stages: spec 4.1; this wing writes the first
//! (`inquiry`), `expired` and the inquiry's part of `cancelled`; every other stage is moved by the wings above through
//! [`case`]. Lock order: the inquiry's row ([`case::lock`]), then what the wings above add.
//!
//! Events: `inquiry.submitted`, `inquiry.distributed` (one per clinic), `inquiry.unmatched`, `inquiry.updated`,
//! `inquiry.answers_reopened`, `inquiry.provider_declined`, `inquiry.no_quotes`, `inquiry.reopened`, `inquiry.extended`,
//! `inquiry.redistributed`, `inquiry.clinics_added`, `inquiry.clinic_removed`, `inquiry.deadline_set`,
//! `inquiry.archived`, `inquiry.cancelled`, `inquiry.closed` (one per clinic).

mod api;
pub mod case;
pub mod distribution;
pub mod entity;
pub mod found;
pub mod inbox;
mod install;
mod jobs;
pub mod limits;
pub mod medical;
mod pages;
pub mod queries;
pub mod rules;
pub mod seed;
pub mod service;
pub mod timeline;
pub mod views;

pub use api::routes;
pub use install::install;
pub use jobs::{schedules, subscriptions};
pub use pages::pages;
