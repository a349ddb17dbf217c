//! Use cases: load, permit, decide, write, record.

pub mod codes;
pub mod consents;
pub mod login;
pub mod mfa;
pub mod profile;
pub mod register;
pub mod sessions;
pub mod throttles;
pub mod tokens;
