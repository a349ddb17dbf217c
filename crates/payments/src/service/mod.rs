//! The use cases: authorise, load, decide, write, record.

pub mod access;
pub mod accounts;
pub mod card;
pub mod holds;
pub mod poll;
pub mod process;
pub mod refund;
pub mod settle;
pub mod start;
pub mod treated;
pub mod webhook;
