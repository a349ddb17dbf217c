//! Legal documents, resources, languages, and the public pages.

pub mod entity;
mod pages;

pub use pages::pages;
