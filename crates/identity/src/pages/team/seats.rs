//! The clinic's seats, and the form with which its owner asks for more.

use askama::Template;
use axum::response::Response;
use platform::web::{ApiResult, status_of};
use ui::{Chrome, Ctx, Form, Html, Inside, Posted, page};

use super::is_refusal;
use crate::service::team::seats::{self, SeatRequest};

#[derive(Template)]
#[template(path = "team_seats.html")]
struct SeatsPage {
    chrome: Chrome,
    form: Form,
    seats: String,
    percent: u32,
    is_full: bool,
    may_ask: bool,
    asked: Option<SeatRequest>,
    asked_at: Html,
}

pub(in super::super) async fn show(Inside(ctx): Inside) -> ApiResult<Response> {
    seats_page(&ctx, Form::new(&ctx.chrome)).await
}

async fn seats_page(ctx: &Ctx, form: Form) -> ApiResult<Response> {
    let state = seats::own(&ctx.app, &ctx.actor).await?;
    let chrome = ctx.chrome.clone();
    page(&SeatsPage {
        seats: chrome.tw("team-seats", "seats", format!("{}/{}", state.seats.used, state.seats.limit)),
        percent: state.seats.percent(),
        is_full: state.seats.left() == 0,
        may_ask: state.may_ask,
        asked_at: state.request.as_ref().map(|asked| chrome.when(asked.asked_at)).unwrap_or_default(),
        asked: state.request,
        form,
        chrome,
    })
}

pub(in super::super) async fn submit(Inside(ctx): Inside, posted: Posted) -> ApiResult<Response> {
    let done = match posted.parse::<u64>("seats") {
        Ok(wanted) => seats::ask(&ctx.app, &ctx.actor, wanted, posted.given("note")).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => Ok(ctx.done("/provider/team/seats", "seats-asked")),
        Err(error) if is_refusal(&error) => {
            let mut response = seats_page(&ctx, Form::posted(&ctx.chrome, &posted).refused(&error)).await?;
            *response.status_mut() = status_of(error.kind);
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}
