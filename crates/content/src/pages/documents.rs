//! Legal texts for the staff who write and publish them.

use askama::Template;
use axum::response::Response;
use chrono::{NaiveDate, NaiveTime};
use kernel::ids::LegalDocumentId;
use kernel::{AppError, AppResult, ErrorKind, Permission};
use platform::locale::Locale;
use platform::web::{ApiResult, Path, status_of};
use sea_orm::ActiveEnum;
use ui::{Badge, Choice, Chrome, Ctx, Form, Html, Inside, ListView, Posted, Tone, page};

use super::word;
use crate::api::file;
use crate::entity::terms_and_conditions::{
    LegalDocumentAudience as Audience, LegalDocumentStatus as Status, LegalDocumentType as Type,
};
use crate::legal::coverage;
use crate::legal::documents::{self, Document, Edit, NewDraft, Version, Words};
use crate::legal::publish;
use crate::legal::{Part, parts};

const BASE: &str = "/admin/legal-documents";
const STATES: [Status; 4] = [Status::Draft, Status::Scheduled, Status::Current, Status::Archived];
const KINDS: [Type; 4] = [Type::Terms, Type::PrivacyPolicy, Type::ConsentForm, Type::CancellationPolicy];
const AUDIENCES: [Audience; 4] = [Audience::All, Audience::Patient, Audience::Provider, Audience::Affiliate];

struct Line {
    href: String,
    kind: String,
    audience: String,
    label: String,
    status: Badge,
    is_material: bool,
    since: Html,
    languages: i64,
}

#[derive(Template)]
#[template(path = "legal_documents.html")]
struct DocumentsPage {
    chrome: Chrome,
    list: ListView,
    states: Vec<Choice>,
    lines: Vec<Line>,
    may_write: bool,
}

#[derive(Template)]
#[template(path = "legal_document_new.html")]
struct NewDocumentPage {
    chrome: Chrome,
    form: Form,
    kinds: Vec<Choice>,
    audiences: Vec<Choice>,
    locales: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "legal_document.html")]
struct DocumentPage {
    chrome: Chrome,
    base: String,
    kind: String,
    audience: String,
    document: Document,
    status: Badge,
    since: Html,
    /// Languages with their addresses; the one shown has none.
    languages: Vec<(String, String)>,
    title: String,
    summary: String,
    parts: Vec<Part>,
    may_edit: bool,
    may_publish: bool,
    may_revert: bool,
    another: Option<String>,
    next_version: Option<String>,
    covered: String,
    form: Form,
    publication: Form,
}

fn status_badge(chrome: &Chrome, status: Status) -> Badge {
    let tone = match status {
        Status::Draft => Tone::Calm,
        Status::Scheduled => Tone::Info,
        Status::Current => Tone::Good,
        Status::Archived => Tone::Warn,
    };
    Badge::new(tone, chrome.word("legal-status", word(&status)))
}

fn line(chrome: &Chrome, row: Version) -> Line {
    Line {
        href: format!("{BASE}/{}", row.id),
        kind: chrome.word("legal-kind", word(&row.document_type)),
        audience: chrome.word("legal-audience", word(&row.audience)),
        label: row.version_label,
        status: status_badge(chrome, row.status),
        is_material: row.is_material,
        since: row.effective_at.map(|at| chrome.when(at)).unwrap_or_default(),
        languages: row.languages,
    }
}

pub(super) async fn list(Inside(ctx): Inside) -> ApiResult<Response> {
    let status = Status::try_from_value(&ctx.asked("status")).ok();
    let found = documents::list(&ctx.app, &ctx.actor, status, ctx.page_query()).await?;
    let may_write = ctx.actor.can(Permission::ManageTerms);
    let chrome = ctx.chrome;
    page(&DocumentsPage {
        list: ListView::new(&chrome, &found.meta),
        states: STATES.map(|status| Choice::new(word(&status), chrome.word("legal-status", word(&status)))).into(),
        lines: found.data.into_iter().map(|row| line(&chrome, row)).collect(),
        may_write,
        chrome,
    })
}

fn new_page(ctx: &Ctx, form: Form) -> ApiResult<Response> {
    let chrome = ctx.chrome.clone();
    page(&NewDocumentPage {
        form,
        kinds: KINDS.map(|kind| Choice::new(word(&kind), chrome.word("legal-kind", word(&kind)))).into(),
        audiences: AUDIENCES.map(|it| Choice::new(word(&it), chrome.word("legal-audience", word(&it)))).into(),
        locales: Locale::ALL
            .map(|locale| Choice::new(locale.code(), chrome.word("language-name", locale.code())))
            .into(),
        chrome,
    })
}

/// A new version; `from` names a row whose words it begins with, `add` that it is another language of the same version.
pub(super) async fn show_new(Inside(ctx): Inside) -> ApiResult<Response> {
    ctx.actor.require(Permission::ManageTerms)?;
    let form = Form::new(&ctx.chrome);
    let Ok(from) = ctx.asked("from").parse::<LegalDocumentId>() else {
        return new_page(&ctx, form.with("locale", Locale::En.code()).with("is_material", "true"));
    };
    let document = documents::show(&ctx.app, &ctx.actor, from).await?;
    let adds = !ctx.asked("add").is_empty();
    let there = |locale: &Locale| document.translations.iter().any(|text| text.locale == locale.code());
    let locale = Locale::ALL.into_iter().find(|locale| !adds || !there(locale)).unwrap_or_default();
    let text = document.translations.iter().find(|text| text.id == from);
    let mut form = form
        .with("document_type", word(&document.document_type))
        .with("audience", word(&document.audience))
        .with("locale", locale.code())
        .with("title", text.map(|text| text.title.clone()).unwrap_or_default())
        .with("content", text.map(|text| text.content.clone()).unwrap_or_default());
    if adds {
        form = form.with("version_label", document.version_label.clone());
    }
    if document.is_material {
        form = form.with("is_material", "true");
    }
    new_page(&ctx, form)
}

fn words(posted: &Posted) -> Words {
    Words {
        title: posted.get("title").to_owned(),
        content: posted.get("content").to_owned(),
        change_summary: posted.get("change_summary").to_owned(),
    }
}

fn draft(posted: &Posted) -> AppResult<NewDraft> {
    let unknown = |name: &str| AppError::field(name, "option_unknown", "Choose one from the list.");
    Ok(NewDraft {
        document_type: Type::try_from_value(&posted.get("document_type").to_owned())
            .map_err(|_| unknown("document_type"))?,
        audience: Audience::try_from_value(&posted.get("audience").to_owned()).map_err(|_| unknown("audience"))?,
        version_label: posted.get("version_label").to_owned(),
        locale: posted.get("locale").to_owned(),
        is_material: posted.ticked("is_material"),
        words: words(posted),
    })
}

pub(super) async fn create(Inside(ctx): Inside, posted: Posted) -> ApiResult<Response> {
    ctx.actor.require(Permission::ManageTerms)?;
    let outcome = match draft(&posted) {
        Ok(draft) => documents::create(&ctx.app, &ctx.actor, draft).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(id) => Ok(ctx.done(&format!("{BASE}/{id}"), "legal-saved")),
        Err(error) if matches!(error.kind, ErrorKind::Internal | ErrorKind::Forbidden) => Err(error.into()),
        Err(error) => {
            let mut response = new_page(&ctx, Form::posted(&ctx.chrome, &posted).refused(&error))?;
            *response.status_mut() = status_of(error.kind);
            Ok(response)
        }
    }
}

pub(super) async fn show(Inside(ctx): Inside, Path(id): Path<LegalDocumentId>) -> ApiResult<Response> {
    document_page(&ctx, id, None, None).await
}

async fn document_page(
    ctx: &Ctx,
    id: LegalDocumentId,
    form: Option<Form>,
    publication: Option<Form>,
) -> ApiResult<Response> {
    let document = documents::show(&ctx.app, &ctx.actor, id).await?;
    let in_force = document.status == Status::Current && document.requires_acceptance;
    let covered = match in_force {
        true => Some(coverage::coverage(&ctx.app, &ctx.actor, id).await?),
        false => None,
    };
    let chrome = ctx.chrome.clone();
    let text = document.translations.iter().find(|text| text.id == id).ok_or_else(AppError::not_found)?;
    let (may_write, is_draft) = (ctx.actor.can(Permission::ManageTerms), document.status == Status::Draft);
    let can_publish = ctx.actor.can(Permission::PublishTerms);
    let fresh = || {
        let form = Form::new(&chrome)
            .with("title", text.title.clone())
            .with("change_summary", text.change_summary.clone())
            .with("content", text.content.clone());
        if document.is_material { form.with("is_material", "true") } else { form }
    };
    let incomplete = Locale::ALL.iter().any(|locale| document.translations.iter().all(|it| it.locale != locale.code()));
    let href = |id: LegalDocumentId| if id == text.id { String::new() } else { format!("{BASE}/{id}") };
    page(&DocumentPage {
        base: format!("{BASE}/{id}"),
        kind: chrome.word("legal-kind", word(&document.document_type)),
        audience: chrome.word("legal-audience", word(&document.audience)),
        status: status_badge(&chrome, document.status),
        since: document.effective_at.map(|at| chrome.when(at)).unwrap_or_default(),
        languages: document
            .translations
            .iter()
            .map(|it| (chrome.word("language-name", it.locale.as_str()), href(it.id)))
            .collect(),
        title: text.title.clone(),
        summary: text.change_summary.clone(),
        parts: parts(&text.content),
        may_edit: may_write && is_draft,
        may_publish: can_publish && is_draft,
        may_revert: can_publish && document.status == Status::Archived,
        another: (may_write && is_draft && incomplete).then(|| format!("{BASE}/new?from={id}&add=1")),
        next_version: (may_write && !is_draft).then(|| format!("{BASE}/new?from={id}")),
        covered: covered
            .map(|it| {
                let share = it.percent.unwrap_or_else(|| "0.0".to_owned());
                format!("{} / {} · {share} %", it.accepted, it.active)
            })
            .unwrap_or_default(),
        form: form.unwrap_or_else(fresh),
        publication: publication.unwrap_or_else(|| Form::new(&chrome)),
        document,
        chrome,
    })
}

/// Answers a form about one version: back to it, or the same page with what was wrong.
async fn answered(
    ctx: &Ctx,
    id: LegalDocumentId,
    posted: &Posted,
    outcome: AppResult<()>,
    (done, publishes): (&str, bool),
) -> ApiResult<Response> {
    match outcome {
        Ok(()) => Ok(ctx.done(&format!("{BASE}/{id}"), done)),
        Err(error) if matches!(error.kind, ErrorKind::Internal | ErrorKind::NotFound | ErrorKind::Forbidden) => {
            Err(error.into())
        }
        Err(error) => {
            let form = Form::posted(&ctx.chrome, posted).refused(&error);
            let (edited, published) = if publishes { (None, Some(form)) } else { (Some(form), None) };
            let mut response = document_page(ctx, id, edited, published).await?;
            *response.status_mut() = status_of(error.kind);
            Ok(response)
        }
    }
}

pub(super) async fn save(Inside(ctx): Inside, Path(id): Path<LegalDocumentId>, posted: Posted) -> ApiResult<Response> {
    let words = words(&posted);
    let edit = Edit {
        title: Some(words.title),
        content: Some(words.content),
        change_summary: Some(words.change_summary),
        is_material: Some(posted.ticked("is_material")),
    };
    let outcome = documents::edit(&ctx.app, &ctx.actor, id, edit).await;
    answered(&ctx, id, &posted, outcome, ("legal-saved", false)).await
}

pub(super) async fn publish(
    Inside(ctx): Inside,
    Path(id): Path<LegalDocumentId>,
    posted: Posted,
) -> ApiResult<Response> {
    // A day begins at midnight UTC, everywhere on the same instant; today means at once.
    let day = posted.maybe::<NaiveDate>("effective_on");
    let outcome = match day {
        Ok(day) => {
            let day = day.filter(|day| *day != ctx.now().date_naive());
            let at = day.map(|day| day.and_time(NaiveTime::MIN).and_utc());
            publish::publish(&ctx.app, &ctx.actor, id, at).await.map_err(renamed)
        }
        Err(error) => Err(error),
    };
    answered(&ctx, id, &posted, outcome, ("legal-published", true)).await
}

/// The fault of the time under the name it has on the page.
fn renamed(mut error: AppError) -> AppError {
    if let Some(faults) = error.fields.0.remove("effective_at") {
        error.fields.0.insert("effective_on".to_owned(), faults);
    }
    error
}

pub(super) async fn revert(
    Inside(ctx): Inside,
    Path(id): Path<LegalDocumentId>,
    posted: Posted,
) -> ApiResult<Response> {
    let outcome = publish::revert(&ctx.app, &ctx.actor, id).await;
    answered(&ctx, id, &posted, outcome, ("legal-reverted", true)).await
}

pub(super) async fn pending(Inside(ctx): Inside, Path(id): Path<LegalDocumentId>) -> ApiResult<Response> {
    Ok(file(coverage::export(&ctx.app, &ctx.actor, id).await?))
}
