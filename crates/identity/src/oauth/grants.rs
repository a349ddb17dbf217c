//! The grants: what a client exchanges for a token (R-ID-40).

use std::collections::BTreeSet;

use kernel::{Actor, Guard, Secret};
use platform::App;
use platform::audit::{self, Entry};
use serde::Serialize;

use super::ask::{Ask, Parameters};
use super::codes;
use super::error::{OauthError, OauthResult};
use crate::entity::oauth_clients;
use crate::guards::guard_of_client;
use crate::rules::scopes;
use crate::rules::sessions::ACCESS_LIFETIME;
use crate::service::clients::open_to;
use crate::service::login::{self, Credentials};
use crate::service::mfa::Demand;
use crate::service::sessions::{self, Carrier, Holder, Opening, Presenter, Tokens};
use crate::service::throttles;
use crate::service::tokens::{self, Mint};

/// A token as RFC 6749, 5.1 spells it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Granted {
    /// What the program sends as bearer token.
    #[schema(example = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJlbW1hIn0.c2lnbmVk")]
    access_token: String,
    /// `Bearer`.
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// Seconds it counts.
    #[schema(example = 900)]
    expires_in: i64,
    /// What buys the next one; it counts once.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "0198f2a0.Rk1xT7w0bYv5nQj3cLd8sHf2aUeGp9Zm")]
    refresh_token: Option<String>,
    /// What it may do.
    #[schema(example = "read:profile read:quotes")]
    scope: String,
}

impl Granted {
    pub fn of(tokens: Tokens, scopes: &BTreeSet<String>) -> Self {
        Self {
            access_token: tokens.access_token,
            token_type: tokens.token_type,
            expires_in: tokens.expires_in,
            refresh_token: tokens.refresh_token,
            scope: joined(scopes),
        }
    }
}

pub(crate) fn joined(scopes: &BTreeSet<String>) -> String {
    scopes.iter().map(String::as_str).collect::<Vec<_>>().join(" ")
}

/// The scopes a client gets: all that is open to it when it names none.
pub(crate) fn scopes_of(client: &oauth_clients::Model, asked: Option<&str>) -> OauthResult<BTreeSet<String>> {
    let open = open_to(client);
    let Some(asked) = asked else { return Ok(open) };
    let asked = scopes::parse(asked);
    let exists = |scope: &String| scopes::is_known(scope) || scope == scopes::ALL;
    let own = !asked.contains(scopes::ALL) || open.contains(scopes::ALL);
    if asked.is_empty() || !own || !asked.iter().all(exists) || scopes::covered(&asked, &open) != asked {
        return Err(OauthError::invalid_scope());
    }
    Ok(asked)
}

/// The guard whose accounts a client speaks for; it never speaks for others.
pub(crate) fn guard_of(client: &oauth_clients::Model) -> OauthResult<Guard> {
    client
        .provider
        .and_then(guard_of_client)
        .ok_or_else(|| OauthError::unauthorized_client("This client speaks for nobody's account."))
}

/// Answers the token endpoint.
pub(crate) async fn grant(app: &App, origin: &Actor, ask: &Ask) -> OauthResult<Granted> {
    let kind = ask.parameters.need("grant_type")?;
    if !["authorization_code", "refresh_token", "client_credentials", "password"].contains(&kind) {
        return Err(OauthError::unsupported_grant());
    }
    // Whoever guesses elsewhere guesses no codes here. A password is looked after where it is tried, which puts it on record.
    if let Some(ip) = origin.origin.ip.as_deref().filter(|_| kind != "password") {
        throttles::require_address_open(app, ip).await?;
    }
    let client = ask.client(app, origin).await?;
    match kind {
        "authorization_code" => codes::redeem(app, origin, &client, &ask.parameters).await,
        "refresh_token" => refresh(app, origin, &client, &ask.parameters).await,
        "client_credentials" => of_itself(app, origin, &client, &ask.parameters).await,
        _ => by_password(app, origin, &client, &ask.parameters).await,
    }
}

async fn refresh(
    app: &App,
    origin: &Actor,
    client: &oauth_clients::Model,
    parameters: &Parameters,
) -> OauthResult<Granted> {
    let token = parameters.need("refresh_token")?;
    let narrowed = parameters.get("scope").map(scopes::parse);
    let presenter = Presenter { guard: guard_of(client)?, client: client.id, narrowed };
    let (tokens, scopes) = sessions::exchange(app, origin, presenter, token).await.map_err(OauthError::of_grant)?;
    Ok(Granted::of(tokens, &scopes))
}

/// A client that speaks for nobody: only its scopes, 15 minutes, nothing to renew.
async fn of_itself(
    app: &App,
    origin: &Actor,
    client: &oauth_clients::Model,
    parameters: &Parameters,
) -> OauthResult<Granted> {
    if client.secret.is_none() {
        return Err(OauthError::unauthorized_client("A client without a secret cannot speak for itself."));
    }
    let mut scopes = scopes_of(client, parameters.get("scope"))?;
    // Everything means everything an account may do; there is no account.
    if scopes.remove(scopes::ALL) && scopes.is_empty() {
        scopes = scopes::catalogue().collect();
    }
    app.signing.ready(app).await?;
    let expires_at = app.now() + ACCESS_LIFETIME;
    let token = platform::write_txn!(app.db, |txn| {
        let mint = Mint {
            client: client.id,
            holder: None,
            session: None,
            granted: &scopes,
            scopes: &scopes,
            expires_at,
            name: None,
            impersonator: None,
        };
        let (token, _) = tokens::mint(txn, app, mint).await?;
        let entry = Entry::new("oauth_token.issued").subject("OauthClient", client.id);
        audit::record(txn, app, origin, entry).await?;
        Ok(token)
    })?;
    let expires_in = ACCESS_LIFETIME.num_seconds();
    let scope = joined(&scopes);
    Ok(Granted { access_token: token, token_type: "Bearer", expires_in, refresh_token: None, scope })
}

/// The legacy grant: off unless somebody switched it on for a first-party client that can keep a secret.
async fn by_password(
    app: &App,
    origin: &Actor,
    client: &oauth_clients::Model,
    parameters: &Parameters,
) -> OauthResult<Granted> {
    if !client.password_client || !client.first_party || client.secret.is_none() {
        return Err(OauthError::unauthorized_client("This client may not ask for passwords."));
    }
    let guard = guard_of(client)?;
    let scopes = scopes_of(client, parameters.get("scope"))?;
    let credentials = Credentials {
        login: parameters.need("username")?.to_owned(),
        password: Secret::new(parameters.need("password")?.to_owned()),
        device: None,
    };
    let proven = login::prove_password(app, origin, guard, &credentials).await.map_err(OauthError::of_grant)?;
    if proven.demand != Demand::Nothing {
        return Err(OauthError::invalid_grant("This account signs in with a second factor.").hint("mfa_required"));
    }
    if proven.account.must_reset {
        return Err(OauthError::invalid_grant("This account must choose a new password first.").hint("must_reset"));
    }
    let policy = sessions::policy_of(app, guard).await?;
    let (account, now) = (&proven.account, app.now());
    let opened = platform::write_txn!(app.db, |txn| {
        throttles::pass(txn, app, guard, &proven.login_hash).await?;
        let opening = Opening {
            holder: Holder { guard, id: account.id },
            client: client.id,
            scopes: scopes.clone(),
            proven_at: now,
            mfa_at: None,
            device: Some(client.name.clone()),
        };
        let opened = sessions::open_for(txn, app, origin, opening, (policy, Carrier::Bearer)).await?;
        let actor = account.actor(origin).in_session(opened.0.session_id);
        let entry = Entry::new("login.succeeded").subject(guard.model_type(), account.id);
        audit::record(txn, app, &actor, entry).await?;
        Ok(opened)
    });
    let (tokens, _) = throttles::on_record(app, origin, (guard, &proven.login_hash), opened).await?;
    Ok(Granted::of(tokens, &scopes))
}
