//! The inbox in every portal, and the line that tells open pages of changes.

mod inbox;
mod live;

use axum::routing::{get, post};
use axum::{Extension, Router};
use platform::App;

use crate::live::Hub;

/// The pages of this wing.
pub fn pages() -> Router<App> {
    let mut router = Router::new().route("/live", get(live::show).layer(Extension(Hub::default())));
    for portal in ["/patient", "/provider", "/admin"] {
        router = router
            .route(&format!("{portal}/notifications"), get(inbox::show))
            .route(&format!("{portal}/notifications/read-all"), post(inbox::read_all))
            .route(&format!("{portal}/notifications/{{id}}/open"), get(inbox::open));
    }
    router
}
