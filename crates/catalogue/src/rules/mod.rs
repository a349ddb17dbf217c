//! Decisions without I/O.

pub mod destinations;
pub mod fx;
pub mod pricing;
pub mod questions;
pub mod sets;
pub mod starting_prices;
pub mod world;
