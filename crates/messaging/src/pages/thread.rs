//! One thread: its messages, and a new one.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use identity::anonymity::HIDDEN;
use kernel::ids::{AnyId, ConversationId};
use kernel::{CursorQuery, ErrorKind, Timestamp};
use platform::locale;
use platform::web::{ApiResult, Path};
use ui::{Chrome, Ctx, Form, Inside, Portal, Posted, page};

use super::other;
use crate::entity::conversations::ConversationStatus;
use crate::entity::messages::{MessageKind, MessageSenderRole};
use crate::views::MessageView;
use crate::{queries, service};

/// Messages shown at once.
const SHOWN: u64 = 40;

/// How a message is drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    Own,
    Theirs,
    Note,
    Staff,
}

struct Bubble {
    /// The day that begins with this message; empty within a day.
    day: String,
    look: Look,
    text: String,
    at: Timestamp,
    is_redacted: bool,
    is_seen: bool,
}

impl Bubble {
    fn is_own(&self) -> bool {
        self.look == Look::Own
    }

    fn is_note(&self) -> bool {
        self.look == Look::Note
    }

    fn is_staff(&self) -> bool {
        self.look == Look::Staff
    }
}

struct Talk {
    name: String,
    back: String,
    /// The case it belongs to.
    case: Option<String>,
    action: String,
    draft: String,
    bubbles: Vec<Bubble>,
    older: Option<String>,
    /// Set when an older part is shown: the way back to the newest.
    newest: Option<String>,
    is_open: bool,
    any_redacted: bool,
    form: Form,
}

#[derive(Template)]
#[template(path = "msg_thread_patient.html")]
struct ForPatient {
    chrome: Chrome,
    talk: Talk,
}

#[derive(Template)]
#[template(path = "msg_thread_provider.html")]
struct ForClinic {
    chrome: Chrome,
    talk: Talk,
}

pub(super) async fn show(Inside(ctx): Inside, Path(id): Path<ConversationId>) -> ApiResult<Response> {
    let form = fresh(&ctx.chrome);
    draw(ctx, id, form, StatusCode::OK).await
}

pub(super) async fn submit(Inside(ctx): Inside, Path(id): Path<ConversationId>, posted: Posted) -> ApiResult<Response> {
    let sent = async {
        let client_id: Option<AnyId> = posted.maybe("client_message_id")?;
        service::send(&ctx.app, &ctx.actor, id, posted.get("content"), client_id).await
    };
    match sent.await {
        Ok(_) => Ok(Redirect::to(&format!("{}#latest", address(&ctx.chrome, id))).into_response()),
        Err(error) if !matches!(error.kind, ErrorKind::Internal | ErrorKind::NotFound | ErrorKind::Forbidden) => {
            let form = match error.code.as_ref() {
                // The id stands for another text already: what is typed now is a new message.
                "idempotency_conflict" => fresh(&ctx.chrome).with("content", posted.get("content")),
                _ => Form::posted(&ctx.chrome, &posted),
            };
            let status = platform::web::status_of(error.kind);
            draw(ctx, id, form.refused(&error), status).await
        }
        Err(error) => Err(error.into()),
    }
}

/// An empty composer. The id in it makes a second click on the button find the first message.
fn fresh(chrome: &Chrome) -> Form {
    Form::new(chrome).with("client_message_id", AnyId::new().to_string())
}

fn address(chrome: &Chrome, id: ConversationId) -> String {
    format!("{}/messages/{id}", chrome.portal.home())
}

async fn draw(ctx: Ctx, id: ConversationId, form: Form, status: StatusCode) -> ApiResult<Response> {
    let before = Some(ctx.asked("before")).filter(|before| !before.is_empty());
    let query = CursorQuery { cursor: before.clone(), limit: Some(SHOWN) };
    let thread = queries::thread(&ctx.app, &ctx.actor, id, &query).await?;
    let view = &thread.conversation;
    // Whoever has the newest part before them has read it.
    if before.is_none() && view.unread > 0 {
        service::read(&ctx.app, &ctx.actor, id, view.last_seq).await?;
    }
    let chrome = ctx.chrome;
    let home = chrome.portal.home();
    let mut messages = thread.messages.data;
    messages.reverse();
    let talk = Talk {
        name: other(view),
        back: format!("{home}/messages"),
        case: thread.inquiry.map(|inquiry| format!("{home}/cases/{inquiry}")),
        action: address(&chrome, id),
        draft: format!("message-{id}"),
        older: thread.messages.meta.next_cursor.map(|before| format!("{}?before={before}", address(&chrome, id))),
        newest: before.map(|_| format!("{}#latest", address(&chrome, id))),
        is_open: view.status == ConversationStatus::Open,
        any_redacted: messages.iter().any(|message| message.is_redacted),
        bubbles: bubbles(&chrome, &messages),
        form,
    };
    let mut response = match chrome.portal {
        Portal::Provider => page(&ForClinic { chrome, talk })?,
        _ => page(&ForPatient { chrome, talk })?,
    };
    *response.status_mut() = status;
    Ok(response)
}

fn bubbles(chrome: &Chrome, messages: &[MessageView]) -> Vec<Bubble> {
    let own = match chrome.portal {
        Portal::Provider => MessageSenderRole::Provider,
        _ => MessageSenderRole::Patient,
    };
    // Only the newest one that was read says so: all before it were read too.
    let seen = messages.iter().rev().find(|message| message.sender == Some(own) && message.is_read).map(|it| it.seq);
    let mut last_day = None;
    messages
        .iter()
        .map(|message| {
            let day = chrome.day_of(message.created_at);
            let begins = last_day.replace(day) != Some(day);
            let look = match (message.kind, message.sender) {
                (MessageKind::System, _) => Look::Note,
                (MessageKind::Intervention, _) | (_, Some(MessageSenderRole::Admin)) => Look::Staff,
                (_, sender) if sender == Some(own) => Look::Own,
                _ => Look::Theirs,
            };
            Bubble {
                day: if begins { day_name(chrome, day) } else { String::new() },
                look,
                text: match look {
                    Look::Note => chrome.t(&message.content),
                    _ => message.content.replace(HIDDEN, &chrome.t("msg-hidden-mark")),
                },
                at: message.created_at,
                is_redacted: message.is_redacted,
                is_seen: look == Look::Own && seen == Some(message.seq),
            }
        })
        .collect()
}

fn day_name(chrome: &Chrome, day: chrono::NaiveDate) -> String {
    match (chrome.day_of(chrome.now) - day).num_days() {
        0 => chrome.t("msg-today"),
        1 => chrome.t("msg-yesterday"),
        _ => locale::date(chrome.locale, day),
    }
}
