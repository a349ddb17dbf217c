//! The database schema, one step per file, and the runner that applies it.
//!
//! A step describes tables in a small language of its own ([`blueprint`]); [`ddl`] turns the
//! description into the statements of MySQL, MariaDB or SQLite; the [`Runner`] applies the steps in
//! order and remembers them in Laravel's ledger table `migrations`. The same descriptions make the
//! pages of `docs/schema` ([`describe`]) and are compared with the live database by the tests
//! ([`inspect`]).

pub mod blueprint;
mod columns;
pub mod ddl;
pub mod describe;
pub mod diagram;
pub mod inspect;
mod ledger;
pub mod runner;
pub mod steps;

pub use blueprint::{Blueprint, Schema, Table};
pub use runner::{MigrateError, Runner, State, StepStatus};
pub use steps::{Area, Step, areas, tables};
