//! Discounts, affiliate codes, affiliates.

pub mod entity;
