//! The questionnaires, for the staff who keep them (R-IQ-15, R-IQ-22).

use askama::Template;
use axum::response::Response;
use kernel::ids::QuestionnaireSetId;
use kernel::{AppError, AppResult, Permission};
use platform::web::{ApiResult, Path};
use sea_orm::{ActiveEnum, Iterable};
use serde::de::DeserializeOwned;
use ui::{Badge, Choice, Chrome, Ctx, Field, Form, Html, Inside, ListView, Posted, Tone, page};

use super::{refused, sayable, word};
use crate::entity::questionnaire_sets::{QuestionnaireSetContextType as Context, QuestionnaireSetStatus as Status};
use crate::rules::questions::{Question, Severity, Topic};
use crate::rules::sets::{Difference, differences};
use crate::service::questionnaires::{self as keep, QuestionInput, SetInput, Version};

const BASE: &str = "/admin/questionnaires";
/// Most questions a set has.
const MOST: usize = 100;

struct Line {
    href: String,
    name: String,
    used: String,
    questions: i64,
    state: Badge,
    version: i64,
    asked: bool,
}

#[derive(Template)]
#[template(path = "cat_sets.html")]
struct SetsPage {
    chrome: Chrome,
    list: ListView,
    lines: Vec<Line>,
    contexts: Vec<Choice>,
    states: Vec<Choice>,
    configured: bool,
}

/// A question as patients read it, with what staff know of it.
struct Asked {
    text: String,
    help: String,
    prompt: String,
    label: String,
    weight: Badge,
    active: bool,
}

struct VersionLine {
    href: String,
    number: i64,
    state: Badge,
    published: Html,
    here: bool,
}

#[derive(Template)]
#[template(path = "cat_set.html")]
struct SetPage {
    chrome: Chrome,
    form: Form,
    name: String,
    used: String,
    category: String,
    description: String,
    state: Badge,
    action: String,
    questions: Vec<Asked>,
    versions: Vec<VersionLine>,
    changes: Vec<(Badge, String)>,
    lock: i32,
    asked: bool,
    is_draft: bool,
    can_ask: bool,
    is_archived: bool,
    can_go: bool,
}

/// The fields of one question.
struct Row {
    number: i64,
    heading: String,
    id: Html,
    fields: Vec<Field>,
    is_new: bool,
}

#[derive(Template)]
#[template(path = "cat_set_edit.html")]
struct EditPage {
    chrome: Chrome,
    form: Form,
    heading: String,
    back: String,
    action: String,
    contexts: Vec<Choice>,
    rows: Vec<Row>,
    next_version: bool,
}

fn keeper(ctx: &Ctx) -> AppResult<()> {
    ctx.actor.admin()?;
    ctx.actor.require(Permission::ManageTreatmentCatalog)
}

fn state(chrome: &Chrome, status: Status) -> Badge {
    let tone = match status {
        Status::Active => Tone::Good,
        Status::Draft => Tone::Info,
        Status::Archived => Tone::Calm,
    };
    Badge::new(tone, chrome.word("cat-set", word(&status)))
}

fn count(many: usize) -> i64 {
    i64::try_from(many).unwrap_or(i64::MAX)
}

pub(super) async fn list(Inside(ctx): Inside) -> ApiResult<Response> {
    keeper(&ctx)?;
    let context = Context::try_from_value(&ctx.asked("context")).ok();
    let status = Status::try_from_value(&ctx.asked("status")).ok();
    let found = keep::list(&ctx.app, &ctx.actor, context, status, ctx.page_query()).await?;
    let configured = keep::is_configured(ctx.app.db.conn()).await?;
    let chrome = ctx.chrome;
    let line = |Version { row, questions }: Version| Line {
        href: format!("{BASE}/{}", row.id),
        used: chrome.word("cat-context", word(&row.context_type)),
        questions: count(questions.iter().filter(|question| question.active).count()),
        state: state(&chrome, row.status),
        version: i64::from(row.version),
        asked: row.is_active_for_inquiry,
        name: row.name,
    };
    let lines = found.data.into_iter().map(line).collect();
    page(&SetsPage {
        list: ListView::new(&chrome, &found.meta),
        lines,
        contexts: contexts(&chrome),
        states: Status::iter().map(|it| Choice::new(word(&it), chrome.word("cat-set", word(&it)))).collect(),
        configured,
        chrome,
    })
}

fn contexts(chrome: &Chrome) -> Vec<Choice> {
    Context::iter().map(|it| Choice::new(word(&it), chrome.word("cat-context", word(&it)))).collect()
}

fn weight(chrome: &Chrome, severity: Severity) -> Badge {
    let tone = match severity {
        Severity::Critical => Tone::Bad,
        Severity::Standard => Tone::Warn,
        Severity::None => Tone::Calm,
    };
    Badge::new(tone, chrome.word("cat-severity", severity.name()))
}

fn asked(chrome: &Chrome, question: &Question) -> Asked {
    Asked {
        text: question.text.clone(),
        help: question.help.clone().unwrap_or_default(),
        prompt: question.detail_prompt.clone(),
        label: question.label.clone(),
        weight: weight(chrome, question.severity),
        active: question.active,
    }
}

/// What this version asks differently from the one before it.
fn changes(chrome: &Chrome, version: &Version, all: &[Version]) -> Vec<(Badge, String)> {
    let before = all.iter().find(|other| other.row.version < version.row.version);
    let Some(before) = before else { return Vec::new() };
    let badge = |difference: Difference| match difference {
        Difference::Added => Badge::new(Tone::Good, chrome.t("cat-change-added")),
        Difference::Removed => Badge::new(Tone::Bad, chrome.t("cat-change-removed")),
        Difference::Changed => Badge::new(Tone::Info, chrome.t("cat-change-changed")),
    };
    let found = differences(&before.questions, &version.questions);
    found.into_iter().map(|(label, difference)| (badge(difference), label)).collect()
}

async fn set_page(ctx: &Ctx, id: QuestionnaireSetId, form: Form) -> ApiResult<Response> {
    let (version, all) = keep::show(&ctx.app, &ctx.actor, id).await?;
    let chrome = &ctx.chrome;
    let line = |other: &Version| VersionLine {
        href: format!("{BASE}/{}", other.row.id),
        number: i64::from(other.row.version),
        state: state(chrome, other.row.status),
        published: other.row.published_at.map(|at| chrome.when(at)).unwrap_or_default(),
        here: other.row.id == id,
    };
    let row = &version.row;
    page(&SetPage {
        form,
        name: row.name.clone(),
        used: chrome.word("cat-context", word(&row.context_type)),
        category: row.category.clone().unwrap_or_default(),
        description: row.description.clone().unwrap_or_default(),
        state: state(chrome, row.status),
        action: format!("{BASE}/{id}"),
        questions: version.questions.iter().map(|question| asked(chrome, question)).collect(),
        versions: all.iter().map(line).collect(),
        changes: changes(chrome, &version, &all),
        lock: row.lock_version,
        asked: row.is_active_for_inquiry,
        is_draft: row.status == Status::Draft,
        can_ask: row.status == Status::Active && row.context_type != Context::Aftercare && !row.is_active_for_inquiry,
        is_archived: row.status == Status::Archived,
        can_go: row.published_at.is_none(),
        chrome: ctx.chrome.clone(),
    })
}

pub(super) async fn show(Inside(ctx): Inside, Path(id): Path<QuestionnaireSetId>) -> ApiResult<Response> {
    keeper(&ctx)?;
    let form = Form::new(&ctx.chrome).with("for_inquiries", "true");
    set_page(&ctx, id, form).await
}

/// Publishes, activates, duplicates, archives or deletes, as the button says.
pub(super) async fn act(
    Inside(ctx): Inside,
    Path(id): Path<QuestionnaireSetId>,
    posted: Posted,
) -> ApiResult<Response> {
    keeper(&ctx)?;
    let (app, actor) = (&ctx.app, &ctx.actor);
    let outcome = match posted.get("do") {
        "publish" => match posted.parse("lock") {
            Ok(lock) => {
                let done = keep::publish(app, actor, id, lock, posted.ticked("for_inquiries")).await;
                done.map(|()| (id, "cat-set-published"))
            }
            Err(error) => Err(error),
        },
        "activate" => keep::activate(app, actor, id).await.map(|()| (id, "cat-set-activated")),
        "archive" => keep::archive(app, actor, id).await.map(|()| (id, "cat-set-archived")),
        "delete" => match keep::remove(app, actor, id).await {
            Ok(()) => return Ok(ctx.done(BASE, "cat-set-deleted")),
            Err(error) => Err(error),
        },
        "duplicate" => {
            let made = keep::duplicate(app, actor, id, posted.get("name")).await;
            made.map(|made| (made, "cat-set-duplicated"))
        }
        _ => Err(AppError::field("do", "unknown_value", "There is no such button.")),
    };
    match outcome {
        Ok((id, done)) => Ok(ctx.done(&format!("{BASE}/{id}"), done)),
        Err(error) => {
            let error = sayable(error)?;
            let form = Form::posted(&ctx.chrome, &posted).refused(&error);
            Ok(refused(set_page(&ctx, id, form).await?, &error))
        }
    }
}

fn read<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_value(text.into()).ok()
}

fn form_of(chrome: &Chrome, version: &Version) -> Form {
    let row = &version.row;
    let form = Form::new(chrome)
        .with("name", row.name.clone())
        .with("context_type", word(&row.context_type))
        .with_some("category", row.category.clone())
        .with_some("description", row.description.clone())
        .with("lock", row.lock_version.to_string())
        .with("rows", version.questions.len().to_string());
    version.questions.iter().enumerate().fold(form, |form, (index, question)| {
        let at = |part: &str| format!("q{index}.{part}");
        let form = form
            .with(&at("id"), question.id.clone())
            .with(&at("text"), question.text.clone())
            .with(&at("label"), question.label.clone())
            .with(&at("prompt"), question.detail_prompt.clone())
            .with_some(&at("help"), question.help.clone())
            .with(&at("severity"), question.severity.name())
            .with(&at("topic"), word(&question.topic))
            .with(&at("place"), (index + 1).to_string());
        if question.active { form.with(&at("active"), "true") } else { form }
    })
}

const TOPICS: [&str; 4] = ["conditions", "allergies", "medications", "surgeries"];

fn rows(chrome: &Chrome, form: &Form, many: usize) -> Vec<Row> {
    let severities: Vec<Choice> = [Severity::Critical, Severity::Standard, Severity::None]
        .map(|it| Choice::new(it.name(), chrome.word("cat-severity", it.name())))
        .into();
    let topics: Vec<Choice> = TOPICS.map(|it| Choice::new(it, chrome.word("cat-topic", it))).into();
    (0..many)
        .map(|index| {
            let at = |part: &str| format!("q{index}.{part}");
            let label = form.value(&at("label")).to_owned();
            Row {
                number: count(index + 1),
                is_new: form.value(&at("text")).is_empty(),
                heading: if label.is_empty() { chrome.t("cat-question-new") } else { label },
                id: form.hidden(&at("id"), form.value(&at("id"))),
                fields: vec![
                    form.area(&at("text"), chrome.t("cat-question-text")).rows(2).maxlength(500),
                    form.text(&at("label"), chrome.t("cat-question-label"))
                        .hint(chrome.t("cat-question-label-hint"))
                        .maxlength(60),
                    form.select(&at("severity"), chrome.t("cat-question-severity"), &severities),
                    form.text(&at("prompt"), chrome.t("cat-question-prompt")).maxlength(300),
                    form.select(&at("topic"), chrome.t("cat-question-topic"), &topics),
                    form.text(&at("help"), chrome.t("cat-question-help")).maxlength(500),
                    form.number(&at("place"), chrome.t("cat-question-place")).min(1).max(200).step("1"),
                    form.tick(&at("active"), chrome.t("cat-question-active")),
                ],
            }
        })
        .collect()
}

fn edit_page(ctx: &Ctx, version: Option<&Version>, form: Form, many: usize) -> ApiResult<Response> {
    let chrome = &ctx.chrome;
    page(&EditPage {
        heading: version.map_or_else(|| chrome.t("cat-set-new"), |version| version.row.name.clone()),
        back: version.map_or_else(|| BASE.to_owned(), |version| format!("{BASE}/{}", version.row.id)),
        action: version.map_or_else(|| format!("{BASE}/new"), |version| format!("{BASE}/{}/edit", version.row.id)),
        contexts: contexts(chrome),
        rows: rows(chrome, &form, many),
        next_version: version.is_some_and(|version| version.row.status != Status::Draft),
        form,
        chrome: ctx.chrome.clone(),
    })
}

pub(super) async fn show_new(Inside(ctx): Inside) -> ApiResult<Response> {
    keeper(&ctx)?;
    let form = Form::new(&ctx.chrome)
        .with("context_type", "inquiry")
        .with("q0.severity", "standard")
        .with("q0.active", "true")
        .with("q0.place", "1");
    edit_page(&ctx, None, form, 1)
}

pub(super) async fn edit(Inside(ctx): Inside, Path(id): Path<QuestionnaireSetId>) -> ApiResult<Response> {
    keeper(&ctx)?;
    let (version, _) = keep::show(&ctx.app, &ctx.actor, id).await?;
    let form = form_of(&ctx.chrome, &version);
    let many = version.questions.len();
    edit_page(&ctx, Some(&version), form, many)
}

/// How many rows of questions the form had.
fn rows_of(posted: &Posted) -> usize {
    let numbers =
        posted.0.iter().filter_map(|(name, _)| name.strip_prefix('q')?.split('.').next()?.parse::<usize>().ok());
    numbers.max().map_or(0, |last| (last + 1).min(MOST))
}

fn input_of(posted: &Posted) -> AppResult<SetInput> {
    let mut placed = Vec::new();
    for index in 0..rows_of(posted) {
        let get = |part: &str| posted.get(&format!("q{index}.{part}")).to_owned();
        if get("text").is_empty() && get("label").is_empty() {
            continue;
        }
        let place: usize = posted.maybe(&format!("q{index}.place"))?.unwrap_or(index + 1);
        let question = QuestionInput {
            id: Some(get("id")).filter(|id| !id.is_empty()),
            text: get("text"),
            help: Some(get("help")).filter(|help| !help.is_empty()),
            kind: "yes_no".to_owned(),
            detail_prompt: get("prompt"),
            severity: read(&get("severity")).unwrap_or(Severity::Standard),
            active: posted.ticked(&format!("q{index}.active")),
            label: get("label"),
            topic: read(&get("topic")).unwrap_or(Topic::Conditions),
        };
        placed.push((place, index, question));
    }
    placed.sort_by_key(|(place, index, _)| (*place, *index));
    Ok(SetInput {
        name: posted.get("name").to_owned(),
        context_type: read(posted.get("context_type")).unwrap_or(Context::Inquiry),
        category: posted.given("category").map(str::to_owned),
        description: posted.given("description").map(str::to_owned),
        questions: placed.into_iter().map(|(_, _, question)| question).collect(),
        lock_version: posted.maybe("lock")?,
    })
}

/// Which row of the form each question of the input came from, for faults.
fn origins(posted: &Posted) -> Vec<usize> {
    let filled = |index: &usize| {
        let get = |part: &str| posted.get(&format!("q{index}.{part}"));
        !get("text").is_empty() || !get("label").is_empty()
    };
    let mut found: Vec<(usize, usize)> = (0..rows_of(posted))
        .filter(filled)
        .map(|index| (posted.get(&format!("q{index}.place")).parse().unwrap_or(index + 1), index))
        .collect();
    found.sort_unstable();
    found.into_iter().map(|(_, index)| index).collect()
}

fn refused_form(ctx: &Ctx, posted: &Posted, error: &mut AppError) -> Form {
    let origins = origins(posted);
    let named: Vec<String> = error.fields.0.keys().cloned().collect();
    for field in named {
        let Some((index, part)) = field.strip_prefix("questions.").and_then(|rest| rest.split_once('.')) else {
            continue;
        };
        let Some(row) = index.parse::<usize>().ok().and_then(|index| origins.get(index)) else { continue };
        let part = if part == "detail_prompt" { "prompt" } else { part };
        if let Some(faults) = error.fields.0.remove(&field) {
            error.fields.0.insert(format!("q{row}.{part}"), faults);
        }
    }
    Form::posted(&ctx.chrome, posted).refused(error)
}

pub(super) async fn create(Inside(ctx): Inside, posted: Posted) -> ApiResult<Response> {
    keeper(&ctx)?;
    if posted.get("op") == "add" {
        return more(&ctx, None, &posted);
    }
    let outcome = match input_of(&posted) {
        Ok(input) => keep::create(&ctx.app, &ctx.actor, input).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(id) => Ok(ctx.done(&format!("{BASE}/{id}"), "cat-set-saved")),
        Err(error) => {
            let mut error = sayable(error)?;
            let form = refused_form(&ctx, &posted, &mut error);
            Ok(refused(edit_page(&ctx, None, form, rows_of(&posted).max(1))?, &error))
        }
    }
}

/// The form with one row more; nothing is saved.
fn more(ctx: &Ctx, version: Option<&Version>, posted: &Posted) -> ApiResult<Response> {
    let many = rows_of(posted);
    let form = Form::posted(&ctx.chrome, posted)
        .with(&format!("q{many}.severity"), "standard")
        .with(&format!("q{many}.active"), "true")
        .with(&format!("q{many}.place"), (many + 1).to_string());
    edit_page(ctx, version, form, (many + 1).min(MOST))
}

pub(super) async fn save(
    Inside(ctx): Inside,
    Path(id): Path<QuestionnaireSetId>,
    posted: Posted,
) -> ApiResult<Response> {
    keeper(&ctx)?;
    if posted.get("op") == "add" {
        let (version, _) = keep::show(&ctx.app, &ctx.actor, id).await?;
        return more(&ctx, Some(&version), &posted);
    }
    let outcome = match input_of(&posted) {
        Ok(input) => keep::save(&ctx.app, &ctx.actor, id, input).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(id) => Ok(ctx.done(&format!("{BASE}/{id}"), "cat-set-saved")),
        Err(error) => {
            let mut error = sayable(error)?;
            let (version, _) = keep::show(&ctx.app, &ctx.actor, id).await?;
            let form = refused_form(&ctx, &posted, &mut error);
            Ok(refused(edit_page(&ctx, Some(&version), form, rows_of(&posted).max(1))?, &error))
        }
    }
}
