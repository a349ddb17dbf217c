//! Use cases: load, permit, decide, write, record.

pub mod codes;
pub mod consents;
pub mod login;
pub mod mfa;
pub mod password_reset;
pub mod passwords;
pub mod profile;
pub mod register;
pub(crate) mod reset_rows;
pub mod sessions;
pub mod throttles;
