//! The use cases: authorise, load, decide, write, record.

pub mod access;
pub mod accounts;
pub mod cancellation;
pub mod card;
pub mod discount;
pub mod disputes;
pub mod documents;
pub mod holds;
pub mod invoices;
pub mod methods;
pub mod payouts;
pub mod plans;
pub mod poll;
pub mod process;
pub mod receipts;
pub mod reconcile;
pub mod redemptions;
pub mod refund;
pub mod replay;
pub mod reschedule;
pub mod settle;
pub mod start;
pub mod transfer;
pub mod treated;
pub mod verify;
pub mod webhook;
