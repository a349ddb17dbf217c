//! Commissions, provider bills and payouts, reconciliation.

pub mod entity;
