//! Legal orders on the pages of staff.

use askama::Template;
use axum::response::Response;
use identity::confirm;
use identity::entity::legal_holds::{LegalHoldHoldableType as Kind, LegalHoldStatus as Status};
use kernel::ids::LegalHoldId;
use kernel::{AppError, AppResult, ErrorKind};
use platform::web::{ApiResult, Path, status_of};
use sea_orm::ActiveEnum;
use ui::{Badge, Choice, Chrome, Ctx, Form, Html, Inside, ListView, Posted, Tone, page};

use crate::service::holds::{self, Change, Hold, NewHold};

const BASE: &str = "/admin/privacy/holds";
const KINDS: [Kind; 3] = [Kind::Patient, Kind::Quote, Kind::Provider];

pub(super) struct Line {
    pub href: String,
    pub covers: String,
    pub kind: String,
    pub reference: String,
    pub status: Badge,
    pub placed: Html,
    pub review: String,
    pub late: bool,
}

#[derive(Template)]
#[template(path = "admin_holds.html")]
struct HoldsPage {
    chrome: Chrome,
    list: ListView,
    states: Vec<Choice>,
    lines: Vec<Line>,
}

#[derive(Template)]
#[template(path = "admin_hold_new.html")]
struct NewHoldPage {
    chrome: Chrome,
    form: Form,
    kinds: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "admin_hold.html")]
struct HoldPage {
    chrome: Chrome,
    line: Line,
    reason: String,
    released: Option<Html>,
    release_reason: String,
    is_own: bool,
    form: Form,
}

fn status_badge(chrome: &Chrome, status: Status) -> Badge {
    match status {
        Status::Active => Badge::new(Tone::Warn, chrome.t("hold-active")),
        Status::Released => Badge::new(Tone::Calm, chrome.t("hold-released")),
    }
}

pub(super) fn line(chrome: &Chrome, hold: &Hold) -> Line {
    Line {
        href: format!("{BASE}/{}", hold.id),
        covers: hold.holdable.clone(),
        kind: chrome.word("hold-kind", hold.holdable_type.to_value().to_lowercase()),
        reference: hold.reference.clone(),
        status: status_badge(chrome, hold.status),
        placed: chrome.when(hold.placed_at),
        review: chrome.date(hold.next_review_on),
        late: hold.status == Status::Active && hold.next_review_on <= chrome.now.date_naive(),
    }
}

pub(super) async fn list(Inside(ctx): Inside) -> ApiResult<Response> {
    let active = ctx.asked("status") != "all";
    let found = holds::list(&ctx.app, &ctx.actor, active, None, ctx.page_query()).await?;
    let chrome = ctx.chrome;
    page(&HoldsPage {
        list: ListView::new(&chrome, &found.meta),
        states: vec![Choice::new("all", chrome.t("hold-all"))],
        lines: found.data.iter().map(|hold| line(&chrome, hold)).collect(),
        chrome,
    })
}

fn new_page(ctx: &Ctx, form: Form) -> ApiResult<Response> {
    let chrome = ctx.chrome.clone();
    let choice = |kind: Kind| Choice::new(kind.to_value(), chrome.word("hold-kind", kind.to_value().to_lowercase()));
    page(&NewHoldPage { kinds: KINDS.map(choice).into(), form, chrome })
}

pub(super) async fn show_new(Inside(ctx): Inside) -> ApiResult<Response> {
    ctx.actor.require(kernel::Permission::ManageDeletionRequest)?;
    let form = Form::new(&ctx.chrome).with("holdable_type", "Patient").with("holdable", ctx.asked("patient"));
    new_page(&ctx, form)
}

async fn placed(ctx: &Ctx, posted: &Posted) -> AppResult<LegalHoldId> {
    let kind = Kind::try_from_value(&posted.get("holdable_type").to_owned())
        .map_err(|_| AppError::field("holdable_type", "option_unknown", "Choose one from the list."))?;
    let id = holds::find(&ctx.app, &ctx.actor, kind, posted.get("holdable")).await.map_err(named)?;
    let new = NewHold {
        holdable_type: kind,
        holdable_id: id,
        reference: posted.get("reference").to_owned(),
        reason: posted.get("reason").to_owned(),
    };
    holds::place(&ctx.app, &ctx.actor, new).await.map_err(named)
}

/// The fault of the thing under the name its field has on the page.
fn named(mut error: AppError) -> AppError {
    if let Some(faults) = error.fields.0.remove("holdable_id") {
        error.fields.0.insert("holdable".to_owned(), faults);
    }
    error
}

fn is_for_the_form(error: &AppError) -> bool {
    !matches!(error.kind, ErrorKind::Internal | ErrorKind::NotFound)
}

pub(super) async fn place(Inside(ctx): Inside, posted: Posted) -> ApiResult<Response> {
    ctx.actor.require(kernel::Permission::ManageDeletionRequest)?;
    if let Some(question) = confirm::ask(&ctx, &posted, BASE).await? {
        return Ok(question);
    }
    match placed(&ctx, &posted).await {
        Ok(id) => Ok(ctx.done(&format!("{BASE}/{id}"), "hold-placed")),
        Err(error) if is_for_the_form(&error) && error.code != "forbidden" => {
            let mut response = new_page(&ctx, Form::posted(&ctx.chrome, &posted).refused(&error))?;
            *response.status_mut() = status_of(error.kind);
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn show(Inside(ctx): Inside, Path(id): Path<LegalHoldId>) -> ApiResult<Response> {
    let form = Form::new(&ctx.chrome);
    hold_page(&ctx, id, form).await
}

async fn hold_page(ctx: &Ctx, id: LegalHoldId, form: Form) -> ApiResult<Response> {
    let hold = holds::show(&ctx.app, &ctx.actor, id).await?;
    let chrome = ctx.chrome.clone();
    page(&HoldPage {
        line: line(&chrome, &hold),
        released: hold.released_at.map(|at| chrome.when(at)),
        release_reason: hold.release_reason.unwrap_or_default(),
        reason: hold.reason,
        is_own: hold.is_own,
        form,
        chrome,
    })
}

pub(super) async fn review(Inside(ctx): Inside, Path(id): Path<LegalHoldId>, posted: Posted) -> ApiResult<Response> {
    let change = Change { reviewed: true, ..Change::default() };
    let outcome = holds::change(&ctx.app, &ctx.actor, id, change).await;
    answer(&ctx, id, &posted, outcome, "hold-reviewed").await
}

pub(super) async fn release(Inside(ctx): Inside, Path(id): Path<LegalHoldId>, posted: Posted) -> ApiResult<Response> {
    if let Some(question) = confirm::ask(&ctx, &posted, &format!("{BASE}/{id}")).await? {
        return Ok(question);
    }
    let outcome = holds::release(&ctx.app, &ctx.actor, id, posted.get("reason")).await;
    answer(&ctx, id, &posted, outcome, "hold-released").await
}

async fn answer(
    ctx: &Ctx,
    id: LegalHoldId,
    posted: &Posted,
    outcome: AppResult<()>,
    done: &str,
) -> ApiResult<Response> {
    match outcome {
        Ok(()) => Ok(ctx.done(&format!("{BASE}/{id}"), done)),
        Err(error) if is_for_the_form(&error) && error.code != "forbidden" => {
            let mut response = hold_page(ctx, id, Form::posted(&ctx.chrome, posted).refused(&error)).await?;
            *response.status_mut() = status_of(error.kind);
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}
