//! Who asks: by bearer token on the API, by cookie on pages. Never the other way round.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use identity::impersonation::{self, Sight};
use kernel::actor::Origin;
use kernel::{Actor, AppResult};
use platform::App;
use platform::locale::Locale;
use platform::web::{CsrfToken, Problem, refusal_code};
use ui::Portal;

/// Resolves the bearer token; without one the asker is nobody. Cookies do not count here, so no form can use them.
pub async fn by_token(State(app): State<App>, request: Request, next: Next) -> Response {
    let mut headers = HeaderMap::new();
    if let Some(value) = request.headers().get(header::AUTHORIZATION) {
        headers.insert(header::AUTHORIZATION, value.clone());
    }
    let origin = request.extensions().get::<Origin>().cloned().unwrap_or_default();
    let actor = match identity::auth::resolve_from(&app, &origin, &headers).await {
        Ok(actor) => actor,
        Err(error) => return Problem(error).into_response(),
    };
    let path = request.uri().path();
    let short = path.strip_prefix(crate::api::PREFIX).unwrap_or(path);
    let method = request.method();
    if let Err(error) = identity::auth::require_scope(&actor, method.as_str(), short) {
        // A program that tries what it was not given is a refusal like any other.
        denied(&app, &actor.from_origin(origin), method, path).await;
        return Problem(error).into_response();
    }
    if let Err(error) = identity::auth::require_reach(&actor, method.as_str(), short) {
        denied(&app, &actor.from_origin(origin), method, path).await;
        return Problem(error).into_response();
    }
    go_on(&app, Ok(actor), request, next).await
}

/// Resolves the browser's session cookie; forms prove their origin by their hidden field.
pub async fn by_cookie(State(app): State<App>, request: Request, next: Next) -> Response {
    let mut headers = HeaderMap::new();
    for value in request.headers().get_all(header::COOKIE) {
        headers.append(header::COOKIE, value.clone());
    }
    let actor = identity::auth::resolve(&app, &headers).await;
    let path = request.uri().path().to_owned();
    let form = request.extensions().get::<CsrfToken>().map(|token| token.field(&app)).unwrap_or_default();
    let own_reads = actor.as_ref().ok().map(|own| own.reads.clone());
    let seen = match &actor {
        Ok(own) => through(&app, own, &headers, (&path, form)).await,
        Err(_) => Ok(None),
    };
    match seen {
        Ok(None) => {}
        Ok(Some(Sight::Open(actor, viewing))) => {
            let mut request = request;
            request.extensions_mut().insert(viewing.clone());
            // The eyes are another's; language and clock stay the reader's own.
            let reads = own_reads.unwrap_or_default();
            let mut response = go_on(&app, Ok(actor.reading(reads)), request, next).await;
            // The page of a refusal is drawn outside and says so too.
            response.extensions_mut().insert(viewing);
            return response;
        }
        Ok(Some(Sight::Over(back))) => {
            let mut response = Redirect::to(&format!("{back}?done=view-over")).into_response();
            response.headers_mut().append(header::SET_COOKIE, impersonation::cleared_cookie());
            return response;
        }
        Err(error) => return Problem(error).into_response(),
    }
    if actor.as_ref().is_ok_and(|actor| identity::is_lost(&request, actor)) {
        return identity::keep(&app, request).await;
    }
    go_on(&app, actor, request, next).await
}

/// What is seen through another's eyes: the pages of the clinics' portal, and the files they show. Everywhere else the
/// reader is who they are.
async fn through(
    app: &App,
    own: &Actor,
    headers: &HeaderMap,
    (path, form): (&str, String),
) -> AppResult<Option<Sight>> {
    let file = path.strip_prefix("/files/");
    if Portal::of_path(path) != Portal::Provider && file.is_none() {
        return Ok(None);
    }
    let sight = impersonation::sight(app, own, headers, form).await?;
    Ok(match (file, sight) {
        (Some(link), Some(Sight::Open(actor, viewing))) if platform::files::verify(app, &actor, link).is_ok() => {
            Some(Sight::Open(actor, viewing))
        }
        (Some(_), _) => None,
        (None, sight) => sight,
    })
}

async fn go_on(app: &App, actor: AppResult<Actor>, mut request: Request, next: Next) -> Response {
    let actor = match actor {
        Ok(actor) => actor,
        Err(error) => return Problem(error).into_response(),
    };
    let origin = request.extensions().get::<Origin>().cloned().unwrap_or_default();
    let actor = actor.from_origin(origin);
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    if let Err(error) = identity::impersonation::watch(app, &actor, &method, &path).await {
        return Problem(error).into_response();
    }
    let chosen = actor.reads.language.as_deref().and_then(Locale::from_code);
    let locale = match chosen {
        Some(wanted) => Some(content::languages::spoken(app, wanted).await.0),
        None => None,
    };
    if let Some(locale) = locale {
        request.extensions_mut().insert(locale);
    }
    request.extensions_mut().insert(actor.clone());
    let mut response = next.run(request).await;
    if let Some(locale) = locale {
        // What is drawn outside speaks the same language.
        response.extensions_mut().insert(locale);
    }
    if actor.is_signed_in() && refusal_code(&response).is_some_and(|code| code == "forbidden") {
        denied(app, &actor, &method, &path).await;
    }
    response
}

/// Records that an account was refused. The refusal stands, whether or not it can be recorded.
async fn denied(app: &App, actor: &Actor, method: &Method, path: &str) {
    if let Err(error) = identity::denials::record(app, actor, method, path).await {
        tracing::warn!(%error, "a refusal could not be recorded");
    }
}
