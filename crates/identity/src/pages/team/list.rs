//! The team's list, and the same as a file.

use askama::Template;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use kernel::{AppError, Permission};
use platform::web::ApiResult;
use sea_orm::ActiveEnum;
use ui::{Badge, Choice, Chrome, Ctx, Html, Inside, ListView, Tone, page};

use super::{full_name, status_badge};
use crate::entity::provider_team_members::ProviderTeamMemberStatus;
use crate::rules::team::{GIVEN_ROLES, OWNER};
use crate::service::team::list::{TeamFilter, TeamMember, export, team};
use crate::work::Work;

struct Line {
    href: String,
    name: String,
    email: String,
    role: String,
    is_owner: bool,
    status: Badge,
    seen: Html,
    workload: u64,
}

#[derive(Template)]
#[template(path = "team_list.html")]
struct TeamPage {
    chrome: Chrome,
    list: ListView,
    roles: Vec<Choice>,
    states: Vec<Choice>,
    lines: Vec<Line>,
    seats: String,
    seats_percent: u32,
    seats_tone: Tone,
    seats_note: String,
    alone: bool,
    may_invite: bool,
}

fn filter_of(ctx: &Ctx) -> TeamFilter {
    let asked = |name: &str| Some(ctx.asked(name).trim().to_owned()).filter(|value| !value.is_empty());
    TeamFilter {
        q: asked("q"),
        role: asked("role"),
        status: asked("status").and_then(|word| ProviderTeamMemberStatus::try_from_value(&word).ok()),
    }
}

pub(in super::super) async fn show(Inside(ctx): Inside, work: Work) -> ApiResult<Response> {
    let found = team(&ctx.app, &ctx.actor, &work, &filter_of(&ctx), ctx.page_query()).await?;
    let chrome = ctx.chrome.clone();
    let seats = found.seats;
    let percent = seats.percent();
    let (seats_tone, note) = match percent {
        100.. => (Tone::Bad, "team-seats-full"),
        90.. => (Tone::Warn, "team-seats-few"),
        _ => (Tone::Calm, ""),
    };
    let choice = |role: &str| Choice::new(role, chrome.word("role", role));
    page(&TeamPage {
        list: ListView::new(&chrome, &found.members.meta),
        roles: std::iter::once(OWNER).chain(GIVEN_ROLES).map(choice).collect(),
        states: vec![
            Choice::new("active", chrome.t("team-active")),
            Choice::new("suspended", chrome.t("team-suspended")),
        ],
        lines: found.members.data.iter().map(|member| line(&chrome, member)).collect(),
        seats: chrome.tw("team-seats", "seats", format!("{}/{}", seats.used, seats.limit)),
        seats_percent: percent,
        seats_tone,
        seats_note: if note.is_empty() { String::new() } else { chrome.t(note) },
        alone: found.size <= 1,
        may_invite: ctx.actor.can(Permission::InviteTeamMember),
        chrome,
    })
}

fn line(chrome: &Chrome, member: &TeamMember) -> Line {
    Line {
        href: format!("/provider/team/{}", member.id),
        name: full_name(member),
        email: member.email.clone().unwrap_or_default(),
        role: chrome.word("role", &member.role),
        is_owner: member.is_owner,
        status: status_badge(chrome, member),
        seen: member.last_active_at.map(|at| chrome.when(at)).unwrap_or_default(),
        workload: member.workload,
    }
}

/// The list as the filters leave it, as CSV.
pub(in super::super) async fn csv(Inside(ctx): Inside, work: Work) -> ApiResult<Response> {
    let members = export(&ctx.app, &ctx.actor, &work, &filter_of(&ctx)).await?;
    let chrome = &ctx.chrome;
    let head = ["team-name", "team-email", "team-role", "team-status", "team-seen", "team-workload"];
    let mut out = String::from("\u{feff}");
    out.push_str(&row(head.map(|key| chrome.t(key))));
    for member in &members {
        let status = if member.status == ProviderTeamMemberStatus::Active { "team-active" } else { "team-suspended" };
        out.push_str(&row([
            full_name(member),
            member.email.clone().unwrap_or_default(),
            chrome.word("role", &member.role),
            chrome.t(if member.can_login { status } else { "team-no-login" }),
            member.last_active_at.map(|at| at.to_rfc3339()).unwrap_or_default(),
            member.workload.to_string(),
        ]));
    }
    let mut response = out.into_response();
    let kind = HeaderValue::from_static("text/csv; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    let name = HeaderValue::from_str("attachment; filename=\"team.csv\"").map_err(AppError::internal)?;
    response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    Ok(response)
}

/// One line of CSV. A value that a table program would run as a formula begins with an apostrophe.
fn row<const N: usize>(values: [String; N]) -> String {
    let cells = values.map(|value| {
        let risky = value.starts_with(['=', '+', '-', '@', '\t', '\r']);
        let value = if risky { format!("'{value}") } else { value };
        format!("\"{}\"", value.replace('"', "\"\""))
    });
    format!("{}\r\n", cells.join(","))
}

#[cfg(test)]
mod tests {
    use super::row;

    #[test]
    fn no_cell_is_a_formula() {
        assert_eq!(row(["=1+1".into(), "a \"b\"".into()]), "\"'=1+1\",\"a \"\"b\"\"\"\r\n");
    }
}
