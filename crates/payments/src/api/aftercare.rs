//! Charges of aftercare bought on its own (R-PY-70).

use axum::extract::State;
use axum::http::StatusCode;
use kernel::ids::AftercarePaymentId;
use kernel::{Page, PageQuery};
use platform::App;
use platform::web::{ApiResult, Json, Path, ProblemDocument, Query, Who};
use serde::Serialize;
use utoipa::ToSchema;

use crate::queries::aftercare::{self as queries, ChargeFilter, ChargeView};
use crate::service::aftercare::{self, GiveBack};

/// A refund that was begun.
#[derive(Debug, Serialize, ToSchema)]
pub struct BegunRefund {
    /// The refund's own row.
    pub id: AftercarePaymentId,
}

/// Lists charges and refunds, the newest first: your own, or all for staff.
#[utoipa::path(get, path = "/aftercare-payments", tag = "aftercare", operation_id = "list_aftercare_payments",
    params(PageQuery, ChargeFilter),
    responses((status = 200, body = Page<ChargeView>), (status = 401, body = ProblemDocument),
        (status = 403, body = ProblemDocument)))]
pub async fn list_aftercare_payments(
    State(app): State<App>,
    Who(actor): Who,
    Query(page): Query<PageQuery>,
    Query(filter): Query<ChargeFilter>,
) -> ApiResult<Json<Page<ChargeView>>> {
    Ok(Json(queries::list(&app, &actor, &filter, page).await?))
}

/// Asks the gateway how a charge stands.
#[utoipa::path(post, path = "/aftercare-payments/{id}/sync", tag = "aftercare", operation_id = "sync_aftercare_payment",
    params(("id" = AftercarePaymentId, Path)),
    responses((status = 204), (status = 404, body = ProblemDocument)))]
pub async fn sync_aftercare_payment(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<AftercarePaymentId>,
) -> ApiResult<StatusCode> {
    aftercare::sync(&app, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives a part of a charge back.
#[utoipa::path(post, path = "/aftercare-payments/{id}/refund", tag = "aftercare", operation_id = "refund_aftercare_payment",
    params(("id" = AftercarePaymentId, Path)), request_body = GiveBack,
    responses((status = 201, body = BegunRefund), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument),
        (status = 422, body = ProblemDocument), (status = 429, body = ProblemDocument)))]
pub async fn refund_aftercare_payment(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<AftercarePaymentId>,
    Json(ask): Json<GiveBack>,
) -> ApiResult<(StatusCode, Json<BegunRefund>)> {
    let id = aftercare::give_back(&app, &actor, id, &ask).await?;
    Ok((StatusCode::CREATED, Json(BegunRefund { id })))
}
