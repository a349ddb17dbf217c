//! Composes the wings into one server: routes, OpenAPI document, middleware, health, metrics, worker.

mod api;
mod compose;
pub mod demo;
mod encryption;
mod examples;
pub mod explain;
mod health;
pub mod ledger;
mod middleware;
mod owners;
mod pages;
pub mod reindex;
mod router;
pub mod scale;
pub mod schema;
pub mod sealed;
mod serve;

pub use api::{openapi, published};
pub use compose::{install, registry};
pub use router::router;
pub use serve::{Server, serve, work};
