//! Bookings: accepted quotes as patient, clinic and staff see them, with slot and locked terms.
//!
//! A booking is a quote from acceptance on; its rows belong to `quoting`. Here they are read together.

pub mod api;
pub mod desk;
pub mod entity;
pub mod ics;
mod pages;
mod projection;
mod queries;

pub use api::routes;
pub use pages::pages;
