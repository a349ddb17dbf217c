//! The wing over HTTP, on both engines.

#![cfg(test)]

mod account;
mod account_pages;
mod activation;
mod affiliates;
mod anonymity;
mod doctor;
mod interventions;
mod login;
mod mfa;
mod oauth;
mod pages;
mod passwords;
mod patient;
mod personal;
mod reauth;
mod register;
mod roles;
mod sessions;
mod staff;
mod support;
mod team;
mod team_pages;
mod token_pages;
mod tokens;
