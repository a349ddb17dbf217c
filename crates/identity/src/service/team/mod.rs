//! A clinic's team: who is in it, what they may do, and what becomes of those who leave (R-ID-51..56, 73).
//!
//! Changes lock the clinic first, then the member: seats are counted and the owner is found by one at a time.

pub mod activity;
pub mod change;
pub mod clinicians;
pub mod leave;
pub mod list;
mod members;
pub mod oversight;
pub mod seats;
pub mod transfer;

pub(crate) use members::{Member, clinic_locked, live_member, member_locked, members_with_seat, seats, seats_of};
