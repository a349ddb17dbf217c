//! What a request says, changed by staff with a reason. Reading it needs a justification (R-ID-63); medical answers and
//! pictures are not part of it (R-IQ-21).

use askama::Template;
use axum::response::Response;
use identity::phi;
use kernel::ids::InquiryId;
use kernel::{AppError, AppResult, ErrorKind, FieldErrors, Permission};
use platform::web::{ApiResult, Path, status_of};
use sea_orm::{ActiveEnum, Iterable};
use ui::{Choice, Chrome, Ctx, Form, Inside, Posted, page};

use super::address;
use crate::entity::inquiries::{self, InquiryDurationOfConcern, InquiryProblem};
use crate::queries;
use crate::rules::submission::ScheduleInput;
use crate::service::edit::{self, EditInput};
use crate::views;

struct RangeRow {
    start: String,
    end: String,
}

#[derive(Template)]
#[template(path = "case_edit.html")]
struct CaseEditPage {
    chrome: Chrome,
    back: String,
    here: String,
    code: String,
    /// Whether the request may be read; else the page asks why.
    justified: bool,
    form: Form,
    version: i32,
    problems: Vec<Choice>,
    durations: Vec<Choice>,
    ranges: Vec<RangeRow>,
}

/// The case, and whether this reader has said why it is opened.
async fn load(ctx: &Ctx, id: InquiryId) -> AppResult<(inquiries::Model, bool)> {
    ctx.actor.admin()?;
    ctx.actor.require(Permission::EditQuote)?;
    let inquiry = queries::find(&ctx.app, &ctx.actor, id).await?;
    if !ctx.actor.can(Permission::ViewPatientMedical) {
        return Ok((inquiry, false));
    }
    match phi::require_grant(ctx.app.db.conn(), &ctx.app, &ctx.actor, inquiry.patient_id).await {
        Ok(()) => Ok((inquiry, true)),
        Err(error) if error.kind == ErrorKind::Forbidden => Ok((inquiry, false)),
        Err(error) => Err(error),
    }
}

pub(super) async fn show(Inside(ctx): Inside, Path(id): Path<InquiryId>) -> ApiResult<Response> {
    let (inquiry, justified) = load(&ctx, id).await?;
    let form = if justified { stored(&ctx.chrome, &inquiry)? } else { Form::new(&ctx.chrome) };
    edit_page(&ctx, &inquiry, justified, form)
}

/// Why the request is opened: good for half an hour.
pub(super) async fn open(Inside(ctx): Inside, Path(id): Path<InquiryId>, posted: Posted) -> ApiResult<Response> {
    let (inquiry, _) = load(&ctx, id).await?;
    match phi::grant(&ctx.app, &ctx.actor, inquiry.patient_id, posted.get("justification")).await {
        Ok(_) => Ok(ctx.done(&format!("{}/edit", address(id)), "care-reason")),
        Err(error) if error.kind == ErrorKind::Invalid => {
            let form = Form::posted(&ctx.chrome, &posted).refused(&error);
            let mut response = edit_page(&ctx, &inquiry, false, form)?;
            *response.status_mut() = status_of(error.kind);
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn save(Inside(ctx): Inside, Path(id): Path<InquiryId>, posted: Posted) -> ApiResult<Response> {
    let (inquiry, justified) = load(&ctx, id).await?;
    if !justified {
        return edit_page(&ctx, &inquiry, false, Form::new(&ctx.chrome));
    }
    let saved = match input_of(&posted, &inquiry) {
        Ok(input) => edit::edit(&ctx.app, &ctx.actor, id, &input).await,
        Err(error) => Err(error),
    };
    match saved {
        Ok(()) => Ok(ctx.done(&address(id), "case-edit")),
        Err(error) if matches!(error.kind, ErrorKind::Invalid | ErrorKind::Conflict) => {
            let status = status_of(error.kind);
            let form = Form::posted(&ctx.chrome, &posted).refused(&beside(error));
            let mut response = edit_page(&ctx, &inquiry, true, form)?;
            *response.status_mut() = status;
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

fn stored(chrome: &Chrome, row: &inquiries::Model) -> AppResult<Form> {
    let mut form = Form::new(chrome)
        .with("problem", row.problem.to_value())
        .with("problem_details", row.problem_details.clone())
        .with_some("nature_of_concern", row.nature_of_concern.clone())
        .with_some("duration_of_concern", row.duration_of_concern.map(|it| it.to_value()))
        .with_some("previous_treatments", row.previous_treatments.clone())
        .with_some("severity", row.symptom_severity_score.map(|score| score.to_string()))
        .with_some("lifestyle_factors", row.lifestyle_factors.clone())
        .with_some("additional_notes", row.additional_notes.clone());
    for (index, range) in views::ranges_of(row)?.iter().enumerate() {
        form = form
            .with(&format!("start.{index}"), range.start.to_string())
            .with(&format!("end.{index}"), range.end.to_string());
    }
    Ok(form)
}

/// Most ranges a request may have, as the form shows them.
const RANGES: usize = 10;

fn input_of(posted: &Posted, row: &inquiries::Model) -> AppResult<EditInput> {
    let text = |name: &str| Some(posted.get(name).to_owned());
    let mut ranges = Vec::new();
    for index in 0..RANGES {
        let (start, end) = (posted.get(&format!("start.{index}")), posted.get(&format!("end.{index}")));
        if !start.is_empty() || !end.is_empty() {
            ranges.push(ScheduleInput::Range { start: start.to_owned(), end: end.to_owned() });
        }
    }
    let known: Vec<ScheduleInput> = views::ranges_of(row)?
        .iter()
        .map(|range| ScheduleInput::Range { start: range.start.to_string(), end: range.end.to_string() })
        .collect();
    Ok(EditInput {
        version: posted.parse("version")?,
        reason: text("reason"),
        problem: InquiryProblem::try_from_value(&posted.get("problem").to_owned()).ok(),
        problem_details: text("problem_details"),
        nature_of_concern: text("nature_of_concern"),
        duration_of_concern: InquiryDurationOfConcern::try_from_value(&posted.get("duration_of_concern").to_owned())
            .ok(),
        previous_treatments: text("previous_treatments"),
        severity: posted.maybe("severity")?,
        lifestyle_factors: text("lifestyle_factors"),
        additional_notes: text("additional_notes"),
        // The patient's own word, which staff never change (R-IQ-21).
        smoking_status: None,
        alcohol_consumption: None,
        family_history: None,
        // Days that were right when they were sent need not be so today.
        treatment_schedule: (ranges != known).then_some(ranges),
        destinations: None,
        provider_ids: None,
    })
}

/// The refusal with the faults of ranges beside their fields.
fn beside(mut error: AppError) -> AppError {
    let mut found = FieldErrors::new();
    for (field, faults) in std::mem::take(&mut error.fields).0 {
        let own = match field.strip_prefix("treatment_schedule.").and_then(|rest| rest.split_once('.')) {
            Some((index, end)) => format!("{end}.{index}"),
            None => field,
        };
        found.0.insert(own, faults);
    }
    error.fields = found;
    error
}

fn edit_page(ctx: &Ctx, row: &inquiries::Model, justified: bool, form: Form) -> ApiResult<Response> {
    let chrome = &ctx.chrome;
    let here = format!("{}/edit", address(row.id));
    let shown = (0..RANGES).filter(|index| !form.value(&format!("start.{index}")).is_empty()).count();
    let range = |index: usize| RangeRow { start: format!("start.{index}"), end: format!("end.{index}") };
    page(&CaseEditPage {
        back: address(row.id),
        code: row.inquiry_code.clone().unwrap_or_default(),
        version: row.version,
        problems: InquiryProblem::iter()
            .map(|it| Choice::new(it.to_value(), chrome.word("request-problem", it.to_value())))
            .collect(),
        durations: InquiryDurationOfConcern::iter()
            .map(|it| Choice::new(it.to_value(), chrome.word("request-duration", it.to_value())))
            .collect(),
        ranges: (0..(shown + 1).min(RANGES)).map(range).collect(),
        here,
        justified,
        form,
        chrome: chrome.clone(),
    })
}
