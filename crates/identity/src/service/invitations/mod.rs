//! Invitations into a clinic's team and into Hairline's staff (R-ID-52..54).

pub mod accept;
pub mod clinic;
pub(crate) mod mail;
pub mod staff;
pub(crate) mod store;

use chrono::{DateTime, Duration, Utc};
use kernel::ids::AnyId;
use kernel::{AppError, AppResult, FieldErrors};
use platform::App;
use serde::Serialize;

use crate::rules::fields;
use crate::rules::team::InvitationState;
use crate::settings;
use store::Invitation;

/// Who is invited, and as what.
#[derive(Clone, Debug, Default)]
pub struct Invite {
    /// Address.
    pub email: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Role.
    pub role: String,
    /// A few words for the mail, at most 500 characters.
    pub message: Option<String>,
    /// A clinician without login who is given an account.
    pub for_provider_user_id: Option<kernel::ids::ProviderUserId>,
}

/// An invitation as those who sent it see it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct InvitationView {
    /// The invitation.
    pub id: AnyId,
    /// Address.
    pub email: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Role.
    #[schema(example = "provider_clinical")]
    pub role: String,
    /// Where it stands.
    pub status: InvitationState,
    /// When it ends; at this instant it is over.
    pub expires_at: DateTime<Utc>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When the last mail was handed over.
    pub last_sent_at: Option<DateTime<Utc>>,
    /// How often it was sent again.
    pub resend_count: i32,
}

impl InvitationView {
    fn of(invitation: Invitation, role: String, now: kernel::Timestamp) -> Self {
        Self {
            id: invitation.id,
            email: invitation.email,
            first_name: invitation.first_name,
            last_name: invitation.last_name,
            role,
            status: invitation.state.at(invitation.expires_at, now),
            expires_at: invitation.expires_at,
            created_at: invitation.created_at,
            last_sent_at: invitation.last_sent_at,
            resend_count: invitation.resend_count,
        }
    }
}

/// The fields of an invitation, checked.
struct Checked {
    email: String,
    first_name: String,
    last_name: String,
    message: Option<String>,
}

fn check(invite: &Invite) -> AppResult<Checked> {
    let mut errors = FieldErrors::new();
    let email = fields::email(&mut errors, "email", &invite.email);
    let first_name = fields::name(&mut errors, "first_name", &invite.first_name);
    let last_name = fields::name(&mut errors, "last_name", &invite.last_name);
    let message = invite.message.as_deref().map(str::trim).filter(|text| !text.is_empty());
    if let Some(text) = message {
        if text.chars().count() > 500 {
            errors.add("message", "text_too_long", "At most 500 characters.");
        } else if text.chars().any(|c| c.is_control() && c != '\n' && c != '\r') {
            errors.add("message", "control_characters", "Only text, please.");
        }
    }
    errors.check()?;
    Ok(Checked { email, first_name, last_name, message: message.map(str::to_owned) })
}

/// How long an invitation lives: 7 days, unless the settings say otherwise.
async fn lifetime(app: &App) -> AppResult<Duration> {
    Ok(Duration::days(settings::INVITATION_DAYS.get(app).await?.clamp(1, 30)))
}

/// 409 `already_invited`; the unique index decides a race.
fn already_invited() -> AppError {
    AppError::conflict("already_invited", "There is a running invitation to this address.").on_field("email")
}

fn lost_race(error: AppError) -> AppError {
    let is_unique = error
        .db_error()
        .is_some_and(|err| matches!(err.sql_err(), Some(sea_orm::SqlErr::UniqueConstraintViolation(_))));
    if is_unique { already_invited() } else { error }
}
