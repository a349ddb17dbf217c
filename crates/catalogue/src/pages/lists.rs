//! The small lists people choose from (R-IQ-24, R-MG-62).

use askama::Template;
use axum::response::Response;
use kernel::ids::AnyId;
use kernel::{AppError, AppResult, Permission};
use platform::web::{ApiResult, Path};
use ui::{Chrome, Ctx, Form, Inside, ListView, Posted, page};

use super::{refused, sayable};
use crate::service::lists::{self as keep, ListEntry, ListEntryInput};

const BASE: &str = "/admin/lists";

#[derive(Template)]
#[template(path = "cat_lists.html")]
struct IndexPage {
    chrome: Chrome,
    lines: Vec<(String, String)>,
}

struct Line {
    item: ListEntry,
    is_first: bool,
    is_last: bool,
}

#[derive(Template)]
#[template(path = "cat_list.html")]
struct ValuesPage {
    chrome: Chrome,
    form: Form,
    list: ListView,
    heading: String,
    action: String,
    lines: Vec<Line>,
    explains: bool,
}

fn keeper(ctx: &Ctx) -> AppResult<()> {
    ctx.actor.admin()?;
    ctx.actor.require(Permission::ManageAppData)
}

fn name(chrome: &Chrome, list: &str) -> String {
    chrome.word("cat-list", list.replace('_', "-"))
}

pub(super) async fn index(Inside(ctx): Inside) -> ApiResult<Response> {
    let lists = keep::names(&ctx.app, &ctx.actor).await?;
    let lines = lists.iter().map(|list| (format!("{BASE}/{list}"), name(&ctx.chrome, list))).collect();
    page(&IndexPage { lines, chrome: ctx.chrome })
}

async fn list_page(ctx: &Ctx, list: &str, form: Form) -> ApiResult<Response> {
    let found = keep::show(&ctx.app, &ctx.actor, list, ctx.page_query()).await?;
    let (first, last) = (found.meta.current_page == 1, found.meta.current_page >= found.meta.last_page);
    let many = found.data.len();
    let view = ListView::new(&ctx.chrome, &found.meta);
    let line =
        |(at, item): (usize, ListEntry)| Line { item, is_first: first && at == 0, is_last: last && at + 1 == many };
    page(&ValuesPage {
        heading: name(&ctx.chrome, list),
        action: format!("{BASE}/{list}"),
        lines: found.data.into_iter().enumerate().map(line).collect(),
        explains: list != keep::DISCOVERY,
        list: view,
        form,
        chrome: ctx.chrome.clone(),
    })
}

pub(super) async fn show(Inside(ctx): Inside, Path(list): Path<String>) -> ApiResult<Response> {
    keeper(&ctx)?;
    let form = Form::new(&ctx.chrome);
    list_page(&ctx, &list, form).await
}

/// One place up or down.
async fn moved(ctx: &Ctx, list: &str, id: AnyId, up: bool) -> AppResult<()> {
    let whole = kernel::PageQuery { page: 1, per_page: 100 };
    let found = keep::show(&ctx.app, &ctx.actor, list, whole).await?;
    let mut ids: Vec<AnyId> = found.data.iter().map(|item| item.id).collect();
    let at = ids.iter().position(|one| *one == id).ok_or_else(AppError::not_found)?;
    let other = if up { at.checked_sub(1) } else { Some(at + 1).filter(|next| *next < ids.len()) };
    if let Some(other) = other {
        ids.swap(at, other);
    }
    keep::order(&ctx.app, &ctx.actor, list, &ids).await
}

/// Adds, renames, switches or moves an entry, as the button says.
pub(super) async fn act(Inside(ctx): Inside, Path(list): Path<String>, posted: Posted) -> ApiResult<Response> {
    keeper(&ctx)?;
    let outcome = async {
        let version = posted.maybe("version")?;
        let change = match posted.get("do") {
            "add" => {
                let input = ListEntryInput {
                    label: Some(posted.get("label").to_owned()),
                    requires_explanation: Some(posted.ticked("explain")),
                    ..ListEntryInput::default()
                };
                return keep::add(&ctx.app, &ctx.actor, &list, input).await.map(|_| ());
            }
            "up" => return moved(&ctx, &list, posted.parse("id")?, true).await,
            "down" => return moved(&ctx, &list, posted.parse("id")?, false).await,
            "rename" => {
                ListEntryInput { label: Some(posted.get("label").to_owned()), version, ..ListEntryInput::default() }
            }
            "on" => ListEntryInput { is_active: Some(true), version, ..ListEntryInput::default() },
            "off" => ListEntryInput { is_active: Some(false), version, ..ListEntryInput::default() },
            _ => return Err(AppError::field("do", "unknown_value", "There is no such button.")),
        };
        keep::change(&ctx.app, &ctx.actor, &list, posted.parse("id")?, change).await
    };
    match outcome.await {
        Ok(()) => Ok(ctx.done(&format!("{BASE}/{list}"), "cat-list-saved")),
        Err(error) => {
            let error = sayable(error)?;
            let form =
                if posted.get("do") == "add" { Form::posted(&ctx.chrome, &posted) } else { Form::new(&ctx.chrome) };
            Ok(refused(list_page(&ctx, &list, form.refused(&error)).await?, &error))
        }
    }
}
