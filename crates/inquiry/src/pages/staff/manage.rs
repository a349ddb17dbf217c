//! Who has a case and until when: clinics are added and taken out, deadlines moved, a request goes on or is put away.

use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use catalogue::rules::world::COUNTRIES;
use chrono::{DateTime, NaiveDateTime, Utc};
use kernel::ids::{InquiryId, ProviderId};
use kernel::{AppError, AppResult, ErrorKind, Permission};
use platform::web::{ApiResult, Path, status_of};
use sea_orm::ActiveEnum;
use ui::{Badge, Choice, Chrome, Ctx, Form, Html, Inside, Posted, Tone, page};

use super::{address, stage_badge};
use crate::distribution::{LIVE, OPEN};
use crate::entity::inquiries;
use crate::entity::inquiry_providers::{self as rows, InquiryProviderStatus};
use crate::queries::{self, Row};
use crate::rules::stage;
use crate::service::edit::{self, ReopenInput};
use crate::service::extend::{self, ExtendInput};
use crate::service::oversight::{self, ActInput, AddInput, DeadlineInput};

struct ClinicRow {
    id: ProviderId,
    name: String,
    href: String,
    source: String,
    state: Badge,
    until: Html,
    /// It has not answered: its time can be moved.
    movable: bool,
    /// It can be taken out.
    removable: bool,
    /// Its form came back with a fault.
    is_open: bool,
}

#[derive(Template)]
#[template(path = "case_manage.html")]
struct CaseManagePage {
    chrome: Chrome,
    back: String,
    here: String,
    code: String,
    patient: String,
    stage: Badge,
    archived: Html,
    clinics: Vec<ClinicRow>,
    counted: String,
    open: bool,
    extendable: bool,
    reopenable: bool,
    may_archive: bool,
    may_assign: bool,
    q: String,
    /// Where clinics are added, with the search that found them.
    add_action: String,
    found: Vec<Choice>,
    countries: Vec<Choice>,
    add: Form,
    remove: Form,
    deadline: Form,
    distribute: Form,
    extend: Form,
    reopen: Form,
    archive: Form,
}

/// The forms of the page, by the last part of their address.
const ACTS: [&str; 7] = ["add", "remove", "deadline", "distribute", "extend", "reopen", "archive"];

pub(super) async fn show(Inside(ctx): Inside, Path(id): Path<InquiryId>) -> ApiResult<Response> {
    ctx.actor.admin()?;
    let found = queries::row(&ctx.app, &ctx.actor, id).await?;
    manage_page(&ctx, &found, None).await
}

/// A page that followed a form, loaded again.
pub(super) async fn back(Inside(ctx): Inside, Path((id, _)): Path<(InquiryId, String)>) -> ApiResult<Response> {
    ctx.actor.admin()?;
    ctx.actor.require(kernel::Permission::ViewInquiry)?;
    Ok(Redirect::to(&format!("{}/manage", address(id))).into_response())
}

pub(super) async fn act(
    Inside(ctx): Inside,
    Path((id, word)): Path<(InquiryId, String)>,
    posted: Posted,
) -> ApiResult<Response> {
    ctx.actor.admin()?;
    let act = ACTS.into_iter().find(|act| *act == word).ok_or_else(AppError::not_found)?;
    let here = format!("{}/manage", address(id));
    let error = match carry_out(&ctx, id, act, &posted).await {
        Ok(()) => return Ok(ctx.done(&here, &format!("case-{act}"))),
        Err(error) => error,
    };
    if matches!(error.kind, ErrorKind::Internal | ErrorKind::NotFound | ErrorKind::Forbidden) {
        return Err(error.into());
    }
    let found = queries::row(&ctx.app, &ctx.actor, id).await?;
    let form = Form::posted(&ctx.chrome, &posted).refused(&error);
    let clinic = posted.get("provider_id").parse().ok();
    let mut response = manage_page(&ctx, &found, Some((act, clinic, form))).await?;
    *response.status_mut() = status_of(error.kind);
    Ok(response)
}

async fn carry_out(ctx: &Ctx, id: InquiryId, act: &str, posted: &Posted) -> AppResult<()> {
    let (app, actor) = (&ctx.app, &ctx.actor);
    let reason = posted.get("reason").to_owned();
    match act {
        "add" => {
            let ids = posted.all("provider_ids").into_iter().filter_map(|id| id.parse().ok()).collect();
            let input = AddInput { provider_ids: ids, override_cap: posted.ticked("override_cap"), reason };
            oversight::add_clinics(app, actor, id, &input).await
        }
        "remove" => {
            let clinic: ProviderId = posted.parse("provider_id")?;
            oversight::remove_clinic(app, actor, id, clinic, &ActInput { reason }).await
        }
        "deadline" => {
            let input = DeadlineInput { provider_id: posted.maybe("provider_id")?, deadline: moment(posted)?, reason };
            oversight::set_deadline(app, actor, id, &input).await
        }
        "distribute" => oversight::redistribute(app, actor, id, &ActInput { reason }).await.map(|_| ()),
        "extend" => {
            let countries = posted.given("country").map(|code| vec![code.to_owned()]);
            let input = ExtendInput { countries, reason: Some(reason) };
            extend::extend(app, actor, id, &input).await.map(|_| ())
        }
        "reopen" => edit::reopen_answers(app, actor, id, &ReopenInput { reason }).await,
        _ => oversight::archive(app, actor, id, &ActInput { reason }).await,
    }
}

/// A day and a time as browsers send them; staff read all times in UTC.
fn moment(posted: &Posted) -> AppResult<DateTime<Utc>> {
    let given = posted.get("deadline").trim();
    NaiveDateTime::parse_from_str(given, "%Y-%m-%dT%H:%M")
        .map(|at| at.and_utc())
        .map_err(|_| AppError::field("deadline", "deadline_out_of_range", "Choose a moment within the next 30 days."))
}

async fn manage_page(
    ctx: &Ctx,
    found: &Row,
    refused: Option<(&'static str, Option<ProviderId>, Form)>,
) -> ApiResult<Response> {
    let chrome = &ctx.chrome;
    let inquiry = &found.inquiry;
    let names = queries::names_of(ctx.app.db.conn(), found.clinics.iter().map(|clinic| clinic.provider_id)).await?;
    let name = |id: ProviderId| names.get(&id).cloned().unwrap_or_default();
    let open_row =
        refused.as_ref().and_then(|(act, clinic, _)| clinic.filter(|_| matches!(*act, "remove" | "deadline")));
    let form = |act: &str| match &refused {
        Some((word, clinic, form)) if *word == act && (act != "deadline" || clinic.is_none()) => form.clone(),
        _ => Form::new(chrome),
    };
    let row_form = |act: &str| match &refused {
        Some((word, Some(_), form)) if *word == act => form.clone(),
        _ => Form::new(chrome),
    };
    let running = inquiry.archived_at.is_none();
    let assign = ctx.actor.can(Permission::ReassignProvider);
    let open = running && stage::takes_quotes(inquiry.status);
    let ended = running && inquiry.status == inquiries::InquiryStatus::Expired;
    let q = ctx.asked("q");
    let hits = if q.trim().is_empty() || !assign {
        Vec::new()
    } else {
        queries::accepting_named(&ctx.app, &ctx.actor, &q, inquiry.id).await?
    };
    let counted = found.clinics.iter().filter(|row| LIVE.contains(&row.status)).count();
    page(&CaseManagePage {
        back: address(inquiry.id),
        here: format!("{}/manage", address(inquiry.id)),
        code: inquiry.inquiry_code.clone().unwrap_or_default(),
        patient: format!("{} {}", found.patient.first_name, found.patient.last_name),
        stage: stage_badge(chrome, inquiry.status),
        archived: inquiry.archived_at.map(|at| chrome.when(at)).unwrap_or_default(),
        counted: chrome.tn("cm-counted", "count", i64::try_from(counted).unwrap_or_default()),
        clinics: found.clinics.iter().map(|row| clinic_row(chrome, row, name(row.provider_id), open_row)).collect(),
        open: open && assign,
        extendable: (open || ended) && assign,
        may_assign: (open || ended) && assign,
        reopenable: running && stage::is_active(inquiry.status) && assign,
        may_archive: running && stage::may_archive(inquiry.status) && ctx.actor.can(Permission::EditQuote),
        found: hits
            .into_iter()
            .map(|clinic| {
                let place = format!(
                    "{}, {}",
                    clinic.city,
                    chrome.country(clinic.country_code.as_deref().unwrap_or_default(), &clinic.country)
                );
                Choice::new(clinic.id.to_string(), clinic.provider_name).hint(place)
            })
            .collect(),
        countries: countries(chrome, &found.destinations),
        add: form("add"),
        remove: row_form("remove"),
        deadline: if open_row.is_some() { row_form("deadline") } else { form("deadline") },
        distribute: form("distribute"),
        extend: form("extend"),
        reopen: form("reopen"),
        archive: form("archive"),
        add_action: format!("{}/manage/add?q={}", address(inquiry.id), ui::encode(&q)),
        q,
        chrome: chrome.clone(),
    })
}

fn clinic_row(chrome: &Chrome, row: &rows::Model, name: String, open: Option<ProviderId>) -> ClinicRow {
    let tone = match row.status {
        InquiryProviderStatus::Quoted => Tone::Good,
        InquiryProviderStatus::Distributed | InquiryProviderStatus::Viewed => Tone::Info,
        InquiryProviderStatus::Lapsed | InquiryProviderStatus::Declined => Tone::Warn,
        InquiryProviderStatus::Removed | InquiryProviderStatus::Closed => Tone::Calm,
    };
    let unanswered = OPEN.contains(&row.status) || row.status == InquiryProviderStatus::Lapsed;
    ClinicRow {
        id: row.provider_id,
        href: format!("/admin/clinics/{}", row.provider_id),
        name,
        source: chrome.word("cm-source", row.source.to_value()),
        state: Badge::new(tone, chrome.word("clinic", row.status.to_value())),
        until: chrome.when(row.response_deadline_at),
        movable: unanswered,
        removable: unanswered,
        is_open: open == Some(row.provider_id),
    }
}

/// Countries the request does not name yet, by their names.
fn countries(chrome: &Chrome, chosen: &[String]) -> Vec<Choice> {
    let mut all: Vec<Choice> = COUNTRIES
        .iter()
        .filter(|country| !chosen.iter().any(|code| code == country.code))
        .map(|country| Choice::new(country.code, chrome.country(country.code, country.name)))
        .collect();
    all.sort_by(|a, b| a.label.cmp(&b.label));
    // Nothing is chosen unless somebody does.
    all.insert(0, Choice::new("", chrome.t("cm-extend-country-none")));
    all
}
