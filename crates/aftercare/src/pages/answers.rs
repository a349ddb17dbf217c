//! The patient answers a questionnaire.

use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::ids::{AfterCareId, AftercareQuestionnaireId};
use kernel::{AppError, AppResult, ErrorKind};
use platform::locale;
use platform::web::{ApiResult, Path, status_of};
use serde_json::Value as Json;
use ui::{Choice, Chrome, Ctx, Form, Html, Inside, Posted, page};

use crate::queries::{self, page as query};
use crate::rules::questions::{Answers, Options, Question, QuestionType};
use crate::service::respond::{self, Response as Asked};
use crate::views::QuestionnaireView;

/// A question as its field.
struct QuestionField {
    field: Html,
    is_scale: bool,
}

#[derive(Template)]
#[template(path = "care_questions.html")]
struct QuestionsPage {
    chrome: Chrome,
    form: Form,
    action: String,
    name: String,
    description: String,
    draft: String,
    due: Option<String>,
    due_value: Option<String>,
    fields: Vec<QuestionField>,
}

#[derive(Template)]
#[template(path = "care_urgent.html")]
struct UrgentPage {
    chrome: Chrome,
}

type Ids = (AfterCareId, AftercareQuestionnaireId);

pub(super) async fn show(Inside(ctx): Inside, Path((case, id)): Path<Ids>) -> ApiResult<Response> {
    let asked = queries::questionnaire(&ctx.app, &ctx.actor, case, id).await?;
    let form = Form::new(&ctx.chrome);
    shown(&ctx, case, asked, form)
}

fn shown(ctx: &Ctx, case: AfterCareId, asked: QuestionnaireView, form: Form) -> ApiResult<Response> {
    let chrome = &ctx.chrome;
    page(&QuestionsPage {
        action: format!("/patient/aftercare/{case}/questionnaires/{}", asked.id),
        draft: format!("care-{case}-{}", asked.id),
        due: asked.due_date.map(|due| chrome.tw("care-answers-for", "date", chrome.date(due))),
        due_value: asked.due_date.map(|due| due.to_string()),
        fields: asked.questions.iter().map(|question| field(chrome, &form, question)).collect(),
        name: asked.name,
        description: asked.description.unwrap_or_default(),
        form,
        chrome: chrome.clone(),
    })
}

/// A stored choice in the reader's words; clinics may have added choices of their own.
pub(super) fn choice_word(chrome: &Chrome, word: &str) -> String {
    let key = format!("care-choice-{}", word.replace('_', "-").to_lowercase());
    locale::find_text(chrome.locale, &key).unwrap_or_else(|| word.replace('_', " "))
}

fn choices(chrome: &Chrome, question: &Question) -> Vec<Choice> {
    match &question.options {
        Some(Options::Choices(words)) => {
            words.iter().map(|word| Choice::new(word.as_str(), choice_word(chrome, word))).collect()
        }
        _ => Vec::new(),
    }
}

fn field(chrome: &Chrome, form: &Form, question: &Question) -> QuestionField {
    let (name, label) = (question.question_id.as_str(), question.question_text.as_str());
    let field = match question.question_type {
        QuestionType::VisualScale | QuestionType::NumericScale => {
            let (min, max) = question.scale();
            let steps: Vec<Choice> = (min..=max).map(|step| Choice::new(step.to_string(), step.to_string())).collect();
            form.radios(name, label, &steps)
        }
        QuestionType::YesNo => {
            let both = ["yes", "no"].map(|word| Choice::new(word, choice_word(chrome, word)));
            form.radios(name, label, &both).compact()
        }
        QuestionType::SingleChoice => form.radios(name, label, &choices(chrome, question)),
        QuestionType::MultiSelect => form.checks(name, label, &choices(chrome, question)),
        QuestionType::Number => {
            let mut field = form.number(name, label).inputmode("numeric");
            if let Some(Options::Bounds(bounds)) = &question.options {
                if let Some(min) = bounds.min {
                    field = field.min(min);
                }
                if let Some(max) = bounds.max {
                    field = field.max(max);
                }
            }
            field
        }
        QuestionType::Text => {
            let longest = match &question.options {
                Some(Options::Bounds(bounds)) => bounds.max_chars.and_then(|most| u32::try_from(most).ok()),
                _ => None,
            };
            form.area(name, label).maxlength(longest.unwrap_or(2000))
        }
    };
    let field = match &question.help_text {
        Some(help) => field.hint(help.as_str()),
        None => field,
    };
    let field = if question.required { field.required() } else { field };
    QuestionField { field: Html::of(&field), is_scale: question.is_scale() }
}

pub(super) async fn send(Inside(ctx): Inside, Path((case, id)): Path<Ids>, posted: Posted) -> ApiResult<Response> {
    let asked = queries::questionnaire(&ctx.app, &ctx.actor, case, id).await?;
    match answer(&ctx, case, &asked, &posted).await {
        Ok(true) => Ok(Redirect::to(&format!("/patient/aftercare/{case}/alert")).into_response()),
        Ok(false) => Ok(ctx.done("/patient/aftercare", "care-answers")),
        // Sent twice: the answers of that day are there, and may have raised an alarm: the next page knows.
        Err(error) if error.code == "slot_already_done" => {
            Ok(Redirect::to(&format!("/patient/aftercare/{case}/alert")).into_response())
        }
        Err(error) if matches!(error.kind, ErrorKind::Internal | ErrorKind::NotFound) => Err(error.into()),
        Err(error) => {
            let form = Form::posted(&ctx.chrome, &posted).refused(&error);
            let mut response = shown(&ctx, case, asked, form)?;
            *response.status_mut() = status_of(error.kind);
            Ok(response)
        }
    }
}

/// What to do while an alarm is open; without one there is nothing to say.
pub(super) async fn alert(Inside(ctx): Inside, Path(case): Path<AfterCareId>) -> ApiResult<Response> {
    if query::has_alarm(&ctx.app, &ctx.actor, case).await? {
        page(&UrgentPage { chrome: ctx.chrome })
    } else {
        Ok(ctx.done("/patient/aftercare", "care-answers"))
    }
}

/// Whether the answers raised an alarm.
async fn answer(ctx: &Ctx, case: AfterCareId, asked: &QuestionnaireView, posted: &Posted) -> AppResult<bool> {
    let ask = Asked { due_date: posted.maybe("due_date")?, responses: answers(&asked.questions, posted) };
    match respond::answer(&ctx.app, &ctx.actor, case, asked.id, &ask).await {
        Ok(answered) => Ok(answered.flagged_urgent),
        Err(error) => Err(named(error, &asked.questions, &ask.responses)),
    }
}

/// The answers given, by question, each as its kind of value; what cannot be read stays text and is refused by name.
fn answers(questions: &[Question], posted: &Posted) -> Answers {
    let mut answers = Answers::new();
    for question in questions {
        let id = question.question_id.as_str();
        let value = match question.question_type {
            QuestionType::MultiSelect => {
                let chosen = posted.all(id);
                (!chosen.is_empty()).then(|| Json::from(chosen))
            }
            QuestionType::VisualScale | QuestionType::NumericScale | QuestionType::Number => {
                posted.given(id).map(|text| text.parse::<i64>().map_or_else(|_| Json::from(text), Json::from))
            }
            QuestionType::YesNo | QuestionType::SingleChoice | QuestionType::Text => posted.given(id).map(Json::from),
        };
        if let Some(value) = value {
            answers.insert(id.to_owned(), value);
        }
    }
    answers
}

/// The refusal with its faults beside the questions.
fn named(mut error: AppError, questions: &[Question], answers: &Answers) -> AppError {
    if error.code == "response_invalid" {
        error.fields = kernel::FieldErrors::new();
        for id in crate::rules::questions::faults(questions, answers) {
            let code = if answers.contains_key(&id) { "invalid" } else { "required" };
            error.fields.add(id, code, "This answer does not fit.");
        }
    }
    error
}
