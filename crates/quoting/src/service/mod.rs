//! The use cases of this wing: authorise, load, decide, write, record.

pub mod accept;
pub mod archive;
pub mod cancel;
pub mod content;
pub mod discounts;
pub mod draft;
pub mod editor;
pub mod input;
pub mod leave;
pub mod pricing;
pub mod reclaim;
pub mod reduce;
pub mod reprice;
pub mod reschedule;
pub mod submit;
pub mod withdrawal;
pub mod writing;
