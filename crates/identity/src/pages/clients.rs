//! OAuth clients on the pages of staff.

use std::collections::BTreeSet;

use askama::Template;
use axum::Router;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::ids::OauthClientId;
use kernel::{AppError, AppResult, ErrorKind, Guard, Page};
use platform::App;
use platform::web::routing::{get, handled, post};
use platform::web::{ApiResult, Path, status_of};
use ui::{Badge, Choice, Chrome, Ctx, Form, Html, Inside, ListView, Posted, Tone, page};

use super::confirm;
use super::tokens::{SecretPage, scope_choices};
use crate::rules::scopes::ALL;
use crate::service::clients::{self, ClientForm, ClientView, NewClient, Registered};

const BASE: &str = "/admin/settings/clients";

struct Line {
    href: String,
    name: String,
    guard: String,
    state: Badge,
    used: Html,
}

#[derive(Template)]
#[template(path = "clients.html")]
struct ClientsPage {
    chrome: Chrome,
    lines: Vec<Line>,
    list: ListView,
}

#[derive(Template)]
#[template(path = "client_new.html")]
struct NewClientPage {
    chrome: Chrome,
    form: Form,
    guards: Vec<Choice>,
    kinds: Vec<Choice>,
    scopes: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "client.html")]
struct ClientPage {
    chrome: Chrome,
    client: ClientView,
    guard: String,
    state: Badge,
    used: Html,
    base: String,
    form: Form,
    scopes: Vec<Choice>,
    granted: Vec<String>,
}

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route(BASE, get(list))
        .route("/admin/settings/clients/new", get(show_new).post(handled(create)))
        .route("/admin/settings/clients/{id}", get(show).post(handled(save)))
        .route("/admin/settings/clients/{id}/secret", post(rotate_secret))
        .route("/admin/settings/clients/{id}/revoke", post(revoke))
}

fn of(id: OauthClientId) -> String {
    format!("{BASE}/{id}")
}

fn guard_word(chrome: &Chrome, guard: Option<&str>) -> String {
    chrome.word("client-guard", guard.unwrap_or("personal"))
}

fn state_of(chrome: &Chrome, client: &ClientView) -> Badge {
    match client {
        client if client.revoked => Badge::new(Tone::Calm, chrome.t("client-ended")),
        client if client.built_in => Badge::new(Tone::Info, chrome.t("client-built-in")),
        client if client.first_party => Badge::new(Tone::Good, chrome.t("client-first-party")),
        _ => Badge::new(Tone::Good, chrome.t("client-in-use")),
    }
}

async fn list(Inside(ctx): Inside) -> ApiResult<Response> {
    let chrome = ctx.chrome.clone();
    let Page { data, meta, .. } = clients::list(&ctx.app, &ctx.actor, ctx.page_query()).await?;
    let line = |client: ClientView| Line {
        href: of(client.id),
        guard: guard_word(&chrome, client.guard.as_deref()),
        state: state_of(&chrome, &client),
        used: client.last_used_at.map(|at| chrome.when(at)).unwrap_or_default(),
        name: client.name,
    };
    page(&ClientsPage { lines: data.into_iter().map(line).collect(), list: ListView::new(&chrome, &meta), chrome })
}

/// The scopes a form offers: everything is for programs of the house.
fn choices(chrome: &Chrome) -> Vec<Choice> {
    let mut all = scope_choices(chrome);
    all.push(Choice::new(ALL, chrome.t("scope-all")).hint(chrome.t("client-first-party-only")));
    all
}

fn new_page(ctx: &Ctx, form: Form) -> ApiResult<Response> {
    let chrome = ctx.chrome.clone();
    let guards = [Guard::Patient, Guard::Provider, Guard::Api];
    page(&NewClientPage {
        guards: guards.map(|guard| Choice::new(guard.name(), guard_word(&chrome, Some(guard.name())))).into(),
        kinds: vec![
            Choice::new("true", chrome.t("client-confidential")).hint(chrome.t("client-confidential-hint")),
            Choice::new("false", chrome.t("client-public")).hint(chrome.t("client-public-hint")),
        ],
        scopes: choices(&chrome),
        form,
        chrome,
    })
}

async fn show_new(Inside(ctx): Inside) -> ApiResult<Response> {
    ctx.actor.require(kernel::Permission::ManageOauthClient)?;
    // The id is made with the form, so that sending it twice registers one client.
    let form = Form::new(&ctx.chrome).with("id", OauthClientId::new().to_string()).with("confidential", "true");
    new_page(&ctx, form)
}

fn form_of(posted: &Posted) -> ClientForm {
    ClientForm {
        name: posted.get("name").to_owned(),
        redirect_uris: posted.get("redirect_uris").lines().map(str::to_owned).collect(),
        scopes: posted.all("scopes").into_iter().map(str::to_owned).collect::<BTreeSet<_>>(),
        first_party: posted.ticked("first_party"),
        password_grant: posted.ticked("legacy_grant"),
    }
}

/// The fault of a field under the name it has on the page: fields with `password` in their name are never kept.
fn renamed(mut error: AppError) -> AppError {
    if let Some(faults) = error.fields.0.remove("password_grant") {
        error.fields.0.insert("legacy_grant".to_owned(), faults);
    }
    error
}

fn may_answer(error: &AppError) -> bool {
    matches!(error.kind, ErrorKind::Invalid | ErrorKind::Conflict)
}

async fn create(Inside(ctx): Inside, posted: Posted) -> ApiResult<Response> {
    ctx.actor.require(kernel::Permission::ManageOauthClient)?;
    if let Some(response) = confirm::ask(&ctx, &posted, BASE).await? {
        return Ok(response);
    }
    match try_create(&ctx, &posted).await {
        Ok(registered) => secret_page(&ctx, registered),
        // The form came a second time.
        Err(error) if error.code == "client_exists" => {
            Ok(Redirect::to(&format!("{BASE}/{}", posted.get("id"))).into_response())
        }
        Err(error) if may_answer(&error) => {
            let status = status_of(error.kind);
            let mut response = new_page(&ctx, Form::posted(&ctx.chrome, &posted).refused(&renamed(error)))?;
            *response.status_mut() = status;
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

async fn try_create(ctx: &Ctx, posted: &Posted) -> AppResult<Registered> {
    let guard = Guard::from_name(posted.get("guard"))
        .ok_or_else(|| AppError::field("guard", "required", "This is required."))?;
    let new = NewClient {
        id: Some(posted.parse("id")?),
        guard,
        confidential: posted.ticked("confidential"),
        form: form_of(posted),
    };
    clients::register(&ctx.app, &ctx.actor, new).await
}

fn secret_page(ctx: &Ctx, registered: Registered) -> ApiResult<Response> {
    let chrome = ctx.chrome.clone();
    let id = registered.client.id;
    let Some(secret) = registered.secret else { return Ok(ctx.done(&of(id), "client-registered")) };
    page(&SecretPage {
        heading: registered.client.name,
        text: chrome.t("client-secret-text"),
        values: vec![(chrome.t("client-id"), id.to_string()), (chrome.t("client-secret"), secret.into_inner())],
        next: of(id),
        chrome,
    })
}

async fn show(Inside(ctx): Inside, Path(id): Path<OauthClientId>) -> ApiResult<Response> {
    let client = clients::show(&ctx.app, &ctx.actor, id).await?;
    let mut form =
        Form::new(&ctx.chrome).with("name", &client.name).with("redirect_uris", client.redirect_uris.join("\n"));
    for scope in &client.scopes {
        form = form.with("scopes", scope);
    }
    if client.first_party {
        form = form.with("first_party", "true");
    }
    if client.password_grant {
        form = form.with("legacy_grant", "true");
    }
    client_page(&ctx, client, form)
}

fn client_page(ctx: &Ctx, client: ClientView, form: Form) -> ApiResult<Response> {
    let chrome = ctx.chrome.clone();
    page(&ClientPage {
        guard: guard_word(&chrome, client.guard.as_deref()),
        state: state_of(&chrome, &client),
        used: client.last_used_at.map(|at| chrome.when(at)).unwrap_or_default(),
        base: of(client.id),
        scopes: choices(&chrome),
        granted: client.scopes.iter().map(|scope| chrome.t(crate::oauth::metadata::scope_key(scope))).collect(),
        client,
        form,
        chrome,
    })
}

async fn save(Inside(ctx): Inside, Path(id): Path<OauthClientId>, posted: Posted) -> ApiResult<Response> {
    // A foreign id is a 404 before anybody is asked for a password.
    let client = clients::show(&ctx.app, &ctx.actor, id).await?;
    if let Some(response) = confirm::ask(&ctx, &posted, &of(id)).await? {
        return Ok(response);
    }
    match clients::change(&ctx.app, &ctx.actor, id, form_of(&posted)).await {
        Ok(_) => Ok(ctx.done(&of(id), "saved")),
        Err(error) if may_answer(&error) => {
            let status = status_of(error.kind);
            let form = Form::posted(&ctx.chrome, &posted).refused(&renamed(error));
            let mut response = client_page(&ctx, client, form)?;
            *response.status_mut() = status;
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

async fn rotate_secret(Inside(ctx): Inside, Path(id): Path<OauthClientId>, posted: Posted) -> ApiResult<Response> {
    clients::show(&ctx.app, &ctx.actor, id).await?;
    if let Some(response) = confirm::ask(&ctx, &posted, &of(id)).await? {
        return Ok(response);
    }
    secret_page(&ctx, clients::rotate_secret(&ctx.app, &ctx.actor, id).await?)
}

async fn revoke(Inside(ctx): Inside, Path(id): Path<OauthClientId>, _: Posted) -> ApiResult<Response> {
    match clients::revoke(&ctx.app, &ctx.actor, id).await {
        Ok(()) => Ok(ctx.done(&of(id), "client-revoked")),
        // Pressed twice.
        Err(error) if error.code == "client_revoked" => Ok(ctx.done(&of(id), "client-revoked")),
        Err(error) => Err(error.into()),
    }
}
