//! Composes the wings into one server: routes, OpenAPI document, middleware, health, metrics, worker.

mod api;
mod compose;
pub mod demo;
mod encryption;
pub mod explain;
mod health;
mod middleware;
mod pages;
mod router;
pub mod scale;
pub mod schema;
pub mod sealed;
mod serve;

pub use api::openapi;
pub use compose::{install, registry};
pub use router::router;
pub use serve::{Server, serve, work};
