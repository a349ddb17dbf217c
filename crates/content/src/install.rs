//! Reference data: the languages of the house, and the first drafts of the legal texts.

use kernel::AppResult;
use kernel::ids::{LanguageId, LegalDocumentId};
use platform::App;
use platform::db::Txn;
use platform::locale::{Locale, t};
use sea_orm::{EntityTrait, PaginatorTrait, QuerySelect, Set};

use crate::entity::languages::{self, LanguageDirection, LanguageStatus};
use crate::entity::terms_and_conditions::{
    self as documents, LegalDocumentAudience, LegalDocumentStatus, LegalDocumentType,
};
use crate::legal::documents::sha256;

/// Code, names, direction, where it stands, whether it is the default.
type Known = (&'static str, &'static str, &'static str, LanguageDirection, LanguageStatus, bool);

const LANGUAGES: [Known; 3] = [
    ("en", "English", "English", LanguageDirection::Ltr, LanguageStatus::Active, true),
    ("tr", "Turkish", "Türkçe", LanguageDirection::Ltr, LanguageStatus::Active, false),
    ("ar", "Arabic", "العربية", LanguageDirection::Rtl, LanguageStatus::Preparation, false),
];

/// The documents the program comes with, and how their texts are called in the catalogue.
const DOCUMENTS: [(LegalDocumentType, &str); 3] = [
    (LegalDocumentType::Terms, "terms"),
    (LegalDocumentType::PrivacyPolicy, "privacy"),
    (LegalDocumentType::CancellationPolicy, "cancellation"),
];

/// Parts of each of these texts.
const PARTS: usize = 5;

/// Adds languages that are missing, and drafts where there is no document at all. Safe to repeat.
pub async fn install(app: &App) -> AppResult<()> {
    platform::write_txn!(app.db, |txn| {
        install_languages(txn, app).await?;
        install_drafts(txn, app).await
    })
}

async fn install_languages(txn: &Txn, app: &App) -> AppResult<()> {
    let known: Vec<(String, LanguageId)> = languages::Entity::find()
        .select_only()
        .columns([languages::Column::Code, languages::Column::Id])
        .into_tuple()
        .all(txn)
        .await?;
    let mut english = known.iter().find(|(code, _)| code == "en").map(|(_, id)| *id);
    let now = app.now();
    for (order, (code, name, native, direction, status, is_default)) in (1..).zip(LANGUAGES) {
        if known.iter().any(|(known, _)| known == code) {
            continue;
        }
        let id = LanguageId::new();
        let row = languages::ActiveModel {
            id: Set(id),
            code: Set(code.to_owned()),
            name: Set(name.to_owned()),
            native_name: Set(native.to_owned()),
            direction: Set(direction),
            status: Set(status),
            is_default: Set(is_default),
            fallback_language_id: Set(english.filter(|_| !is_default)),
            is_spoken_option: Set(true),
            sort_order: Set(order),
            created_at: Set(now),
            updated_at: Set(now),
        };
        languages::Entity::insert(row).exec_without_returning(txn).await?;
        english = english.or(Some(id).filter(|_| code == "en"));
    }
    Ok(())
}

async fn install_drafts(txn: &Txn, app: &App) -> AppResult<()> {
    if documents::Entity::find().count(txn).await? > 0 {
        return Ok(());
    }
    let now = app.now();
    let rows = DOCUMENTS.into_iter().flat_map(|(kind, slug)| {
        Locale::ALL.into_iter().map(move |locale| {
            let (title, content) = built_in(locale, slug);
            documents::ActiveModel {
                id: Set(LegalDocumentId::new()),
                document_type: Set(kind),
                audience: Set(LegalDocumentAudience::All),
                version_label: Set("1.0".to_owned()),
                locale: Set(locale.code().to_owned()),
                title: Set(title),
                content_sha256: Set(sha256(&content)),
                content: Set(content),
                change_summary: Set(t(locale, "legal-first-version")),
                is_material: Set(kind != LegalDocumentType::CancellationPolicy),
                requires_acceptance: Set(kind != LegalDocumentType::CancellationPolicy),
                status: Set(LegalDocumentStatus::Draft),
                effective_at: Set(None),
                published_at: Set(None),
                created_by: Set(None),
                published_by: Set(None),
                created_at: Set(now),
                updated_at: Set(now),
            }
        })
    });
    documents::Entity::insert_many(rows).exec_without_returning(txn).await?;
    Ok(())
}

/// Title and words of a text the program comes with.
fn built_in(locale: Locale, slug: &str) -> (String, String) {
    let part = |part: usize| {
        let heading = t(locale, &format!("legal-{slug}-{part}"));
        format!("## {heading}\n\n{}\n", t(locale, &format!("legal-{slug}-{part}-text")))
    };
    let content = (1..=PARTS).map(part).collect::<Vec<_>>().join("\n");
    (t(locale, &format!("legal-{slug}-title")), content)
}
