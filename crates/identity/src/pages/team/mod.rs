//! A clinic's team in its portal.

mod invite;
mod leave;
mod list;
mod member;
mod role;
mod seats;

use axum::Router;
use axum::routing::{get, post};
use kernel::{AppError, ErrorKind};
use platform::App;
use ui::{Badge, Chrome, Tone};

use crate::entity::provider_team_members::ProviderTeamMemberStatus;
use crate::service::team::list::TeamMember;

pub(super) use invite::{InvitationLine, bounced as bounced_invitations, line as invitation_line};

/// The pages.
pub(super) fn pages() -> Router<App> {
    Router::new()
        .route("/provider/team", get(list::show))
        .route("/provider/team/csv", get(list::csv))
        .route("/provider/team/invitations", get(invite::list))
        .route("/provider/team/invitations/{id}/resend", post(invite::resend))
        .route("/provider/team/invitations/{id}/cancel", post(invite::cancel))
        .route("/provider/team/invite", get(invite::show).post(invite::submit))
        .route("/provider/team/seats", get(seats::show).post(seats::submit))
        .route("/provider/team/clinician", get(member::show_new).post(member::submit_new))
        .route("/provider/team/{id}", get(member::show))
        .route("/provider/team/{id}/activity", get(member::activity))
        .route("/provider/team/{id}/edit", get(member::show_edit).post(member::submit_edit))
        .route("/provider/team/{id}/role", get(role::show).post(role::submit))
        .route("/provider/team/{id}/suspend", get(leave::show_suspend).post(leave::suspend))
        .route("/provider/team/{id}/remove", get(leave::show_remove).post(leave::remove))
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

/// What a form may show beside its fields: everything but our own failures.
pub(super) fn is_refusal(error: &AppError) -> bool {
    error.kind != ErrorKind::Internal
}
