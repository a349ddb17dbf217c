//! Pure decisions of this wing: no database, no clock, no HTTP.

pub mod anonymity;
pub mod codes;
pub mod devices;
pub mod fields;
pub mod grants;
pub mod login;
pub mod redact;
pub mod redirects;
pub mod scopes;
pub mod sessions;
pub mod team;
pub mod totp;
