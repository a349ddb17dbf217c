//! Showing and saving the steps.

use axum::response::{IntoResponse, Redirect, Response};
use kernel::{AppError, AppResult, ErrorKind};
use platform::web::{ApiResult, Path, status_of};
use ui::{Ctx, Form, Inside, Posted};

use super::steps::{Asked, Step, first_open, take};
use super::view;
use crate::rules::submission::DraftPayload;
use crate::service::draft::{self, OpenDraft, SaveDraft};
use crate::service::submit::{self, SubmitInput, active_of};

/// The draft, when there is one to go on with.
pub(super) async fn draft_of(ctx: &Ctx) -> AppResult<Option<OpenDraft>> {
    match draft::show(&ctx.app, &ctx.actor).await {
        Ok(draft) => Ok(Some(draft)),
        Err(error) if error.kind == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

pub(super) async fn start(Inside(ctx): Inside) -> ApiResult<Response> {
    let patient = draft::author(&ctx.actor)?;
    if let Some(active) = active_of(ctx.app.db.conn(), patient).await? {
        return view::active(&ctx, active);
    }
    let draft = draft_of(&ctx).await?;
    view::start(&ctx, draft.as_ref().map(first_open))
}

pub(super) async fn show(Inside(ctx): Inside, Path(word): Path<String>) -> ApiResult<Response> {
    let step = Step::from_word(&word)?;
    let patient = draft::author(&ctx.actor)?;
    if let Some(active) = active_of(ctx.app.db.conn(), patient).await? {
        return view::active(&ctx, active);
    }
    let draft = draft_of(&ctx).await?;
    // Steps may be skipped back, never ahead: what comes later depends on what comes first.
    let open = draft.as_ref().map_or(Step::Wish, first_open);
    if step.index() > open.index() {
        return Ok(Redirect::to(&open.href()).into_response());
    }
    let payload = draft.as_ref().map(|draft| draft.payload.clone()).unwrap_or_default();
    let form = view::form_of(&ctx, step, &payload);
    view::step(&ctx, step, form, &payload, draft.as_ref()).await
}

pub(super) async fn save(Inside(ctx): Inside, Path(word): Path<String>, posted: Posted) -> ApiResult<Response> {
    let step = Step::from_word(&word)?;
    let draft = draft_of(&ctx).await?;
    let mut payload = draft.as_ref().map(|draft| draft.payload.clone()).unwrap_or_default();
    let set = match step {
        Step::Health => Some(catalogue::questionnaire::require_active(ctx.app.db.conn()).await?),
        _ => None,
    };
    let asked = set.as_ref().map(|set| Asked {
        set: set.id,
        version: set.version,
        ids: set.asked().into_iter().map(|question| question.id.as_str()).collect(),
    });
    let mut taken = take(step, &posted, &mut payload, asked.as_ref());
    if taken.is_ok() && matches!(step, Step::Dates | Step::Destinations | Step::Clinics) {
        taken = view::check_places(&ctx, step, &payload).await;
    }
    let mut seen = draft;
    match save_payload(&ctx, step, &payload, &mut seen, taken.is_ok()).await {
        Ok(()) => {}
        Err(error) if error.kind != ErrorKind::Internal => taken = Err(error),
        Err(error) => return Err(error.into()),
    }
    match taken {
        Ok(()) if step == Step::Dates && posted.get("op") != "next" => Ok(Redirect::to(&step.href()).into_response()),
        Ok(()) if step == Step::Photos && seen.as_ref().is_none_or(|draft| first_open(draft) == Step::Photos) => {
            Ok(Redirect::to(&step.href()).into_response())
        }
        Ok(()) => Ok(Redirect::to(&step.after().href()).into_response()),
        Err(error) => {
            let form = Form::posted(&ctx.chrome, &posted).refused(&error);
            let mut response = view::step(&ctx, step, form, &payload, seen.as_ref()).await?;
            *response.status_mut() = status_of(error.kind);
            Ok(response)
        }
    }
}

/// Saves what was entered. A range that was refused is shown again but not kept: it would stand in the way of the next.
async fn save_payload(
    ctx: &Ctx,
    step: Step,
    payload: &DraftPayload,
    seen: &mut Option<OpenDraft>,
    accepted: bool,
) -> AppResult<()> {
    if step == Step::Photos || (!accepted && step == Step::Dates) {
        return Ok(());
    }
    let input = SaveDraft { step: step.word().to_owned(), payload: payload.clone(), version: None };
    *seen = Some(draft::save(&ctx.app, &ctx.actor, &input).await?);
    Ok(())
}

pub(super) async fn submit(Inside(ctx): Inside, posted: Posted) -> ApiResult<Response> {
    let Some(draft) = draft_of(&ctx).await? else {
        // Sent twice: the first one became the request.
        return match active_of(ctx.app.db.conn(), draft::author(&ctx.actor)?).await? {
            Some(id) => Ok(ctx.done(&format!("/patient/cases/{id}"), "request-sent")),
            None => Ok(Redirect::to("/patient/request").into_response()),
        };
    };
    let mut payload = draft.payload.clone();
    payload.terms_accepted = posted.ticked("terms_accepted");
    let sent = async {
        let input = SaveDraft { step: Step::Review.word().to_owned(), payload: payload.clone(), version: None };
        let saved = draft::save(&ctx.app, &ctx.actor, &input).await?;
        submit::submit(&ctx.app, &ctx.actor, &SubmitInput { version: Some(saved.row.version) }).await
    };
    match sent.await {
        Ok(id) => Ok(ctx.done(&format!("/patient/cases/{id}"), "request-sent")),
        Err(error) if error.kind != ErrorKind::Internal => refused(&ctx, &posted, &payload, &draft, &error).await,
        Err(error) => Err(error.into()),
    }
}

async fn refused(
    ctx: &Ctx,
    posted: &Posted,
    payload: &DraftPayload,
    draft: &OpenDraft,
    error: &AppError,
) -> ApiResult<Response> {
    if error.code == "active_inquiry_exists"
        && let Some(id) = active_of(ctx.app.db.conn(), draft::author(&ctx.actor)?).await?
    {
        return view::active(ctx, id);
    }
    let form = Form::posted(&ctx.chrome, posted).refused(error);
    let mut response = view::review(ctx, form, payload, draft, Some(error)).await?;
    *response.status_mut() = status_of(error.kind);
    Ok(response)
}

pub(super) async fn discard(Inside(ctx): Inside, _: Posted) -> ApiResult<Response> {
    draft::discard(&ctx.app, &ctx.actor).await?;
    Ok(ctx.done("/patient", "request-discarded"))
}
