//! The one thread of each patient and clinic: messages, reading, and contact details hidden until they may know each
//! other.
//!
//! A thread begins with the clinic's first quote; patients cannot start one (R-CM-01). Messages are never edited or
//! deleted. Writers lock the conversation's row first: it gives out the numbers of the messages (R-CM-14).

pub mod api;
pub mod entity;
mod pages;
pub mod queries;
pub mod rules;
pub mod service;
mod subscriptions;
pub mod views;

pub use api::routes;
pub use pages::pages;
pub use subscriptions::subscriptions;
