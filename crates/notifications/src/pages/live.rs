//! The line over which the server tells an open page that something changed.

use std::convert::Infallible;
use std::time::Duration;

use axum::Extension;
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use kernel::{Actor, AppResult};
use platform::App;
use serde_json::json;
use tokio::time::Instant;
use ui::Ctx;

use crate::live::{Closing, Heard, Hub, Listener};
use crate::queries;

/// A line ends after this time and the browser asks again: a session that is over hears nothing more then.
const LIFE: Duration = Duration::from_secs(240);

/// Proxies cut lines that are silent for long.
const STILL_HERE: Duration = Duration::from_secs(15);

/// How long a browser waits before it asks again.
const AGAIN: Duration = Duration::from_millis(3000);

/// One open page.
struct Line {
    app: App,
    actor: Actor,
    listener: Listener,
    closing: Option<Closing>,
    end: Instant,
    /// Whether the counts may differ from those said last.
    recount: bool,
}

pub(super) async fn show(ctx: Ctx, Extension(hub): Extension<Hub>, closing: Option<Extension<Closing>>) -> Response {
    let Ok(listener) = hub.listen(&ctx.app, &ctx.actor) else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    let line = Line {
        app: ctx.app,
        actor: ctx.actor,
        listener,
        closing: closing.map(|Extension(closing)| closing),
        end: Instant::now() + LIFE,
        recount: true,
    };
    let events = futures::stream::unfold(line, |mut line| async move {
        let event = line.next().await?;
        Some((Ok::<_, Infallible>(event), line))
    });
    Sse::new(events).keep_alive(KeepAlive::new().interval(STILL_HERE)).into_response()
}

impl Line {
    /// The next thing to say; `None` ends the line.
    async fn next(&mut self) -> Option<Event> {
        if std::mem::take(&mut self.recount) {
            return self.counts().await.inspect_err(|error| tracing::warn!(%error, "counts could not be read")).ok();
        }
        let closing = self.closing.clone();
        let stop = async {
            match &closing {
                Some(Closing(token)) => token.cancelled().await,
                None => std::future::pending().await,
            }
        };
        let heard = tokio::select! {
            heard = self.listener.next() => heard?,
            () = tokio::time::sleep_until(self.end) => return None,
            () = stop => return None,
        };
        self.recount = true;
        let data = match heard {
            Heard::Change(change) => json!({ "kinds": change.kinds(), "title": change.title }),
            Heard::Missed => json!({ "kinds": ["messages", "payment", "notifications", "case"], "title": "" }),
        };
        Some(Event::default().event("changed").data(data.to_string()))
    }

    /// What the reader has not read, in two statements.
    async fn counts(&self) -> AppResult<Event> {
        let notifications = queries::unread_count(&self.app, &self.actor).await?;
        let messages = messaging::queries::unread_total(&self.app, &self.actor).await?;
        let data = json!({ "notifications": notifications, "messages": messages });
        Ok(Event::default().retry(AGAIN).event("counts").data(data.to_string()))
    }
}
