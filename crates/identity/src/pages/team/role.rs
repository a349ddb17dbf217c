//! Another role for a member, with what they gain and lose shown first.

use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::ids::ProviderUserId;
use kernel::{AppResult, Permission};
use platform::web::{ApiResult, Path, status_of};
use ui::{Choice, Chrome, Ctx, Form, Inside, Posted, page};

use super::{full_name, is_refusal, moment};
use crate::pages::confirm;
use crate::rules::team::GIVEN_ROLES;
use crate::service::roles::of_clinics;
use crate::service::team::change::{NewRole, change_role};
use crate::service::team::list::head;

#[derive(Template)]
#[template(path = "team_role.html")]
struct RolePage {
    chrome: Chrome,
    form: Form,
    path: String,
    name: String,
    now: String,
    roles: Vec<Choice>,
    chosen: Option<String>,
    gains: Vec<String>,
    loses: Vec<String>,
}

pub(in super::super) async fn show(Inside(ctx): Inside, Path(id): Path<ProviderUserId>) -> ApiResult<Response> {
    ctx.actor.require(Permission::EditTeamRole)?;
    let form = Form::new(&ctx.chrome).with_some("role", Some(ctx.asked("role")).filter(|role| !role.is_empty()));
    role_page(&ctx, id, form).await
}

async fn role_page(ctx: &Ctx, id: ProviderUserId, form: Form) -> ApiResult<Response> {
    let member = head(&ctx.app, &ctx.actor, id).await?;
    let path = format!("/provider/team/{id}");
    if member.is_owner || !member.can_login {
        return Ok(Redirect::to(&path).into_response());
    }
    let granted = of_clinics(&ctx.app, &ctx.actor).await?;
    let chrome = ctx.chrome.clone();
    let chosen = GIVEN_ROLES.into_iter().find(|role| *role == form.value("role") && *role != member.role);
    let none = std::collections::BTreeSet::new();
    let before = granted.get(&member.role).unwrap_or(&none);
    let after = chosen.and_then(|role| granted.get(role)).unwrap_or(before);
    let words = |permissions: Vec<&Permission>| -> Vec<String> {
        permissions.into_iter().map(|permission| chrome.word("permission", permission.name())).collect()
    };
    page(&RolePage {
        gains: words(after.difference(before).collect()),
        loses: words(before.difference(after).collect()),
        chosen: chosen.map(|role| chrome.word("role", role)),
        roles: GIVEN_ROLES
            .into_iter()
            .filter(|role| *role != member.role)
            .map(|role| Choice::new(role, chrome.word("role", role)).hint(chrome.word("role-hint", role)))
            .collect(),
        form: if form.value("version").is_empty() { form.with("version", member.version.to_string()) } else { form },
        now: chrome.word("role", &member.role),
        name: full_name(&member),
        path,
        chrome,
    })
}

async fn changed(ctx: &Ctx, id: ProviderUserId, posted: &Posted) -> AppResult<()> {
    let new = NewRole {
        role: posted.get("role").to_owned(),
        effective_from: moment(posted, "effective_from")?,
        note: posted.given("note").map(str::to_owned),
        version: posted.maybe("version")?,
        quiet: posted.given("quiet").is_some(),
    };
    change_role(&ctx.app, &ctx.actor, id, new).await
}

pub(in super::super) async fn submit(
    Inside(ctx): Inside,
    Path(id): Path<ProviderUserId>,
    posted: Posted,
) -> ApiResult<Response> {
    ctx.actor.require(Permission::EditTeamRole)?;
    head(&ctx.app, &ctx.actor, id).await?;
    let path = format!("/provider/team/{id}");
    if let Some(question) = confirm::ask(&ctx, &posted, &path).await? {
        return Ok(question);
    }
    match changed(&ctx, id, &posted).await {
        Ok(()) => Ok(ctx.done(&path, "role-changed")),
        Err(error) if is_refusal(&error) => {
            let mut response = role_page(&ctx, id, Form::posted(&ctx.chrome, &posted).refused(&error)).await?;
            *response.status_mut() = status_of(error.kind);
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}
