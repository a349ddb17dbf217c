//! Legal texts for the staff who write and publish them.

use axum::body::Body;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures::stream;
use kernel::ids::LegalDocumentId;
use kernel::{Page, PageQuery};
use platform::App;
use platform::web::{ApiResult, Json, Made, Path, ProblemDocument, Query, Who, made};
use serde::{Deserialize, Serialize};

use crate::entity::terms_and_conditions::{
    LegalDocumentAudience as Audience, LegalDocumentStatus as Status, LegalDocumentType as Type,
};
use crate::legal::coverage::{self, Coverage, Export};
use crate::legal::documents::{self, Document, Edit, NewDraft, Version, Words};
use crate::legal::publish;

/// Which versions.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct VersionQuery {
    /// Only those that stand like this.
    #[serde(rename = "filter[status]")]
    #[param(rename = "filter[status]")]
    pub status: Option<Status>,
}

/// Lists the versions of all legal texts, the newest first.
#[utoipa::path(get, path = "/admin/legal-documents", tag = "legal", operation_id = "list_legal_documents",
    params(VersionQuery, PageQuery), responses((status = 200, body = Page<Version>), (status = 403, body = ProblemDocument)))]
pub async fn list_legal_documents(
    State(app): State<App>,
    Who(actor): Who,
    Query(query): Query<VersionQuery>,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<Version>>> {
    Ok(Json(documents::list(&app, &actor, query.status, page).await?))
}

/// A draft.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({ "document_type": "terms", "audience": "all", "version_label": "2.0", "locale": "en",
    "title": "Terms of use", "content": "## What changed\n\nEverything that matters.",
    "change_summary": "Deposits are paid back sooner.", "is_material": true }))]
pub struct DraftBody {
    /// What kind of document.
    pub document_type: Type,
    /// For whom.
    pub audience: Audience,
    /// 1 to 50 letters, digits, dots, dashes.
    pub version_label: String,
    /// Its language.
    pub locale: String,
    /// Its title.
    pub title: String,
    /// Its words, in Markdown.
    pub content: String,
    /// What it changes.
    pub change_summary: String,
    /// Whether everybody has to agree anew.
    #[serde(default)]
    pub is_material: bool,
}

/// A made draft.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Drafted {
    /// The row.
    pub id: LegalDocumentId,
}

/// Begins a version, or adds a language to a draft.
#[utoipa::path(post, path = "/admin/legal-documents", tag = "legal", operation_id = "draft_legal_document",
    request_body = DraftBody,
    responses((status = 201, body = Drafted), (status = 403, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn draft_legal_document(
    State(app): State<App>,
    Who(actor): Who,
    Json(body): Json<DraftBody>,
) -> ApiResult<Made<Drafted>> {
    let draft = NewDraft {
        document_type: body.document_type,
        audience: body.audience,
        version_label: body.version_label,
        locale: body.locale,
        is_material: body.is_material,
        words: Words { title: body.title, content: body.content, change_summary: body.change_summary },
    };
    let id = documents::create(&app, &actor, draft).await?;
    Ok(made("/admin/legal-documents", id, Drafted { id }))
}

/// Shows a version with the words of all its languages.
#[utoipa::path(get, path = "/admin/legal-documents/{id}", tag = "legal", operation_id = "show_legal_document",
    params(("id" = LegalDocumentId, Path)),
    responses((status = 200, body = Document), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument)))]
pub async fn show_legal_document(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<LegalDocumentId>,
) -> ApiResult<Json<Document>> {
    Ok(Json(documents::show(&app, &actor, id).await?))
}

/// What of a draft changes; what is left out stays.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({ "title": "Terms of use", "is_material": false }))]
pub struct EditBody {
    /// Its title.
    pub title: Option<String>,
    /// Its words, in Markdown.
    pub content: Option<String>,
    /// What it changes.
    pub change_summary: Option<String>,
    /// Whether everybody has to agree anew: of all languages of the version.
    pub is_material: Option<bool>,
}

/// Writes one language of a draft anew.
#[utoipa::path(patch, path = "/admin/legal-documents/{id}", tag = "legal", operation_id = "edit_legal_document",
    params(("id" = LegalDocumentId, Path)), request_body = EditBody,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn edit_legal_document(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<LegalDocumentId>,
    Json(body): Json<EditBody>,
) -> ApiResult<StatusCode> {
    let edit = Edit {
        title: body.title,
        content: body.content,
        change_summary: body.change_summary,
        is_material: body.is_material,
    };
    documents::edit(&app, &actor, id, edit).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// When a version comes into force.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({ "effective_at": "2027-05-01T00:00:00Z" }))]
pub struct PublishBody {
    /// At once when left out.
    pub effective_at: Option<DateTime<Utc>>,
}

/// Publishes a draft with all its languages.
#[utoipa::path(post, path = "/admin/legal-documents/{id}/publish", tag = "legal", operation_id = "publish_legal_document",
    params(("id" = LegalDocumentId, Path)), request_body = PublishBody,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn publish_legal_document(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<LegalDocumentId>,
    Json(body): Json<PublishBody>,
) -> ApiResult<StatusCode> {
    publish::publish(&app, &actor, id, body.effective_at).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Puts an earlier version in force again.
#[utoipa::path(post, path = "/admin/legal-documents/{id}/revert", tag = "legal", operation_id = "revert_legal_document",
    params(("id" = LegalDocumentId, Path)),
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument)))]
pub async fn revert_legal_document(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<LegalDocumentId>,
) -> ApiResult<StatusCode> {
    publish::revert(&app, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Shows how many of those a text is for have agreed to it.
#[utoipa::path(get, path = "/admin/legal-documents/{id}/coverage", tag = "legal", operation_id = "show_legal_coverage",
    params(("id" = LegalDocumentId, Path)),
    responses((status = 200, body = Coverage), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument)))]
pub async fn show_legal_coverage(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<LegalDocumentId>,
) -> ApiResult<Json<Coverage>> {
    Ok(Json(coverage::coverage(&app, &actor, id).await?))
}

/// Takes the list of those out who have not agreed; that it was taken is recorded.
#[utoipa::path(get, path = "/admin/legal-documents/{id}/pending.csv", tag = "legal", operation_id = "list_legal_pending",
    params(("id" = LegalDocumentId, Path)),
    responses((status = 200, content_type = "text/csv", body = String), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument)))]
pub async fn list_legal_pending(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<LegalDocumentId>,
) -> ApiResult<Response> {
    Ok(file(coverage::export(&app, &actor, id).await?))
}

/// The list as a file, sent piece by piece.
pub(crate) fn file(export: Export) -> Response {
    let pieces = stream::try_unfold(export, |mut export| async move {
        let piece = export.next().await.map_err(|error| std::io::Error::other(error.to_string()))?;
        Ok::<_, std::io::Error>(piece.map(|text| (Bytes::from(text), export)))
    });
    let kept = "attachment; filename=\"pending.csv\"";
    (
        [(header::CONTENT_TYPE, "text/csv; charset=utf-8"), (header::CONTENT_DISPOSITION, kept)],
        Body::from_stream(pieces),
    )
        .into_response()
}
