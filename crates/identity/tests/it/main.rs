//! The wing over HTTP, on both engines.

#![cfg(test)]

mod anonymity;
mod login;
mod mfa;
mod pages;
mod patient;
mod reauth;
mod register;
mod roles;
mod sessions;
mod staff;
mod support;
mod team;
mod team_pages;
