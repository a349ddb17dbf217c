//! The catalogue as clinics and staff keep it and everybody reads it.

#![cfg(test)]

mod catalogue;
mod currencies;
mod keeping;
mod places;
mod questionnaires;
mod world;
