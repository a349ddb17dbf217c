//! The seats of a clinic for staff: what it asked for, and the limit.

use askama::Template;
use axum::response::Response;
use directory::seats::{self, NewLimit};
use identity::confirm;
use identity::service::team::seats::{SeatRequest, SeatState};
use kernel::ids::ProviderId;
use kernel::{ErrorKind, Permission};
use platform::web::{ApiResult, Path, status_of};
use ui::{Chrome, Ctx, Form, Html, Inside, Posted, page};

use crate::staff_lists::clinic;

#[derive(Template)]
#[template(path = "admin_seats.html")]
struct SeatsPage {
    chrome: Chrome,
    form: Form,
    path: String,
    back: String,
    name: String,
    seats: String,
    percent: u32,
    asked: Option<SeatRequest>,
    asked_at: Html,
    may_change: bool,
    /// The limit that was typed lies below what is taken: somebody must say that it is meant.
    below_use: bool,
}

fn path_of(id: ProviderId) -> String {
    format!("/admin/clinics/{id}/seats")
}

pub(super) async fn show(Inside(ctx): Inside, Path(id): Path<ProviderId>) -> ApiResult<Response> {
    let state = seats::show(&ctx.app, &ctx.actor, id).await?;
    let proposed = state.request.as_ref().map_or(state.seats.limit, |asked| asked.seats);
    let form = Form::new(&ctx.chrome).with("seat_limit", proposed.to_string());
    seats_page(&ctx, id, state, form, false).await
}

async fn seats_page(ctx: &Ctx, id: ProviderId, state: SeatState, form: Form, below_use: bool) -> ApiResult<Response> {
    let found = clinic(&ctx.app, &ctx.actor, id).await?;
    let chrome = ctx.chrome.clone();
    page(&SeatsPage {
        path: path_of(id),
        back: format!("/admin/clinics/{id}"),
        name: found.clinic.provider_name,
        seats: chrome.tw("team-seats", "seats", format!("{}/{}", state.seats.used, state.seats.limit)),
        percent: state.seats.percent(),
        asked_at: state.request.as_ref().map(|asked| chrome.when(asked.asked_at)).unwrap_or_default(),
        asked: state.request,
        may_change: ctx.actor.can(Permission::ManageUser),
        below_use,
        form,
        chrome,
    })
}

pub(super) async fn save(Inside(ctx): Inside, Path(id): Path<ProviderId>, posted: Posted) -> ApiResult<Response> {
    let state = seats::show(&ctx.app, &ctx.actor, id).await?;
    ctx.actor.require(Permission::ManageUser)?;
    if let Some(question) = confirm::ask(&ctx, &posted, &path_of(id)).await? {
        return Ok(question);
    }
    let done = match posted.parse::<u64>("seat_limit") {
        Ok(limit) => {
            let (reason, below_use) = (posted.get("reason").to_owned(), posted.ticked("below_use"));
            seats::set(&ctx.app, &ctx.actor, id, &NewLimit { limit, reason, below_use }).await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => Ok(ctx.done(&path_of(id), "seats-changed")),
        Err(error) if error.kind != ErrorKind::Internal => {
            let below_use = error.code == "seats_in_use" || posted.ticked("below_use");
            let form = Form::posted(&ctx.chrome, &posted).refused(&error);
            let mut response = seats_page(&ctx, id, state, form, below_use).await?;
            *response.status_mut() = status_of(error.kind);
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}
