//! What gateways reported, as staff look after it.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use kernel::ids::GatewayEventId;
use kernel::{ErrorKind, Permission};
use platform::web::{ApiResult, Path, status_of};
use sea_orm::{ActiveEnum, Iterable};
use ui::{Badge, Choice, Chrome, Ctx, Form, Html, Inside, ListView, Posted, Tone, page};

use crate::entity::gateway_events::GatewayEventStatus as Status;
use crate::queries::events::{self as query, EventFilter, EventLine};
use crate::service::replay;

const PAGE: &str = "/admin/gateway-events";

struct Line {
    id: GatewayEventId,
    kind: String,
    event: String,
    object: Option<String>,
    account: String,
    attempts: String,
    received: Html,
    next: Option<Html>,
    error: Option<String>,
    state: Badge,
    waits: bool,
}

#[derive(Template)]
#[template(path = "pay_events.html")]
struct EventsPage {
    chrome: Chrome,
    form: Form,
    list: ListView,
    states: Vec<Choice>,
    lines: Vec<Line>,
    may_replay: bool,
}

fn state(chrome: &Chrome, status: Status) -> Badge {
    let tone = match status {
        Status::Received => Tone::Info,
        Status::Processed => Tone::Good,
        Status::Ignored => Tone::Calm,
        Status::Parked => Tone::Warn,
        Status::Quarantined => Tone::Bad,
    };
    Badge::new(tone, chrome.word("gateway-event-state", status.to_value()))
}

fn line(chrome: &Chrome, row: &EventLine) -> Line {
    Line {
        id: row.id,
        kind: row.event_type.clone(),
        event: row.event_id.clone(),
        object: row.object_id.clone(),
        account: row.account.clone(),
        attempts: chrome.tw("gateway-event-attempts", "count", row.attempts.to_string()),
        received: chrome.when(row.received_at),
        next: row.next_attempt_at.filter(|_| row.status == Status::Parked).map(|at| chrome.when(at)),
        error: row.error.clone(),
        state: state(chrome, row.status),
        waits: matches!(row.status, Status::Parked | Status::Quarantined),
    }
}

pub(super) async fn list(Inside(ctx): Inside) -> ApiResult<Response> {
    let form = Form::new(&ctx.chrome);
    events_page(&ctx, form, StatusCode::OK).await
}

async fn events_page(ctx: &Ctx, form: Form, status: StatusCode) -> ApiResult<Response> {
    let filter = EventFilter {
        status: Status::try_from_value(&ctx.asked("status")).ok(),
        object: Some(ctx.asked("q").to_owned()),
    };
    let found = query::list(&ctx.app, &ctx.actor, &filter, ctx.page_query()).await?;
    let chrome = &ctx.chrome;
    let choice = |status: Status| Choice::new(status.to_value(), chrome.word("gateway-event-state", status.to_value()));
    let mut response = page(&EventsPage {
        list: ListView::new(chrome, &found.meta),
        states: Status::iter().map(choice).collect(),
        lines: found.data.iter().map(|row| line(chrome, row)).collect(),
        may_replay: ctx.actor.can(Permission::ProcessPayout),
        form,
        chrome: chrome.clone(),
    })?;
    *response.status_mut() = status;
    Ok(response)
}

pub(super) async fn replay(Inside(ctx): Inside, Path(id): Path<GatewayEventId>, posted: Posted) -> ApiResult<Response> {
    ctx.actor.admin()?;
    ctx.actor.require(Permission::ProcessPayout)?;
    match replay::replay(&ctx.app, &ctx.actor, id, posted.get("reason")).await {
        Ok(Status::Processed | Status::Ignored) => Ok(ctx.done(PAGE, "event-replayed")),
        Ok(_) => Ok(ctx.done(PAGE, "event-still-aside")),
        Err(error) if matches!(error.kind, ErrorKind::Conflict | ErrorKind::Invalid) => {
            let form = Form::posted(&ctx.chrome, &posted).refused(&error);
            events_page(&ctx, form, status_of(error.kind)).await
        }
        Err(error) => Err(error.into()),
    }
}
