//! The way of a quote through the database and the router, on both engines.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failure is how a test fails")]

mod accept;
mod cancel;
mod clocks;
mod desk_pages;
mod discounts;
mod form;
mod money;
mod oversight;
mod pages;
mod races;
mod refused;
mod world;
mod write;
