//! Settings over HTTP.

use std::collections::HashMap;

use axum::extract::State;
use kernel::{AppError, AppResult, Page, PageQuery};
use platform::App;
use platform::settings::SavedVersion;
use platform::web::{ApiResult, Json, Path, ProblemDocument, Query, Who};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::setting_effect::SettingEffect;
use crate::setting_list::{self, Group, Known};

/// A group of settings with its values.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({ "group": "auth", "version": 3, "values": { "max_login_attempts": 5 } }))]
pub(crate) struct GroupView {
    /// The group.
    group: &'static str,
    /// The version these values stand at; send it back to change them.
    version: i32,
    /// Setting by setting.
    values: Map<String, Value>,
}

impl GroupView {
    fn of(group: Group) -> Self {
        let typed = |known: &Known, text: String| match known {
            Known::Number(_) | Known::Range(..) => text.parse::<i64>().map_or(Value::String(text), Value::from),
            Known::Switch(_) => Value::Bool(text == "true"),
            Known::Percent(..) | Known::Text(_) | Known::Line(..) | Known::Shaped(..) => Value::String(text),
        };
        let values = group.values.into_iter().map(|(known, text)| (known.name().1.to_owned(), typed(&known, text)));
        Self { group: group.name, version: group.version, values: values.collect() }
    }
}

/// Shows a group of settings (`auth`, `payment`, `inquiry`, ...).
#[utoipa::path(get, path = "/admin/settings/{group}", tag = "settings", operation_id = "show_settings",
    params(("group" = String, Path)),
    responses((status = 200, body = GroupView), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument)))]
pub(crate) async fn show_settings(
    State(app): State<App>,
    Who(actor): Who,
    Path(group): Path<String>,
) -> ApiResult<Json<GroupView>> {
    Ok(Json(GroupView::of(setting_list::group(&app, &actor, &group).await?)))
}

/// New values of a group; what is left out stays.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({ "version": 3, "values": { "lockout_minutes": 30 }, "reason": "Attacks in the night" }))]
pub(crate) struct SettingsBody {
    /// The version that was shown.
    version: i32,
    /// Setting by setting.
    values: Map<String, Value>,
    /// 10 to 500 characters.
    reason: String,
}

/// Values that are looked at before they are saved; what is left out is as it stands.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "values": { "deposit_percent": "27.5" } }))]
pub(crate) struct SettingsPreview {
    /// Setting by setting.
    values: Map<String, Value>,
}

/// What was given, and what stands where nothing was, as texts by their keys.
fn entered(found: &Group, given: &Map<String, Value>) -> AppResult<HashMap<&'static str, String>> {
    let known = |key: &String| found.values.iter().any(|(setting, _)| setting.name().1 == key);
    if let Some(key) = given.keys().find(|key| !known(key)) {
        return Err(AppError::field(key.clone(), "unknown", "This field is not known."));
    }
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let values = found.values.iter();
    Ok(values
        .map(|(setting, now)| (setting.name().1, given.get(setting.name().1).map_or_else(|| now.clone(), text)))
        .collect())
}

/// Shows on an example what values would mean, before anybody saves them (R-PY-71).
#[utoipa::path(post, path = "/admin/settings/{group}/preview", tag = "settings", operation_id = "preview_settings",
    params(("group" = String, Path)), request_body = SettingsPreview,
    responses((status = 200, body = SettingEffect), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub(crate) async fn preview_settings(
    State(app): State<App>,
    Who(actor): Who,
    Path(group): Path<String>,
    Json(body): Json<SettingsPreview>,
) -> ApiResult<Json<SettingEffect>> {
    let found = setting_list::group(&app, &actor, &group).await?;
    let entered = entered(&found, &body.values)?;
    let value = |key: &str| entered.get(key).map_or("", String::as_str);
    Ok(Json(setting_list::preview(&app, &actor, &group, value).await?))
}

/// Saves a group's values as its next version.
#[utoipa::path(put, path = "/admin/settings/{group}", tag = "settings", operation_id = "save_settings",
    params(("group" = String, Path)), request_body = SettingsBody,
    responses((status = 200, body = GroupView), (status = 403, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub(crate) async fn save_settings(
    State(app): State<App>,
    Who(actor): Who,
    Path(group): Path<String>,
    Json(body): Json<SettingsBody>,
) -> ApiResult<Json<GroupView>> {
    let found = setting_list::group(&app, &actor, &group).await?;
    let entered = entered(&found, &body.values)?;
    setting_list::save(&app, &actor, &group, body.version, &body.reason, |key| {
        entered.get(key).map_or("", String::as_str)
    })
    .await?;
    Ok(Json(GroupView::of(setting_list::group(&app, &actor, &group).await?)))
}

/// Lists the versions of a group, newest first.
#[utoipa::path(get, path = "/admin/settings/{group}/versions", tag = "settings", operation_id = "list_setting_versions",
    params(("group" = String, Path), PageQuery),
    responses((status = 200, body = Page<SavedVersion>), (status = 404, body = ProblemDocument)))]
pub(crate) async fn list_versions(
    State(app): State<App>,
    Who(actor): Who,
    Path(group): Path<String>,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<SavedVersion>>> {
    Ok(Json(setting_list::history(&app, &actor, &group, page).await?))
}
