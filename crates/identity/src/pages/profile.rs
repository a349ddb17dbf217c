//! What a patient keeps about themselves, and their consents.

use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::{AppError, AppResult, ErrorKind};
use platform::entity::countries;
use platform::locale;
use platform::web::{ApiResult, Path, status_of};
use sea_orm::{ActiveEnum, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use ui::{Badge, Choice, Chrome, Ctx, Form, Html, Inside, Portal, Posted, Tone, page};

use super::sign_up::onward;
use crate::consents::{Given, PatientConsentAction, PatientConsentChannel, PatientConsentType};
use crate::entity::patients::PatientGender;
use crate::projection::discovery_options;
use crate::service::consents;
use crate::service::profile::{Me, ProfileChange, edit_me, show_me};

struct ConsentLine {
    word: String,
    title: String,
    text: String,
    state: Badge,
    when: Html,
    mandatory: bool,
    granted: bool,
}

#[derive(Template)]
#[template(path = "profile.html")]
struct ProfilePage {
    chrome: Chrome,
    name: String,
    email: String,
    code: String,
    form: Form,
    genders: Vec<Choice>,
    countries: Vec<Choice>,
    consents: Vec<ConsentLine>,
    complete: bool,
}

#[derive(Template)]
#[template(path = "profile_complete.html")]
struct CompletePage {
    chrome: Chrome,
    /// Where the patient came from and goes on afterwards.
    next: String,
    first_name: String,
    form: Form,
    genders: Vec<Choice>,
    countries: Vec<Choice>,
    /// How people hear of us.
    sources: Vec<Choice>,
}

/// Consents a request needs.
const NEEDED: [PatientConsentType; 2] =
    [PatientConsentType::MedicalDataProcessing, PatientConsentType::ProviderDataSharing];

fn word(kind: PatientConsentType) -> String {
    kind.to_value()
}

fn genders(chrome: &Chrome) -> Vec<Choice> {
    let all = [PatientGender::Male, PatientGender::Female, PatientGender::Other, PatientGender::PreferNotToSay];
    all.iter().map(|gender| Choice::new(gender.to_value(), chrome.word("gender", gender.to_value()))).collect()
}

/// What names are ordered by: Turkish letters stand beside their plain ones.
fn letters(name: &str) -> String {
    let plain = |c: char| match c {
        'Ç' | 'ç' => 'c',
        'İ' | 'I' | 'ı' => 'i',
        'Ö' | 'ö' => 'o',
        'Ş' | 'ş' => 's',
        'Ü' | 'ü' => 'u',
        other => other.to_ascii_lowercase(),
    };
    name.chars().map(plain).collect()
}

async fn country_choices(ctx: &Ctx) -> AppResult<Vec<Choice>> {
    let rows = countries::Entity::find()
        .filter(countries::Column::IsActive.eq(true))
        .order_by_asc(countries::Column::Name)
        .all(ctx.app.replica.conn())
        .await?;
    let name = |row: &countries::Model| locale::country(ctx.locale(), &row.iso_code, &row.name);
    let mut named: Vec<Choice> = rows.iter().map(|row| Choice::new(row.iso_code.as_str(), name(row))).collect();
    named.sort_by_key(|choice| letters(&choice.label));
    let mut choices = vec![Choice::new("", ctx.chrome.t("profile-choose"))];
    choices.extend(named);
    Ok(choices)
}

/// The answers to "how did you hear of us", in the reader's language where they are ours.
async fn source_choices(ctx: &Ctx) -> AppResult<Vec<Choice>> {
    let rows = discovery_options::Entity::find()
        .filter(discovery_options::Column::IsActive.eq(true))
        .order_by_asc(discovery_options::Column::DisplayOrder)
        .all(ctx.app.replica.conn())
        .await?;
    let label = |row: &discovery_options::Model| {
        let key = format!("discovery-{}", row.option_label.to_lowercase().replace(' ', "-"));
        locale::find_text(ctx.locale(), &key).unwrap_or_else(|| row.option_label.clone())
    };
    let mut choices = vec![Choice::new("", ctx.chrome.t("discovery-later"))];
    choices.extend(rows.iter().map(|row| Choice::new(row.id.to_string(), label(row))));
    Ok(choices)
}

fn form_of(ctx: &Ctx, me: &Me) -> Form {
    let form = Form::new(&ctx.chrome).with("first_name", &me.first_name).with("last_name", &me.last_name);
    let Some(own) = &me.patient else { return form };
    form.with_some("gender", own.gender.map(|gender| gender.to_value()))
        .with_some("birthday", own.birthday.map(|day| day.to_string()))
        .with_some("phone_number", own.phone_number.clone())
        .with_some("country_code", own.country_code.clone())
        .with_some("location", own.location.clone())
        .with_some("registration_source_id", own.registration_source_id.map(|id| id.to_string()))
}

fn change_of(posted: &Posted) -> AppResult<ProfileChange> {
    let text = |name: &str| posted.given(name).map(str::to_owned);
    let gender = posted
        .given("gender")
        .map(|word| PatientGender::try_from_value(&word.to_owned()))
        .transpose()
        .map_err(|_| AppError::field("gender", "invalid", "Choose one of these."))?;
    Ok(ProfileChange {
        first_name: text("first_name"),
        last_name: text("last_name"),
        username: text("username"),
        gender,
        birthday: posted.maybe("birthday")?,
        phone_number: text("phone_number"),
        country_code: text("country_code"),
        location: text("location"),
        registration_source_id: posted.maybe("registration_source_id")?,
    })
}

pub(super) async fn show(Inside(ctx): Inside) -> ApiResult<Response> {
    let me = show_me(&ctx.app, &ctx.actor).await?;
    let form = form_of(&ctx, &me);
    profile_page(&ctx, &me, form).await
}

async fn profile_page(ctx: &Ctx, me: &Me, form: Form) -> ApiResult<Response> {
    let chrome = ctx.chrome.clone();
    let consents = consents::list(&ctx.app, &ctx.actor).await?.into_iter().map(|consent| {
        let word = word(consent.consent_type);
        let state = match consent.granted {
            true => Badge::new(Tone::Good, chrome.t("consent-granted")),
            false => Badge::new(Tone::Calm, chrome.t("consent-not-granted")),
        };
        ConsentLine {
            title: chrome.word("consent", &word),
            text: chrome.word("consent-text", &word),
            state,
            when: consent.acted_at.map(|at| chrome.when(at)).unwrap_or_default(),
            mandatory: consent.mandatory,
            granted: consent.granted,
            word,
        }
    });
    page(&ProfilePage {
        name: format!("{} {}", me.first_name, me.last_name),
        email: me.email.clone(),
        code: me.patient.as_ref().and_then(|own| own.patient_code.clone()).unwrap_or_default(),
        genders: genders(&chrome),
        countries: country_choices(ctx).await?,
        complete: me.patient.as_ref().is_some_and(|own| own.is_complete),
        consents: consents.collect(),
        form,
        chrome,
    })
}

pub(super) async fn save(Inside(ctx): Inside, posted: Posted) -> ApiResult<Response> {
    let saved = match change_of(&posted) {
        Ok(change) => edit_me(&ctx.app, &ctx.actor, change).await,
        Err(error) => Err(error),
    };
    match saved {
        Ok(_) => Ok(ctx.done("/patient/profile", "profile-saved")),
        Err(error) if error.kind != ErrorKind::Internal => {
            let me = show_me(&ctx.app, &ctx.actor).await?;
            let form = Form::posted(&ctx.chrome, &posted).refused(&error);
            let mut response = profile_page(&ctx, &me, form).await?;
            *response.status_mut() = status_of(error.kind);
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

/// Where to go on: a page of the patient's own portal, the first one for anything else.
fn way_on(wanted: &str) -> String {
    onward(wanted).unwrap_or_else(|| Portal::Patient.home().to_owned())
}

pub(super) async fn show_complete(Inside(ctx): Inside) -> ApiResult<Response> {
    let me = show_me(&ctx.app, &ctx.actor).await?;
    let mut form = form_of(&ctx, &me);
    for consent in consents::list(&ctx.app, &ctx.actor).await? {
        if consent.granted && NEEDED.contains(&consent.consent_type) {
            form = form.with(&word(consent.consent_type), "true");
        }
    }
    let next = way_on(&ctx.asked("next"));
    complete_page(&ctx, me, form, next).await
}

async fn complete_page(ctx: &Ctx, me: Me, form: Form, next: String) -> ApiResult<Response> {
    page(&CompletePage {
        first_name: me.first_name,
        genders: genders(&ctx.chrome),
        countries: country_choices(ctx).await?,
        sources: source_choices(ctx).await?,
        next,
        form,
        chrome: ctx.chrome.clone(),
    })
}

pub(super) async fn save_complete(Inside(ctx): Inside, posted: Posted) -> ApiResult<Response> {
    let next = way_on(posted.get("next"));
    match complete(&ctx, &posted).await {
        Ok(()) => Ok(ctx.done(&next, "profile-saved")),
        Err(error) if error.kind != ErrorKind::Internal => {
            let me = show_me(&ctx.app, &ctx.actor).await?;
            let form = Form::posted(&ctx.chrome, &posted).refused(&error);
            let mut response = complete_page(&ctx, me, form, next).await?;
            *response.status_mut() = status_of(error.kind);
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

async fn complete(ctx: &Ctx, posted: &Posted) -> AppResult<()> {
    let mut missing = kernel::FieldErrors::new();
    for name in ["gender", "birthday", "phone_number", "country_code"] {
        if posted.given(name).is_none() {
            missing.add(name, "required", "This is required.");
        }
    }
    missing.check()?;
    edit_me(&ctx.app, &ctx.actor, change_of(posted)?).await?;
    let given = || Given { locale: ctx.locale(), channel: PatientConsentChannel::Web };
    for kind in NEEDED {
        if posted.ticked(&word(kind)) {
            consents::change(&ctx.app, &ctx.actor, kind, PatientConsentAction::Granted, given()).await?;
        }
    }
    Ok(())
}

pub(super) async fn consent(Inside(ctx): Inside, Path(kind): Path<String>, posted: Posted) -> ApiResult<Response> {
    let kind = PatientConsentType::try_from_value(&kind).map_err(|_| AppError::not_found())?;
    let action =
        if posted.get("action") == "granted" { PatientConsentAction::Granted } else { PatientConsentAction::Withdrawn };
    let given = Given { locale: ctx.locale(), channel: PatientConsentChannel::Web };
    match consents::change(&ctx.app, &ctx.actor, kind, action, given).await {
        Ok(()) => Ok(ctx.done("/patient/profile", "consent-saved")),
        Err(error) if error.kind == ErrorKind::Conflict => {
            let me = show_me(&ctx.app, &ctx.actor).await?;
            let form = form_of(&ctx, &me).refused(&error);
            let mut response = profile_page(&ctx, &me, form).await?;
            *response.status_mut() = status_of(error.kind);
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

/// The consent page of the addresses people type.
pub(super) async fn to_profile(_: Inside) -> Response {
    Redirect::to("/patient/profile").into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_on_stays_in_the_portal() {
        assert_eq!(way_on("/patient/request/review"), "/patient/request/review");
        for elsewhere in ["", "//evil.example", "/admin/cases", "https://evil.example/patient"] {
            assert_eq!(way_on(elsewhere), "/patient", "{elsewhere}");
        }
    }

    #[test]
    fn turkish_names_are_in_order() {
        let mut names = ["İtalya", "Şili", "Çin", "Almanya", "Ürdün", "Hollanda"];
        names.sort_by_key(|name| letters(name));
        assert_eq!(names, ["Almanya", "Çin", "Hollanda", "İtalya", "Şili", "Ürdün"]);
    }
}
