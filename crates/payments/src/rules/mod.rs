//! Pure decisions of this wing: no database, no clock, no HTTP.

pub mod attempt;
pub mod checkout;
pub mod ledger;
pub mod minor;
pub mod routing;
pub mod state;
