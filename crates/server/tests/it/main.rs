//! What spans the house: one patient's whole case through the running routes, what may not leak, what may not break.

#![cfg(test)]

mod addresses;
mod bad_input;
mod bought_care;
mod commission;
mod demo;
mod doors;
mod eyes;
mod foreign_clients;
mod identity_edges;
mod identity_races;
mod journey;
mod leak;
mod lists;
mod messages;
mod money_settings;
mod oversight;
mod own_account;
mod own_data;
mod page_doors;
mod partners;
mod privacy;
mod retention;
mod scale;
mod schema;
mod site;
mod steps;
mod suspended;
mod tab;
mod team;
mod templates;
mod terms;
mod trail;
mod world;
