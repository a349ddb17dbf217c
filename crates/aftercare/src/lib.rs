//! Templates, plans, milestones, scans, questionnaires, cases.
//!
//! A completed treatment (`treatment.completed`) gets a plan: one `after_cares` row with milestones whose due days are
//! written down once. Everything else follows from these days and from what the patient sent: the state of a task or a
//! milestone, the percentages and the place on the team's work list are computed; the columns that repeat them are
//! brought up to date at every change and every hour.
//!
//! A dangerous answer opens one alarm for the case in its own transaction; alarms rise by the clock until somebody
//! takes them.
//!
//! Lock order: what `quoting::case` locks (only when a plan is made), then the case's row, then anything of the case.

pub mod access;
pub mod api;
pub mod cases;
pub mod catalogue;
pub mod entity;
mod install;
pub mod jobs;
mod pages;
pub mod plan;
pub mod queries;
pub mod rules;
pub mod seed;
pub mod service;
pub mod settings;
pub mod views;
mod work;

pub use api::routes;
pub use install::{install, install_presets};
pub use jobs::schedules;
pub use pages::pages;
pub use service::subscriptions;
pub use work::work;
