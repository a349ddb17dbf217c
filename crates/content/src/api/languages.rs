//! The languages of the house.

use axum::extract::State;
use axum::http::StatusCode;
use kernel::ids::LanguageId;
use kernel::{Page, PageQuery};
use platform::App;
use platform::web::{ApiResult, Json, Made, Path, ProblemDocument, Query, Who, made};
use serde::{Deserialize, Deserializer, Serialize};

use crate::entity::languages::{LanguageDirection, LanguageStatus};
use crate::languages::{self, Change, PublicLanguage, StaffLanguage};

/// Lists the languages that can be chosen.
#[utoipa::path(get, path = "/languages", tag = "languages", operation_id = "list_languages", security(()),
    responses((status = 200, body = Vec<PublicLanguage>)))]
pub async fn list_languages(State(app): State<App>) -> ApiResult<Json<Vec<PublicLanguage>>> {
    Ok(Json(languages::active(&app).await?))
}

/// Lists all languages for staff.
#[utoipa::path(get, path = "/admin/languages", tag = "languages", operation_id = "list_all_languages", params(PageQuery),
    responses((status = 200, body = Page<StaffLanguage>), (status = 403, body = ProblemDocument)))]
pub async fn list_all_languages(
    State(app): State<App>,
    Who(actor): Who,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<StaffLanguage>>> {
    Ok(Json(languages::list(&app, &actor, page).await?))
}

/// A new language; it begins in preparation.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({ "code": "de", "name": "German", "native_name": "Deutsch", "fallback": "en" }))]
pub struct LanguageBody {
    /// Its code.
    pub code: String,
    /// Its English name.
    pub name: String,
    /// What its speakers call it.
    pub native_name: String,
    /// How it is written; left to right when left out.
    pub direction: Option<LanguageDirection>,
    /// The code of the language that stands in for it.
    pub fallback: Option<String>,
    /// Whether clinics can say that it is spoken with them.
    pub is_spoken_option: Option<bool>,
    /// Its place in lists.
    pub sort_order: Option<i32>,
}

/// A made language.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Added {
    /// The row.
    pub id: LanguageId,
}

/// Adds a language.
#[utoipa::path(post, path = "/admin/languages", tag = "languages", operation_id = "add_language",
    request_body = LanguageBody,
    responses((status = 201, body = Added), (status = 403, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn add_language(
    State(app): State<App>,
    Who(actor): Who,
    Json(body): Json<LanguageBody>,
) -> ApiResult<Made<Added>> {
    let change = Change {
        name: Some(body.name),
        native_name: Some(body.native_name),
        direction: body.direction,
        fallback: body.fallback,
        is_spoken_option: body.is_spoken_option,
        sort_order: body.sort_order,
        ..Change::default()
    };
    let id = languages::create(&app, &actor, &body.code, change).await?;
    Ok(made("/admin/languages", id, Added { id }))
}

/// What of a language changes; what is left out stays.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({ "status": "active" }))]
pub struct ChangeBody {
    /// Its English name.
    pub name: Option<String>,
    /// What its speakers call it.
    pub native_name: Option<String>,
    /// How it is written.
    pub direction: Option<LanguageDirection>,
    /// Whether it can be chosen.
    pub status: Option<LanguageStatus>,
    /// True makes it the default.
    pub is_default: Option<bool>,
    /// The code of the language that stands in for it; null for none.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub fallback: Option<Option<String>>,
    /// Whether clinics can say that it is spoken with them.
    pub is_spoken_option: Option<bool>,
    /// Its place in lists.
    pub sort_order: Option<i32>,
}

/// Tells null from what was left out.
fn given<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(from).map(Some)
}

/// Changes a language: its names, its place, whether it can be chosen, who stands in for it.
#[utoipa::path(patch, path = "/admin/languages/{id}", tag = "languages", operation_id = "change_language",
    params(("id" = LanguageId, Path)), request_body = ChangeBody,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn change_language(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<LanguageId>,
    Json(body): Json<ChangeBody>,
) -> ApiResult<StatusCode> {
    let change = Change {
        name: body.name,
        native_name: body.native_name,
        direction: body.direction,
        status: body.status,
        is_default: body.is_default,
        fallback: body.fallback.map(Option::unwrap_or_default),
        is_spoken_option: body.is_spoken_option,
        sort_order: body.sort_order,
    };
    languages::change(&app, &actor, id, change).await?;
    Ok(StatusCode::NO_CONTENT)
}
