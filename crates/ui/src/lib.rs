//! The design system: layouts of the four portals, stylesheet, page errors.
//!
//! A page is an Askama template that extends one of `public.html`, `patient.html`, `provider.html`, `admin.html` or
//! `affiliate.html` and carries a [`Chrome`]. Pages of other crates find these layouts through `askama.toml`.

mod assets;
mod chrome;
mod error_page;

pub use assets::{asset_url, routes};
pub use chrome::{Chrome, NavItem, Portal};
pub use error_page::{ErrorPage, page};
