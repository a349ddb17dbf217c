//! The use cases of this wing.

pub mod clinic;
pub mod draft;
pub mod edit;
pub mod evidence;
pub mod media;
pub mod show;
pub mod submit;
