//! The door in front of everything that is written, while a legal text waits for the asker's yes (R-ID-11, R-CM-83).

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use content::legal::{gate, kept};
use kernel::Actor;
use platform::App;
use platform::web::Problem;
use ui::{Portal, TermsDue};

/// Refuses writes of the API with what has to be agreed to. Stands outside the answers kept for repeated requests, so that
/// the same request succeeds afterwards.
pub async fn on_api(State(app): State<App>, request: Request, next: Next) -> Response {
    let actor = request.extensions().get::<Actor>().cloned().unwrap_or_else(Actor::anonymous);
    let path = request.uri().path();
    let path = path.strip_prefix(crate::api::PREFIX).unwrap_or(path);
    match gate::pass(&app, &actor, request.method(), path).await {
        Ok(()) => next.run(request).await,
        Err(error) => Problem(error).into_response(),
    }
}

/// Leads whoever sends a form to the texts first, and tells readers of pages that texts wait.
pub async fn on_pages(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let actor = request.extensions().get::<Actor>().cloned().unwrap_or_else(Actor::anonymous);
    let guard = Portal::of_path(request.uri().path()).guard();
    let reads = gate::reads(request.method());
    // Only one's own portal, and of what is sent there only what waits.
    if guard.is_none() || guard != actor.guard() || !(reads || content::waits(&request, &actor)) {
        return next.run(request).await;
    }
    let is_due = match kept::due(&app, &actor).await {
        Ok(due) => !due.is_empty(),
        Err(error) => return Problem(error).into_response(),
    };
    if is_due && !reads {
        return content::interrupt(&app, request).await;
    }
    if is_due {
        request.extensions_mut().insert(TermsDue);
    }
    next.run(request).await
}
