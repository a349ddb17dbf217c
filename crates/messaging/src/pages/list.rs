//! All threads of the reader's side, newest message first.

use askama::Template;
use axum::response::Response;
use identity::anonymity::HIDDEN;
use platform::web::ApiResult;
use ui::{Badge, Chrome, Html, Inside, ListView, Portal, Tone, page};

use super::other;
use crate::entity::conversations::ConversationStatus;
use crate::entity::messages::{MessageKind, MessageSenderRole};
use crate::queries;
use crate::views::{ConversationView, MessageView};

/// Characters of the newest message shown in the list.
const PREVIEW: usize = 100;

struct Row {
    href: String,
    name: String,
    preview: String,
    at: Html,
    unread: i64,
    closed: Option<Badge>,
}

struct Threads {
    rows: Vec<Row>,
    list: ListView,
    for_clinic: bool,
}

#[derive(Template)]
#[template(path = "msg_list_patient.html")]
struct ForPatient {
    chrome: Chrome,
    threads: Threads,
}

#[derive(Template)]
#[template(path = "msg_list_provider.html")]
struct ForClinic {
    chrome: Chrome,
    threads: Threads,
}

pub(super) async fn show(Inside(ctx): Inside) -> ApiResult<Response> {
    let found = queries::list(&ctx.app, &ctx.actor, ctx.page_query()).await?;
    let newest = queries::newest(&ctx.app, &ctx.actor, &found.data).await?;
    let chrome = ctx.chrome;
    let threads = Threads {
        rows: found.data.iter().map(|view| row(&chrome, view, newest.get(&view.id))).collect(),
        list: ListView::new(&chrome, &found.meta),
        for_clinic: chrome.portal == Portal::Provider,
    };
    match chrome.portal {
        Portal::Provider => page(&ForClinic { chrome, threads }),
        _ => page(&ForPatient { chrome, threads }),
    }
}

fn row(chrome: &Chrome, view: &ConversationView, newest: Option<&MessageView>) -> Row {
    let is_closed = view.status != ConversationStatus::Open;
    Row {
        href: format!("{}/messages/{}", chrome.portal.home(), view.id),
        name: other(view),
        preview: newest.map(|message| preview(chrome, message)).unwrap_or_default(),
        at: view.last_message_at.map(|at| chrome.when(at)).unwrap_or_default(),
        unread: view.unread,
        closed: is_closed.then(|| Badge::new(Tone::Calm, chrome.t("msg-closed"))),
    }
}

/// The beginning of a message, with who wrote it when it was the reader.
fn preview(chrome: &Chrome, message: &MessageView) -> String {
    if message.kind == MessageKind::System {
        return chrome.t(&message.content);
    }
    let text = message.content.replace(HIDDEN, &chrome.t("msg-hidden-mark"));
    let mut short: String = text.chars().take(PREVIEW).collect();
    if text.chars().nth(PREVIEW).is_some() {
        short.push('…');
    }
    let own = match chrome.portal {
        Portal::Provider => MessageSenderRole::Provider,
        _ => MessageSenderRole::Patient,
    };
    if message.sender == Some(own) { chrome.tw("msg-you", "text", short) } else { short }
}
