//! Currencies and exchange rates, for staff.

use axum::extract::State;
use axum::http::StatusCode;
use platform::App;
use platform::web::{ApiResult, Json, ProblemDocument, Who};
use serde::Serialize;

use crate::feed::Source;
use crate::service::currencies::{self, CurrencySwitch, CurrencyView, PairChange};

/// All currencies.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CurrencyList {
    /// By their codes.
    pub data: Vec<CurrencyView>,
}

/// All pairs with the dollar.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PairList {
    /// Those that have one, by their codes.
    pub data: Vec<CurrencyView>,
    /// Where automatic rates can come from in this installation.
    pub sources: Vec<&'static str>,
}

/// Lists the currencies with the state of their pairs.
#[utoipa::path(get, path = "/admin/settings/currencies", tag = "settings", operation_id = "list_currencies",
    responses((status = 200, body = CurrencyList), (status = 403, body = ProblemDocument)))]
pub async fn list_currencies(State(app): State<App>, Who(actor): Who) -> ApiResult<Json<CurrencyList>> {
    Ok(Json(CurrencyList { data: currencies::list(&app, &actor).await? }))
}

/// Switches a currency on or off.
#[utoipa::path(post, path = "/admin/settings/currencies", tag = "settings", operation_id = "switch_currency",
    request_body = CurrencySwitch,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 409, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn switch_currency(
    State(app): State<App>,
    Who(actor): Who,
    Json(body): Json<CurrencySwitch>,
) -> ApiResult<StatusCode> {
    currencies::switch(&app, &actor, &body).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lists the pairs with the dollar and the sources rates can come from.
#[utoipa::path(get, path = "/admin/settings/fx-pairs", tag = "settings", operation_id = "list_fx_pairs",
    responses((status = 200, body = PairList), (status = 403, body = ProblemDocument)))]
pub async fn list_fx_pairs(State(app): State<App>, Who(actor): Who) -> ApiResult<Json<PairList>> {
    let all = currencies::list(&app, &actor).await?;
    let sources = Source::all(&app).into_iter().map(Source::word).collect();
    Ok(Json(PairList { data: all.into_iter().filter(|view| view.mode.is_some()).collect(), sources }))
}

/// Sets how the rate of a pair comes; a source is read once before it is saved.
#[utoipa::path(post, path = "/admin/settings/fx-pairs", tag = "settings", operation_id = "set_fx_pair",
    request_body = PairChange,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 409, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn set_fx_pair(
    State(app): State<App>,
    Who(actor): Who,
    Json(body): Json<PairChange>,
) -> ApiResult<StatusCode> {
    currencies::set_pair(&app, &actor, &body).await?;
    Ok(StatusCode::NO_CONTENT)
}
