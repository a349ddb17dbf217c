//! Pure decisions of this wing: no database, no clock, no HTTP.

pub mod distribution;
pub mod price;
pub mod rating;
pub mod search;
