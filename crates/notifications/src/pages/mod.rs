//! The inbox in every portal, and the line that tells open pages of changes.

mod inbox;
mod live;
mod preferences;

use axum::{Extension, Router};
use platform::App;
use platform::web::routing::{get, handled, post};

use crate::live::Hub;

/// The pages of this wing.
pub fn pages() -> Router<App> {
    let mut router = Router::new().route("/live", get(live::show).layer(Extension(Hub::default())));
    for portal in ["/patient", "/provider", "/admin", "/affiliate"] {
        router = router
            .route(&format!("{portal}/notifications"), get(inbox::show))
            .route(&format!("{portal}/notifications/read-all"), post(inbox::read_all))
            .route(&format!("{portal}/notifications/{{id}}/open"), get(inbox::open));
    }
    for account in ["/patient/security", "/provider/account", "/admin/account", "/affiliate/account"] {
        let at = |rest: &str| format!("{account}/preferences{rest}");
        router = router
            .route(&at(""), get(preferences::show))
            .route(&at("/language"), get(preferences::back).post(handled(preferences::save_manner)))
            .route(&at("/messages"), get(preferences::back).post(handled(preferences::save_switches)));
    }
    router
}
