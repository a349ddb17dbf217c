//! Showing and saving the steps.

use std::collections::HashMap;

use axum::response::{IntoResponse, Redirect, Response};
use kernel::ids::ProviderId;
use kernel::{AppError, AppResult, ErrorKind};
use platform::web::{ApiResult, Path, Problem, status_of};
use ui::{Ctx, Form, Inside, Posted};

use super::health;
use super::review;
use super::steps::{Asked, Step, first_open, first_unanswered, orders, part, take, turns_page};
use super::view::{self, Look};
use super::way::Way;
use crate::rules::submission::DraftPayload;
use crate::service::draft::{self, OpenDraft, SaveDraft};
use crate::service::submit::{self, SubmitInput, accepting_among, active_of};

/// How often a save that another one overtook is tried again; each time on what is stored then.
const TRIES: u8 = 3;

/// The draft, when there is one to go on with.
pub(super) async fn draft_of(ctx: &Ctx) -> AppResult<Option<OpenDraft>> {
    found(draft::show(&ctx.app, &ctx.actor).await)
}

fn found(draft: AppResult<OpenDraft>) -> AppResult<Option<OpenDraft>> {
    match draft {
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
    view::start(&ctx, draft.as_ref().map(first_open)).await
}

pub(super) async fn show(Inside(ctx): Inside, Path(word): Path<String>) -> ApiResult<Response> {
    let step = Step::from_word(&word)?;
    let patient = draft::author(&ctx.actor)?;
    if let Some(active) = active_of(ctx.app.db.conn(), patient).await? {
        return view::active(&ctx, active);
    }
    // Without its pictures a draft is open at the pictures at the latest, which is far enough for the steps before.
    let draft = match step.index() < Step::Photos.index() {
        true => found(draft::show_answers(&ctx.app, &ctx.actor).await)?,
        false => draft_of(&ctx).await?,
    };
    // Steps may be skipped back, never ahead: what comes later depends on what comes first.
    let open = draft.as_ref().map_or(Step::Wish, first_open);
    if step.index() > open.index() {
        return Ok(Redirect::to(&open.href()).into_response());
    }
    let payload = draft.as_ref().map(|draft| draft.payload.clone()).unwrap_or_default();
    if step == Step::Review && health::open_question(&ctx, &payload).await?.is_some() {
        return Ok(Redirect::to(&Step::Health.href()).into_response());
    }
    let question = ctx.asked("question");
    let look = Look {
        question: &question,
        form: view::form_of(&ctx, step, &payload),
        payload: &payload,
        draft: draft.as_ref(),
        way: Way::asked(&ctx),
        fault: None,
        conflict: false,
    };
    view::step(&ctx, step, look).await
}

pub(super) async fn save(Inside(ctx): Inside, Path(word): Path<String>, posted: Posted) -> ApiResult<Response> {
    let step = Step::from_word(&word)?;
    let mut tries = 1;
    loop {
        match save_once(&ctx, step, &posted).await {
            // Another save came between reading and writing. Steps hold different answers: this one goes on top of it.
            Err(Problem(error)) if error.code == "stale_version" && tries < TRIES => tries += 1,
            other => return other,
        }
    }
}

async fn save_once(ctx: &Ctx, step: Step, posted: &Posted) -> ApiResult<Response> {
    let draft = draft_of(ctx).await?;
    let stored = draft.as_ref().map(|draft| draft.payload.clone()).unwrap_or_default();
    let mut payload = stored.clone();
    let set = match step {
        Step::Health => Some(catalogue::questionnaire::require_active(ctx.app.db.conn()).await?),
        _ => None,
    };
    let question = posted.get("question");
    let asked = set.as_ref().map(|set| Asked { one: Some(question), ..health::asked(set) });
    let mut way = Way::posted(posted);
    if let Some(asked) = asked.as_ref().filter(|asked| !asked.ids.contains(&question)) {
        // The list of all answers leads on once there is nothing left to answer; a question that is gone leads back.
        let is_done = question.is_empty() && first_unanswered(asked, &stored).is_none();
        let to = if is_done { after(step, posted, &way, draft.as_ref()) } else { way.href(step) };
        return Ok(Redirect::to(&to).into_response());
    }
    let mut taken = take(step, posted, &mut payload, asked.as_ref());
    // A second device changed this very step: nobody's answers are overwritten unseen. Ranges of days are added and
    // taken out one by one, so that nothing is lost there; and what changes nothing is a form sent twice.
    let differs = part(step, &payload, question) != part(step, &stored, question);
    if differs && step != Step::Dates && posted.get("seen") != view::seen(ctx, step, Some(&stored), question) {
        let form = Form::posted(&ctx.chrome, posted);
        let look = Look { form, payload: &payload, draft: draft.as_ref(), way, fault: None, conflict: true, question };
        let mut response = view::step(ctx, step, look).await?;
        *response.status_mut() = status_of(ErrorKind::Conflict);
        return Ok(response);
    }
    if taken.is_ok() && step == Step::Destinations {
        way.dropped = drop_elsewhere(ctx, &mut payload).await?;
    }
    let turns = step == Step::Clinics && turns_page(posted);
    if taken.is_ok() && matches!(step, Step::Dates | Step::Destinations | Step::Clinics) {
        taken = match view::check_places(ctx, step, &payload).await {
            // Nothing ticked yet while the reader looks around.
            Err(_) if turns && payload.provider_ids.is_empty() => Ok(()),
            checked => checked,
        };
    }
    let mut saved = draft;
    match save_payload(ctx, step, &payload, &mut saved, taken.is_ok()).await {
        Ok(()) => {}
        Err(error) if error.kind == ErrorKind::Internal || error.code == "stale_version" => return Err(error.into()),
        Err(error) => taken = Err(error),
    }
    match taken {
        Ok(()) if step == Step::Destinations && orders(posted) => Ok(Redirect::to(&way.href(step)).into_response()),
        Ok(()) if step == Step::Health => {
            let asked = asked.as_ref();
            let to = asked.map(|asked| health::next(asked, &payload, posted.get("op"), &way)).unwrap_or_default();
            Ok(Redirect::to(&to).into_response())
        }
        Ok(()) if turns => Ok(Redirect::to(&way.turned(posted.get("op")).href(step)).into_response()),
        Ok(()) => Ok(Redirect::to(&after(step, posted, &way, saved.as_ref())).into_response()),
        Err(error) => {
            let form = Form::posted(&ctx.chrome, posted).refused(&error);
            let look =
                Look { form, payload: &payload, draft: saved.as_ref(), way, fault: None, conflict: false, question };
            let mut response = view::step(ctx, step, look).await?;
            *response.status_mut() = status_of(error.kind);
            Ok(response)
        }
    }
}

/// Where a saved step leads: on, or back to the review it was opened from.
fn after(step: Step, posted: &Posted, way: &Way, saved: Option<&OpenDraft>) -> String {
    if step == Step::Dates && posted.get("op") != "next" {
        return way.href(step);
    }
    let open = saved.map_or(Step::Wish, first_open);
    let files = matches!(step, Step::Photos | Step::Evidence);
    if way.review || (files && (open == Step::Review || open == Step::Photos)) {
        // The first step that is open now: a change may have undone a later one.
        return way.plain(open);
    }
    way.plain(step.after())
}

/// Takes ticked clinics out that are in none of the chosen countries; says how many.
async fn drop_elsewhere(ctx: &Ctx, payload: &mut DraftPayload) -> AppResult<usize> {
    if payload.provider_ids.is_empty() {
        return Ok(0);
    }
    let known: HashMap<ProviderId, Option<String>> = accepting_among(ctx.app.db.conn(), &payload.provider_ids).await?;
    let before = payload.provider_ids.len();
    let destinations = payload.destinations.clone();
    // One that takes no requests now is not elsewhere: the clinics' step says so.
    payload.provider_ids.retain(|id| match known.get(id) {
        Some(country) => country.as_ref().is_some_and(|code| destinations.contains(code)),
        None => true,
    });
    Ok(before - payload.provider_ids.len())
}

/// Saves what was entered. A range that was refused is shown again but not kept: it would stand in the way of the next.
async fn save_payload(
    ctx: &Ctx,
    step: Step,
    payload: &DraftPayload,
    seen: &mut Option<OpenDraft>,
    accepted: bool,
) -> AppResult<()> {
    if matches!(step, Step::Photos | Step::Evidence) || (!accepted && step == Step::Dates) {
        return Ok(());
    }
    // A first save opens the draft at version 1: one that is further was opened by another device meanwhile.
    let version = Some(seen.as_ref().map_or(1, |draft| draft.row.version));
    let input = SaveDraft { step: step.word().to_owned(), payload: payload.clone(), version };
    *seen = Some(draft::save(&ctx.app, &ctx.actor, &input).await?);
    Ok(())
}

pub(super) async fn submit(Inside(ctx): Inside, posted: Posted) -> ApiResult<Response> {
    let Some(mut draft) = draft_of(&ctx).await? else {
        // Sent twice: the first one became the request.
        return match active_of(ctx.app.db.conn(), draft::author(&ctx.actor)?).await? {
            Some(id) => Ok(ctx.done(&format!("/patient/cases/{id}"), "request-sent")),
            None => Ok(Redirect::to("/patient/request").into_response()),
        };
    };
    let mut payload = draft.payload.clone();
    payload.terms_accepted = posted.ticked("terms_accepted");
    if posted.get("seen") != review::seen(&ctx, &draft) {
        // What is sent is what was read.
        let changed = AppError::conflict("request_changed", "Something was changed on another device.");
        return refused(&ctx, &Posted::default(), &payload, &draft, &changed).await;
    }
    let sent = async {
        let version = Some(draft.row.version);
        let input = SaveDraft { step: Step::Review.word().to_owned(), payload: payload.clone(), version };
        draft = draft::save(&ctx.app, &ctx.actor, &input).await?;
        submit::submit(&ctx.app, &ctx.actor, &SubmitInput { version: Some(draft.row.version) }).await
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
    if matches!(&*error.code, "active_inquiry_exists" | "stale_version" | "draft_missing")
        && let Some(id) = active_of(ctx.app.db.conn(), draft::author(&ctx.actor)?).await?
    {
        return view::active(ctx, id);
    }
    let form = Form::posted(&ctx.chrome, posted).refused(error);
    let mut response = review::review(ctx, form, payload, draft, Some(error)).await?;
    *response.status_mut() = status_of(error.kind);
    Ok(response)
}

pub(super) async fn discard(Inside(ctx): Inside, _: Posted) -> ApiResult<Response> {
    draft::discard(&ctx.app, &ctx.actor).await?;
    Ok(ctx.done("/patient", "request-discarded"))
}

/// A page that followed a refused submission, loaded again.
pub(super) async fn back_to_review(_: Inside) -> Response {
    Redirect::to(&Step::Review.href()).into_response()
}

/// The same of a draft given up.
pub(super) async fn back_to_start(_: Inside) -> Response {
    Redirect::to("/patient/request").into_response()
}
