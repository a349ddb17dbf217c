//! Mails this wing sends itself, because nobody else may hold their contents: codes and notices to an address.

use kernel::ids::{OneTimeCodeId, PatientId};
use kernel::{AppError, AppResult};
use platform::App;
use platform::jobs::JobKind;
use platform::locale::{Locale, t, tr};
use platform::mail::Mail;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::Value as Json;

use crate::activation;
use crate::entity::{one_time_codes, patients};
use crate::service::invitations::mail as invitations;
use crate::service::{email_change, password_reset};

/// Sends the code of a `one_time_codes` row.
pub(crate) const MAIL_CODE: &str = "identity.mail_code";
/// Tells the owner of a verified address that somebody tried to register with it (R-ID-09).
pub(crate) const MAIL_REGISTRATION_ATTEMPT: &str = "identity.mail_registration_attempt";

/// Sends the code of a password reset, if the address belongs to anybody.
pub(crate) const MAIL_RESET: &str = "identity.mail_reset";
/// Tells the old address of an account that it has another one.
pub(crate) const MAIL_EMAIL_CHANGED: &str = "identity.mail_email_changed";
/// Sends an affiliate the link that opens its account.
pub const MAIL_ACTIVATION: &str = "identity.mail_activation";
/// Sends the link for a first password.
pub(crate) const MAIL_SET_PASSWORD: &str = "identity.mail_set_password";

/// The jobs of this wing.
pub fn jobs() -> Vec<JobKind> {
    vec![
        JobKind { name: MAIL_CODE, run: |app, payload| Box::pin(mail_code(app, payload)) },
        JobKind {
            name: MAIL_REGISTRATION_ATTEMPT,
            run: |app, payload| Box::pin(mail_registration_attempt(app, payload)),
        },
        JobKind { name: MAIL_RESET, run: |app, payload| Box::pin(password_reset::mail_code(app, payload)) },
        JobKind { name: MAIL_EMAIL_CHANGED, run: |app, payload| Box::pin(email_change::mail_notice(app, payload)) },
        JobKind { name: MAIL_SET_PASSWORD, run: |app, payload| Box::pin(password_reset::mail_link(app, payload)) },
        JobKind { name: MAIL_ACTIVATION, run: |app, payload| Box::pin(activation::mail_link(app, payload)) },
        JobKind { name: invitations::MAIL_INVITATION, run: |app, payload| Box::pin(invitations::send(app, payload)) },
    ]
}

pub(crate) fn locale_of(payload: &Json) -> Locale {
    payload.get("locale").and_then(Json::as_str).and_then(Locale::from_code).unwrap_or_default()
}

pub(crate) fn id_of<T: std::str::FromStr>(payload: &Json, name: &str) -> AppResult<T> {
    let text = payload.get(name).and_then(Json::as_str);
    text.and_then(|text| text.parse().ok()).ok_or_else(|| AppError::internal(format!("job without {name}")))
}

/// Hands the mail over, then wipes the digits from the row. A code that was used or replaced meanwhile is not sent.
async fn mail_code(app: &App, payload: &Json) -> AppResult<()> {
    let id: OneTimeCodeId = id_of(payload, "code_id")?;
    let locale = locale_of(payload);
    let Some(row) = one_time_codes::Entity::find_by_id(id).one(app.db.conn()).await? else { return Ok(()) };
    let live = row.used_at.is_none() && row.invalidated_at.is_none();
    let (Some(sealed), Some(to), true) = (&row.payload, row.address.clone(), live) else { return Ok(()) };
    let content = app.keys.open(sealed)?;
    let Some(code) = content.get("code").and_then(Json::as_str) else { return Ok(()) };
    let minutes = payload.get("minutes").and_then(Json::as_i64).unwrap_or(15);
    let text = tr(
        locale,
        "identity-mail-code-text",
        &[("code", code.to_owned().into()), ("minutes", minutes.to_string().into())],
    );
    app.mailer.send(Mail { to, subject: t(locale, "identity-mail-code-subject"), text, html: None }).await?;
    one_time_codes::Entity::update_many()
        .col_expr(one_time_codes::Column::Payload, Expr::value(None::<String>))
        .filter(one_time_codes::Column::Id.eq(id))
        .exec(app.db.conn())
        .await?;
    Ok(())
}

async fn mail_registration_attempt(app: &App, payload: &Json) -> AppResult<()> {
    let id: PatientId = id_of(payload, "patient_id")?;
    let locale = locale_of(payload);
    let Some(patient) = patients::Entity::find_by_id(id).one(app.db.conn()).await? else { return Ok(()) };
    if patient.deleted_at.is_some() {
        return Ok(());
    }
    let text = tr(locale, "identity-mail-attempt-text", &[("name", patient.first_name.into())]);
    let subject = t(locale, "identity-mail-attempt-subject");
    app.mailer.send(Mail { to: patient.email, subject, text, html: None }).await
}
