//! The use cases of this wing.

pub mod clinic;
pub mod draft;
pub mod edit;
pub mod media;
pub mod show;
pub mod submit;
