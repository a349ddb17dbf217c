//! What accounts are told, live and by mail, on both engines.

#![cfg(test)]

mod account;
mod live;
mod preferences;
