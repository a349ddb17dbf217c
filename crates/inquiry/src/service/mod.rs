//! The use cases of this wing.

pub mod clinic;
pub(crate) mod discovery;
pub mod draft;
pub mod edit;
pub mod evidence;
pub mod extend;
mod habits;
pub mod media;
pub mod oversight;
pub(crate) mod places;
pub mod show;
pub mod submit;

use kernel::{AppError, AppResult};

/// The reason of an act of Hairline's staff, trimmed; 422 unless it has 10 to 500 characters.
pub fn reasoned(given: &str) -> AppResult<String> {
    let reason = given.trim();
    if !(10..=500).contains(&reason.chars().count()) {
        return Err(AppError::field("reason", "length_out_of_range", "Give a reason of 10 to 500 characters."));
    }
    Ok(reason.to_owned())
}
