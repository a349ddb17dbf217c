//! The wing over HTTP, on both engines.

#![cfg(test)]

mod account;
mod account_pages;
mod anonymity;
mod login;
mod mfa;
mod pages;
mod passwords;
mod patient;
mod reauth;
mod register;
mod sessions;
mod support;
