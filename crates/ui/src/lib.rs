//! The design system: layouts of the four portals, components, stylesheet, script, icons, page errors.
//!
//! A page is an Askama template that extends one of `public.html`, `patient.html`, `provider.html`, `admin.html` or
//! `affiliate.html` and carries a [`Chrome`]. Pages of other crates find these layouts through `askama.toml`.
//! Components are values that print themselves as safe HTML: `{{ form.email("email", chrome.t("login-name")) }}`.

// The layouts name components by this crate's name, also when they are rendered here.
extern crate self as ui;

mod assets;
mod chart;
mod chrome;
mod context;
mod error_page;
mod field;
mod form;
mod gallery;
mod html;
mod list;
mod nav;
mod parts;
mod photo;
mod posted;

pub use assets::{asset_url, routes};
pub use chart::{Point, Series, bar_chart, donut, funnel, line_chart};
pub use chrome::{Chrome, Found, LANGUAGE_PARAMETER, Portal, Theme, Viewing, encode};
pub use context::{Ctx, Inside, Spoken, TermsDue, local_path};
pub use error_page::{ErrorPage, Rendered, page};
pub use field::{Choice, Field};
pub use form::Form;
pub use gallery::pages as gallery;
pub use html::{Html, escape, icon};
pub use list::ListView;
pub use nav::NavItem;
pub use parts::{
    Badge, Stage, StageLook, TimelineEntry, Tone, alert, avatar, empty, empty_with, meter, pipeline, ring, stars,
    timeline, when,
};
pub use photo::{Photo, compare, photo_grid};
pub use posted::{Posted, PostedFiles, is_secret};
