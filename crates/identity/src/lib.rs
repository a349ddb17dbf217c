//! Accounts, login, second factor, sessions, roles, consents, and what a clinic may know of a patient.
//!
//! Owns `patients`, `users`, `provider_users` and everything that lets them in. States of a patient account:
//! pending_verification, active, suspended, deactivated, expired, anonymised. Writers lock the account's row first, then
//! its codes, then its sessions.
//!
//! For the wings above: [`auth::resolve`] tells who asks, [`anonymity`] what a clinic may read of a patient,
//! [`acceptances`] who agreed to which legal text, [`consents`] and [`patients`] who may file an inquiry, [`phi`] whether staff justified opening medical data.

pub mod acceptances;
pub(crate) mod accounts;
pub mod activation;
pub mod admin;
pub mod anonymity;
pub mod api;
pub mod auth;
pub mod consents;
pub mod denials;
mod digest;
pub mod doctor;
pub mod entity;
mod guards;
mod holder;
pub mod impersonation;
mod install;
mod mail;
mod oauth;
mod pages;
pub mod password;
pub mod patients;
pub mod phi;
mod projection;
pub mod reauth;
pub mod roles;
pub mod rules;
pub mod seed;
pub mod service;
pub mod settings;
mod states;
mod upkeep;
pub mod work;

pub use api::routes;
pub use install::install;
pub use mail::{MAIL_ACTIVATION, jobs};
pub use oauth::{document as oauth_document, endpoints};
pub use pages::{confirm, give_back, is_lost, keep, pages, take};
pub use upkeep::schedules;
