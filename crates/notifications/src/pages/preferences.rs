//! Language, clock and messages: what an account chooses about itself, in every portal.

use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use chrono_tz::{TZ_VARIANTS, Tz};
use kernel::{AppError, ErrorKind};
use platform::locale;
use platform::web::{ApiResult, status_of};
use ui::{Choice, Chrome, Ctx, Form, Inside, Portal, Posted, page};

use crate::service::preferences::{self, Chosen, Manner, Switches};

/// What the page shows, whatever portal surrounds it.
struct Preferences {
    path: String,
    languages: Vec<Choice>,
    zones: Vec<Choice>,
    manner: Form,
    switches: Form,
    /// The time on the reader's clock now.
    clock: String,
    /// Neither mail nor phone: only what must reach the reader does.
    silent: bool,
}

#[derive(Template)]
#[template(path = "preferences_patient.html")]
struct PatientPreferencesPage {
    chrome: Chrome,
    preferences: Preferences,
}

#[derive(Template)]
#[template(path = "preferences_provider.html")]
struct ClinicPreferencesPage {
    chrome: Chrome,
    preferences: Preferences,
}

#[derive(Template)]
#[template(path = "preferences_admin.html")]
struct StaffPreferencesPage {
    chrome: Chrome,
    preferences: Preferences,
}

#[derive(Template)]
#[template(path = "preferences_affiliate.html")]
struct AffiliatePreferencesPage {
    chrome: Chrome,
    preferences: Preferences,
}

/// Which of the page's forms was refused.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Manner,
    Switches,
}

fn address(chrome: &Chrome) -> String {
    format!("{}/preferences", chrome.account_base())
}

/// The areas of the world whose cities people choose from; other names of the list are older names of these.
const AREAS: [&str; 10] =
    ["Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"];

/// The zones to choose from, by the name of their city, each with how far its clocks are.
fn zones(chrome: &Chrome) -> Vec<Choice> {
    let mut cities: Vec<Choice> = TZ_VARIANTS
        .iter()
        .filter_map(|zone| {
            let (area, city) = zone.name().split_once('/').filter(|(area, _)| AREAS.contains(area))?;
            let city = city.rsplit('/').next().unwrap_or(city).replace('_', " ");
            let area = chrome.word("zone-area", area.to_lowercase());
            let label = format!("{city}, {area} ({})", locale::zone_distance(chrome.now, *zone));
            Some(Choice::new(zone.name(), label))
        })
        .collect();
    cities.sort_by(|one, other| one.label.cmp(&other.label));
    let mut choices = vec![Choice::new("", chrome.t("zone-device")), Choice::new(Tz::UTC.name(), Tz::UTC.name())];
    choices.append(&mut cities);
    choices
}

fn languages(chrome: &Chrome) -> Vec<Choice> {
    let mut choices = vec![Choice::new("", chrome.t("language-device"))];
    choices.extend(
        chrome.spoken.iter().map(|spoken| Choice::new(spoken.code(), chrome.word("language-name", spoken.code()))),
    );
    choices
}

fn manner_form(chrome: &Chrome, chosen: &Chosen) -> Form {
    Form::new(chrome)
        .with("locale", chosen.locale.clone().unwrap_or_default())
        .with("timezone", chosen.timezone.clone().unwrap_or_default())
}

fn switches_form(chrome: &Chrome, chosen: &Chosen) -> Form {
    let on = |name: &'static str, is_on: bool| is_on.then_some((name, "true"));
    let ticks = [on("email", chosen.email), on("push", chosen.push), on("quiet", chosen.quiet_on)];
    ticks
        .into_iter()
        .flatten()
        .fold(Form::new(chrome), |form, (name, value)| form.with(name, value))
        .with("quiet_start", chosen.quiet.start.format("%H:%M").to_string())
        .with("quiet_end", chosen.quiet.end.format("%H:%M").to_string())
}

pub(super) async fn show(Inside(ctx): Inside) -> ApiResult<Response> {
    preferences_page(&ctx, None).await
}

/// The page behind the addresses of its forms.
pub(super) async fn back(Inside(ctx): Inside) -> Response {
    Redirect::to(&address(&ctx.chrome)).into_response()
}

async fn preferences_page(ctx: &Ctx, refused: Option<(Part, Form)>) -> ApiResult<Response> {
    let chosen = preferences::show(&ctx.app, &ctx.actor).await?;
    let chrome = ctx.chrome.clone();
    let (mut manner, mut switches) = (manner_form(&chrome, &chosen), switches_form(&chrome, &chosen));
    match refused {
        Some((Part::Manner, form)) => manner = form,
        Some((Part::Switches, form)) => switches = form,
        None => {}
    }
    let preferences = Preferences {
        path: address(&chrome),
        languages: languages(&chrome),
        zones: zones(&chrome),
        manner,
        switches,
        clock: chrome.clock(chrome.now),
        silent: !chosen.email && !chosen.push,
    };
    match chrome.portal {
        Portal::Provider => page(&ClinicPreferencesPage { chrome, preferences }),
        Portal::Admin => page(&StaffPreferencesPage { chrome, preferences }),
        Portal::Affiliate => page(&AffiliatePreferencesPage { chrome, preferences }),
        _ => page(&PatientPreferencesPage { chrome, preferences }),
    }
}

async fn refuse(ctx: &Ctx, part: Part, posted: &Posted, error: AppError) -> ApiResult<Response> {
    if error.kind == ErrorKind::Internal {
        return Err(error.into());
    }
    let form = Form::posted(&ctx.chrome, posted).refused(&error);
    let mut response = preferences_page(ctx, Some((part, form))).await?;
    *response.status_mut() = status_of(error.kind);
    Ok(response)
}

pub(super) async fn save_manner(Inside(ctx): Inside, posted: Posted) -> ApiResult<Response> {
    let text = |name: &str| Some(posted.get(name).to_owned());
    let ask = Manner { locale: text("locale"), timezone: text("timezone"), currency: None };
    match preferences::speak(&ctx.app, &ctx.actor, &ctx.chrome.spoken, &ask).await {
        Ok(_) => Ok(ctx.done(&address(&ctx.chrome), "preferences-saved")),
        Err(error) => refuse(&ctx, Part::Manner, &posted, error).await,
    }
}

pub(super) async fn save_switches(Inside(ctx): Inside, posted: Posted) -> ApiResult<Response> {
    let kept = preferences::show(&ctx.app, &ctx.actor).await?;
    let ask = Switches {
        email: posted.ticked("email"),
        push: posted.ticked("push"),
        // A patient says yes or no to news among the consents.
        marketing: kept.marketing,
        quiet_on: posted.ticked("quiet"),
        quiet_start: posted.get("quiet_start").to_owned(),
        quiet_end: posted.get("quiet_end").to_owned(),
    };
    match preferences::switch(&ctx.app, &ctx.actor, &ask).await {
        Ok(_) => Ok(ctx.done(&address(&ctx.chrome), "preferences-saved")),
        Err(error) => refuse(&ctx, Part::Switches, &posted, error).await,
    }
}

#[cfg(test)]
mod tests {
    use kernel::{Actor, Timestamp};
    use platform::locale::Locale;

    use super::*;

    #[test]
    fn r_cm_96_every_zone_on_offer_exists_and_says_where_its_clocks_are() {
        let now: Timestamp = "2026-03-02T10:00:00Z".parse().unwrap();
        for locale in Locale::ALL {
            let chrome = Chrome::new(locale, &Actor::anonymous(), "/patient", String::new(), now);
            let offered = zones(&chrome);
            assert!(offered.len() > 400);
            assert!(offered.iter().skip(1).all(|choice| choice.value.parse::<Tz>().is_ok()));
            let istanbul = offered.iter().find(|choice| choice.value == "Europe/Istanbul").unwrap();
            assert!(
                istanbul.label.starts_with("Istanbul, ") && istanbul.label.ends_with("(UTC+3)"),
                "{}",
                istanbul.label
            );
        }
    }
}
