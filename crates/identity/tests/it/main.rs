//! The wing over HTTP, on both engines.

#![cfg(test)]

mod anonymity;
mod login;
mod mfa;
mod patient;
mod register;
mod sessions;
mod support;
