//! What a suspended clinic may still write: nothing but what its own accounts and running treatments need (spec 4, D-5).

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use content::legal::gate;
use kernel::{Actor, ActorKind, AppError};
use platform::web::Problem;
use ui::Portal;

/// Routes of the API that stay open, relative to its prefix: signing in and out, one's own security and privacy, what was
/// read, and the documentation of treatments and aftercare that are under way.
pub const OPEN: &[&str] = &[
    "*/auth",
    "invitations",
    "webhooks",
    "me",
    "legal",
    "notifications",
    "notification-preferences",
    "conversations/*/read",
    "treatment-cases",
    "aftercare",
    "aftercare-cases",
];

/// Forms of the clinic's pages that stay open.
const OPEN_PAGES: &[&str] = &[
    "logout",
    "*/login",
    "provider/account",
    "provider/legal",
    "provider/notifications",
    "provider/treatments",
    "provider/aftercare",
];

fn refusal(request: &Request, open: &[&str], path: &str) -> Option<AppError> {
    let actor = request.extensions().get::<Actor>()?;
    let bound = actor.is_clinic_suspended && matches!(actor.kind, ActorKind::Provider { .. });
    if !bound || gate::reads(request.method()) || gate::covers(open, path) {
        return None;
    }
    Some(AppError::denied("provider_suspended", "Your clinic is suspended: you can read but not change."))
}

/// Refuses writes of the API.
pub async fn on_api(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    match refusal(&request, OPEN, path.strip_prefix(crate::api::PREFIX).unwrap_or(path)) {
        Some(error) => Problem(error).into_response(),
        None => next.run(request).await,
    }
}

/// Refuses forms of the clinic's portal.
pub async fn on_pages(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let own = Portal::of_path(path) == Portal::Provider;
    match refusal(&request, OPEN_PAGES, path).filter(|_| own) {
        Some(error) => Problem(error).into_response(),
        None => next.run(request).await,
    }
}
