//! Discounts, affiliate codes, affiliates.

pub mod entity;
pub mod queries;
