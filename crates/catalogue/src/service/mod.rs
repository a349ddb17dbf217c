//! Use cases of those who keep the catalogue.

mod checks;
pub mod currencies;
pub mod lists;
pub mod locations;
pub mod questionnaires;
pub mod regions;
pub mod starting_prices;
pub mod treatment_media;
pub mod treatments;
