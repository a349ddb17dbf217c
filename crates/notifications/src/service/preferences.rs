//! What an account chose: its language and clock, and which messages reach it by mail (R-CM-40..46, 91, 96).

use chrono::NaiveTime;
use chrono_tz::Tz;
use identity::consents::{self, PatientConsentType};
use kernel::ids::{AnyId, NotificationPreferenceId};
use kernel::{Actor, ActorKind, AppError, AppResult, Currency, FieldErrors, Guard};
use platform::audit::{self, Entry};
use platform::locale::Locale;
use platform::{App, write_txn};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect, Set, SqlErr,
};
use serde_json::json;

use crate::entity::notification_preferences::{self as rows, NotificationPreferenceOwnerType as Owner};
use crate::rules::Quiet;

/// What an account chose; what it never touched is as it comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// Mail.
    pub email: bool,
    /// Messages on the phone.
    pub push: bool,
    /// News and offers.
    pub marketing: bool,
    /// Whether routine mail waits over night.
    pub quiet_on: bool,
    /// The hours in which it waits.
    pub quiet: Quiet,
    /// The code of a language.
    pub locale: Option<String>,
    /// The name of a time zone.
    pub timezone: Option<String>,
    /// The currency to compare prices in.
    pub currency: Option<Currency>,
}

impl Default for Chosen {
    fn default() -> Self {
        Self {
            email: true,
            push: true,
            marketing: false,
            quiet_on: true,
            quiet: Quiet::usual(),
            locale: None,
            timezone: None,
            currency: None,
        }
    }
}

impl From<rows::Model> for Chosen {
    fn from(row: rows::Model) -> Self {
        Self {
            email: row.email_enabled,
            push: row.push_enabled,
            marketing: row.marketing_enabled,
            quiet_on: row.quiet_hours_enabled,
            quiet: Quiet { start: row.quiet_start, end: row.quiet_end },
            locale: row.locale,
            timezone: row.timezone,
            currency: row.display_currency,
        }
    }
}

/// What is to be told, and when.
#[derive(Clone, Debug)]
pub struct Switches {
    /// Mail.
    pub email: bool,
    /// Messages on the phone.
    pub push: bool,
    /// News and offers; a patient's consent comes first.
    pub marketing: bool,
    /// Whether routine mail waits over night.
    pub quiet_on: bool,
    /// `22:00`.
    pub quiet_start: String,
    /// `07:00`.
    pub quiet_end: String,
}

/// Language and clock; what is absent stays, and an empty text takes a choice back.
#[derive(Clone, Debug, Default)]
pub struct Manner {
    /// The code of a language that can be chosen.
    pub locale: Option<String>,
    /// The name of a time zone.
    pub timezone: Option<String>,
    /// The currency to compare prices in.
    pub currency: Option<String>,
}

fn owner(actor: &Actor) -> AppResult<(Owner, AnyId)> {
    Ok(match actor.kind {
        ActorKind::Patient(id) => (Owner::Patient, id.any()),
        ActorKind::Provider { user, .. } => (Owner::ProviderUser, user.any()),
        ActorKind::Admin(id) => (Owner::User, id.any()),
        ActorKind::Affiliate(id) => (Owner::Affiliate, id.any()),
        ActorKind::Anonymous | ActorKind::System => return Err(AppError::unauthenticated()),
    })
}

/// What the asker chose: one statement.
///
/// Errors: 401 for nobody.
pub async fn show(app: &App, actor: &Actor) -> AppResult<Chosen> {
    let (kind, id) = owner(actor)?;
    Ok(row_of(app.db.conn(), kind, id).await?.map(Chosen::from).unwrap_or_default())
}

async fn row_of(conn: &impl ConnectionTrait, kind: Owner, id: AnyId) -> AppResult<Option<rows::Model>> {
    Ok(rows::Entity::find()
        .filter(rows::Column::OwnerType.eq(kind))
        .filter(rows::Column::OwnerId.eq(id))
        .one(conn)
        .await?)
}

/// Changes which messages reach the asker by mail and phone. What must reach them does so anyway (R-CM-40).
///
/// Errors: 422 with all faulty fields, among them `quiet_hours_empty` and, for patients without that consent,
/// `marketing_consent_required`.
pub async fn switch(app: &App, actor: &Actor, ask: &Switches) -> AppResult<Chosen> {
    owner(actor)?;
    let mut errors = FieldErrors::new();
    let start = time(&mut errors, "quiet_start", &ask.quiet_start);
    let end = time(&mut errors, "quiet_end", &ask.quiet_end);
    if let (Some(start), Some(end)) = (start, end)
        && start == end
    {
        errors.add("quiet_end", "quiet_hours_empty", "The hours must end at another time than they begin.");
    }
    if let (ActorKind::Patient(patient), true) = (actor.kind, ask.marketing)
        && !consents::granted(app.db.conn(), patient, PatientConsentType::Marketing).await?
    {
        errors.add(
            "marketing_enabled",
            "marketing_consent_required",
            "Agree to news and offers in your profile first.",
        );
    }
    errors.check()?;
    let usual = Quiet::usual();
    let quiet = Quiet { start: start.unwrap_or(usual.start), end: end.unwrap_or(usual.end) };
    change(app, actor, |chosen| Chosen {
        email: ask.email,
        push: ask.push,
        marketing: ask.marketing,
        quiet_on: ask.quiet_on,
        quiet,
        ..chosen
    })
    .await
}

fn time(errors: &mut FieldErrors, field: &'static str, text: &str) -> Option<NaiveTime> {
    let text = text.trim();
    let read = NaiveTime::parse_from_str(text, "%H:%M").or_else(|_| NaiveTime::parse_from_str(text, "%H:%M:%S"));
    match read {
        Ok(time) => Some(time),
        Err(_) => {
            errors.add(field, "quiet_time_invalid", "Write a time such as 22:00.");
            None
        }
    }
}

/// Changes the asker's language and clock. `spoken` are the languages that can be chosen.
///
/// Errors: 422 with `locale_unknown`, `timezone_invalid`, `currency_unknown`.
pub async fn speak(app: &App, actor: &Actor, spoken: &[Locale], ask: &Manner) -> AppResult<Chosen> {
    owner(actor)?;
    let mut errors = FieldErrors::new();
    let given = |text: &Option<String>| text.as_deref().map(str::trim).map(str::to_owned);
    let locale = given(&ask.locale).map(|text| {
        // An unknown region is stored as its language (section 5 of communication).
        let found = Locale::from_code(&text).filter(|locale| spoken.contains(locale));
        if found.is_none() && !text.is_empty() {
            errors.add("locale", "locale_unknown", "This language cannot be chosen.");
        }
        found.map(|locale| locale.code().to_owned())
    });
    let timezone = given(&ask.timezone).map(|text| {
        let found = text.parse::<Tz>().ok();
        if found.is_none() && !text.is_empty() {
            errors.add("timezone", "timezone_invalid", "Name a time zone such as Europe/Istanbul.");
        }
        found.map(|zone| zone.name().to_owned())
    });
    let currency = given(&ask.currency).map(|text| {
        let found = text.to_uppercase().parse::<Currency>().ok();
        if found.is_none() && !text.is_empty() {
            errors.add("display_currency", "currency_unknown", "Name a currency such as EUR.");
        }
        found
    });
    errors.check()?;
    change(app, actor, |chosen| Chosen {
        locale: locale.clone().unwrap_or(chosen.locale),
        timezone: timezone.clone().unwrap_or(chosen.timezone),
        currency: currency.unwrap_or(chosen.currency),
        ..chosen
    })
    .await
}

/// Keeps the language somebody has just switched to, so that the next device speaks it too.
pub async fn remember_language(app: &App, actor: &Actor, spoken: &[Locale], locale: Locale) -> AppResult<()> {
    if actor.impersonator.is_some() || !actor.is_signed_in() {
        return Ok(());
    }
    let ask = Manner { locale: Some(locale.code().to_owned()), ..Manner::default() };
    speak(app, actor, spoken, &ask).await.map(|_| ())
}

async fn change(app: &App, actor: &Actor, to: impl Fn(Chosen) -> Chosen + Send + Sync) -> AppResult<Chosen> {
    match change_once(app, actor, &to).await {
        // The first choice made twice at once: the unique index let one through, the other one now finds a row.
        Err(error) if lost_race(&error) => change_once(app, actor, &to).await,
        other => other,
    }
}

fn lost_race(error: &AppError) -> bool {
    error.db_error().is_some_and(|err| matches!(err.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))))
}

async fn change_once(app: &App, actor: &Actor, to: &(impl Fn(Chosen) -> Chosen + Send + Sync)) -> AppResult<Chosen> {
    let (kind, id) = owner(actor)?;
    write_txn!(app.db, |txn| {
        let found = rows::Entity::find()
            .filter(rows::Column::OwnerType.eq(kind))
            .filter(rows::Column::OwnerId.eq(id))
            .lock_exclusive()
            .one(txn)
            .await?;
        let before = found.clone().map(Chosen::from).unwrap_or_default();
        let after = to(before.clone());
        if found.is_some() && before == after {
            return Ok(after);
        }
        let now = app.now();
        let is_new = found.is_none();
        let mut row = match found {
            Some(row) => row.into_active_model(),
            None => rows::ActiveModel {
                id: Set(NotificationPreferenceId::new()),
                owner_type: Set(kind),
                owner_id: Set(id),
                sms_enabled: Set(false),
                category_overrides: Set(None),
                region: Set(None),
                created_at: Set(now),
                ..Default::default()
            },
        };
        row.email_enabled = Set(after.email);
        row.push_enabled = Set(after.push);
        row.marketing_enabled = Set(after.marketing);
        row.quiet_hours_enabled = Set(after.quiet_on);
        row.quiet_start = Set(after.quiet.start);
        row.quiet_end = Set(after.quiet.end);
        row.timezone = Set(after.timezone.clone());
        row.locale = Set(after.locale.clone());
        row.display_currency = Set(after.currency);
        row.updated_at = Set(now);
        if is_new {
            rows::Entity::insert(row).exec_without_returning(txn).await?;
        } else {
            row.update(txn).await?;
        }
        let guard = actor.guard().map_or("", Guard::model_type);
        let entry =
            Entry::new("preferences.changed").subject(guard, id).change(Some(told(&before)), Some(told(&after)));
        audit::record(txn, app, actor, entry).await?;
        Ok(after)
    })
}

fn told(chosen: &Chosen) -> serde_json::Value {
    json!({
        "email_enabled": chosen.email,
        "push_enabled": chosen.push,
        "marketing_enabled": chosen.marketing,
        "quiet_hours_enabled": chosen.quiet_on,
        "quiet_start": chosen.quiet.start,
        "quiet_end": chosen.quiet.end,
        "locale": chosen.locale,
        "timezone": chosen.timezone,
        "display_currency": chosen.currency.map(|currency| currency.code().to_owned()),
    })
}
