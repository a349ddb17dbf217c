//! What surrounds every request, outermost first: context, security headers, limits, sign-in, suspended clinics, terms,
//! idempotency.

pub mod context;
pub mod idempotency;
pub mod limits;
pub mod security;
pub mod sign_in;
pub mod suspended;
pub mod terms;
