//! Use cases: load, permit, decide, write, record.

pub mod clients;
pub mod codes;
pub mod consents;
pub mod interventions;
pub mod login;
pub mod mfa;
pub mod personal;
pub mod profile;
pub mod register;
pub mod sessions;
pub mod throttles;
pub mod tokens;
