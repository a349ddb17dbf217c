//! Endpoints of the parties.

use axum::extract::State;
use axum::http::StatusCode;
use kernel::ids::{AnyId, ConversationId};
use kernel::{CursorPage, CursorQuery, Page, PageQuery};
use platform::App;
use platform::routes;
use platform::web::{ApiResult, Json, Path, ProblemDocument, Query, Who};
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;

use crate::views::{ConversationView, MessageView};
use crate::{queries, service};

/// The endpoints, relative to the API's prefix.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_conversations))
        .routes(routes!(show_conversation))
        .routes(routes!(list_messages, send_message))
        .routes(routes!(check_message))
        .routes(routes!(read_conversation))
}

/// A text to send.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct SendMessage {
    /// 1 to 2000 characters.
    #[schema(min_length = 1, max_length = 2000)]
    content: String,
    /// An id the client made: sending it again gives the first message.
    #[serde(default)]
    client_message_id: Option<AnyId>,
}

/// A text to try.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct CheckMessage {
    /// The text.
    content: String,
}

/// What the other side would see.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct CheckedMessage {
    /// The text after the filter.
    content: String,
    /// Whether contact details would be hidden.
    would_redact: bool,
}

/// How far the thread was read.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct ReadUpTo {
    /// Number of the last message read.
    up_to_seq: i32,
}

/// Only newer messages.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct After {
    /// Messages behind this number, in order.
    #[serde(rename = "filter[after_seq]")]
    after_seq: Option<i32>,
}

/// The reader's threads, newest message first.
#[utoipa::path(
    get, path = "/conversations", tag = "messages", operation_id = "list_conversations", params(PageQuery),
    responses((status = 200, body = Page<ConversationView>), (status = 403, body = ProblemDocument))
)]
async fn list_conversations(
    State(app): State<App>,
    Who(actor): Who,
    Query(page): Query<PageQuery>,
) -> ApiResult<Json<Page<ConversationView>>> {
    Ok(Json(queries::list(&app, &actor, page.checked()?).await?))
}

/// One thread.
#[utoipa::path(
    get, path = "/conversations/{id}", tag = "messages", operation_id = "show_conversation",
    params(("id" = ConversationId, Path, description = "The thread")),
    responses((status = 200, body = ConversationView), (status = 404, body = ProblemDocument))
)]
async fn show_conversation(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<ConversationId>,
) -> ApiResult<Json<ConversationView>> {
    Ok(Json(queries::show(&app, &actor, id).await?))
}

/// Messages of a thread: the newest first, or the newer ones in order.
#[utoipa::path(
    get, path = "/conversations/{id}/messages", tag = "messages", operation_id = "list_messages",
    params(("id" = ConversationId, Path, description = "The thread"), CursorQuery, After),
    responses((status = 200, body = CursorPage<MessageView>), (status = 404, body = ProblemDocument))
)]
async fn list_messages(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<ConversationId>,
    Query(query): Query<CursorQuery>,
    Query(after): Query<After>,
) -> ApiResult<Json<CursorPage<MessageView>>> {
    Ok(Json(queries::messages_of(&app, &actor, id, &query, after.after_seq).await?))
}

/// Sends a text; contact details are hidden until the booking is confirmed.
#[utoipa::path(
    post, path = "/conversations/{id}/messages", tag = "messages", operation_id = "send_message",
    params(("id" = ConversationId, Path, description = "The thread")), request_body = SendMessage,
    responses(
        (status = 201, body = MessageView),
        (status = 200, body = MessageView, description = "Sent before with the same client id"),
        (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument, description = "`conversation_closed`, `idempotency_conflict`"),
        (status = 422, body = ProblemDocument, description = "`message_empty`, `message_too_long`")
    )
)]
async fn send_message(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<ConversationId>,
    Json(ask): Json<SendMessage>,
) -> ApiResult<(StatusCode, Json<MessageView>)> {
    let sent = service::send(&app, &actor, id, &ask.content, ask.client_message_id).await?;
    let status = if sent.is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(MessageView::from(&sent.message))))
}

/// What the filter would hide; nothing is stored.
#[utoipa::path(
    post, path = "/conversations/{id}/messages/check", tag = "messages", operation_id = "check_message",
    params(("id" = ConversationId, Path, description = "The thread")), request_body = CheckMessage,
    responses((status = 200, body = CheckedMessage), (status = 404, body = ProblemDocument))
)]
async fn check_message(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<ConversationId>,
    Json(ask): Json<CheckMessage>,
) -> ApiResult<Json<CheckedMessage>> {
    let (content, would_redact) = service::check(&app, &actor, id, &ask.content).await?;
    Ok(Json(CheckedMessage { content, would_redact }))
}

/// Notes how far the reader's side has read.
#[utoipa::path(
    post, path = "/conversations/{id}/read", tag = "messages", operation_id = "read_conversation",
    params(("id" = ConversationId, Path, description = "The thread")), request_body = ReadUpTo,
    responses((status = 204), (status = 404, body = ProblemDocument), (status = 422, body = ProblemDocument))
)]
async fn read_conversation(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<ConversationId>,
    Json(ask): Json<ReadUpTo>,
) -> ApiResult<StatusCode> {
    service::read(&app, &actor, id, ask.up_to_seq).await?;
    Ok(StatusCode::NO_CONTENT)
}
