//! What the caller chose: messages, language, clock.

use axum::Extension;
use axum::extract::State;
use platform::App;
use platform::locale::Locale;
use platform::web::{ApiResult, Json, ProblemDocument, Who};
use serde::{Deserialize, Serialize};
use ui::Spoken;

use crate::service::preferences::{self, Chosen, Manner, Switches};

/// What the caller chose; what was never touched is as it comes.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct PreferencesView {
    /// Whether mail is sent. Security, payments and cancellations always are.
    email_enabled: bool,
    /// Whether messages go to the caller's phones.
    push_enabled: bool,
    /// Whether news and offers are sent.
    marketing_enabled: bool,
    /// Whether routine mail waits over night.
    quiet_hours_enabled: bool,
    /// When the quiet hours begin, on the caller's clock.
    #[schema(example = "22:00")]
    quiet_start: String,
    /// When they end.
    #[schema(example = "07:00")]
    quiet_end: String,
    /// The language; null follows the request.
    #[schema(example = "tr")]
    locale: Option<String>,
    /// The time zone; null follows the device, then the clinic.
    #[schema(example = "Europe/Istanbul")]
    timezone: Option<String>,
    /// The currency to compare prices in.
    #[schema(example = "EUR")]
    display_currency: Option<String>,
}

impl From<Chosen> for PreferencesView {
    fn from(chosen: Chosen) -> Self {
        Self {
            email_enabled: chosen.email,
            push_enabled: chosen.push,
            marketing_enabled: chosen.marketing,
            quiet_hours_enabled: chosen.quiet_on,
            quiet_start: chosen.quiet.start.format("%H:%M").to_string(),
            quiet_end: chosen.quiet.end.format("%H:%M").to_string(),
            locale: chosen.locale,
            timezone: chosen.timezone,
            display_currency: chosen.currency.map(|currency| currency.code().to_owned()),
        }
    }
}

/// Which messages reach the caller; all of them at once.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "email_enabled": true, "push_enabled": false, "quiet_hours_enabled": true, "quiet_start": "22:00", "quiet_end": "07:00" }))]
pub(super) struct SwitchesBody {
    /// Mail.
    email_enabled: bool,
    /// Messages on the phone.
    push_enabled: bool,
    /// News and offers; a patient agrees to them first.
    #[serde(default)]
    marketing_enabled: bool,
    /// Whether routine mail waits over night.
    quiet_hours_enabled: bool,
    /// When the quiet hours begin.
    quiet_start: String,
    /// When they end; another time than they begin.
    quiet_end: String,
}

/// Language, clock and currency; what is absent stays, and an empty text takes a choice back.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "locale": "tr", "timezone": "Europe/Istanbul", "display_currency": "EUR" }))]
pub(super) struct MannerBody {
    /// A language that can be chosen.
    locale: Option<String>,
    /// An IANA name.
    timezone: Option<String>,
    /// ISO 4217.
    display_currency: Option<String>,
}

/// Shows what the caller chose.
#[utoipa::path(
    get, path = "/me/notification-preferences", tag = "notifications", operation_id = "show_notification_preferences", security(("bearer" = ["account"])),
    responses((status = 200, body = PreferencesView), (status = 401, body = ProblemDocument))
)]
pub(super) async fn show_preferences(State(app): State<App>, Who(actor): Who) -> ApiResult<Json<PreferencesView>> {
    Ok(Json(preferences::show(&app, &actor).await?.into()))
}

/// Changes which messages reach the caller.
#[utoipa::path(
    put, path = "/me/notification-preferences", tag = "notifications", operation_id = "change_notification_preferences", security(("bearer" = ["account"])),
    request_body = SwitchesBody,
    responses((status = 200, body = PreferencesView), (status = 401, body = ProblemDocument), (status = 422, body = ProblemDocument))
)]
pub(super) async fn change_preferences(
    State(app): State<App>,
    Who(actor): Who,
    Json(body): Json<SwitchesBody>,
) -> ApiResult<Json<PreferencesView>> {
    let ask = Switches {
        email: body.email_enabled,
        push: body.push_enabled,
        marketing: body.marketing_enabled,
        quiet_on: body.quiet_hours_enabled,
        quiet_start: body.quiet_start,
        quiet_end: body.quiet_end,
    };
    Ok(Json(preferences::switch(&app, &actor, &ask).await?.into()))
}

/// Changes the caller's language and clock.
#[utoipa::path(
    put, path = "/me/locale", tag = "notifications", operation_id = "change_locale", security(("bearer" = ["account"])),
    request_body = MannerBody,
    responses((status = 200, body = PreferencesView), (status = 401, body = ProblemDocument), (status = 422, body = ProblemDocument))
)]
pub(super) async fn change_locale(
    State(app): State<App>,
    Who(actor): Who,
    spoken: Option<Extension<Spoken>>,
    Json(body): Json<MannerBody>,
) -> ApiResult<Json<PreferencesView>> {
    let spoken = spoken.map_or_else(|| Locale::ALL.to_vec(), |Extension(Spoken(locales))| locales);
    let ask = Manner { locale: body.locale, timezone: body.timezone, currency: body.display_currency };
    Ok(Json(preferences::speak(&app, &actor, &spoken, &ask).await?.into()))
}
