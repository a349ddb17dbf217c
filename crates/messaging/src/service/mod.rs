//! Use cases: opening a thread with a quote, sending, reading.

mod read;
mod send;
mod thread;

pub use read::read;
pub use send::{Sent, check, send};
pub use thread::{note_quote, reveal};
