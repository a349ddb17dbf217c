//! Treatments, provider prices, packages, questionnaires, currencies, destinations.
//!
//! What is offered, at which price, in which place. Hairline's staff own treatments and questionnaires, every clinic
//! its prices and packages. Nothing here depends on a case: inquiries and quotes copy what they need.

mod api;
pub mod clinics;
pub mod destinations;
pub mod entity;
pub mod feed;
pub mod fx;
mod install;
mod jobs;
pub mod money_input;
pub mod package_parts;
pub mod packages;
mod pages;
pub mod pricing;
mod projection;
pub mod questionnaire;
pub mod rules;
pub mod seed;
pub mod service;
pub mod treatments;
pub mod views;

pub use api::routes;
pub use install::install;
pub use jobs::schedules;
pub use pages::pages;
