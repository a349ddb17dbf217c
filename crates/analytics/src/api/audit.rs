//! The audit log over HTTP.

use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use chrono::NaiveDate;
use futures::stream;
use kernel::{CursorPage, CursorQuery};
use platform::App;
use platform::web::{ApiResult, Json, ProblemDocument, Query, Who};
use serde::Deserialize;

use crate::audit_log::{self, AuditFilter, AuditLine, Export, Format};

/// Which entries.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AuditQuery {
    /// The beginning of an action (`payment.`).
    #[serde(rename = "filter[action]")]
    #[param(rename = "filter[action]")]
    action: Option<String>,
    /// `success`, `failed` or `denied`.
    #[serde(rename = "filter[outcome]")]
    #[param(rename = "filter[outcome]")]
    outcome: Option<String>,
    /// The account that did it, or the patient or subject it was about.
    #[serde(rename = "filter[who]")]
    #[param(rename = "filter[who]")]
    who: Option<String>,
    /// What kind of thing it was about (`Quote`).
    #[serde(rename = "filter[subject]")]
    #[param(rename = "filter[subject]")]
    subject: Option<String>,
    /// From this day on, UTC; 90 days ago when left out.
    #[serde(rename = "filter[from]")]
    #[param(rename = "filter[from]")]
    from: Option<NaiveDate>,
    /// To this day, included.
    #[serde(rename = "filter[to]")]
    #[param(rename = "filter[to]")]
    to: Option<NaiveDate>,
}

/// Lists the audit log, newest first.
#[utoipa::path(get, path = "/admin/audit-logs", tag = "audit", operation_id = "list_audit_logs",
    params(AuditQuery, CursorQuery),
    responses((status = 200, body = CursorPage<AuditLine>), (status = 403, body = ProblemDocument)))]
pub(crate) async fn list_audit_logs(
    State(app): State<App>,
    Who(actor): Who,
    Query(query): Query<AuditQuery>,
    Query(cursor): Query<CursorQuery>,
) -> ApiResult<Json<CursorPage<AuditLine>>> {
    let filter = AuditFilter {
        action: query.action.unwrap_or_default(),
        outcome: query.outcome.unwrap_or_default(),
        who: query.who.unwrap_or_default(),
        subject: query.subject.unwrap_or_default(),
        from: query.from,
        to: query.to,
    };
    Ok(Json(audit_log::audit_log(&app, &actor, &filter, &cursor).await?))
}

/// What to take out, and how.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({ "format": "csv", "action": "patient.", "from": "2026-01-01" }))]
pub(crate) struct ExportBody {
    /// `csv` or `json` (one object a line).
    format: Format,
    /// The beginning of an action.
    #[serde(default)]
    action: String,
    /// `success`, `failed` or `denied`.
    #[serde(default)]
    outcome: String,
    /// Account, patient or subject.
    #[serde(default)]
    who: String,
    /// Kind of subject.
    #[serde(default)]
    subject: String,
    /// From this day on, UTC.
    from: Option<NaiveDate>,
    /// To this day, included.
    to: Option<NaiveDate>,
}

/// Takes the audit log out as a file; that it was taken is recorded.
#[utoipa::path(post, path = "/admin/audit-logs/export", tag = "audit", operation_id = "export_audit_logs",
    request_body = ExportBody,
    responses((status = 200, content_type = "text/csv", body = String), (status = 403, body = ProblemDocument)))]
pub(crate) async fn export_audit_logs(
    State(app): State<App>,
    Who(actor): Who,
    Json(body): Json<ExportBody>,
) -> ApiResult<Response> {
    let filter = AuditFilter {
        action: body.action,
        outcome: body.outcome,
        who: body.who,
        subject: body.subject,
        from: body.from,
        to: body.to,
    };
    let export = audit_log::export(&app, &actor, filter, body.format).await?;
    Ok(file(export, body.format))
}

/// The file, sent piece by piece.
pub(crate) fn file(export: Export, format: Format) -> Response {
    let (kind, disposition) = match format {
        Format::Csv => ("text/csv; charset=utf-8", "attachment; filename=\"audit-log.csv\""),
        Format::Json => ("application/x-ndjson", "attachment; filename=\"audit-log.ndjson\""),
    };
    let pieces = stream::try_unfold(export, |mut export| async move {
        let piece = export.next().await.map_err(|error| std::io::Error::other(error.to_string()))?;
        Ok::<_, std::io::Error>(piece.map(|text| (Bytes::from(text), export)))
    });
    ([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, disposition)], Body::from_stream(pieces))
        .into_response()
}
