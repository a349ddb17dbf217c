//! Reviews of treatments: one per booking, moderated before they are public, the source of a clinic's rating.
//!
//! States: pending -> published | rejected; published -> removed. Lock order: review, then the clinic's row, whose sums
//! change in the transaction of every publication (R-CM-67).

pub mod api;
pub mod entity;
mod pages;
pub mod queries;
pub mod rules;
pub mod seed;
pub mod service;
pub mod views;

pub use api::routes;
pub use pages::pages;
