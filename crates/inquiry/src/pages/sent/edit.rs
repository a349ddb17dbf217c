//! Changing a part of a sent request.

use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use catalogue::questionnaire::QuestionnaireSet;
use catalogue::rules::questions::{spoken, spoken_prompt};
use kernel::ids::InquiryId;
use kernel::{AppError, AppResult, ErrorKind, FieldErrors};
use platform::web::{ApiResult, Path, status_of};
use sea_orm::{ActiveEnum, Iterable};
use ui::{Choice, Chrome, Ctx, Form, Inside, Posted, page};

use super::address;
use super::parts::{Answered, answers, may_change, part_of, payload_of};
use crate::entity::inquiries::{self, InquiryDurationOfConcern, InquiryProblem};
use crate::limits::Limits;
use crate::pages::steps::{Asked, Step, removal, take};
use crate::pages::view::range_text;
use crate::rules::alert::{Answer, AnswerInput};
use crate::rules::submission::{DraftPayload, QuestionnaireInput, ScheduleInput};
use crate::service::edit::{self, EditInput};
use crate::service::show::{OwnMedical, own_medical, own_row};

struct RangeLine {
    text: String,
    /// What the hidden field carries.
    days: String,
    op: String,
}

struct QuestionCard {
    name: String,
    details: String,
    text: String,
    help: String,
    prompt: String,
}

#[derive(Template)]
#[template(path = "sent_edit.html")]
struct EditPage {
    chrome: Chrome,
    part: &'static str,
    title: String,
    hint: String,
    back: String,
    action: String,
    form: Form,
    /// The version the form was made from: another one is refused.
    version: i32,
    /// What is stored now, where somebody else changed it meanwhile.
    stored: Vec<Answered>,
    choices: Vec<Choice>,
    more: Vec<Choice>,
    ranges: Vec<RangeLine>,
    first_day: String,
    questions: Vec<QuestionCard>,
    yes_no: Vec<Choice>,
}

/// A part of a request as it is stored.
struct Stored {
    row: inquiries::Model,
    payload: DraftPayload,
    /// The medical answers and the questions in force, for that part only.
    health: Option<(OwnMedical, QuestionnaireSet)>,
}

impl Stored {
    async fn load(ctx: &Ctx, id: InquiryId, part: Step) -> AppResult<Self> {
        let row = own_row(&ctx.app, &ctx.actor, id).await?;
        let mut payload = payload_of(&row)?;
        let health = match part {
            Step::Health => {
                let medical = own_medical(&ctx.app, &ctx.actor, &row).await?;
                Some((medical, catalogue::questionnaire::require_active(ctx.app.db.conn()).await?))
            }
            Step::Habits => {
                let told = own_medical(&ctx.app, &ctx.actor, &row).await?.habits;
                payload.smoking_status = told.smoking_status;
                payload.alcohol_consumption = told.alcohol_consumption;
                payload.family_history = told.family_history;
                None
            }
            _ => None,
        };
        Ok(Self { row, payload, health })
    }

    fn may_change(&self, part: Step) -> bool {
        may_change(part, &self.row, self.health.as_ref().is_some_and(|(medical, _)| medical.reopened))
    }

    /// The number another save would have moved.
    fn version(&self) -> i32 {
        self.health.as_ref().map_or(self.row.version, |(medical, _)| medical.revision)
    }
}

pub(super) async fn show(Inside(ctx): Inside, Path((id, word)): Path<(InquiryId, String)>) -> ApiResult<Response> {
    let part = part_of(&word)?;
    let stored = Stored::load(&ctx, id, part).await?;
    if !stored.may_change(part) {
        // The page of the request says why.
        return Ok(Redirect::to(&address(id)).into_response());
    }
    let form = form_of(&ctx, part, &stored);
    edit_page(&ctx, part, &stored, form, &stored.payload, false).await
}

pub(super) async fn save(
    Inside(ctx): Inside,
    Path((id, word)): Path<(InquiryId, String)>,
    posted: Posted,
) -> ApiResult<Response> {
    let part = part_of(&word)?;
    let stored = Stored::load(&ctx, id, part).await?;
    let mut typed = stored.payload.clone();
    if part == Step::Dates {
        typed.treatment_schedule = posted.all("range").into_iter().filter_map(range_of).collect();
    }
    let asked = stored.health.as_ref().map(|(_, set)| Asked {
        set: set.id,
        version: set.version,
        ids: set.asked().into_iter().map(|question| question.id.as_str()).collect(),
        one: None,
    });
    let taken = take(part, &posted, &mut typed, asked.as_ref());
    let op = posted.get("op");
    if taken.is_ok() && part == Step::Dates && op != "next" {
        return edit_page(&ctx, part, &stored, Form::new(&ctx.chrome), &typed, false).await;
    }
    let saved = match taken {
        Ok(()) => store(&ctx, id, part, &posted, &stored, &typed).await,
        Err(error) => Err(error),
    };
    match saved {
        Ok(()) => Ok(ctx.done(&address(id), "request-changed")),
        Err(error) if !matches!(error.kind, ErrorKind::Internal | ErrorKind::NotFound) => {
            let stale = error.code == "stale_version";
            let fresh = if stale { Stored::load(&ctx, id, part).await? } else { stored };
            let status = status_of(error.kind);
            let form = Form::posted(&ctx.chrome, &posted).refused(&shown(part, error));
            let mut response = edit_page(&ctx, part, &fresh, form, &typed, stale).await?;
            *response.status_mut() = status;
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

/// Stores what differs; a form sent twice changes nothing the second time.
async fn store(
    ctx: &Ctx,
    id: InquiryId,
    part: Step,
    posted: &Posted,
    stored: &Stored,
    typed: &DraftPayload,
) -> AppResult<()> {
    let seen: i32 = posted.parse("version")?;
    if let Some((medical, set)) = &stored.health {
        let Some(given) = &typed.questionnaire else { return Err(AppError::internal("answers were not read")) };
        if is_same(given, &medical.answers, set.asked().len()) && !medical.reopened {
            return Ok(());
        }
        return edit::answer_again_seen(&ctx.app, &ctx.actor, id, given, Some(seen)).await;
    }
    if *typed == stored.payload {
        return Ok(());
    }
    let text = |text: &Option<String>| Some(text.clone().unwrap_or_default());
    let none = EditInput { version: seen, ..EditInput::default() };
    let input = match part {
        Step::Wish => EditInput { problem: typed.problem, ..none },
        Step::Concern => EditInput {
            problem_details: text(&typed.problem_details),
            // An emptied field is an empty text: an absent one would stay as it was.
            nature_of_concern: text(&typed.nature_of_concern),
            ..none
        },
        Step::Habits => EditInput {
            lifestyle_factors: text(&typed.lifestyle_factors),
            smoking_status: text(&typed.smoking_status),
            alcohol_consumption: text(&typed.alcohol_consumption),
            family_history: text(&typed.family_history),
            additional_notes: text(&typed.additional_notes),
            ..none
        },
        Step::History => EditInput {
            duration_of_concern: typed.duration_of_concern,
            previous_treatments: text(&typed.previous_treatments),
            severity: typed.severity,
            ..none
        },
        _ => EditInput { treatment_schedule: Some(typed.treatment_schedule.clone()), ..none },
    };
    edit::edit(&ctx.app, &ctx.actor, id, &input).await
}

/// Whether these answers are the stored ones.
fn is_same(given: &QuestionnaireInput, stored: &[Answer], asked: usize) -> bool {
    let found = |input: &AnswerInput| {
        stored.iter().any(|answer| {
            answer.question_id == input.question_id && answer.answer == input.answer && answer.details == input.details
        })
    };
    given.answers.len() == asked && stored.len() == asked && given.answers.iter().all(found)
}

/// The refusal with its faults beside the fields this page has.
fn shown(part: Step, mut error: AppError) -> AppError {
    if part == Step::Dates {
        let mut found = FieldErrors::new();
        for (field, faults) in std::mem::take(&mut error.fields).0 {
            let own = if field.ends_with("end") { "end" } else { "start" };
            found.0.entry(own.to_owned()).or_insert(faults);
        }
        error.fields = found;
    }
    error
}

/// A range as its hidden field carries it.
fn range_of(days: &str) -> Option<ScheduleInput> {
    let (start, end) = days.split_once('/')?;
    Some(ScheduleInput::Range { start: start.to_owned(), end: end.to_owned() })
}

fn form_of(ctx: &Ctx, part: Step, stored: &Stored) -> Form {
    let payload = &stored.payload;
    let mut form = Form::new(&ctx.chrome);
    match part {
        Step::Wish => form = form.with_some("problem", payload.problem.map(|it| it.to_value())),
        Step::Concern => {
            form = form
                .with_some("problem_details", payload.problem_details.clone())
                .with_some("nature_of_concern", payload.nature_of_concern.clone());
        }
        Step::Habits => {
            form = form
                .with_some("lifestyle_factors", payload.lifestyle_factors.clone())
                .with_some("smoking_status", payload.smoking_status.clone())
                .with_some("alcohol_consumption", payload.alcohol_consumption.clone())
                .with_some("family_history", payload.family_history.clone())
                .with_some("additional_notes", payload.additional_notes.clone());
        }
        Step::History => {
            form = form
                .with_some("duration_of_concern", payload.duration_of_concern.map(|it| it.to_value()))
                .with_some("previous_treatments", payload.previous_treatments.clone())
                .with_some("severity", payload.severity.map(|score| score.to_string()));
        }
        _ => {
            for answer in stored.health.iter().flat_map(|(medical, _)| &medical.answers) {
                let word = if answer.answer { "yes" } else { "no" };
                form = form
                    .with(&format!("answer.{}", answer.question_id), word)
                    .with_some(&format!("details.{}", answer.question_id), answer.details.clone());
            }
        }
    }
    form
}

async fn edit_page(
    ctx: &Ctx,
    part: Step,
    stored: &Stored,
    form: Form,
    typed: &DraftPayload,
    stale: bool,
) -> ApiResult<Response> {
    let chrome = &ctx.chrome;
    let home = address(stored.row.id);
    let limits = Limits::load(&ctx.app).await?;
    let range = |range: &ScheduleInput| {
        let (start, end) = range.ends();
        RangeLine { text: range_text(chrome, range), days: format!("{start}/{end}"), op: removal(range) }
    };
    let choices = match part {
        Step::Wish => InquiryProblem::iter()
            .map(|it| {
                let word = it.to_value();
                Choice::new(&word, chrome.word("request-problem", &word))
                    .hint(chrome.word("request-problem-text", &word))
            })
            .collect(),
        Step::History => InquiryDurationOfConcern::iter()
            .map(|it| Choice::new(it.to_value(), chrome.word("request-duration", it.to_value())))
            .collect(),
        _ => Vec::new(),
    };
    page(&EditPage {
        part: part.word(),
        title: chrome.t(format!("request-{}-title", part.word())),
        hint: chrome.t(if part == Step::Health { "sent-edit-health-hint" } else { "sent-edit-hint" }),
        action: format!("{home}/{}", part.word()),
        back: home,
        version: stored.version(),
        stored: if stale { answers(chrome, part, &stored.payload) } else { Vec::new() },
        choices,
        more: (1..=10).map(|score| Choice::new(score.to_string(), score.to_string())).collect(),
        ranges: if part == Step::Dates { typed.treatment_schedule.iter().map(range).collect() } else { Vec::new() },
        first_day: (ctx.now().date_naive() + chrono::Duration::days(limits.lead_days)).to_string(),
        questions: stored.health.as_ref().map(|(_, set)| questions(chrome, set)).unwrap_or_default(),
        yes_no: vec![Choice::new("yes", chrome.t("request-yes")), Choice::new("no", chrome.t("request-no"))],
        form,
        chrome: chrome.clone(),
    })
}

fn questions(chrome: &Chrome, set: &QuestionnaireSet) -> Vec<QuestionCard> {
    let card = |question: &catalogue::rules::questions::Question| QuestionCard {
        name: format!("answer.{}", question.id),
        details: format!("details.{}", question.id),
        text: spoken(chrome.locale, &question.id, &question.text),
        help: question.help.clone().unwrap_or_default(),
        prompt: spoken_prompt(chrome.locale, &question.detail_prompt),
    };
    set.asked().into_iter().map(card).collect()
}
