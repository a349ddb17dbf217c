//! Affiliates: invited by staff, reading their own work.

#![cfg(test)]

mod affiliates;
mod partners;
