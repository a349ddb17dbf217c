//! Legal documents: the published ones, else the ones the program comes with.

use askama::Template;
use axum::response::Response;
use kernel::{AppError, ErrorKind};
use platform::web::{ApiResult, Path};
use ui::{Chrome, Ctx, Html, page};

use crate::entity::terms_and_conditions::{LegalDocumentAudience, LegalDocumentType};
use crate::legal::{Part, accept, parts};

#[derive(Template)]
#[template(path = "legal.html")]
struct LegalPage {
    chrome: Chrome,
    title: String,
    version: String,
    since: Html,
    /// The text is shown in another language than the reader's.
    untranslated: bool,
    /// Heading and text of each part.
    parts: Vec<Part>,
}

pub(super) async fn show(ctx: Ctx, Path(slug): Path<String>) -> ApiResult<Response> {
    let kind = match slug.as_str() {
        "terms" => LegalDocumentType::Terms,
        "privacy" => LegalDocumentType::PrivacyPolicy,
        "cancellation" => LegalDocumentType::CancellationPolicy,
        _ => return Err(AppError::not_found().into()),
    };
    let audience = match ctx.asked("audience").as_str() {
        "provider" => LegalDocumentAudience::Provider,
        "affiliate" => LegalDocumentAudience::Affiliate,
        "all" => LegalDocumentAudience::All,
        _ => LegalDocumentAudience::Patient,
    };
    let found = accept::public(&ctx.app, kind, audience, None, ctx.locale()).await;
    let chrome = ctx.chrome;
    let shown = match found {
        Ok(document) => LegalPage {
            untranslated: document.wording.locale != chrome.lang(),
            title: document.wording.title,
            version: document.wording.version,
            since: chrome.when(document.wording.effective_at),
            parts: parts(&document.wording.content),
            chrome,
        },
        Err(error) if error.kind == ErrorKind::NotFound => LegalPage {
            title: chrome.t(format!("legal-{slug}-title")),
            version: String::new(),
            since: Html::default(),
            untranslated: false,
            parts: (1..=5)
                .map(|part| (chrome.t(format!("legal-{slug}-{part}")), chrome.t(format!("legal-{slug}-{part}-text"))))
                .collect(),
            chrome,
        },
        Err(error) => return Err(error.into()),
    };
    page(&shown)
}
