//! The page that asks somebody whether a program may act for them (R-ID-40; RFC 6749, 4.1; RFC 9207).

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::AppError;
use kernel::ids::OauthClientId;
use platform::audit::{self, Entry};
use platform::web::{ApiResult, FormTarget};
use sea_orm::EntityTrait;
use ui::{Chrome, Ctx, Portal, Posted, encode, page};

use super::ask::Parameters;
use super::codes::{self, Consent};
use super::error::OauthError;
use super::grants::{guard_of, scopes_of};
use super::metadata::scope_key;
use crate::entity::oauth_clients;
use crate::rules::redirects;
use crate::rules::scopes::ALL;
use crate::service::tokens::issuer;

type Pairs = Query<Vec<(String, String)>>;

#[derive(Template)]
#[template(path = "oauth_consent.html")]
struct ConsentPage {
    chrome: Chrome,
    action: String,
    client: String,
    /// Where the answer goes, as far as people can read it.
    host: String,
    scopes: Vec<String>,
}

#[derive(Template)]
#[template(path = "oauth_refused.html")]
struct RefusedPage {
    chrome: Chrome,
    text: String,
}

/// A request that may be answered by a redirect: the client exists and the address is one of its own.
struct Asked {
    client: oauth_clients::Model,
    redirect_uri: String,
    parameters: Parameters,
}

/// A request that is in order.
struct Wanted {
    scopes: BTreeSet<String>,
    challenge: Option<String>,
}

impl Asked {
    /// Whoever cannot be told apart from an attacker gets a page and is led nowhere.
    async fn of(ctx: &Ctx, pairs: Vec<(String, String)>) -> ApiResult<Result<Self, Response>> {
        let refused = |key: &str| -> ApiResult<Result<Self, Response>> {
            let text = ctx.chrome.t(key);
            let mut response = page(&RefusedPage { chrome: ctx.chrome.clone(), text })?;
            *response.status_mut() = StatusCode::BAD_REQUEST;
            Ok(Err(response))
        };
        let Ok(parameters) = Parameters::once(pairs) else { return refused("oauth-refused-request") };
        let id = parameters.get("client_id").and_then(|id| id.parse::<OauthClientId>().ok());
        let Some(id) = id else { return refused("oauth-refused-client") };
        let client = oauth_clients::Entity::find_by_id(id).one(ctx.app.db.conn()).await?;
        let Some(client) = client.filter(|client| !client.revoked && !client.personal_access_client) else {
            return refused("oauth-refused-client");
        };
        let redirect_uri = parameters.get("redirect_uri").unwrap_or_default().to_owned();
        if !redirects::is_registered(&client.redirect, &redirect_uri) {
            return refused("oauth-refused-redirect");
        }
        Ok(Ok(Self { client, redirect_uri, parameters }))
    }

    fn check(&self) -> Result<Wanted, OauthError> {
        let get = |name| self.parameters.get(name);
        match get("response_type") {
            Some("code") => {}
            None => return Err(OauthError::invalid_request("The parameter response_type is missing.")),
            Some(_) => return Err(OauthError::unsupported_response()),
        }
        if get("request").is_some() || get("request_uri").is_some() {
            return Err(OauthError::invalid_request("Request objects are not read here."));
        }
        let challenge = match (get("code_challenge"), get("code_challenge_method")) {
            (None, None) if self.client.secret.is_some() => None,
            (None, _) => return Err(OauthError::invalid_request("PKCE is missing: send a code_challenge.")),
            (Some(challenge), Some("S256")) if challenge.len() == 43 && codes::is_pkce(challenge) => Some(challenge),
            (Some(_), Some("S256")) => return Err(OauthError::invalid_request("The code_challenge is malformed.")),
            // Without a method the standard means `plain`.
            (Some(_), _) => return Err(OauthError::invalid_request("The code_challenge_method must be S256.")),
        };
        let scopes = scopes_of(&self.client, get("scope"))?;
        Ok(Wanted { scopes, challenge: challenge.map(str::to_owned) })
    }

    /// Back to the client, with its state and with our name, so that it knows who answers (RFC 9207).
    fn back(&self, ctx: &Ctx, answer: &[(&str, &str)]) -> Response {
        let mut pairs = answer.to_vec();
        if let Some(state) = self.parameters.get("state") {
            pairs.push(("state", state));
        }
        pairs.push(("iss", issuer(&ctx.app)));
        let query: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={}", strict(value))).collect();
        let sign = if self.redirect_uri.contains('?') { '&' } else { '?' };
        Redirect::to(&format!("{}{sign}{}", self.redirect_uri, query.join("&"))).into_response()
    }

    fn refuse(&self, ctx: &Ctx, error: &OauthError) -> Response {
        self.back(ctx, &[("error", error.error), ("error_description", &error.description)])
    }

    async fn allow(&self, ctx: &Ctx, wanted: &Wanted) -> ApiResult<Response> {
        let consent = Consent {
            client: &self.client,
            redirect_uri: &self.redirect_uri,
            scopes: &wanted.scopes,
            challenge: wanted.challenge.as_deref(),
        };
        let code = codes::issue(&ctx.app, &ctx.actor, &consent).await?;
        Ok(self.back(ctx, &[("code", &code)]))
    }
}

/// Every byte but the unreserved ones escaped: what comes from a request must not become part of the address.
fn strict(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~');
    text.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

/// What both requests have in common: a request in order, by somebody who is signed in on the client's guard.
async fn arrive(ctx: &Ctx, pairs: Vec<(String, String)>) -> ApiResult<Result<(Asked, Wanted), Response>> {
    let asked = match Asked::of(ctx, pairs).await? {
        Ok(asked) => asked,
        Err(response) => return Ok(Err(response)),
    };
    let checked = asked.check().and_then(|wanted| Ok((wanted, guard_of(&asked.client)?)));
    let (wanted, guard) = match checked {
        Ok(found) => found,
        Err(error) => return Ok(Err(asked.refuse(ctx, &error))),
    };
    if ctx.actor.guard() != Some(guard) {
        let next = encode(&ctx.chrome.here()).into_owned();
        let login = Portal::of(guard).login();
        return Ok(Err(Redirect::to(&format!("{login}?next={next}")).into_response()));
    }
    Ok(Ok((asked, wanted)))
}

/// Asks for the consent; programs of the house need none.
///
/// A page for people: a program sends their browser here (RFC 6749, 4.1; PKCE with S256 for every public client).
#[utoipa::path(get, path = "/oauth/authorize", tag = "oauth", operation_id = "oauth_authorize", security(()),
    params(
        ("response_type" = String, Query, description = "Always `code`", example = "code"),
        ("client_id" = OauthClientId, Query),
        ("redirect_uri" = String, Query, description = "One that is registered, to the letter",
            example = "https://app.example/back"),
        ("scope" = Option<String>, Query, description = "Separated by blanks; all that is open to the program when left out",
            example = "read:profile"),
        ("state" = Option<String>, Query, description = "Comes back with the answer"),
        ("code_challenge" = Option<String>, Query, example = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        ("code_challenge_method" = Option<String>, Query, description = "Always `S256`", example = "S256")),
    responses(
        (status = 200, description = "The page that asks", content_type = "text/html"),
        (status = 303, description = "To the login, or back to the program with `code` or `error`, `state` and `iss`"),
        (status = 400, description = "A page for whoever is led nowhere", content_type = "text/html")))]
pub(crate) async fn show(ctx: Ctx, Query(pairs): Pairs) -> ApiResult<Response> {
    let (asked, wanted) = match arrive(&ctx, pairs).await? {
        Ok(found) => found,
        Err(response) => return Ok(response),
    };
    if asked.client.first_party {
        return asked.allow(&ctx, &wanted).await;
    }
    let scopes = wanted.scopes.iter().filter(|scope| *scope != ALL).map(|scope| ctx.chrome.t(scope_key(scope)));
    let shown = ConsentPage {
        action: ctx.chrome.here(),
        client: asked.client.name.clone(),
        host: redirects::host(&asked.redirect_uri).to_owned(),
        scopes: scopes.collect(),
        chrome: ctx.chrome.clone(),
    };
    let mut response = page(&shown)?;
    // The form is answered by a redirect to the client; browsers ask the page's policy whether it may.
    response.extensions_mut().insert(FormTarget(redirects::origin(&asked.redirect_uri)));
    Ok(response)
}

/// Takes the answer.
pub(crate) async fn decide(ctx: Ctx, Query(pairs): Pairs, posted: Posted) -> ApiResult<Response> {
    let (asked, wanted) = match arrive(&ctx, pairs).await? {
        Ok(found) => found,
        Err(response) => return Ok(response),
    };
    match posted.get("decision") {
        "allow" => asked.allow(&ctx, &wanted).await,
        "deny" => {
            let entry = Entry::new("oauth_consent.denied").subject("OauthClient", asked.client.id);
            audit::record(ctx.app.db.conn(), &ctx.app, &ctx.actor, entry).await?;
            let said = "The account's owner said no.";
            Ok(asked.back(&ctx, &[("error", "access_denied"), ("error_description", said)]))
        }
        _ => Err(AppError::malformed("Say allow or deny.").into()),
    }
}
