//! Discounts, affiliate codes, affiliates.

mod api;
pub mod entity;
mod pages;
pub mod partners;
pub mod queries;
mod rules;

pub use api::routes;
pub use pages::pages;
