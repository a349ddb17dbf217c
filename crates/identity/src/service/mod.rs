//! Use cases: load, permit, decide, write, record.

pub mod codes;
pub mod consents;
pub mod invitations;
pub mod login;
pub mod mfa;
pub mod profile;
pub mod register;
pub mod roles;
pub mod sessions;
pub mod staff;
pub mod team;
pub mod throttles;
