//! The forms of the treatment day.

use axum::response::{IntoResponse, Redirect, Response};
use kernel::ids::{AftercareMilestoneTemplateId, QuoteId};
use kernel::{AppError, AppResult, ErrorKind, Permission};
use platform::entity::media::MediaPhase;
use platform::web::{ApiResult, Path, status_of};
use ui::{Ctx, Form, Inside, Posted, PostedFiles};

use super::clinic::{Forms, path, shown};
use super::words;
use crate::entity::timelines::TimelineStatus;
use crate::queries::page::{self as query, ClinicPage};
use crate::service::check_in::{self, CheckIn};
use crate::service::complete::{self, Completion};
use crate::service::document::{self, DayChange, Draft};
use crate::service::photos::{self, Collection, Picture, Pictures};
use crate::views::Outcome;

/// Which form of the page was refused.
enum Part {
    CheckIn,
    Welcome,
    Set,
    End,
    Day(i32),
    Photo(i32),
}

/// The page again, the refused form with what was typed.
async fn refused(ctx: &Ctx, id: QuoteId, part: Part, posted: &Posted, error: AppError) -> ApiResult<Response> {
    if matches!(error.kind, ErrorKind::Internal | ErrorKind::NotFound | ErrorKind::Forbidden) {
        return Err(error.into());
    }
    let seen = query::of_clinic(&ctx.app, &ctx.actor, id).await?;
    let mut forms = Forms::fresh(&ctx.chrome, &seen.view);
    let form = Form::posted(&ctx.chrome, posted).refused(&error);
    match part {
        Part::CheckIn => forms.check_in = form,
        Part::Welcome => forms.welcome = form,
        Part::Set => forms.set = form,
        Part::End => forms.end = form,
        Part::Day(number) => forms.day = Some((number, form)),
        Part::Photo(number) => forms.photo = Some((number, form)),
    }
    shown(ctx, seen, forms, status_of(error.kind))
}

/// To the part of the page the form stood in, with a word about what was done.
fn saved(id: QuoteId, word: &str, part: &str) -> Response {
    Redirect::to(&format!("{}?done={word}#{part}", path(id))).into_response()
}

pub(super) async fn check_in(Inside(ctx): Inside, Path(id): Path<QuoteId>, posted: Posted) -> ApiResult<Response> {
    let ask = CheckIn { confirm_early: posted.ticked("confirm_early"), reason: None };
    match check_in::check_in(&ctx.app, &ctx.actor, id, &ask).await {
        Ok(()) => Ok(ctx.done(&path(id), "treat-checked-in")),
        // Sent twice: the patient is in.
        Err(error) if error.code == "already_checked_in" => Ok(ctx.done(&path(id), "treat-checked-in")),
        Err(error) => refused(&ctx, id, Part::CheckIn, &posted, error).await,
    }
}

/// The faults of a form whose fields carry the day's number.
fn numbered(mut error: AppError, number: i32, names: &[(&str, &str)]) -> AppError {
    let faults = std::mem::take(&mut error.fields.0);
    for (field, faults) in faults {
        let name = names.iter().find(|(known, _)| *known == field).map_or(field.as_str(), |(_, shown)| shown);
        error.fields.0.insert(format!("{name}_{number}"), faults);
    }
    error
}

fn state(word: &str) -> AppResult<TimelineStatus> {
    let found = words::STATES.into_iter().find(|state| words::state_word(*state) == word);
    found.ok_or_else(|| AppError::field("status", "invalid", "This value is not valid."))
}

pub(super) async fn change_day(
    Inside(ctx): Inside,
    Path((id, number)): Path<(QuoteId, i32)>,
    posted: Posted,
) -> ApiResult<Response> {
    let part = format!("day-{number}");
    match day_change(&ctx, id, number, &posted).await {
        Ok(()) => Ok(saved(id, "treat-day", &part)),
        Err(error) => refused(&ctx, id, Part::Day(number), &posted, numbered(error, number, &[])).await,
    }
}

async fn day_change(ctx: &Ctx, id: QuoteId, number: i32, posted: &Posted) -> AppResult<()> {
    let note = format!("note_{number}");
    let has_note = posted.0.iter().any(|(name, _)| *name == note);
    let ask = DayChange {
        lock_version: posted.parse("lock_version")?,
        status: posted.given(&format!("status_{number}")).map(state).transpose()?,
        note: has_note.then(|| posted.get(&note).to_owned()),
        reason: None,
    };
    match document::change_day(&ctx.app, &ctx.actor, id, number, &ask).await {
        Err(error) if error.code == "stale_version" && is_day(ctx, id, number, &ask).await? => Ok(()),
        other => other,
    }
}

/// Whether the day is already as it is wanted: the form was sent twice.
async fn is_day(ctx: &Ctx, id: QuoteId, number: i32, ask: &DayChange) -> AppResult<bool> {
    let seen = query::of_clinic(&ctx.app, &ctx.actor, id).await?;
    let Some(day) = seen.view.days.iter().find(|day| day.day.day_number == number) else { return Ok(false) };
    let same_note = ask.note.as_deref().is_none_or(|note| note == day.note.as_deref().unwrap_or_default());
    Ok(same_note && ask.status.is_none_or(|status| status == day.day.status))
}

/// A text of a form; absent when the form has no such field.
fn text(posted: &Posted, name: &str) -> Option<String> {
    posted.0.iter().any(|(field, _)| field == name).then(|| posted.get(name).to_owned())
}

pub(super) async fn save_notes(Inside(ctx): Inside, Path(id): Path<QuoteId>, posted: Posted) -> ApiResult<Response> {
    let is_welcome = text(&posted, "beginning_note").is_some();
    match notes(&ctx, id, &posted).await {
        Ok(()) => Ok(saved(id, "treat-notes", if is_welcome { "welcome" } else { "end" })),
        Err(error) => {
            let part = if is_welcome { Part::Welcome } else { Part::End };
            refused(&ctx, id, part, &posted, error).await
        }
    }
}

async fn notes(ctx: &Ctx, id: QuoteId, posted: &Posted) -> AppResult<()> {
    let draft = Draft {
        lock_version: posted.parse("lock_version")?,
        beginning_note: text(posted, "beginning_note"),
        conclusion_notes: text(posted, "conclusion_notes"),
        prescription: text(posted, "prescription"),
        advice: text(posted, "advice"),
        medication_instructions: text(posted, "medication_instructions"),
        actual_graft_count: posted.maybe("actual_graft_count")?,
        reason: None,
    };
    match document::save_draft(&ctx.app, &ctx.actor, id, &draft).await {
        Err(error) if error.code == "stale_version" => {
            let seen = query::of_clinic(&ctx.app, &ctx.actor, id).await?;
            if is_draft(&seen, &draft) { Ok(()) } else { Err(error) }
        }
        other => other,
    }
}

/// Whether the drafts are already as they are wanted: the form was sent twice.
fn is_draft(seen: &ClinicPage, draft: &Draft) -> bool {
    let same = |wanted: &Option<String>, held: Option<&String>| {
        wanted.as_deref().is_none_or(|wanted| wanted == held.map(String::as_str).unwrap_or_default())
    };
    let held = seen.view.outcome.as_ref();
    let text = |of: fn(&Outcome) -> &Option<String>| held.and_then(|outcome| of(outcome).as_ref());
    same(&draft.beginning_note, seen.view.beginning_note.as_ref())
        && same(&draft.conclusion_notes, text(|outcome| &outcome.conclusion_notes))
        && same(&draft.prescription, text(|outcome| &outcome.prescription))
        && same(&draft.advice, text(|outcome| &outcome.advice))
        && same(&draft.medication_instructions, text(|outcome| &outcome.medication_instructions))
        && (draft.actual_graft_count.is_none()
            || draft.actual_graft_count == held.and_then(|outcome| outcome.actual_graft_count))
}

pub(super) async fn complete(Inside(ctx): Inside, Path(id): Path<QuoteId>, posted: Posted) -> ApiResult<Response> {
    let error = match completion(&posted) {
        Ok(ask) => match complete::complete(&ctx.app, &ctx.actor, id, &ask).await {
            Ok(()) => return Ok(ctx.done(&path(id), "treat-completed")),
            // Sent twice: it is over.
            Err(error) if error.code == "already_completed" => return Ok(ctx.done(&path(id), "treat-completed")),
            Err(error) => error,
        },
        Err(error) => error,
    };
    refused(&ctx, id, Part::End, &posted, error).await
}

fn completion(posted: &Posted) -> AppResult<Completion> {
    Ok(Completion {
        lock_version: posted.maybe("lock_version")?,
        conclusion_notes: text(posted, "conclusion_notes"),
        prescription: text(posted, "prescription"),
        advice: text(posted, "advice"),
        medication_instructions: text(posted, "medication_instructions"),
        actual_graft_count: posted.maybe("actual_graft_count")?,
        aftercare_template_id: posted.maybe::<AftercareMilestoneTemplateId>("aftercare_template_id")?,
        reason: None,
    })
}

fn pictures(collection: Collection, phase: Option<MediaPhase>, sent: &PostedFiles) -> Pictures {
    let picture = |file: &platform::web::UploadedFile| Picture {
        field: file.field.clone(),
        file_name: file.file_name.clone(),
        bytes: file.bytes.clone(),
    };
    Pictures { collection, phase, reason: None, files: sent.files.iter().map(picture).collect() }
}

pub(super) async fn add_set(Inside(ctx): Inside, Path(id): Path<QuoteId>, sent: PostedFiles) -> ApiResult<Response> {
    ctx.actor.require(Permission::DocumentTreatment)?;
    let added = match sent.fields.get("collection").parse() {
        Ok(collection) => photos::upload(&ctx.app, &ctx.actor, id, pictures(collection, None, &sent)).await,
        Err(error) => Err(error),
    };
    match added {
        Ok(_) => Ok(saved(id, "treat-photos", "set")),
        Err(mut error) => {
            // Nothing was chosen: the first field says so.
            if let Some(faults) = error.fields.0.remove("files") {
                error.fields.0.insert("front".to_owned(), faults);
            }
            refused(&ctx, id, Part::Set, &sent.fields, error).await
        }
    }
}

pub(super) async fn add_photo(
    Inside(ctx): Inside,
    Path((id, number)): Path<(QuoteId, i32)>,
    sent: PostedFiles,
) -> ApiResult<Response> {
    ctx.actor.require(Permission::DocumentTreatment)?;
    let phase = match sent.fields.get(&format!("phase_{number}")) {
        "before" => Some(MediaPhase::Before),
        "during" => Some(MediaPhase::During),
        "after" => Some(MediaPhase::After),
        _ => None,
    };
    let wanted = pictures(Collection::TreatmentPhoto, phase, &sent);
    match photos::upload(&ctx.app, &ctx.actor, id, wanted).await {
        Ok(_) => Ok(saved(id, "treat-photos", &format!("day-{number}"))),
        Err(error) => {
            let error = numbered(error, number, &[("files", "photo")]);
            refused(&ctx, id, Part::Photo(number), &sent.fields, error).await
        }
    }
}
