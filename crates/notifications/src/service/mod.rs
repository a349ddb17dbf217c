//! Use cases: telling, delivering, reading.

mod deliver;
mod facts;
mod inbox;
mod links;
mod people;
pub mod preferences;
mod tell;

pub use deliver::deliver;
pub use inbox::{mark, read_all};
pub use tell::tell;
