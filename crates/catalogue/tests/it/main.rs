//! The catalogue as clinics and staff keep it and everybody reads it.

#![cfg(test)]

mod catalogue;
mod keeping;
mod places;
mod questionnaires;
mod world;
