//! What every wing needs at run time: configuration, database, keys, audit, events and jobs, files, mail, settings,
//! languages, and the glue to HTTP.

pub mod app;
pub mod audit;
pub mod config;
pub mod counters;
pub mod crypto;
pub mod csv;
pub mod db;
pub mod entity;
pub mod files;
pub mod idempotency;
pub mod jobs;
pub mod lists;
pub mod locale;
pub mod mail;
pub mod media;
pub mod memory;
pub mod outbox;
pub mod random;
pub mod rates;
pub mod retention;
pub mod rotation;
pub mod settings;
pub mod signing;
pub mod telemetry;
pub mod upkeep;
pub mod web;

pub use app::App;
pub use upkeep::schedules;
