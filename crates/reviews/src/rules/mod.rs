//! Decisions about reviews, without I/O.

mod content;
mod eligibility;
mod rating;

pub use content::{Content, check_answer, check_content};
pub use eligibility::{Eligibility, alias, eligibility, eligible_from};
pub use rating::{Distribution, average, distribution, star_halves};
