//! OAuth clients over HTTP.

use std::collections::BTreeSet;

use axum::extract::State;
use axum::http::StatusCode;
use kernel::ids::OauthClientId;
use kernel::{AppError, AppResult, Guard, Page, PageQuery};
use platform::App;
use platform::web::{ApiResult, Json, Made, Path, ProblemDocument, Query, Who, made};
use serde::{Deserialize, Serialize};

use crate::service::clients::{self, ClientForm, ClientView, NewClient, Registered};

/// Lists the clients, those in use first.
#[utoipa::path(get, path = "/admin/oauth/clients", tag = "identity", operation_id = "list_oauth_clients",
    params(PageQuery), responses((status = 200, body = Page<ClientView>), (status = 403, body = ProblemDocument)))]
pub async fn list_clients(
    State(app): State<App>,
    Who(actor): Who,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<ClientView>>> {
    Ok(Json(clients::list(&app, &actor, page).await?))
}

/// A client to be registered.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({ "name": "Clinic calendar", "guard": "provider", "confidential": true,
    "redirect_uris": ["https://calendar.example/oauth/back"], "scopes": ["read:profile", "read:treatments"] }))]
pub struct ClientBody {
    /// What people read on the consent page.
    #[schema(example = "Partner manager")]
    pub name: String,
    /// Whose accounts it speaks for: api, provider, patient or affiliate.
    #[schema(example = "patient")]
    pub guard: String,
    /// It can keep a secret: a server, not an app on somebody's device.
    pub confidential: bool,
    /// Where people are sent back to, exactly.
    #[serde(default)]
    pub redirect_uris: Vec<String>,
    /// What it may ask for.
    pub scopes: BTreeSet<String>,
    /// A program of the house: no consent page.
    #[serde(default)]
    pub first_party: bool,
    /// May ask people for their password (legacy).
    #[serde(default)]
    pub password_grant: bool,
}

/// A client, and its secret when one was made: it is shown this once.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ClientMade {
    /// The client.
    #[serde(flatten)]
    pub client: ClientView,
    /// Its secret; null for public clients.
    pub secret: Option<String>,
}

impl From<Registered> for ClientMade {
    fn from(registered: Registered) -> Self {
        Self { client: registered.client, secret: registered.secret.map(|secret| secret.into_inner()) }
    }
}

fn guard(word: &str) -> AppResult<Guard> {
    Guard::from_name(word).ok_or_else(|| AppError::field("guard", "unknown_value", "There are no such accounts."))
}

/// Registers a client; needs a fresh proof of identity.
#[utoipa::path(post, path = "/admin/oauth/clients", tag = "identity", operation_id = "create_oauth_client",
    request_body = ClientBody,
    responses((status = 201, body = ClientMade), (status = 403, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn create_client(
    State(app): State<App>,
    Who(actor): Who,
    Json(body): Json<ClientBody>,
) -> ApiResult<Made<ClientMade>> {
    let new = NewClient {
        id: None,
        guard: guard(&body.guard)?,
        confidential: body.confidential,
        form: ClientForm {
            name: body.name,
            redirect_uris: body.redirect_uris,
            scopes: body.scopes,
            first_party: body.first_party,
            password_grant: body.password_grant,
        },
    };
    let new = clients::register(&app, &actor, new).await?;
    Ok(made("/admin/oauth/clients", new.client.id, new.into()))
}

/// What may be changed of a client; what is absent stays.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({ "name": "Clinic calendar", "scopes": ["read:profile"] }))]
pub struct ClientChange {
    /// What people read on the consent page.
    #[schema(example = "Partner manager")]
    pub name: Option<String>,
    /// Where people are sent back to, exactly.
    pub redirect_uris: Option<Vec<String>>,
    /// What it may ask for.
    pub scopes: Option<BTreeSet<String>>,
    /// A program of the house.
    pub first_party: Option<bool>,
    /// May ask people for their password.
    pub password_grant: Option<bool>,
}

/// Changes a client; more rights than before need a fresh proof of identity.
#[utoipa::path(patch, path = "/admin/oauth/clients/{id}", tag = "identity", operation_id = "edit_oauth_client",
    params(("id" = OauthClientId, Path, description = "The client")), request_body = ClientChange,
    responses((status = 200, body = ClientView), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn edit_client(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<OauthClientId>,
    Json(body): Json<ClientChange>,
) -> ApiResult<Json<ClientView>> {
    let now = clients::show(&app, &actor, id).await?;
    let form = ClientForm {
        name: body.name.unwrap_or(now.name),
        redirect_uris: body.redirect_uris.unwrap_or(now.redirect_uris),
        scopes: body.scopes.unwrap_or(now.scopes),
        first_party: body.first_party.unwrap_or(now.first_party),
        password_grant: body.password_grant.unwrap_or(now.password_grant),
    };
    Ok(Json(clients::change(&app, &actor, id, form).await?))
}

/// Makes a new secret; the old one ends at once. Needs a fresh proof of identity.
#[utoipa::path(post, path = "/admin/oauth/clients/{id}/secret", tag = "identity",
    operation_id = "rotate_oauth_client_secret", params(("id" = OauthClientId, Path, description = "The client")),
    responses((status = 200, body = ClientMade), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument)))]
pub async fn rotate_secret(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<OauthClientId>,
) -> ApiResult<Json<ClientMade>> {
    Ok(Json(clients::rotate_secret(&app, &actor, id).await?.into()))
}

/// Ends a client with its codes and tokens.
#[utoipa::path(delete, path = "/admin/oauth/clients/{id}", tag = "identity", operation_id = "revoke_oauth_client",
    params(("id" = OauthClientId, Path, description = "The client")),
    responses((status = 204), (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument)))]
pub async fn revoke_client(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<OauthClientId>,
) -> ApiResult<StatusCode> {
    clients::revoke(&app, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
