//! The patient's privacy: who looked, and the end of the account.

use askama::Template;
use axum::response::Response;
use identity::confirm;
use kernel::ids::DataBundleId;
use kernel::{AppError, CursorQuery, ErrorKind};
use platform::entity::app_list_items;
use platform::web::{ApiResult, Path, status_of};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use ui::{Badge, Choice, Chrome, Ctx, Form, Html, Inside, Posted, Tone, page};

use super::status_badge;
use crate::access_log::{self, Look, Viewer};
use crate::install::REASONS;
use crate::service::bundle::{self, OwnBundle};
use crate::service::requests::{self, Ask, OwnRequest};

const DELETE: &str = "/patient/privacy/delete";

struct LookLine {
    what: String,
    who: String,
    at: Html,
}

struct Running {
    reference: String,
    status: Badge,
    submitted: Html,
    due: String,
    can_withdraw: bool,
    wants_proof: bool,
    is_open: bool,
    note: String,
    text: String,
}

#[derive(Template)]
#[template(path = "patient_privacy.html")]
struct PrivacyPage {
    chrome: Chrome,
    looks: Vec<LookLine>,
    older: Option<String>,
    running: Option<Running>,
    bundle: Option<HeldCopy>,
    may_ask: bool,
    alert: Html,
}

/// A copy of the patient's data.
struct HeldCopy {
    href: String,
    state: Badge,
    asked: Html,
    until: String,
    left: i16,
    ready: bool,
}

#[derive(Template)]
#[template(path = "patient_bundle_key.html")]
struct KeyPage {
    chrome: Chrome,
    key: String,
}

#[derive(Template)]
#[template(path = "patient_delete.html")]
struct DeletePage {
    chrome: Chrome,
    running: Option<Running>,
    open: bool,
    blocked: Option<String>,
    waits: bool,
    form: Form,
    reasons: Vec<Choice>,
}

fn look_line(chrome: &Chrome, look: Look) -> LookLine {
    let role = look.role.map(|role| chrome.word("role", role)).unwrap_or_default();
    let who = match (look.viewer, look.clinic) {
        (Viewer::Clinic, Some(clinic)) => clinic,
        (Viewer::Clinic, None) => chrome.t("privacy-a-clinic"),
        (Viewer::Hairline, _) => chrome.t("privacy-hairline"),
    };
    LookLine {
        what: chrome.word("look", look.action.replace('.', "-")),
        who: if role.is_empty() { who } else { format!("{who} · {role}") },
        at: chrome.when(look.occurred_at),
    }
}

fn running(chrome: &Chrome, request: OwnRequest) -> Running {
    let word = super::word(&request.status);
    Running {
        reference: request.reference,
        status: status_badge(chrome, request.status),
        submitted: chrome.when(request.submitted_at),
        due: chrome.day(request.due_at),
        can_withdraw: request.can_withdraw,
        wants_proof: word == "verification_required",
        is_open: crate::rules::is_open(request.status),
        note: request.note.unwrap_or_default(),
        text: chrome.word("dsr-text", word),
    }
}

pub(super) async fn show(Inside(ctx): Inside) -> ApiResult<Response> {
    privacy_page(&ctx, Html::default()).await
}

async fn privacy_page(ctx: &Ctx, alert: Html) -> ApiResult<Response> {
    let cursor = Some(ctx.asked("cursor")).filter(|cursor| !cursor.is_empty());
    let found = access_log::own(&ctx.app, &ctx.actor, &CursorQuery { cursor, limit: Some(20) }).await?;
    let request = requests::own(&ctx.app, &ctx.actor).await?;
    let held = bundle::own(&ctx.app, &ctx.actor).await?;
    let chrome = ctx.chrome.clone();
    let copy = held.map(|held| copy(&chrome, &held));
    page(&PrivacyPage {
        may_ask: copy.as_ref().is_none_or(|copy| !copy.ready && copy.until.is_empty()),
        bundle: copy,
        alert,
        older: found.meta.next_cursor.map(|cursor| format!("/patient/privacy?cursor={}#looks", ui::encode(&cursor))),
        looks: found.data.into_iter().map(|look| look_line(&chrome, look)).collect(),
        running: request.map(|request| running(&chrome, request)),
        chrome,
    })
}

fn copy(chrome: &Chrome, held: &OwnBundle) -> HeldCopy {
    let word = super::word(&held.status);
    let ready = matches!(word.as_str(), "ready" | "downloaded")
        && held.downloads_left > 0
        && held.expires_at.is_some_and(|end| end > chrome.now);
    let waits = matches!(word.as_str(), "requested" | "building");
    let tone = if ready { Tone::Good } else { Tone::Calm };
    // What can neither be fetched nor waited for any more is over, whatever the row still says.
    let shown = if ready || waits || word == "failed" { word } else { "expired".to_owned() };
    HeldCopy {
        href: format!("/patient/privacy/data/{}", held.id),
        state: Badge::new(tone, chrome.word("bundle", shown)),
        asked: chrome.when(held.requested_at),
        until: held
            .expires_at
            .filter(|_| ready)
            .map(|end| chrome.moment(end))
            .unwrap_or_else(|| if waits { "-".to_owned() } else { String::new() }),
        left: held.downloads_left,
        ready,
    }
}

pub(super) async fn request_bundle(Inside(ctx): Inside, posted: Posted) -> ApiResult<Response> {
    if let Some(question) = confirm::ask(&ctx, &posted, "/patient/privacy").await? {
        return Ok(question);
    }
    match bundle::request(&ctx.app, &ctx.actor).await {
        Ok(made) => match made.key {
            Some(key) => page(&KeyPage { chrome: ctx.chrome, key }),
            None => Ok(ctx.done("/patient/privacy", "bundle-under-way")),
        },
        Err(error) => refused(&ctx, error).await,
    }
}

pub(super) async fn download_bundle(
    Inside(ctx): Inside,
    Path(id): Path<DataBundleId>,
    posted: Posted,
) -> ApiResult<Response> {
    if let Some(question) = confirm::ask(&ctx, &posted, "/patient/privacy").await? {
        return Ok(question);
    }
    match bundle::download(&ctx.app, &ctx.actor, id).await {
        Ok(bytes) => Ok(crate::api::zip(bytes)),
        Err(error) => refused(&ctx, error).await,
    }
}

async fn refused(ctx: &Ctx, error: AppError) -> ApiResult<Response> {
    if matches!(error.kind, ErrorKind::Internal | ErrorKind::NotFound) {
        return Err(error.into());
    }
    let sentence = platform::locale::error_sentence(ctx.locale(), &error);
    let mut response = privacy_page(ctx, ui::alert(Tone::Bad, sentence, "")).await?;
    *response.status_mut() = status_of(error.kind);
    Ok(response)
}

pub(super) async fn show_delete(Inside(ctx): Inside) -> ApiResult<Response> {
    let form = Form::new(&ctx.chrome);
    delete_page(&ctx, form).await
}

async fn delete_page(ctx: &Ctx, form: Form) -> ApiResult<Response> {
    let request = requests::own(&ctx.app, &ctx.actor).await?;
    let found = requests::own_obligations(&ctx.app, &ctx.actor).await?;
    let reasons = app_list_items::Entity::find()
        .filter(app_list_items::Column::ListKey.eq(REASONS))
        .filter(app_list_items::Column::IsActive.eq(true))
        .order_by_asc(app_list_items::Column::DisplayOrder)
        .all(ctx.app.db.conn())
        .await
        .map_err(AppError::from)?;
    let chrome = ctx.chrome.clone();
    let request = request.map(|request| running(&chrome, request));
    page(&DeletePage {
        open: request.as_ref().is_some_and(|request| request.is_open),
        running: request,
        blocked: found.check().err().map(|error| chrome.t(format!("error-{}", error.code))),
        waits: found.confirmed_booking,
        form,
        reasons: reasons
            .into_iter()
            .map(|item| {
                // A reason staff added has no translation: its own label is shown.
                let key = format!("deletion-reason-{}", item.code.replace('_', "-"));
                let label = platform::locale::find_text(chrome.locale, &key).unwrap_or(item.label);
                Choice::new(item.code, label)
            })
            .collect(),
        chrome,
    })
}

pub(super) async fn submit(Inside(ctx): Inside, posted: Posted) -> ApiResult<Response> {
    if let Some(question) = confirm::ask(&ctx, &posted, DELETE).await? {
        return Ok(question);
    }
    let given = |name: &str| posted.given(name).map(str::to_owned);
    let ask = Ask { reason_code: given("reason_code"), reason_text: given("reason_text") };
    match requests::submit(&ctx.app, &ctx.actor, ask).await {
        Ok(_) => Ok(ctx.done(DELETE, "deletion-requested")),
        Err(error) if error.kind != ErrorKind::Internal => {
            let mut response = delete_page(&ctx, Form::posted(&ctx.chrome, &posted).refused(&error)).await?;
            *response.status_mut() = status_of(error.kind);
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn withdraw(Inside(ctx): Inside, _: Posted) -> ApiResult<Response> {
    requests::withdraw(&ctx.app, &ctx.actor).await?;
    Ok(ctx.done(DELETE, "deletion-withdrawn"))
}
