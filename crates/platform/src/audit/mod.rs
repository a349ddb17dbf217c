//! The audit log: who saw or changed what, append-only, chained by hashes (R-ID-64).
//!
//! An entry is written in the transaction of its change. A sealer follows behind and chains the entries in the
//! order of their ids; [`verify()`] proves that nothing was changed, removed or slipped in afterwards.

mod canonical;
mod entry;
mod mask;
mod seal;
mod verify;
mod watch;

pub use entry::{Entry, record};
pub use seal::seal;
pub use verify::{Broken, Report, Why, verify};
pub use watch::watch;
