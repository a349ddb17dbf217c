//! What somebody has to agree to, and what they agreed to, in every portal.
//!
//! Whoever writes something while a text waits is led here and comes back: a form is taken out of its request, sealed, and
//! given back once everything is agreed to.

use askama::Template;
use axum::extract::{FromRequestParts, Request};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use identity::consents::{Given, PatientConsentChannel};
use kernel::ids::LegalDocumentId;
use kernel::{AppError, ErrorKind};
use platform::App;
use platform::web::{ApiResult, status_of};
use ui::{Chrome, Ctx, Form, Html, Inside, Portal, Posted, local_path, page};

use super::word;
use crate::entity::terms_and_conditions::{LegalDocumentAudience as Audience, LegalDocumentType as Type};
use crate::legal::accept::{self, Change, OwnDocument};
use crate::legal::{Part, gate, parts};

/// More texts than there are kinds are never agreed to at once.
const MOST: usize = 8;

struct Shown {
    id: String,
    title: String,
    version: String,
    since: Html,
    untranslated: bool,
    changes: Vec<Change>,
    parts: Vec<Part>,
    agreed: String,
    href: String,
}

/// What the page shows, whatever portal surrounds it.
struct Texts {
    form: Form,
    interrupted: bool,
    due: Vec<Shown>,
    others: Vec<Shown>,
}

#[derive(Template)]
#[template(path = "terms_patient.html")]
struct PatientTerms {
    chrome: Chrome,
    texts: Texts,
}

#[derive(Template)]
#[template(path = "terms_provider.html")]
struct ClinicTerms {
    chrome: Chrome,
    texts: Texts,
}

#[derive(Template)]
#[template(path = "terms_admin.html")]
struct StaffTerms {
    chrome: Chrome,
    texts: Texts,
}

#[derive(Template)]
#[template(path = "terms_affiliate.html")]
struct AffiliateTerms {
    chrome: Chrome,
    texts: Texts,
}

fn shown(chrome: &Chrome, document: OwnDocument) -> Shown {
    let version = document.agreed_version.unwrap_or_default();
    let day = document.agreed_at.map(|at| chrome.day(at)).unwrap_or_default();
    let wording = document.wording;
    let slug = match wording.document_type {
        Type::Terms => "terms",
        Type::PrivacyPolicy => "privacy",
        Type::CancellationPolicy => "cancellation",
        Type::ConsentForm => "",
    };
    let audience = match wording.audience {
        Audience::Patient => String::new(),
        other => format!("?audience={}", word(&other)),
    };
    Shown {
        id: wording.document_id.to_string(),
        untranslated: wording.locale != chrome.lang(),
        title: wording.title,
        version: wording.version,
        since: chrome.when(wording.effective_at),
        changes: document.changes,
        parts: parts(&wording.content),
        agreed: match (document.due, day.is_empty()) {
            (false, false) => format!("{} · {version}", chrome.tw("terms-agreed", "date", day)),
            _ => String::new(),
        },
        href: if slug.is_empty() { String::new() } else { format!("/legal/{slug}{audience}") },
    }
}

async fn terms_page(ctx: &Ctx, form: Form, interrupted: bool) -> ApiResult<Response> {
    let found = accept::own(&ctx.app, &ctx.actor, ctx.locale()).await?;
    let chrome = ctx.chrome.clone();
    let (due, others): (Vec<_>, Vec<_>) = found.into_iter().partition(|document| document.due);
    let all = |documents: Vec<OwnDocument>| documents.into_iter().map(|document| shown(&chrome, document)).collect();
    let texts = Texts { form, interrupted, due: all(due), others: all(others) };
    match chrome.portal {
        Portal::Provider => page(&ClinicTerms { chrome, texts }),
        Portal::Admin => page(&StaffTerms { chrome, texts }),
        Portal::Affiliate => page(&AffiliateTerms { chrome, texts }),
        Portal::Patient | Portal::Public => page(&PatientTerms { chrome, texts }),
    }
}

pub(super) async fn show(Inside(ctx): Inside) -> ApiResult<Response> {
    let form = Form::new(&ctx.chrome).with("next", ctx.asked("next"));
    terms_page(&ctx, form, false).await
}

pub(super) async fn submit(Inside(ctx): Inside, posted: Posted) -> ApiResult<Response> {
    let outcome = agree(&ctx, &posted).await;
    let resume = posted.get("resume");
    match outcome {
        Ok(()) => match identity::give_back(&ctx, resume) {
            Some(page) => page,
            None => {
                let home = ctx.chrome.portal.home();
                let next = local_path(posted.get("next"), home);
                let next = if Portal::of_path(&next) == ctx.chrome.portal { next } else { home.to_owned() };
                Ok(ctx.done(&next, "terms-agreed"))
            }
        },
        Err(error) if matches!(error.kind, ErrorKind::Internal | ErrorKind::NotFound) => Err(error.into()),
        Err(error) => {
            let form = Form::posted(&ctx.chrome, &posted).refused(&error);
            let mut response = terms_page(&ctx, form, !resume.is_empty()).await?;
            *response.status_mut() = status_of(error.kind);
            Ok(response)
        }
    }
}

async fn agree(ctx: &Ctx, posted: &Posted) -> Result<(), AppError> {
    if !posted.ticked("agree") {
        return Err(AppError::field("agree", "terms_required", "Tick the box when you agree."));
    }
    let given = Given { locale: ctx.locale(), channel: PatientConsentChannel::Web };
    for id in posted.all("document_id").into_iter().take(MOST) {
        let id: LegalDocumentId = id.parse().map_err(|_| AppError::not_found())?;
        accept::accept(&ctx.app, &ctx.actor, id, given).await?;
    }
    Ok(())
}

/// Answers what was sent while a text waits with the page that shows it. A form comes back afterwards; of an upload only
/// the page it was sent from.
pub async fn interrupt(app: &App, request: Request) -> Response {
    let sent = request.headers().get(header::CONTENT_TYPE);
    let is_form = sent.is_some_and(|sent| sent.as_bytes().starts_with(b"application/x-www-form-urlencoded"));
    if !is_form {
        let (mut parts, _) = request.into_parts();
        let ctx = match Ctx::from_request_parts(&mut parts, app).await {
            Ok(ctx) => ctx,
            Err(response) => return response,
        };
        let from = parts.headers.get(header::REFERER).and_then(|from| from.to_str().ok()).unwrap_or_default();
        let public = app.config.http.public_url.trim_end_matches('/');
        let next = local_path(from.strip_prefix(public).unwrap_or_default(), ctx.chrome.portal.home());
        return Redirect::to(&format!("{}?next={}", ctx.chrome.terms_href(), ui::encode(&next))).into_response();
    }
    let (ctx, resume) = match identity::take(app, request).await {
        Ok(taken) => taken,
        Err(response) => return response,
    };
    let form = Form::new(&ctx.chrome).with("resume", resume);
    match terms_page(&ctx, form, true).await {
        Ok(mut response) => {
            *response.status_mut() = StatusCode::FORBIDDEN;
            response
        }
        Err(problem) => problem.into_response(),
    }
}

/// Whether a request is a form of the reader's own portal that waits for a yes.
pub fn waits(request: &Request, actor: &kernel::Actor) -> bool {
    let path = request.uri().path();
    let own = Portal::of_path(path).guard().is_some_and(|guard| actor.guard() == Some(guard));
    own && !gate::reads(request.method()) && !gate::is_open_page(path)
}
