//! Legal documents and who agrees to them, resources, languages, and the public pages.

pub mod api;
pub mod entity;
mod install;
pub mod languages;
pub mod legal;
mod pages;
mod upkeep;

pub use api::routes;
pub use install::install;
pub use pages::{interrupt, pages, waits};
pub use upkeep::schedules;
