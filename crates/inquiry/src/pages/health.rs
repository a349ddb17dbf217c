//! The medical questions, one on a page, and all answers once there is nothing left to ask.

use catalogue::questionnaire::QuestionnaireSet;
use catalogue::rules::questions::{Question, spoken, spoken_prompt};
use kernel::AppResult;
use platform::locale;
use ui::{Chrome, Ctx, Html, meter};

use super::steps::{Asked, BACK, Step, first_unanswered};
use super::way::Way;
use crate::rules::submission::DraftPayload;

/// The question that is asked.
pub(super) struct QuestionCard {
    pub id: String,
    pub name: String,
    pub details: String,
    pub text: String,
    pub help: String,
    pub prompt: String,
    /// "Question 3 of 21".
    pub number: String,
    pub bar: Html,
    /// What the button says that leads to the question before; none for the first.
    pub back: Option<&'static str>,
}

/// A question with its answer, and the way to change it.
pub(super) struct AnswerLine {
    pub text: String,
    pub answer: String,
    pub details: String,
    pub href: String,
}

/// One question, or all answers.
pub(super) struct HealthView {
    pub one: Option<QuestionCard>,
    pub all: Vec<AnswerLine>,
}

/// The questions of a set, for reading answers.
pub(super) fn asked(set: &QuestionnaireSet) -> Asked<'_> {
    let ids = set.asked().into_iter().map(|question| question.id.as_str()).collect();
    Asked { set: set.id, version: set.version, ids, one: None }
}

/// The first question of the set in force that the draft does not answer. Without a set there is none: the submission
/// says so (R-IQ-15).
pub(super) async fn open_question(ctx: &Ctx, draft: &DraftPayload) -> AppResult<Option<String>> {
    match catalogue::questionnaire::require_active(ctx.app.db.conn()).await {
        Ok(set) => Ok(first_unanswered(&asked(&set), draft).map(str::to_owned)),
        Err(error) if error.code == "questionnaire_unavailable" => Ok(None),
        Err(error) => Err(error),
    }
}

/// Where a saved answer leads: to the question before or after it, to the first open one, or to all answers.
pub(super) fn next(asked: &Asked<'_>, draft: &DraftPayload, op: &str, way: &Way) -> String {
    let place = asked.ids.iter().position(|id| Some(*id) == asked.one).unwrap_or_default();
    let neighbour = match op {
        BACK => place.checked_sub(1).and_then(|before| asked.ids.get(before)),
        _ if first_unanswered(asked, draft).is_none() => None,
        _ => asked.ids.get(place + 1),
    };
    neighbour.map_or_else(|| way.href(Step::Health), |id| address(way, id))
}

fn address(way: &Way, question: &str) -> String {
    let base = way.href(Step::Health);
    let sign = if base.contains('?') { '&' } else { '?' };
    format!("{base}{sign}question={}", ui::encode(question))
}

/// What the page shows: the question asked for, the first open one, or all answers.
pub(super) async fn show(ctx: &Ctx, draft: &DraftPayload, wanted: &str, way: &Way) -> AppResult<HealthView> {
    let set = catalogue::questionnaire::require_active(ctx.app.db.conn()).await?;
    let asked = asked(&set);
    let chrome = &ctx.chrome;
    let questions = set.asked();
    let shown = questions.iter().position(|question| question.id == wanted).or_else(|| {
        let open = first_unanswered(&asked, draft)?;
        questions.iter().position(|question| question.id == open)
    });
    let one =
        shown.and_then(|place| questions.get(place).map(|question| card(chrome, question, place, questions.len())));
    let all = if one.is_some() { Vec::new() } else { lines(chrome, &questions, draft, way) };
    Ok(HealthView { one, all })
}

fn card(chrome: &Chrome, question: &Question, place: usize, all: usize) -> QuestionCard {
    let here = place + 1;
    let args = [("here", here.to_string().into()), ("all", all.to_string().into())];
    let number = locale::tr(chrome.locale, "request-question-of", &args);
    QuestionCard {
        id: question.id.clone(),
        name: format!("answer.{}", question.id),
        details: format!("details.{}", question.id),
        text: spoken(chrome.locale, &question.id, &question.text),
        help: question.help.clone().unwrap_or_default(),
        prompt: spoken_prompt(chrome.locale, &question.detail_prompt),
        bar: meter(u32::try_from(here * 100 / all.max(1)).unwrap_or(0), &number),
        number,
        back: (place > 0).then_some(BACK),
    }
}

fn lines(chrome: &Chrome, questions: &[&Question], draft: &DraftPayload, way: &Way) -> Vec<AnswerLine> {
    let given = |id: &str| draft.questionnaire.iter().flat_map(|it| &it.answers).find(|one| one.question_id == id);
    let line = |question: &&Question| {
        let answer = given(&question.id);
        let word = if answer.is_some_and(|one| one.answer) { "request-yes" } else { "request-no" };
        AnswerLine {
            text: spoken(chrome.locale, &question.id, &question.text),
            answer: chrome.t(word),
            details: answer.and_then(|one| one.details.clone()).unwrap_or_default(),
            href: address(way, &question.id),
        }
    };
    questions.iter().map(line).collect()
}
