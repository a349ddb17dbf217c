//! What gateways reported, for staff.

use axum::extract::State;
use kernel::ids::GatewayEventId;
use kernel::{Page, PageQuery};
use platform::App;
use platform::web::{ApiResult, Json, Path, ProblemDocument, Query, Who};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::entity::gateway_events::GatewayEventStatus;
use crate::queries::events::{self, EventFilter, EventLine};
use crate::service::replay;

/// Lists the events gateways sent, the newest first.
#[utoipa::path(get, path = "/admin/gateway-events", tag = "payments", operation_id = "list_gateway_events",
    params(PageQuery, EventFilter),
    responses((status = 200, body = Page<EventLine>), (status = 403, body = ProblemDocument)))]
pub async fn list_gateway_events(
    State(app): State<App>,
    Who(actor): Who,
    Query(page): Query<PageQuery>,
    Query(filter): Query<EventFilter>,
) -> ApiResult<Json<Page<EventLine>>> {
    Ok(Json(events::list(&app, &actor, &filter, page).await?))
}

/// Why an event is worked on again.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplayInput {
    /// 20 to 500 characters.
    #[schema(example = "The booking was restored; the bank confirmed the amount.")]
    pub reason: String,
}

/// What became of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReplayedEvent {
    /// Where it stands now.
    #[schema(value_type = String, example = "processed")]
    pub status: GatewayEventStatus,
}

/// Works on a parked or quarantined event once more.
#[utoipa::path(post, path = "/admin/gateway-events/{id}/replay", tag = "payments",
    operation_id = "replay_gateway_event", params(("id" = GatewayEventId, Path)), request_body = ReplayInput,
    responses((status = 200, body = ReplayedEvent), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn replay_gateway_event(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<GatewayEventId>,
    Json(body): Json<ReplayInput>,
) -> ApiResult<Json<ReplayedEvent>> {
    Ok(Json(ReplayedEvent { status: replay::replay(&app, &actor, id, &body.reason).await? }))
}
