//! The conversations of patients and clinics: one list, one thread, in both portals.

mod list;
mod thread;

use axum::Router;
use platform::App;
use platform::web::routing::{get, handled};

/// The pages of this wing.
pub fn pages() -> Router<App> {
    let mut router = Router::new();
    for portal in ["/patient", "/provider"] {
        router = router
            .route(&format!("{portal}/messages"), get(list::show))
            .route(&format!("{portal}/messages/{{conversation_id}}"), get(thread::show).post(handled(thread::submit)));
    }
    router
}

/// The other side's name, as this reader may know it.
fn other(view: &crate::views::ConversationView) -> String {
    let clinic = view.clinic.as_ref().map(|clinic| clinic.name.clone());
    clinic.or_else(|| view.patient.as_ref().map(|patient| patient.display_name.clone())).unwrap_or_default()
}
