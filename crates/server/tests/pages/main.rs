//! The portals from end to end, as a browser without script sees them, over the data of the demonstration.

#![cfg(test)]

mod browser;
#[path = "../demonstration/mod.rs"]
mod demonstration;
mod desk;
mod doors;
mod forms;
mod many;
mod terms;
mod walk;
