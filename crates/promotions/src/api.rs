//! Affiliates for staff over HTTP.

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kernel::ids::AffiliateId;
use kernel::{Amount, AppError, Page, PageQuery};
use platform::App;
use platform::routes;
use platform::web::{ApiResult, Json, Lang, Path, ProblemDocument, Query, Who};
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;

use crate::entity::affiliates::{AffiliateCommissionType, AffiliateStatus, AffiliateType};
use crate::partners::{self, AffiliateView, Filter, NewAffiliate};

/// The endpoints, relative to the API's prefix.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_affiliates, invite_affiliate))
        .routes(routes!(show_affiliate, withdraw_affiliate))
        .routes(routes!(resend_activation))
}

/// What narrows the list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct AffiliateFilter {
    /// In name, address, company or number.
    q: Option<String>,
    /// Where they stand.
    #[serde(rename = "filter[status]")]
    status: Option<AffiliateStatus>,
}

/// Lists the affiliates, newest first.
#[utoipa::path(get, path = "/admin/affiliates", tag = "affiliates", operation_id = "list_affiliates", params(AffiliateFilter, PageQuery),
    responses((status = 200, body = Page<AffiliateView>), (status = 403, body = ProblemDocument)))]
async fn list_affiliates(
    State(app): State<App>,
    Who(actor): Who,
    Query(filter): Query<AffiliateFilter>,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<AffiliateView>>> {
    let filter = Filter { q: filter.q, status: filter.status };
    Ok(Json(partners::list(&app, &actor, &filter, page).await?))
}

/// A partner to be invited.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({ "affiliate_name": "Ada Travels", "email": "ada@travels.example", "affiliate_type": "organization", "commission_type": "percentage", "commission_value": "10.00" }))]
struct AffiliateBody {
    /// Name.
    affiliate_name: String,
    /// Address; the login, for good.
    email: String,
    /// Company.
    company_name: Option<String>,
    /// Whom to ask for.
    contact_person: Option<String>,
    /// E.164.
    phone_number: Option<String>,
    /// What kind of partner.
    affiliate_type: AffiliateType,
    /// Percent of our commission, or a fixed amount in dollars.
    commission_type: AffiliateCommissionType,
    /// 5 to 25 percent, or at least 50 dollars.
    commission_value: Amount,
    /// A commission above 20 percent or 200 dollars is meant.
    #[serde(default)]
    confirm_high: bool,
}

/// A made account.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct InvitedAffiliate {
    /// The account.
    id: AffiliateId,
}

/// Makes an affiliate's account and mails the link that opens it within 24 hours.
#[utoipa::path(post, path = "/admin/affiliates", tag = "affiliates", operation_id = "invite_affiliate", request_body = AffiliateBody,
    responses((status = 201, body = InvitedAffiliate), (status = 403, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
async fn invite_affiliate(
    State(app): State<App>,
    Who(actor): Who,
    Lang(locale): Lang,
    Json(body): Json<AffiliateBody>,
) -> ApiResult<Response> {
    let new = NewAffiliate {
        name: body.affiliate_name,
        email: body.email,
        company: body.company_name,
        contact_person: body.contact_person,
        phone_number: body.phone_number,
        kind: body.affiliate_type,
        commission_kind: body.commission_type,
        commission_value: body.commission_value,
        confirm_high: body.confirm_high,
    };
    let id = partners::invite(&app, &actor, &new, locale).await?;
    let place = HeaderValue::from_str(&format!("/api/v1/admin/affiliates/{id}")).map_err(AppError::internal)?;
    Ok((StatusCode::CREATED, [(header::LOCATION, place)], Json(InvitedAffiliate { id })).into_response())
}

/// Shows an affiliate.
#[utoipa::path(get, path = "/admin/affiliates/{id}", tag = "affiliates", operation_id = "show_affiliate",
    params(("id" = AffiliateId, Path, description = "The affiliate")),
    responses((status = 200, body = AffiliateView), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument)))]
async fn show_affiliate(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<AffiliateId>,
) -> ApiResult<Json<AffiliateView>> {
    Ok(Json(partners::show(&app, &actor, id).await?))
}

/// Takes an invitation back before the account was opened.
#[utoipa::path(delete, path = "/admin/affiliates/{id}", tag = "affiliates", operation_id = "withdraw_affiliate",
    params(("id" = AffiliateId, Path, description = "The affiliate")),
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument)))]
async fn withdraw_affiliate(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<AffiliateId>,
) -> ApiResult<StatusCode> {
    partners::withdraw(&app, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Mails an invited affiliate a new link; the earlier one is dead.
#[utoipa::path(post, path = "/admin/affiliates/{id}/resend-activation", tag = "affiliates", operation_id = "resend_affiliate_activation",
    params(("id" = AffiliateId, Path, description = "The affiliate")),
    responses((status = 202), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument)))]
async fn resend_activation(
    State(app): State<App>,
    Who(actor): Who,
    Lang(locale): Lang,
    Path(id): Path<AffiliateId>,
) -> ApiResult<StatusCode> {
    partners::invite_again(&app, &actor, id, locale).await?;
    Ok(StatusCode::ACCEPTED)
}
