//! The aftercare wing on a real database, both engines.

#![cfg(test)]

mod alarms;
mod pages;
mod plans;
mod recovery;
mod standalone;
#[path = "../../../treatment/tests/it/support.rs"]
mod support;
mod tasks;
