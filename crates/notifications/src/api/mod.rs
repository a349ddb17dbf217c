//! The inbox of whoever is signed in.

mod preferences;

use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use kernel::ids::{AnyId, NotificationId};
use kernel::{Page, PageQuery};
use platform::App;
use platform::routes;
use platform::web::{ApiResult, Json, Path, ProblemDocument, Query, Who};
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;

use crate::entity::alerts_notifications::{self as rows, NotificationCategory, NotificationPriority};
use crate::{queries, service};

/// The endpoints, relative to the API's prefix.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_notifications))
        .routes(routes!(count_unread))
        .routes(routes!(mark_notification))
        .routes(routes!(read_all_notifications))
        .routes(routes!(preferences::show_preferences, preferences::change_preferences))
        .routes(routes!(preferences::change_locale))
}

/// Something somebody is told.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct NotificationView {
    /// Id.
    id: NotificationId,
    /// The event.
    #[schema(example = "quote.submitted")]
    event_key: String,
    /// What it is about.
    category: NotificationCategory,
    /// How urgent it is.
    priority: NotificationPriority,
    /// Headline.
    title: String,
    /// A sentence.
    body: String,
    /// Where to look, within the portal.
    action_url: Option<String>,
    /// The thing it is about.
    subject_id: Option<AnyId>,
    /// Whether it was read.
    is_read: bool,
    /// When it happened.
    created_at: DateTime<Utc>,
}

impl From<rows::Model> for NotificationView {
    fn from(row: rows::Model) -> Self {
        Self {
            id: row.id,
            event_key: row.event_key,
            category: row.category,
            priority: row.priority,
            title: row.title,
            body: row.body,
            action_url: row.action_url,
            subject_id: row.subject_id,
            is_read: row.is_read,
            created_at: row.created_at,
        }
    }
}

/// Filters of the inbox.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct InboxFilter {
    /// Only what was not read.
    #[serde(rename = "filter[unread]", default)]
    unread: bool,
}

/// A number of notifications.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct UnreadCount {
    /// Not read yet.
    unread: u64,
}

/// A change of one notification.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct MarkNotification {
    /// Read or not.
    is_read: bool,
}

/// The inbox, newest first.
#[utoipa::path(
    get, path = "/notifications", tag = "notifications", operation_id = "list_notifications", security(("bearer" = ["account"])),
    params(InboxFilter, PageQuery),
    responses((status = 200, body = Page<NotificationView>), (status = 401, body = ProblemDocument))
)]
async fn list_notifications(
    State(app): State<App>,
    Who(actor): Who,
    Query(filter): Query<InboxFilter>,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<NotificationView>>> {
    let page = queries::inbox(&app, &actor, filter.unread, page.checked()?).await?;
    Ok(Json(page.map(NotificationView::from)))
}

/// How many are unread.
#[utoipa::path(
    get, path = "/notifications/unread-count", tag = "notifications", operation_id = "count_unread_notifications", security(("bearer" = ["account"])),
    responses((status = 200, body = UnreadCount), (status = 401, body = ProblemDocument))
)]
async fn count_unread(State(app): State<App>, Who(actor): Who) -> ApiResult<Json<UnreadCount>> {
    Ok(Json(UnreadCount { unread: queries::unread_count(&app, &actor).await? }))
}

/// Marks one as read or unread.
#[utoipa::path(
    patch, path = "/notifications/{id}", tag = "notifications", operation_id = "mark_notification", security(("bearer" = ["account"])),
    params(("id" = NotificationId, Path, description = "The notification")), request_body = MarkNotification,
    responses((status = 204), (status = 404, body = ProblemDocument))
)]
async fn mark_notification(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<NotificationId>,
    Json(ask): Json<MarkNotification>,
) -> ApiResult<StatusCode> {
    service::mark(&app, &actor, id, ask.is_read).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Marks everything as read.
#[utoipa::path(
    post, path = "/notifications/read-all", tag = "notifications", operation_id = "read_all_notifications", security(("bearer" = ["account"])),
    responses((status = 204), (status = 401, body = ProblemDocument))
)]
async fn read_all_notifications(State(app): State<App>, Who(actor): Who) -> ApiResult<StatusCode> {
    service::read_all(&app, &actor).await?;
    Ok(StatusCode::NO_CONTENT)
}
