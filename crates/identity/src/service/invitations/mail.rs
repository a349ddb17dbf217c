//! The mail of an invitation, and what happens with time.
//!
//! The token is made when the mail is: the database keeps its hash, and no job, log or address of a page ever holds it.
//! The link carries it behind `#`, which browsers do not send; the page reads it from there, or the reader pastes it.

use chrono::Duration;
use kernel::ids::{AnyId, ProviderUserId, UserId};
use kernel::{Actor, AppError, AppResult, ErrorKind};
use platform::App;
use platform::db::Txn;
use platform::jobs::{self, Enqueue};
use platform::locale::{self, Locale, tr};
use platform::mail::Mail;
use platform::outbox::{self, Event};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use serde_json::{Value as Json, json};

use super::store::{self, Invitation};
use crate::digest::sha256;
use crate::entity::{provider_staff_invitations as rows, provider_users, roles, users};
use crate::mail::{id_of, locale_of};
use crate::projection::providers;
use crate::rules::team::retry_in;

/// Sends the mail of an invitation.
pub(crate) const MAIL_INVITATION: &str = "identity.mail_invitation";

/// Which kind of invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Which {
    Clinic,
    Staff,
}

impl Which {
    fn word(self) -> &'static str {
        match self {
            Self::Clinic => "clinic",
            Self::Staff => "staff",
        }
    }
}

/// Queues the mail.
pub(crate) async fn enqueue(txn: &Txn, app: &App, which: Which, id: AnyId, locale: Locale) -> AppResult<()> {
    let payload = json!({ "which": which.word(), "invitation_id": id, "locale": locale.code() });
    jobs::enqueue(txn, app, MAIL_INVITATION, payload, Enqueue::default()).await
}

/// Hands the mail over; one that cannot be handed over now is tried again, for a day (section 4).
pub(crate) async fn send(app: &App, payload: &Json) -> AppResult<()> {
    let id: AnyId = id_of(payload, "invitation_id")?;
    let which = match payload.get("which").and_then(Json::as_str) {
        Some("staff") => Which::Staff,
        _ => Which::Clinic,
    };
    let conn = app.db.conn();
    let found = match which {
        Which::Clinic => store::clinic::by_id(conn, id).await?,
        Which::Staff => store::staff::by_id(conn, id).await?,
    };
    let Some(invitation) = found else { return Ok(()) };
    let (token, now) = (app.random.token(), app.now());
    let hash = sha256(&token);
    let to_be_sent = match which {
        Which::Clinic => store::clinic::renew_token(conn, id, &hash, now).await?,
        Which::Staff => store::staff::renew_token(conn, id, &hash, now).await?,
    };
    if !to_be_sent {
        return Ok(());
    }
    let mail = letter(app, &invitation, &token, locale_of(payload)).await?;
    match app.mailer.send(mail).await {
        Ok(()) => match which {
            Which::Clinic => store::clinic::sent(conn, id, now).await,
            Which::Staff => store::staff::sent(conn, id, now).await,
        },
        Err(error) => not_sent(app, which, &invitation, (payload, &error)).await,
    }
}

async fn not_sent(
    app: &App,
    which: Which,
    invitation: &Invitation,
    (payload, error): (&Json, &AppError),
) -> AppResult<()> {
    // An address the mail system refuses will be refused tomorrow too.
    let wait = if error.kind == ErrorKind::Invalid { None } else { retry_in(invitation.send_attempts + 1) };
    tracing::warn!(code = %error.code, attempt = invitation.send_attempts + 1, "an invitation could not be mailed");
    let now = app.now();
    platform::write_txn!(app.db, |txn| {
        match which {
            Which::Clinic => store::clinic::not_sent(txn, invitation.id, wait.is_none(), now).await?,
            Which::Staff => store::staff::not_sent(txn, invitation.id, wait.is_none(), now).await?,
        }
        match (wait, which) {
            (Some(wait), _) => {
                let when = Enqueue { run_at: Some(now + wait), ..Enqueue::default() };
                jobs::enqueue(txn, app, MAIL_INVITATION, payload.clone(), when).await
            }
            (None, Which::Clinic) => {
                let event = about(invitation, "team.invitation_bounced");
                outbox::emit(txn, app, &Actor::system(), event).await
            }
            (None, Which::Staff) => {
                let event = Event::new("admin.invitation_bounced", "AdminInvitation", invitation.id)
                    .occurrence(invitation.resend_count)
                    .with("invitation_id", invitation.id)
                    .with("user_id", invitation.invited_by);
                outbox::emit(txn, app, &Actor::system(), event).await
            }
        }
    })
}

/// An event about an invitation of a clinic, once per mail.
fn about(invitation: &Invitation, key: &'static str) -> Event {
    let event = Event::new(key, "ProviderStaffInvitation", invitation.id)
        .occurrence(invitation.resend_count)
        .with("invitation_id", invitation.id)
        .with("provider_user_id", invitation.invited_by)
        .with("expires_at", invitation.expires_at);
    match invitation.clinic {
        Some((provider, _)) => event.with("provider_id", provider),
        None => event,
    }
}

async fn letter(app: &App, invitation: &Invitation, token: &str, locale: Locale) -> AppResult<Mail> {
    let conn = app.db.conn();
    let house = match invitation.clinic {
        Some((provider, _)) => {
            let clinic = providers::Entity::find_by_id(provider).one(conn).await?;
            clinic.map(|clinic| clinic.provider_name).unwrap_or_default()
        }
        None => "Hairline".to_owned(),
    };
    let inviter = inviter(conn, invitation).await?.unwrap_or_else(|| house.clone());
    let role = roles::Entity::find_by_id(invitation.role_id).one(conn).await?;
    let args = [
        ("name", invitation.first_name.clone().into()),
        ("house", house.into()),
        ("inviter", inviter.into()),
        ("role", role.map(|role| role_label(locale, &role)).unwrap_or_default().into()),
        ("link", format!("{}/invitation#{token}", app.config.http.public_url).into()),
        ("token", token.to_owned().into()),
        ("until", locale::datetime(locale, invitation.expires_at, chrono_tz::UTC).into()),
    ];
    let mut text = tr(locale, "identity-mail-invitation-text", &args);
    if let Some(message) = &invitation.message {
        text = format!("{text}\n\n{}\n{message}", tr(locale, "identity-mail-invitation-message", &args));
    }
    let subject = tr(locale, "identity-mail-invitation-subject", &args);
    Ok(Mail { to: invitation.email.clone(), subject, text, html: None })
}

/// A role as people read it: a text for those of the house, the label for those somebody made.
pub(crate) fn role_label(locale: Locale, role: &roles::Model) -> String {
    locale::find_text(locale, &format!("role-{}", role.name.replace('_', "-")))
        .or_else(|| role.label.clone())
        .unwrap_or_else(|| role.name.replace('_', " "))
}

async fn inviter(conn: &impl ConnectionTrait, invitation: &Invitation) -> AppResult<Option<String>> {
    let Some(id) = invitation.invited_by else { return Ok(None) };
    if invitation.clinic.is_some() {
        let row = provider_users::Entity::find_by_id(ProviderUserId::from(id)).one(conn).await?;
        return Ok(row.map(|row| format!("{} {}", row.firstname, row.lastname)));
    }
    let row = users::Entity::find_by_id(UserId::from(id)).one(conn).await?;
    Ok(row.map(|row| format!("{} {}", row.firstname, row.lastname)))
}

/// Ends what nobody used in time, and reminds the clinic a day before.
pub(crate) async fn pass_time(app: &App) -> AppResult<()> {
    let now = app.now();
    let conn = app.db.conn();
    store::clinic::expire(conn, now).await?;
    store::staff::expire(conn, now).await?;
    let ending = rows::Entity::find()
        .filter(rows::Column::Status.eq(rows::ProviderStaffInvitationStatus::Pending))
        .filter(rows::Column::ExpiresAt.lte(now + Duration::days(1)))
        .limit(500)
        .all(conn)
        .await?;
    for invitation in ending.into_iter().map(Invitation::from) {
        // One that lives no longer than a day needs no reminder.
        if invitation.last_sent_at.is_some_and(|sent| invitation.expires_at - sent <= Duration::days(1)) {
            continue;
        }
        platform::write_txn!(app.db, |txn| {
            outbox::emit(txn, app, &Actor::system(), about(&invitation, "team.invitation_expiring")).await
        })?;
    }
    Ok(())
}
