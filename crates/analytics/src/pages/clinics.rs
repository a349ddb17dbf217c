//! Clinics for staff.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use directory::entity::providers::{self, ProviderOnboardingStage, ProviderStatus};
use directory::featured;
use directory::rules::rating::Rating;
use kernel::ids::ProviderId;
use kernel::{ErrorKind, Permission};
use platform::web::{ApiResult, Path, status_of};
use ui::{Badge, Choice, Chrome, Ctx, Form, Html, Inside, ListView, Posted, Tone, page};

use super::word;
use crate::staff_lists::{ClinicLine, clinic, clinics};

const STATES: [ProviderStatus; 3] = [ProviderStatus::Active, ProviderStatus::Inactive, ProviderStatus::Suspended];

struct Line {
    href: String,
    name: String,
    place: String,
    state: Badge,
    rating: Option<String>,
    stars: Html,
    reviews: i32,
    sent: u64,
    booked: u64,
    since: Html,
    featured: Option<Badge>,
}

#[derive(Template)]
#[template(path = "admin_clinics.html")]
struct ClinicsPage {
    chrome: Chrome,
    list: ListView,
    states: Vec<Choice>,
    lines: Vec<Line>,
    /// Whether the reader decides on pictures of clinics.
    pictures: bool,
}

#[derive(Template)]
#[template(path = "admin_clinic.html")]
struct ClinicPage {
    chrome: Chrome,
    form: Form,
    line: Line,
    facts: Vec<(String, String)>,
    about: String,
    /// Its page for everybody, while it has one.
    public: Option<String>,
    paused: Option<String>,
    /// Whether it can be put first, or no longer: what the button would set.
    feature: Option<bool>,
    href: String,
    /// Where its seats are, for those who may look at teams.
    seats: Option<String>,
    /// Where what Hairline keeps of its bookings is set, for those who may see it.
    commission: Option<String>,
}

fn tone(status: ProviderStatus) -> Tone {
    match status {
        ProviderStatus::Active => Tone::Good,
        ProviderStatus::Suspended => Tone::Bad,
        ProviderStatus::Inactive => Tone::Calm,
    }
}

fn line(chrome: &Chrome, found: &ClinicLine) -> Line {
    let clinic = &found.clinic;
    let rating = Rating { sum: clinic.rating_sum, count: clinic.rating_count };
    let average = rating.average().map(|average| average.to_string());
    Line {
        href: format!("/admin/clinics/{}", clinic.id),
        name: clinic.provider_name.clone(),
        place: format!(
            "{}, {}",
            clinic.city,
            chrome.country(clinic.country_code.as_deref().unwrap_or_default(), &clinic.country)
        ),
        state: Badge::new(tone(clinic.status), chrome.word("clinic-state", word(&clinic.status))),
        stars: average
            .as_ref()
            .and_then(|text| text.parse::<f64>().ok())
            .map(|it| chrome.stars(it))
            .unwrap_or_default(),
        rating: average,
        reviews: clinic.rating_count,
        sent: found.sent,
        booked: found.booked,
        since: chrome.when(clinic.created_at),
        featured: clinic.is_featured.then(|| Badge::new(Tone::Info, chrome.t("clinic-featured"))),
    }
}

pub(super) async fn list(Inside(ctx): Inside) -> ApiResult<Response> {
    let (q, status, sort) = (ctx.asked("q"), ctx.asked("status"), ctx.asked("sort"));
    let found = clinics(&ctx.app, &ctx.actor, q.trim(), &status, &sort, ctx.page_query()).await?;
    let pictures = ctx.actor.can(Permission::EditProvider);
    let chrome = ctx.chrome;
    page(&ClinicsPage {
        pictures,
        lines: found.data.iter().map(|found| line(&chrome, found)).collect(),
        states: STATES.iter().map(|it| Choice::new(word(it), chrome.word("clinic-state", word(it)))).collect(),
        list: ListView::new(&chrome, &found.meta),
        chrome,
    })
}

pub(super) async fn show(Inside(ctx): Inside, Path(id): Path<ProviderId>) -> ApiResult<Response> {
    let form = Form::new(&ctx.chrome);
    clinic_page(&ctx, id, form, StatusCode::OK).await
}

/// Puts a clinic first, or among the others again.
pub(super) async fn feature(Inside(ctx): Inside, Path(id): Path<ProviderId>, posted: Posted) -> ApiResult<Response> {
    let first = posted.get("first") == "yes";
    match featured::set(&ctx.app, &ctx.actor, id, first).await {
        Ok(()) => {
            let done = if first { "clinic-featured" } else { "clinic-unfeatured" };
            Ok(ctx.done(&format!("/admin/clinics/{id}"), done))
        }
        Err(error) if error.kind == ErrorKind::Conflict => {
            let form = Form::posted(&ctx.chrome, &posted).refused(&error);
            clinic_page(&ctx, id, form, status_of(error.kind)).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn clinic_page(ctx: &Ctx, id: ProviderId, form: Form, status: StatusCode) -> ApiResult<Response> {
    let found = clinic(&ctx.app, &ctx.actor, id).await?;
    let seats = ctx.actor.can(Permission::ViewProviderTeam).then(|| format!("/admin/clinics/{id}/seats"));
    let commission = ctx.actor.can(Permission::ViewSetting).then(|| format!("/admin/clinics/{id}/commission"));
    let chrome = ctx.chrome.clone();
    let clinic = &found.clinic;
    let may = ctx.actor.can(Permission::EditProvider) && (clinic.is_featured || directory::clinics::is_live(clinic));
    let mut response = page(&ClinicPage {
        form,
        feature: may.then_some(!clinic.is_featured),
        href: format!("/admin/clinics/{id}"),
        line: line(&chrome, &found),
        facts: facts(&chrome, clinic),
        about: clinic.provider_bio.clone().unwrap_or_default(),
        public: (clinic.status == ProviderStatus::Active && clinic.onboarding_stage == ProviderOnboardingStage::Live)
            .then(|| format!("/clinics/{id}")),
        seats,
        commission,
        paused: clinic.intake_paused_at.map(|_| {
            clinic.intake_pause_reason.map(|reason| chrome.word("clinic-pause", word(&reason))).unwrap_or_default()
        }),
        chrome,
    })?;
    *response.status_mut() = status;
    Ok(response)
}

fn facts(chrome: &Chrome, clinic: &providers::Model) -> Vec<(String, String)> {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let pairs = [
        ("clinic-email", clinic.email.clone()),
        ("clinic-phone", text(&clinic.phone_number)),
        ("clinic-website", text(&clinic.website_url)),
        ("clinic-licence", text(&clinic.license_number)),
        ("clinic-specialty", text(&clinic.medical_specialty)),
        ("clinic-zone", text(&clinic.timezone)),
        ("clinic-stage", chrome.word("clinic-onboarding", word(&clinic.onboarding_stage))),
        ("clinic-treated", clinic.treated_count.to_string()),
    ];
    pairs.into_iter().filter(|(_, value)| !value.is_empty()).map(|(key, value)| (chrome.t(key), value)).collect()
}
