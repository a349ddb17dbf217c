//! Inviting colleagues, and the invitations that run.

use askama::Template;
use axum::response::Response;
use kernel::ids::{ProviderStaffInvitationId, ProviderUserId};
use platform::web::{ApiResult, Path, status_of};
use ui::{Badge, Choice, Chrome, Ctx, Form, Html, Inside, ListView, Posted, Tone, page};

use super::{after_button, invited, is_refusal};
use crate::rules::team::{GIVEN_ROLES, InvitationState};
use crate::service::invitations::{InvitationView, clinic};
use crate::service::team::list::{head, seats};

#[derive(Template)]
#[template(path = "team_invite.html")]
struct InvitePage {
    chrome: Chrome,
    form: Form,
    roles: Vec<Choice>,
    left: String,
    full: bool,
}

/// An invitation as a line of a list.
pub(in super::super) struct InvitationLine {
    pub id: String,
    pub name: String,
    pub email: String,
    pub role: String,
    pub status: Badge,
    pub sent: Html,
    pub until: Html,
    pub may_resend: bool,
    pub may_cancel: bool,
}

#[derive(Template)]
#[template(path = "team_invitations.html")]
struct InvitationsPage {
    chrome: Chrome,
    list: ListView,
    lines: Vec<InvitationLine>,
    bounced: Html,
    alert: Html,
}

pub(in super::super) fn line(chrome: &Chrome, row: InvitationView) -> InvitationLine {
    let tone = match row.status {
        InvitationState::Pending | InvitationState::PendingSend => Tone::Info,
        InvitationState::Accepted => Tone::Good,
        InvitationState::Cancelled => Tone::Calm,
        InvitationState::Expired | InvitationState::Bounced => Tone::Warn,
    };
    InvitationLine {
        id: row.id.to_string(),
        name: format!("{} {}", row.first_name, row.last_name),
        email: row.email,
        role: chrome.word("role", &row.role),
        status: Badge::new(tone, chrome.word("invitation", row.status.word())),
        sent: row.last_sent_at.map(|at| chrome.when(at)).unwrap_or_default(),
        until: if row.status.is_live() { chrome.when(row.expires_at) } else { Html::default() },
        may_resend: row.status.may_resend(),
        may_cancel: row.status.is_live(),
    }
}

/// Says whose mail came back, while nobody did anything about it.
pub(in super::super) fn bounced(chrome: &Chrome, rows: &[InvitationView]) -> Html {
    let now = chrome.now;
    let back = rows.iter().filter(|row| row.status == InvitationState::Bounced && now < row.expires_at);
    let addresses: Vec<&str> = back.map(|row| row.email.as_str()).collect();
    if addresses.is_empty() {
        return Html::default();
    }
    let text = chrome.tw("invitation-came-back-text", "addresses", addresses.join(", "));
    ui::alert(Tone::Warn, chrome.t("invitation-came-back"), text)
}

pub(in super::super) async fn show(Inside(ctx): Inside) -> ApiResult<Response> {
    let mut form = Form::new(&ctx.chrome).with("role", "provider_clinical");
    if let Ok(id) = ctx.asked("for").parse::<ProviderUserId>() {
        let person = head(&ctx.app, &ctx.actor, id).await?;
        form = form
            .with("for", id.to_string())
            .with("first_name", person.first_name)
            .with("last_name", person.last_name)
            .with_some("email", person.email);
    }
    invite_page(&ctx, form).await
}

async fn invite_page(ctx: &Ctx, form: Form) -> ApiResult<Response> {
    let seats = seats(&ctx.app, &ctx.actor).await?;
    let chrome = ctx.chrome.clone();
    let choice = |role: &str| Choice::new(role, chrome.word("role", role)).hint(chrome.word("role-hint", role));
    page(&InvitePage {
        roles: GIVEN_ROLES.into_iter().map(choice).collect(),
        left: chrome.tn("team-seats-left", "count", i64::try_from(seats.left()).unwrap_or(0)),
        full: seats.left() == 0,
        form,
        chrome,
    })
}

pub(in super::super) async fn submit(Inside(ctx): Inside, posted: Posted) -> ApiResult<Response> {
    match clinic::invite(&ctx.app, &ctx.actor, invited(&posted)?, ctx.locale()).await {
        Ok(_) => Ok(ctx.done("/provider/team/invitations", "invited")),
        Err(error) if is_refusal(&error) => {
            let mut response = invite_page(&ctx, Form::posted(&ctx.chrome, &posted).refused(&error)).await?;
            *response.status_mut() = status_of(error.kind);
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

pub(in super::super) async fn list(Inside(ctx): Inside) -> ApiResult<Response> {
    invitations_page(&ctx, Html::default()).await
}

async fn invitations_page(ctx: &Ctx, alert: Html) -> ApiResult<Response> {
    let found = clinic::list(&ctx.app, &ctx.actor, false, ctx.page_query()).await?;
    let chrome = ctx.chrome.clone();
    page(&InvitationsPage {
        list: ListView::new(&chrome, &found.meta),
        bounced: bounced(&chrome, &found.data),
        lines: found.data.into_iter().map(|row| line(&chrome, row)).collect(),
        alert,
        chrome,
    })
}

async fn after(ctx: &Ctx, done: kernel::AppResult<()>, word: &str) -> ApiResult<Response> {
    let list = async |alert| invitations_page(ctx, alert).await;
    after_button(ctx, done, ("/provider/team/invitations", word), list).await
}

pub(in super::super) async fn resend(
    Inside(ctx): Inside,
    Path(id): Path<ProviderStaffInvitationId>,
    _: Posted,
) -> ApiResult<Response> {
    let done = clinic::resend(&ctx.app, &ctx.actor, id, ctx.locale()).await;
    after(&ctx, done, "invited").await
}

pub(in super::super) async fn cancel(
    Inside(ctx): Inside,
    Path(id): Path<ProviderStaffInvitationId>,
    _: Posted,
) -> ApiResult<Response> {
    let done = clinic::cancel(&ctx.app, &ctx.actor, id).await;
    after(&ctx, done, "invitation-cancelled").await
}
