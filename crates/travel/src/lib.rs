//! Passports, flights, hotels, itinerary.

pub mod entity;
