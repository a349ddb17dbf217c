//! Legal documents: the published ones, else the ones the program comes with.

use askama::Template;
use axum::response::Response;
use kernel::AppError;
use platform::web::{ApiResult, Path};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use ui::{Chrome, Ctx, Html, page};

use crate::entity::terms_and_conditions::{self, LegalDocumentAudience, LegalDocumentStatus, LegalDocumentType};

#[derive(Template)]
#[template(path = "legal.html")]
struct LegalPage {
    chrome: Chrome,
    title: String,
    version: String,
    since: Html,
    /// Heading and text of each part.
    parts: Vec<(String, String)>,
}

pub(super) async fn show(ctx: Ctx, Path(slug): Path<String>) -> ApiResult<Response> {
    let kind = match slug.as_str() {
        "terms" => LegalDocumentType::Terms,
        "privacy" => LegalDocumentType::PrivacyPolicy,
        "cancellation" => LegalDocumentType::CancellationPolicy,
        _ => return Err(AppError::not_found().into()),
    };
    let published = terms_and_conditions::Entity::find()
        .filter(terms_and_conditions::Column::DocumentType.eq(kind))
        .filter(terms_and_conditions::Column::Status.eq(LegalDocumentStatus::Current))
        .filter(terms_and_conditions::Column::Locale.eq(ctx.locale().code()))
        .filter(
            terms_and_conditions::Column::Audience.is_in([LegalDocumentAudience::Patient, LegalDocumentAudience::All]),
        )
        .order_by_desc(terms_and_conditions::Column::EffectiveAt)
        .one(ctx.app.replica.conn())
        .await
        .map_err(AppError::from)?;
    let chrome = ctx.chrome;
    let shown = match published {
        Some(row) => LegalPage {
            title: row.title,
            version: row.version_label,
            since: row.effective_at.map(|at| chrome.when(at)).unwrap_or_default(),
            parts: vec![(String::new(), row.content)],
            chrome,
        },
        None => LegalPage {
            title: chrome.t(format!("legal-{slug}-title")),
            version: String::new(),
            since: Html::default(),
            parts: (1..=5)
                .map(|part| (chrome.t(format!("legal-{slug}-{part}")), chrome.t(format!("legal-{slug}-{part}-text"))))
                .collect(),
            chrome,
        },
    };
    page(&shown)
}
