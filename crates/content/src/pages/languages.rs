//! The languages of the house, for staff.

use askama::Template;
use axum::response::Response;
use kernel::ids::LanguageId;
use kernel::{AppError, AppResult, ErrorKind, Permission};
use platform::web::{ApiResult, Path, status_of};
use sea_orm::ActiveEnum;
use ui::{Badge, Choice, Chrome, Ctx, Form, Inside, ListView, Posted, Tone, page};

use super::word;
use crate::entity::languages::{LanguageDirection as Direction, LanguageStatus as Status};
use crate::languages::{self, Change, StaffLanguage};

const BASE: &str = "/admin/languages";

struct Line {
    href: String,
    name: String,
    code: String,
    status: Badge,
    is_default: bool,
    fallback: String,
}

#[derive(Template)]
#[template(path = "languages.html")]
struct LanguagesPage {
    chrome: Chrome,
    list: ListView,
    lines: Vec<Line>,
}

#[derive(Template)]
#[template(path = "language.html")]
struct LanguagePage {
    chrome: Chrome,
    form: Form,
    heading: String,
    action: String,
    is_new: bool,
    is_default: bool,
    has_texts: bool,
    states: Vec<Choice>,
    directions: Vec<Choice>,
    others: Vec<Choice>,
}

fn status_badge(chrome: &Chrome, status: Status) -> Badge {
    let tone = match status {
        Status::Active => Tone::Good,
        Status::Preparation => Tone::Info,
        Status::Inactive => Tone::Calm,
    };
    Badge::new(tone, chrome.word("language-status", word(&status)))
}

pub(super) async fn list(Inside(ctx): Inside) -> ApiResult<Response> {
    let found = languages::list(&ctx.app, &ctx.actor, ctx.page_query()).await?;
    let chrome = ctx.chrome;
    let line = |row: StaffLanguage| Line {
        href: format!("{BASE}/{}", row.id),
        name: format!("{} · {}", row.native_name, row.name),
        code: row.code,
        status: status_badge(&chrome, row.status),
        is_default: row.is_default,
        fallback: row.fallback.unwrap_or_default(),
    };
    let lines = found.data.into_iter().map(line).collect();
    page(&LanguagesPage { list: ListView::new(&chrome, &found.meta), lines, chrome })
}

fn language_page(ctx: &Ctx, row: Option<&StaffLanguage>, others: &[String], form: Form) -> ApiResult<Response> {
    let chrome = ctx.chrome.clone();
    let status = row.map_or(Status::Preparation, |row| row.status);
    let reachable = match status {
        Status::Preparation => vec![Status::Preparation, Status::Active],
        Status::Active => vec![Status::Active, Status::Inactive],
        Status::Inactive => vec![Status::Inactive, Status::Active],
    };
    let mut stand_ins = vec![Choice::new("", chrome.t("language-no-fallback"))];
    stand_ins.extend(others.iter().map(|code| Choice::new(code, code)));
    let heading = row.map_or_else(|| chrome.t("language-new"), |row| row.native_name.clone());
    page(&LanguagePage {
        heading,
        action: row.map_or_else(|| format!("{BASE}/new"), |row| format!("{BASE}/{}", row.id)),
        is_new: row.is_none(),
        is_default: row.is_some_and(|row| row.is_default),
        has_texts: row.is_some_and(|row| row.has_texts),
        states: reachable
            .into_iter()
            .map(|status| Choice::new(word(&status), chrome.word("language-status", word(&status))))
            .collect(),
        directions: [Direction::Ltr, Direction::Rtl]
            .map(|it| Choice::new(it.to_value(), chrome.word("language-direction", it.to_value())))
            .into(),
        others: stand_ins,
        form,
        chrome,
    })
}

async fn codes(ctx: &Ctx) -> AppResult<Vec<String>> {
    let all = languages::list(&ctx.app, &ctx.actor, kernel::PageQuery { page: 1, per_page: 100 }).await?;
    Ok(all.data.into_iter().map(|row| row.code).collect())
}

pub(super) async fn show_new(Inside(ctx): Inside) -> ApiResult<Response> {
    ctx.actor.require(Permission::ManageLanguage)?;
    let form = Form::new(&ctx.chrome).with("direction", "ltr").with("fallback", "en").with("is_spoken_option", "true");
    language_page(&ctx, None, &codes(&ctx).await?, form)
}

fn change_of(posted: &Posted) -> AppResult<Change> {
    Ok(Change {
        name: Some(posted.get("name").to_owned()),
        native_name: Some(posted.get("native_name").to_owned()),
        direction: Direction::try_from_value(&posted.get("direction").to_owned()).ok(),
        status: Status::try_from_value(&posted.get("status").to_owned()).ok(),
        is_default: posted.ticked("is_default").then_some(true),
        fallback: Some(posted.get("fallback").to_owned()),
        is_spoken_option: Some(posted.ticked("is_spoken_option")),
        sort_order: posted.maybe("sort_order")?,
    })
}

fn is_for_the_form(error: &AppError) -> bool {
    !matches!(error.kind, ErrorKind::Internal | ErrorKind::Forbidden | ErrorKind::NotFound)
}

pub(super) async fn create(Inside(ctx): Inside, posted: Posted) -> ApiResult<Response> {
    let outcome = match change_of(&posted) {
        Ok(change) => languages::create(&ctx.app, &ctx.actor, posted.get("code"), change).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(id) => Ok(ctx.done(&format!("{BASE}/{id}"), "language-saved")),
        Err(error) if is_for_the_form(&error) => {
            let form = Form::posted(&ctx.chrome, &posted).refused(&error);
            let mut response = language_page(&ctx, None, &codes(&ctx).await?, form)?;
            *response.status_mut() = status_of(error.kind);
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn show(Inside(ctx): Inside, Path(id): Path<LanguageId>) -> ApiResult<Response> {
    let (row, others) = languages::show(&ctx.app, &ctx.actor, id).await?;
    let mut form = Form::new(&ctx.chrome)
        .with("name", row.name.clone())
        .with("native_name", row.native_name.clone())
        .with("direction", row.direction.to_value())
        .with("status", word(&row.status))
        .with("sort_order", row.sort_order.to_string())
        .with("fallback", row.fallback.clone().unwrap_or_default());
    if row.is_spoken_option {
        form = form.with("is_spoken_option", "true");
    }
    language_page(&ctx, Some(&row), &others, form)
}

pub(super) async fn save(Inside(ctx): Inside, Path(id): Path<LanguageId>, posted: Posted) -> ApiResult<Response> {
    let outcome = match change_of(&posted) {
        Ok(change) => languages::change(&ctx.app, &ctx.actor, id, change).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(()) => Ok(ctx.done(&format!("{BASE}/{id}"), "language-saved")),
        Err(error) if is_for_the_form(&error) => {
            let (row, others) = languages::show(&ctx.app, &ctx.actor, id).await?;
            let form = Form::posted(&ctx.chrome, &posted).refused(&error);
            let mut response = language_page(&ctx, Some(&row), &others, form)?;
            *response.status_mut() = status_of(error.kind);
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}
