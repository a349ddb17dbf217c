//! What spans the house: one patient's whole case through the running routes, what may not leak, what may not break.

#![cfg(test)]

mod bad_input;
mod doors;
mod journey;
mod leak;
mod lists;
mod site;
mod steps;
mod team;
mod trail;
mod world;
