//! What of this installation's settings about accounts is weaker than it should be.

use kernel::AppResult;
use platform::App;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};

use crate::entity::account_states::{AccountState, AccountStateModelType};
use crate::entity::mfa_credentials::MfaCredentialModelType;
use crate::entity::model_has_roles::ModelHasRoleModelType;
use crate::entity::{account_states, mfa_credentials, model_has_roles, oauth_clients, roles};
use crate::settings;

/// Something that works, and that a careful operator would not leave so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weakness {
    /// What it is about, in one word.
    pub about: &'static str,
    /// What is weak, and what to do.
    pub detail: String,
}

fn weak(about: &'static str, detail: impl Into<String>) -> Weakness {
    Weakness { about, detail: detail.into() }
}

/// The limits of R-ID-26, per minute.
const AUTH_PER_MINUTE: u32 = 60;
const REQUESTS_PER_MINUTE: u32 = 100;

/// Looks at the settings of group auth, at super admins and at the programs with access.
pub async fn weaknesses(app: &App) -> AppResult<Vec<Weakness>> {
    let mut found = policies(app).await?;
    found.extend(super_admins(app).await?);
    found.extend(clients(app).await?);
    let http = &app.config.http;
    if app.config.mode.is_production() && !http.public_url.starts_with("https:") {
        found.push(weak("transport", "http.public_url is not https: cookies and tokens travel in clear"));
    }
    let limits = &app.config.limits;
    for (name, now, usual) in [
        ("auth_per_minute", limits.auth_per_minute, AUTH_PER_MINUTE),
        ("requests_per_minute", limits.requests_per_minute, REQUESTS_PER_MINUTE),
    ] {
        if app.config.mode.is_production() && now > usual {
            found.push(weak("limits", format!("limits.{name} is {now}, the default is {usual}")));
        }
    }
    if app.keys.has_previous() {
        let detail = "a previous key is configured: run `hairline keys rotate`, then remove it";
        if !platform::rotation::status(app).await?.removable {
            found.push(weak("keys", detail));
        }
    }
    Ok(found)
}

async fn policies(app: &App) -> AppResult<Vec<Weakness>> {
    let mut found = Vec::new();
    if !settings::MFA_PROVIDER_ENFORCED.get(app).await? {
        found.push(weak("mfa", "clinic staff may sign in without a second factor (auth.mfa_provider_enforced)"));
    }
    // More than the default is allowed, and weaker than the default.
    for (setting, weaker_above) in [
        (&settings::MAX_LOGIN_ATTEMPTS, true),
        (&settings::LOCKOUT_MINUTES, false),
        (&settings::OTP_EXPIRY_MINUTES, true),
        (&settings::OTP_SENDS_PER_HOUR, true),
        (&settings::OTP_RESEND_SECONDS, false),
        (&settings::ADMIN_SESSIONS, true),
        (&settings::INVITATION_DAYS, true),
    ] {
        let (now, usual) = (setting.get(app).await?, setting.default());
        if (weaker_above && now > usual) || (!weaker_above && now < usual) {
            found.push(weak("policy", format!("auth.{} is {now}, the default is {usual}", setting.key())));
        }
    }
    Ok(found)
}

async fn super_admins(app: &App) -> AppResult<Vec<Weakness>> {
    let conn = app.db.conn();
    let heads: Vec<kernel::ids::AnyId> = model_has_roles::Entity::find()
        .inner_join(roles::Entity)
        .select_only()
        .column(model_has_roles::Column::ModelId)
        .filter(model_has_roles::Column::ModelType.eq(ModelHasRoleModelType::User))
        .filter(roles::Column::Name.eq("super_admin"))
        .filter(roles::Column::GuardName.eq(kernel::Guard::Api.name()))
        .into_tuple()
        .all(conn)
        .await?;
    let active = account_states::Entity::find()
        .filter(account_states::Column::ModelType.eq(AccountStateModelType::User))
        .filter(account_states::Column::State.eq(AccountState::Active))
        .filter(account_states::Column::ModelId.is_in(heads.clone()))
        .count(conn)
        .await?;
    let with_app = mfa_credentials::Entity::find()
        .filter(mfa_credentials::Column::ModelType.eq(MfaCredentialModelType::User))
        .filter(mfa_credentials::Column::ConfirmedAt.is_not_null())
        .filter(mfa_credentials::Column::ModelId.is_in(heads.clone()))
        .count(conn)
        .await?;
    let mut found = Vec::new();
    match active {
        0 => found.push(weak("staff", "there is no active super admin: `hairline user create-admin` makes one")),
        1 => found.push(weak("staff", "there is one super admin only: nobody can help when that account is lost")),
        _ => {}
    }
    let without = (heads.len() as u64).saturating_sub(with_app);
    if without > 0 {
        found.push(weak("mfa", format!("{without} super admins have not set up their authenticator app yet")));
    }
    Ok(found)
}

async fn clients(app: &App) -> AppResult<Vec<Weakness>> {
    let rows =
        oauth_clients::Entity::find().filter(oauth_clients::Column::Revoked.eq(false)).all(app.db.conn()).await?;
    let mut found = Vec::new();
    for row in rows {
        if row.password_client {
            found.push(weak("oauth", format!("the program \"{}\" may take people's passwords", row.name)));
        }
        let plain = |uri: &str| {
            uri.starts_with("http:") && !uri.starts_with("http://127.0.0.1") && !uri.starts_with("http://[::1]")
        };
        if row.redirect.split(',').any(|uri| plain(uri.trim())) {
            found.push(weak("oauth", format!("the program \"{}\" is sent codes over http", row.name)));
        }
    }
    Ok(found)
}
