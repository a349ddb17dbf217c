//! What a clinic writes about itself.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use directory::profile::{self, OwnProfile, ProfileEdit};
use kernel::{AppError, ErrorKind};
use platform::web::{ApiResult, status_of};
use ui::{Choice, Chrome, Ctx, Form, Inside, Posted, page};

use super::clinics::spoken_choices;

const HOME: &str = "/provider/profile";

#[derive(Template)]
#[template(path = "clinic_edit.html")]
struct EditPage {
    chrome: Chrome,
    form: Form,
    languages: Vec<Choice>,
    /// The main language, by its code; the others stay in their order.
    main: Vec<Choice>,
}

fn form_of(ctx: &Ctx, own: &OwnProfile) -> Form {
    let form = Form::new(&ctx.chrome)
        .with("version", own.version.to_string())
        .with("bio", &own.bio)
        .with("email", &own.email)
        .with("phone", &own.phone)
        .with("website", &own.website)
        .with_some("main", own.spoken.first().cloned());
    own.spoken.iter().fold(form, |form, code| form.with("languages", code))
}

pub(super) async fn show(Inside(ctx): Inside) -> ApiResult<Response> {
    let own = profile::show(&ctx.app, &ctx.actor).await?;
    let form = form_of(&ctx, &own);
    shown(&ctx, &own, form, StatusCode::OK)
}

fn shown(ctx: &Ctx, own: &OwnProfile, form: Form, status: StatusCode) -> ApiResult<Response> {
    let codes: Vec<String> = own.languages.iter().map(|(code, _)| code.clone()).collect();
    let languages = spoken_choices(&ctx.chrome, &codes);
    let mut response = page(&EditPage { main: languages.clone(), languages, form, chrome: ctx.chrome.clone() })?;
    *response.status_mut() = status;
    Ok(response)
}

/// What is spoken with the main language first, the rest in the order it had.
fn spoken(posted: &Posted, own: &OwnProfile) -> Vec<String> {
    let ticked: Vec<String> = posted.all("languages").into_iter().map(str::to_owned).collect();
    let main = posted.given("main").map(str::to_owned);
    let kept = own.spoken.iter().filter(|code| ticked.contains(code)).cloned();
    let mut spoken: Vec<String> = main.into_iter().chain(kept).chain(ticked.iter().cloned()).collect();
    let mut seen = std::collections::HashSet::new();
    spoken.retain(|code| seen.insert(code.clone()));
    spoken
}

pub(super) async fn save(Inside(ctx): Inside, posted: Posted) -> ApiResult<Response> {
    let own = profile::show(&ctx.app, &ctx.actor).await?;
    let text = |name: &str| posted.get(name).to_owned();
    let outcome = match posted.parse("version") {
        Ok(version) => {
            let edit = ProfileEdit {
                version,
                bio: text("bio"),
                email: text("email"),
                phone: text("phone"),
                website: text("website"),
                spoken: spoken(&posted, &own),
            };
            // Sent twice: what is asked for stands there already.
            if version + 1 == own.version && is_there(&own, &edit) {
                return Ok(ctx.done(HOME, "clinic-saved"));
            }
            profile::edit(&ctx.app, &ctx.actor, edit).await
        }
        Err(error) => Err(error),
    };
    match outcome {
        Ok(()) => Ok(ctx.done(HOME, "clinic-saved")),
        Err(error) => refused(&ctx, &own, &posted, error),
    }
}

fn is_there(own: &OwnProfile, edit: &ProfileEdit) -> bool {
    let same = |a: &str, b: &str| a.trim().replace("\r\n", "\n") == b;
    same(&edit.bio, &own.bio)
        && same(&edit.phone, &own.phone)
        && edit.spoken == own.spoken
        && edit.email.trim().eq_ignore_ascii_case(&own.email)
        && own.website.ends_with(edit.website.trim())
}

fn refused(ctx: &Ctx, own: &OwnProfile, posted: &Posted, error: AppError) -> ApiResult<Response> {
    if matches!(error.kind, ErrorKind::Internal | ErrorKind::NotFound) || error.code == "forbidden" {
        return Err(error.into());
    }
    let form = Form::posted(&ctx.chrome, posted).refused(&error);
    shown(ctx, own, form, status_of(error.kind))
}
