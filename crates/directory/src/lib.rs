//! Clinics: their public directory and profiles, whether they accept, what they are charged; patients for staff.
//!
//! Owns `providers` and what belongs to a clinic's face. A clinic is *live* when active, on board and not deleted, and
//! *accepting* when live and not paused; only accepting clinics are listed, selected and matched.

pub mod api;
pub mod clinics;
pub mod commission;
pub mod directory;
pub mod entity;
pub mod featured;
pub mod gallery;
pub mod house;
mod index;
mod install;
pub mod patients;
pub mod profile;
mod projection;
mod queries;
pub mod ratings;
pub mod rules;
pub mod seats;
pub mod seed;
pub mod views;

pub use api::routes;
pub use install::install;

/// What this wing does from time to time.
pub fn schedules() -> Vec<platform::jobs::Schedule> {
    vec![platform::jobs::Schedule {
        name: "directory.hide_without_consent",
        every: std::time::Duration::from_secs(60 * 60),
        run: |app| Box::pin(gallery::hide_without_consent(app)),
    }]
}
