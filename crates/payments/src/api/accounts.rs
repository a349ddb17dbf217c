//! Gateway accounts, for staff.

use axum::extract::State;
use axum::http::StatusCode;
use kernel::ids::GatewayAccountId;
use kernel::{Page, PageQuery};
use platform::App;
use platform::web::{ApiResult, Json, Path, ProblemDocument, Query, Who};
use serde::Serialize;
use utoipa::ToSchema;

use crate::service::account_settings::{self as accounts, GatewayAccountChange, GatewayAccountView, NewGatewayAccount};

/// An account that was made.
#[derive(Debug, Serialize, ToSchema)]
pub struct MadeGatewayAccount {
    /// Its id: the last part of the address its webhooks go to.
    pub id: GatewayAccountId,
}

/// Whether the keys of an account open it.
#[derive(Debug, Serialize, ToSchema)]
pub struct GatewayAccountTest {
    /// The gateway accepted them.
    pub works: bool,
}

/// Lists the gateway accounts, those in use first.
#[utoipa::path(get, path = "/admin/settings/gateway-accounts", tag = "settings", operation_id = "list_gateway_accounts",
    params(PageQuery),
    responses((status = 200, body = Page<GatewayAccountView>), (status = 403, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn list_gateway_accounts(
    State(app): State<App>,
    Who(actor): Who,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<GatewayAccountView>>> {
    Ok(Json(accounts::list(&app, &actor, page).await?))
}

/// Makes a gateway account; its keys are tried first. Needs a fresh proof of identity.
#[utoipa::path(post, path = "/admin/settings/gateway-accounts", tag = "settings",
    operation_id = "create_gateway_account", request_body = NewGatewayAccount,
    responses((status = 201, body = MadeGatewayAccount), (status = 403, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument),
        (status = 503, body = ProblemDocument)))]
pub async fn create_gateway_account(
    State(app): State<App>,
    Who(actor): Who,
    Json(body): Json<NewGatewayAccount>,
) -> ApiResult<(StatusCode, Json<MadeGatewayAccount>)> {
    let id = accounts::create(&app, &actor, &body).await?;
    Ok((StatusCode::CREATED, Json(MadeGatewayAccount { id })))
}

/// Shows a gateway account; its secrets are never shown.
#[utoipa::path(get, path = "/admin/settings/gateway-accounts/{id}", tag = "settings",
    operation_id = "show_gateway_account", params(("id" = GatewayAccountId, Path)),
    responses((status = 200, body = GatewayAccountView), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument)))]
pub async fn show_gateway_account(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<GatewayAccountId>,
) -> ApiResult<Json<GatewayAccountView>> {
    Ok(Json(accounts::show(&app, &actor, id).await?))
}

/// Changes whose money an account takes, its keys, and whether it is used. Needs a fresh proof of identity.
#[utoipa::path(put, path = "/admin/settings/gateway-accounts/{id}", tag = "settings",
    operation_id = "change_gateway_account", params(("id" = GatewayAccountId, Path)),
    request_body = GatewayAccountChange,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument),
        (status = 503, body = ProblemDocument)))]
pub async fn change_gateway_account(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<GatewayAccountId>,
    Json(body): Json<GatewayAccountChange>,
) -> ApiResult<StatusCode> {
    accounts::change(&app, &actor, id, &body).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Asks the gateway whether the keys of an account still open it.
#[utoipa::path(post, path = "/admin/settings/gateway-accounts/{id}/test", tag = "settings",
    operation_id = "test_gateway_account", params(("id" = GatewayAccountId, Path)),
    responses((status = 200, body = GatewayAccountTest), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument), (status = 503, body = ProblemDocument)))]
pub async fn test_gateway_account(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<GatewayAccountId>,
) -> ApiResult<Json<GatewayAccountTest>> {
    Ok(Json(GatewayAccountTest { works: accounts::test(&app, &actor, id).await? }))
}
