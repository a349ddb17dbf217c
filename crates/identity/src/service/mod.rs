//! Use cases: load, permit, decide, write, record.

pub mod clients;
pub mod codes;
pub mod consents;
pub mod devices;
pub mod email_change;
pub mod image;
pub mod interventions;
pub mod invitations;
pub mod login;
pub mod mfa;
pub mod mfa_off;
pub mod password_reset;
pub mod passwords;
pub mod personal;
pub mod profile;
pub mod recovery_codes;
pub mod register;
pub(crate) mod reset_rows;
pub mod roles;
pub mod sessions;
pub mod staff;
pub mod staff_profile;
pub mod team;
pub mod throttles;
pub mod tokens;
pub mod tour;
