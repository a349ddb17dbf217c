//! A clinic's team in its portal.

mod invite;
mod leave;
mod list;
mod member;
mod role;
mod seats;

use axum::Router;
use axum::response::Response;
use chrono::NaiveDateTime;
use kernel::{AppError, AppResult, ErrorKind, Timestamp};
use platform::App;
use platform::web::routing::{get, handled, post};
use platform::web::{ApiResult, status_of};
use ui::{Badge, Chrome, Ctx, Html, Posted, Tone};

use crate::entity::provider_team_members::ProviderTeamMemberStatus;
use crate::service::invitations::Invite;
use crate::service::team::list::TeamMember;

pub(super) use invite::{InvitationLine, bounced as bounced_invitations, line as invitation_line};
pub(super) use member::{ActivityLine, activity_line};

/// The pages.
pub(super) fn pages() -> Router<App> {
    Router::new()
        .route("/provider/team", get(list::show))
        .route("/provider/team/csv", get(list::csv))
        .route("/provider/team/invitations", get(invite::list))
        .route("/provider/team/invitations/{id}/resend", post(invite::resend))
        .route("/provider/team/invitations/{id}/cancel", post(invite::cancel))
        .route("/provider/team/invite", get(invite::show).post(handled(invite::submit)))
        .route("/provider/team/seats", get(seats::show).post(handled(seats::submit)))
        .route("/provider/team/clinician", get(member::show_new).post(handled(member::submit_new)))
        .route("/provider/team/{id}", get(member::show))
        .route("/provider/team/{id}/activity", get(member::activity))
        .route("/provider/team/{id}/edit", get(member::show_edit).post(handled(member::submit_edit)))
        .route("/provider/team/{id}/role", get(role::show).post(handled(role::submit)))
        .route("/provider/team/{id}/suspend", get(leave::show_suspend).post(handled(leave::suspend)))
        .route("/provider/team/{id}/remove", get(leave::show_remove).post(handled(leave::remove)))
        .route("/provider/team/{id}/reactivate", post(leave::reactivate))
}

/// Name with title.
fn full_name(member: &TeamMember) -> String {
    match &member.title {
        Some(title) => format!("{title} {} {}", member.first_name, member.last_name),
        None => format!("{} {}", member.first_name, member.last_name),
    }
}

fn status_badge(chrome: &Chrome, member: &TeamMember) -> Badge {
    match member.status {
        ProviderTeamMemberStatus::Active if !member.can_login => Badge::new(Tone::Calm, chrome.t("team-no-login")),
        ProviderTeamMemberStatus::Active => Badge::new(Tone::Good, chrome.t("team-active")),
        _ => Badge::new(Tone::Warn, chrome.t("team-suspended")),
    }
}

/// Who is invited, as the form of either kind of team says.
pub(super) fn invited(posted: &Posted) -> AppResult<Invite> {
    Ok(Invite {
        email: posted.get("email").to_owned(),
        first_name: posted.get("first_name").to_owned(),
        last_name: posted.get("last_name").to_owned(),
        role: posted.get("role").to_owned(),
        message: posted.given("message").map(str::to_owned),
        for_provider_user_id: posted.maybe("for")?,
    })
}

/// The answer to a button in a list: back to the list with a word, or the list with what was wrong above it.
pub(super) async fn after_button(
    ctx: &Ctx,
    done: AppResult<()>,
    (path, word): (&str, &str),
    list: impl AsyncFnOnce(Html) -> ApiResult<Response>,
) -> ApiResult<Response> {
    match done {
        Ok(()) => Ok(ctx.done(path, word)),
        Err(error) if is_refusal(&error) && error.kind != ErrorKind::NotFound => {
            let sentence = platform::locale::error_sentence(ctx.locale(), &error);
            let mut response = list(ui::alert(Tone::Bad, sentence, "")).await?;
            *response.status_mut() = status_of(error.kind);
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

/// What a form may show beside its fields: everything but our own failures.
pub(super) fn is_refusal(error: &AppError) -> bool {
    error.kind != ErrorKind::Internal
}

/// A moment as a browser's field writes it, in UTC.
pub(super) fn moment(posted: &Posted, name: &str) -> AppResult<Option<Timestamp>> {
    let Some(text) = posted.given(name) else { return Ok(None) };
    let parsed = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
        .into_iter()
        .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok());
    match parsed {
        Some(moment) => Ok(Some(moment.and_utc())),
        None => Err(AppError::field(name, "invalid", "This value is not valid.")),
    }
}
