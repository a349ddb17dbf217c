//! Legal texts: reading them, and agreeing to them.

use axum::extract::State;
use axum::http::StatusCode;
use identity::consents::{Given, PatientConsentChannel};
use kernel::ids::LegalDocumentId;
use platform::App;
use platform::locale::Locale;
use platform::web::{ApiResult, Json, Lang, Path, ProblemDocument, Query, Who};
use serde::{Deserialize, Serialize};

use crate::entity::terms_and_conditions::{LegalDocumentAudience as Audience, LegalDocumentType as Type};
use crate::legal::accept::{self, OwnDocument, PublicDocument};

/// Which text.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TextQuery {
    /// For whom; patients when left out.
    pub audience: Option<Audience>,
    /// The language; the reader's when left out.
    pub locale: Option<Locale>,
}

/// Shows the text in force.
#[utoipa::path(get, path = "/legal/{document_type}", tag = "legal", operation_id = "show_legal", security(()),
    params(("document_type" = Type, Path), TextQuery),
    responses((status = 200, body = PublicDocument), (status = 404, body = ProblemDocument)))]
pub async fn show_legal(
    State(app): State<App>,
    Lang(locale): Lang,
    Path(kind): Path<Type>,
    Query(query): Query<TextQuery>,
) -> ApiResult<Json<PublicDocument>> {
    let audience = query.audience.unwrap_or(Audience::Patient);
    Ok(Json(accept::public(&app, kind, audience, None, query.locale.unwrap_or(locale)).await?))
}

/// Shows a version that is or was in force.
#[utoipa::path(get, path = "/legal/{document_type}/versions/{label}", tag = "legal", operation_id = "show_legal_version",
    security(()), params(("document_type" = Type, Path), ("label" = String, Path), TextQuery),
    responses((status = 200, body = PublicDocument), (status = 404, body = ProblemDocument)))]
pub async fn show_legal_version(
    State(app): State<App>,
    Lang(locale): Lang,
    Path((kind, label)): Path<(Type, String)>,
    Query(query): Query<TextQuery>,
) -> ApiResult<Json<PublicDocument>> {
    let audience = query.audience.unwrap_or(Audience::Patient);
    Ok(Json(accept::public(&app, kind, audience, Some(&label), query.locale.unwrap_or(locale)).await?))
}

/// What the caller has to agree to before anything else can be written.
#[utoipa::path(get, path = "/me/legal/pending", tag = "legal", operation_id = "list_pending_legal",
    security(("bearer" = ["account"])), responses((status = 200, body = Vec<OwnDocument>)))]
pub async fn list_pending_legal(
    State(app): State<App>,
    Who(actor): Who,
    Lang(locale): Lang,
) -> ApiResult<Json<Vec<OwnDocument>>> {
    Ok(Json(accept::pending(&app, &actor, locale).await?))
}

/// A yes.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({ "document_id": "01930000-0000-7000-8000-000000000001", "channel": "mobile" }))]
pub struct AcceptanceBody {
    /// The text that was shown, from the list of what is pending.
    pub document_id: LegalDocumentId,
    /// The surface it was shown on; `web` when left out.
    pub channel: Option<PatientConsentChannel>,
}

/// What was agreed to.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Acceptance {
    /// The text.
    pub document_id: LegalDocumentId,
}

/// Agrees to a text in the caller's own name. Agreeing again adds nothing.
#[utoipa::path(post, path = "/me/legal/acceptances", tag = "legal", operation_id = "accept_legal",
    security(("bearer" = ["account"])), request_body = AcceptanceBody,
    responses((status = 201, body = Acceptance), (status = 200, body = Acceptance),
        (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument)))]
pub async fn accept_legal(
    State(app): State<App>,
    Who(actor): Who,
    Lang(locale): Lang,
    Json(body): Json<AcceptanceBody>,
) -> ApiResult<(StatusCode, Json<Acceptance>)> {
    let given = Given { locale, channel: body.channel.unwrap_or(PatientConsentChannel::Web) };
    let is_new = accept::accept(&app, &actor, body.document_id, given).await?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(Acceptance { document_id: body.document_id })))
}
