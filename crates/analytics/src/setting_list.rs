//! The settings staff may change, by group, as the settings page shows them.

use kernel::permission::Permission;
use kernel::{Actor, AppError, AppResult, Page, PageQuery};
use platform::App;
use platform::retention;
use platform::settings::{self, Changes, Setting, SettingValue};
use rust_decimal::Decimal;

use crate::setting_effect::{self, SettingEffect};

/// A setting of any type.
#[derive(Clone, Copy, Debug)]
pub enum Known {
    /// A whole number from 0 to a million.
    Number(&'static Setting<i64>),
    /// A whole number between two bounds, both included.
    Range(&'static Setting<i64>, i64, i64),
    /// On or off.
    Switch(&'static Setting<bool>),
    /// A share in percent between two bounds, both included, with one decimal at most.
    Percent(&'static Setting<Decimal>, i64, i64),
    /// Words.
    Text(&'static Setting<String>),
    /// A line of a shape of its own: the check gives it as it is stored.
    Line(&'static Setting<String>, fn(&str) -> AppResult<String>),
    /// Lines of a shape of their own, in the same way.
    Shaped(&'static Setting<String>, fn(&str) -> AppResult<String>),
}

impl Known {
    /// The group and the key.
    pub fn name(&self) -> (&'static str, &'static str) {
        match self {
            Self::Number(it) | Self::Range(it, ..) => (it.group(), it.key()),
            Self::Switch(it) => (it.group(), it.key()),
            Self::Percent(it, ..) => (it.group(), it.key()),
            Self::Text(it) | Self::Line(it, _) | Self::Shaped(it, _) => (it.group(), it.key()),
        }
    }

    /// The value in force, as a form holds it.
    pub async fn value(&self, app: &App) -> AppResult<String> {
        Ok(match self {
            Self::Number(it) | Self::Range(it, ..) => it.get(app).await?.to_string(),
            Self::Switch(it) => it.get(app).await?.to_string(),
            Self::Percent(it, ..) => it.get(app).await?.normalize().to_string(),
            Self::Text(it) | Self::Line(it, _) | Self::Shaped(it, _) => it.get(app).await?,
        })
    }

    fn change(&self, changes: Changes, text: &str) -> AppResult<Changes> {
        let (_, key) = self.name();
        let invalid = || AppError::field(key, "invalid", "This value is not valid.");
        Ok(match self {
            Self::Number(it) => {
                let number: i64 = text.parse().map_err(|_| invalid())?;
                changes.with(it, Some(number).filter(|n| (0..=1_000_000).contains(n)).ok_or_else(invalid)?)
            }
            Self::Range(it, least, most) => {
                let number: i64 = text.parse().map_err(|_| invalid())?;
                let fits = (least..=most).contains(&&number);
                changes.with(it, Some(number).filter(|_| fits).ok_or_else(|| out_of_range(key, *least, *most))?)
            }
            Self::Switch(it) => changes.with(it, bool::from_json(&(text == "true").into()).unwrap_or_default()),
            Self::Percent(it, least, most) => {
                let share: Decimal = text.replace(',', ".").parse().map_err(|_| invalid())?;
                let fits =
                    (Decimal::from(*least)..=Decimal::from(*most)).contains(&share) && share.normalize().scale() <= 1;
                changes.with(it, Some(share).filter(|_| fits).ok_or_else(|| out_of_range(key, *least, *most))?)
            }
            Self::Text(it) => changes.with(it, text.to_owned()),
            Self::Line(it, shape) | Self::Shaped(it, shape) => changes.with(it, shape(text)?),
        })
    }
}

fn out_of_range(key: &'static str, least: i64, most: i64) -> AppError {
    AppError::field(key, "out_of_range", format!("Between {least} and {most}."))
}

/// The settings of each group, in the order of the page.
pub const GROUPS: &[(&str, &[Known])] = &[
    (
        "payment",
        &[
            Known::Percent(&quoting::settings::DEPOSIT_PERCENT, 20, 30),
            Known::Range(&quoting::settings::HOLD_HOURS, 1, 168),
            Known::Range(&quoting::settings::BALANCE_DUE_DAYS, 0, 30),
            Known::Range(&quoting::settings::CUTOFF_DAYS, 30, 90),
            Known::Range(&quoting::settings::PARALLEL_CAPACITY, 1, 20),
            Known::Line(&quoting::settings::REFUND_TIERS, quoting::rules::terms::refund_tiers_line),
        ],
    ),
    (
        "installments",
        &[
            Known::Switch(&payments::service::plans::ENABLED),
            Known::Line(&payments::service::plans::OFFERED, payments::service::plans::counts_of),
            Known::Range(&payments::service::plans::LEAST, 100, 10_000),
            Known::Range(&payments::service::plans::GRACE_DAYS, 0, 14),
        ],
    ),
    (
        "bank",
        &[
            Known::Text(&payments::service::transfer::HOLDER),
            Known::Line(&payments::service::transfer::IBAN, payments::service::transfer::iban),
            Known::Line(&payments::service::transfer::BIC, payments::service::transfer::bic),
            Known::Text(&payments::service::transfer::BANK),
            Known::Range(&payments::service::transfer::HOLD_HOURS, 24, 240),
        ],
    ),
    (
        "payout",
        &[Known::Range(&finance::settings::BUFFER_DAYS, 1, 7), Known::Range(&finance::settings::COOL_OFF_HOURS, 0, 72)],
    ),
    (
        "inquiry",
        &[
            Known::Range(&inquiry::limits::RESPONSE_DEADLINE_HOURS, 1, 720),
            Known::Range(&quoting::settings::QUOTE_VALIDITY_HOURS, 1, 720),
            Known::Range(&quoting::settings::EXPIRING_SOON_HOURS, 1, 720),
            Known::Range(&inquiry::limits::DRAFT_DAYS, 1, 90),
            Known::Range(&inquiry::limits::MAX_PROVIDERS, 1, 10),
            Known::Range(&inquiry::limits::MAX_SELECTED, 1, 5),
            Known::Range(&inquiry::limits::MAX_COUNTRIES, 1, 10),
            Known::Range(&inquiry::limits::MAX_RANGES, 1, 10),
            Known::Range(&inquiry::limits::LEAD_DAYS, 0, 365),
            Known::Range(&inquiry::limits::HORIZON_DAYS, 30, 1095),
            Known::Range(&inquiry::limits::MAX_EVIDENCE, 0, 5),
        ],
    ),
    (
        "aftercare",
        &[
            Known::Number(&aftercare::settings::PAIN_WATCH_PERCENT),
            Known::Number(&aftercare::settings::PAIN_URGENT_PERCENT),
            Known::Number(&aftercare::settings::ESCALATION_MINUTES),
            Known::Number(&aftercare::settings::SPECIALIST_CAPACITY),
        ],
    ),
    (
        "treatment",
        &[
            Known::Number(&treatment::settings::DOCUMENTATION_HOURS),
            Known::Number(&treatment::settings::CASE_IMAGE_CAP),
            Known::Number(&treatment::settings::UPLOADS_PER_HOUR),
        ],
    ),
    (
        "auth",
        &[
            Known::Range(&identity::settings::MAX_LOGIN_ATTEMPTS, 1, 10),
            Known::Range(&identity::settings::LOCKOUT_MINUTES, 5, 60),
            Known::Range(&identity::settings::OTP_EXPIRY_MINUTES, 5, 30),
            Known::Range(&identity::settings::OTP_RESEND_SECONDS, 30, 300),
            Known::Range(&identity::settings::OTP_SENDS_PER_HOUR, 3, 10),
            Known::Range(&identity::settings::ADMIN_SESSIONS, 1, 5),
            Known::Range(&identity::settings::INVITATION_DAYS, 1, 30),
            Known::Switch(&identity::settings::MFA_PROVIDER_ENFORCED),
        ],
    ),
    (
        retention::GROUP,
        &[
            Known::Range(&retention::MEDICAL_YEARS, 7, 30),
            Known::Range(&retention::FINANCIAL_YEARS, 7, 30),
            Known::Range(&retention::COMMUNICATION_YEARS, 7, 30),
            Known::Range(&retention::AUDIT_YEARS, 10, 30),
            Known::Range(&retention::ANALYTICS_ACCESS_MONTHS, 12, 24),
            Known::Range(&retention::TECHNICAL_DAYS, 30, 365),
            Known::Range(&retention::BUNDLE_LINK_HOURS, 1, 72),
            Known::Shaped(&retention::COUNTRY_OVERRIDES, overrides),
        ],
    ),
];

/// The countries in which data are kept longer, each known and once.
fn overrides(text: &str) -> AppResult<String> {
    Ok(retention::write_overrides(&retention::parse_overrides(text)?))
}

/// Whether a change asks for a fresh proof of who makes it (R-MG-72): who comes in, what is kept, and where money goes.
pub fn needs_proof(group: &str) -> bool {
    group == retention::GROUP || matches!(group, "auth" | "bank" | "payout" | "payment" | "installments")
}

/// A group with its values and the version they stand at.
#[derive(Clone, Debug)]
pub struct Group {
    /// Its word.
    pub name: &'static str,
    /// Number of its newest version.
    pub version: i32,
    /// Settings with their values in force.
    pub values: Vec<(Known, String)>,
}

/// A group with what is in force; 404 for a word that names none.
pub async fn group(app: &App, actor: &Actor, name: &str) -> AppResult<Group> {
    actor.admin()?;
    actor.require(Permission::ViewSetting)?;
    let (name, known) = GROUPS.iter().find(|(group, _)| *group == name).ok_or_else(AppError::not_found)?;
    let mut values = Vec::with_capacity(known.len());
    for setting in *known {
        values.push((*setting, setting.value(app).await?));
    }
    Ok(Group { name, version: settings::version(app.db.conn(), name).await?, values })
}

/// What a group's values would mean on an example; nothing is saved. `value_of` gives what was entered for a key.
///
/// Errors: 404; 403 without `view_setting`; 422 on the fields at fault.
pub async fn preview<'a>(
    app: &App,
    actor: &Actor,
    name: &str,
    value_of: impl Fn(&str) -> &'a str,
) -> AppResult<SettingEffect> {
    actor.admin()?;
    actor.require(Permission::ViewSetting)?;
    let (name, known) = GROUPS.iter().find(|(group, _)| *group == name).ok_or_else(AppError::not_found)?;
    checked(known, &value_of)?;
    let cutoff = quoting::settings::CUTOFF_DAYS.get(app).await?;
    setting_effect::of(name, (app.now().date_naive(), cutoff), value_of)
}

/// The changes that were entered; all faults at once.
fn checked<'a>(known: &[Known], value_of: &impl Fn(&str) -> &'a str) -> AppResult<Changes> {
    let mut changes = Changes::new();
    let mut faults = kernel::FieldErrors::new();
    for setting in known {
        let (_, key) = setting.name();
        match setting.change(std::mem::take(&mut changes), value_of(key)) {
            Ok(changed) => changes = changed,
            Err(error) => faults.0.extend(error.fields.0),
        }
    }
    faults.check()?;
    Ok(changes)
}

/// Saves a group's values as its next version. `value_of` gives what was entered for a key.
///
/// Errors: 409 `stale_version`, 422 on the fields at fault, 403 without `edit_setting` (`edit_auth_policy` for `auth`), 403
/// `reauth_required` for `auth`, `retention` and whatever is about money (R-PY-71).
pub async fn save<'a>(
    app: &App,
    actor: &Actor,
    name: &str,
    version: i32,
    reason: &str,
    value_of: impl Fn(&str) -> &'a str,
) -> AppResult<i32> {
    let (name, known) = GROUPS.iter().find(|(group, _)| *group == name).ok_or_else(AppError::not_found)?;
    // Who may is asked before what was typed.
    actor.require(settings::permission_for(name))?;
    if needs_proof(name) {
        identity::reauth::require_fresh(app.db.conn(), app, actor).await?;
    }
    let changes = checked(known, &value_of)?.on_version(version);
    settings::set(app, actor, name, changes, reason).await
}

/// The versions of a group, newest first.
pub async fn history(
    app: &App,
    actor: &Actor,
    name: &str,
    page: PageQuery,
) -> AppResult<Page<platform::settings::SavedVersion>> {
    actor.admin()?;
    actor.require(Permission::ViewSetting)?;
    let (name, _) = GROUPS.iter().find(|(group, _)| *group == name).ok_or_else(AppError::not_found)?;
    settings::history(app, name, page.checked()?).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_stands_in_its_own_group_once() {
        let mut seen = std::collections::BTreeSet::new();
        for (group, known) in GROUPS {
            for setting in *known {
                assert_eq!(setting.name().0, *group);
                assert!(seen.insert(setting.name()), "{:?}", setting.name());
            }
        }
    }
}
