//! The decisions of this wing: facts in, verdict out. No database, no clock, no HTTP.

pub mod accept;
pub mod content;
pub mod discount;
pub mod price;
pub mod restore;
pub mod slot;
pub mod terms;
pub mod transitions;
