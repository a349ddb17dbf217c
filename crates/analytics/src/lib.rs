//! Read models over everything: the staff's list of cases and one case with all that belongs to it.
//!
//! Nothing is written here but audit rows: opening a case tells who looked (R-ID-64).

pub mod api;
pub mod audit_log;
pub mod case_file;
pub mod case_list;
pub mod dashboard;
pub mod entity;
mod pages;
pub mod patient_view;
pub mod pipeline;
pub mod provider_view;
pub mod setting_effect;
pub mod setting_list;
pub mod staff_lists;

pub use api::routes;
pub use pages::pages;
