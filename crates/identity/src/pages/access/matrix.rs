//! The permission matrix of a role, and the difference before it is saved.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::response::Response;
use kernel::Guard;
use kernel::permission::CATALOGUE;
use kernel::permission::Grantable;
use platform::web::{ApiResult, Path, status_of};
use ui::{Chrome, Ctx, Form, Inside, Posted, page};

use crate::pages::confirm;
use crate::pages::team::is_refusal;
use crate::rules::grants;
use crate::service::roles::{self, RoleView};

/// One permission of the matrix.
pub(super) struct Cell {
    pub name: &'static str,
    pub label: String,
    pub checked: bool,
    pub sensitive: bool,
    pub brings: String,
}

/// The permissions of one area.
pub(super) struct Group {
    pub title: String,
    pub cells: Vec<Cell>,
}

#[derive(Template)]
#[template(path = "role_matrix.html")]
struct MatrixPage {
    chrome: Chrome,
    form: Form,
    path: String,
    title: String,
    description: String,
    reach: String,
    groups: Vec<Group>,
    /// Held, but not shown while the list is narrowed.
    kept: Vec<String>,
    q: String,
    version: i32,
    locked: bool,
    own: bool,
}

#[derive(Template)]
#[template(path = "role_difference.html")]
struct DifferencePage {
    chrome: Chrome,
    form: Form,
    path: String,
    title: String,
    reach: String,
    added: Vec<String>,
    removed: Vec<String>,
    implied: Vec<String>,
    sensitive: Vec<String>,
    wanted: Vec<String>,
    version: i32,
}

struct Line {
    label: String,
    marks: Vec<bool>,
}

struct Area {
    title: String,
    lines: Vec<Line>,
}

#[derive(Template)]
#[template(path = "role_compare.html")]
struct ComparePage {
    chrome: Chrome,
    names: Vec<String>,
    areas: Vec<Area>,
    clinics: bool,
    only: bool,
}

/// What people read for a role.
pub(super) fn title_of(chrome: &Chrome, role: &RoleView) -> String {
    if role.is_system {
        chrome.word("role", &role.name)
    } else {
        role.label.clone().unwrap_or_else(|| role.name.clone())
    }
}

/// Whom it reaches.
pub(super) fn reach_of(chrome: &Chrome, guard: Guard, accounts: u64, clinics: u64) -> String {
    let number = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    let accounts = chrome.tn("access-accounts", "count", number(accounts));
    if guard != Guard::Provider {
        return accounts;
    }
    format!("{accounts} · {}", chrome.tn("access-clinics", "count", number(clinics)))
}

/// The grantable permissions of a guard by area, those held ticked; `q` narrows.
pub(super) fn groups(chrome: &Chrome, guard: Guard, held: &BTreeSet<String>, q: &str, all: bool) -> Vec<Group> {
    let wanted = q.to_lowercase();
    let mut found: Vec<Group> = Vec::new();
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for entry in CATALOGUE.iter().filter(|entry| entry.guard == guard) {
        if entry.grantable == Grantable::TopOnly && !all {
            continue;
        }
        let name = entry.permission.name();
        let label = chrome.word("permission", name);
        if !wanted.is_empty() && !label.to_lowercase().contains(&wanted) && !name.contains(&wanted) {
            continue;
        }
        let area = grants::group_of(guard, entry.permission);
        let place = *places.entry(area).or_insert_with(|| {
            found.push(Group { title: chrome.word("access-group", area), cells: Vec::new() });
            found.len() - 1
        });
        let brings = grants::view_of(guard, entry.permission);
        let brings = brings.map(|view| chrome.word("permission", view.name())).unwrap_or_default();
        if let Some(group) = found.get_mut(place) {
            let checked = held.contains(name);
            group.cells.push(Cell { name, label, checked, sensitive: entry.sensitive, brings });
        }
    }
    found
}

pub(in super::super) async fn show(Inside(ctx): Inside, Path(id): Path<i64>) -> ApiResult<Response> {
    let role = roles::show(&ctx.app, &ctx.actor, id).await?;
    matrix_page(&ctx, &role, role.permissions.iter().cloned().collect(), Form::new(&ctx.chrome))
}

fn matrix_page(ctx: &Ctx, role: &RoleView, held: BTreeSet<String>, form: Form) -> ApiResult<Response> {
    let chrome = ctx.chrome.clone();
    let q = ctx.asked("q").trim().to_owned();
    let locked = role.is_locked || role.is_archived || !matches!(role.guard, Guard::Api | Guard::Provider);
    let groups = groups(&chrome, role.guard, &held, &q, locked);
    let shown: BTreeSet<&str> = groups.iter().flat_map(|group| &group.cells).map(|cell| cell.name).collect();
    page(&MatrixPage {
        path: format!("/admin/roles/{}", role.id),
        title: title_of(&chrome, role),
        description: role.description.clone().unwrap_or_default(),
        reach: reach_of(&chrome, role.guard, role.accounts, role.clinics),
        kept: held.iter().filter(|name| !shown.contains(name.as_str())).cloned().collect(),
        version: role.version,
        own: !role.is_system && !role.is_archived,
        locked,
        groups,
        q,
        form,
        chrome,
    })
}

fn wanted_of(posted: &Posted) -> Vec<String> {
    posted.all("permissions").into_iter().map(str::to_owned).collect()
}

/// Shows what a change would do; nothing is changed yet.
pub(in super::super) async fn preview(Inside(ctx): Inside, Path(id): Path<i64>, posted: Posted) -> ApiResult<Response> {
    difference(&ctx, id, &posted, Form::new(&ctx.chrome)).await
}

async fn difference(ctx: &Ctx, id: i64, posted: &Posted, form: Form) -> ApiResult<Response> {
    let wanted = wanted_of(posted);
    let role = roles::show(&ctx.app, &ctx.actor, id).await?;
    match roles::preview(&ctx.app, &ctx.actor, id, &wanted).await {
        Ok(preview) => {
            let chrome = ctx.chrome.clone();
            let words = |names: Vec<String>| -> Vec<String> {
                names.into_iter().map(|name| chrome.word("permission", name)).collect()
            };
            // The version the asker saw: whoever changed the role meanwhile is not overwritten.
            let version = posted.maybe("version")?.unwrap_or(preview.version);
            page(&DifferencePage {
                path: format!("/admin/roles/{id}"),
                title: title_of(&chrome, &role),
                reach: reach_of(&chrome, role.guard, preview.affected_accounts, preview.affected_clinics),
                added: words(preview.added),
                removed: words(preview.removed),
                implied: words(preview.implied),
                sensitive: words(preview.sensitive),
                wanted,
                version,
                form,
                chrome,
            })
        }
        Err(error) if is_refusal(&error) => {
            let form = Form::new(&ctx.chrome).refused(&error);
            let mut response = matrix_page(ctx, &role, wanted.into_iter().collect(), form)?;
            *response.status_mut() = status_of(error.kind);
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

pub(in super::super) async fn save(Inside(ctx): Inside, Path(id): Path<i64>, posted: Posted) -> ApiResult<Response> {
    roles::show(&ctx.app, &ctx.actor, id).await?;
    let path = format!("/admin/roles/{id}");
    if let Some(question) = confirm::ask(&ctx, &posted, &path).await? {
        return Ok(question);
    }
    let version = posted.parse("version")?;
    let sure = posted.ticked("confirm_sensitive");
    match roles::set_permissions(&ctx.app, &ctx.actor, id, (&wanted_of(&posted), sure, version)).await {
        Ok(()) => Ok(ctx.done(&path, "role-saved")),
        Err(error) if is_refusal(&error) => {
            let form = Form::posted(&ctx.chrome, &posted).refused(&error);
            let mut response = difference(&ctx, id, &posted, form).await?;
            *response.status_mut() = status_of(error.kind);
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

/// Every role beside every other.
pub(in super::super) async fn compare(Inside(ctx): Inside) -> ApiResult<Response> {
    let chrome = ctx.chrome.clone();
    let (clinics, only) = (ctx.asked("guard") == "provider", ctx.asked("only") == "differences");
    let guard = if clinics { Guard::Provider } else { Guard::Api };
    let shown = roles::of_guard(&ctx.app, &ctx.actor, guard).await?;
    let mut areas: Vec<Area> = Vec::new();
    for group in groups(&chrome, guard, &BTreeSet::new(), "", true) {
        let line = |cell: Cell| Line {
            marks: shown.iter().map(|role| role.permissions.iter().any(|name| name == cell.name)).collect(),
            label: cell.label,
        };
        let differs = |line: &Line| !only || (line.marks.contains(&true) && line.marks.contains(&false));
        let lines: Vec<Line> = group.cells.into_iter().map(line).filter(differs).collect();
        if !lines.is_empty() {
            areas.push(Area { title: group.title, lines });
        }
    }
    page(&ComparePage {
        names: shown.iter().map(|role| title_of(&chrome, role)).collect(),
        areas,
        clinics,
        only,
        chrome,
    })
}
