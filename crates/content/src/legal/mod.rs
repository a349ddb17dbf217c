//! Legal texts with their versions: who writes and publishes them, who has to agree to them, and what waits until they do
//! (R-ID-11, R-CM-80..86).
//!
//! States of a version: draft -> scheduled | current; scheduled -> current; current <-> archived. All languages of a version
//! move together. Writers lock every row of a document's series first.

pub mod accept;
pub mod alarm;
pub mod coverage;
pub mod documents;
pub mod gate;
pub mod kept;
pub mod publish;
pub mod remind;
pub mod rules;
mod texts;

pub use texts::{Part, parts};
