//! Pure decisions of this wing: no database, no clock, no HTTP.

pub mod aftercare;
pub mod attempt;
pub mod checkout;
pub mod discount;
pub mod installments;
pub mod ledger;
pub mod minor;
pub mod reconcile;
pub mod refund;
pub mod reschedule;
pub mod routing;
pub mod state;
pub mod transfer_key;
