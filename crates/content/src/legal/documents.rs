//! Drafts: staff write a new version, language by language (R-CM-80).

use chrono::{DateTime, Utc};
use kernel::ids::LegalDocumentId;
use kernel::{Actor, AppError, AppResult, FieldErrors, Page, PageQuery, Permission};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::locale::Locale;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, Set, SqlErr,
};
use serde::Serialize;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::entity::terms_and_conditions::{
    self as rows, LegalDocumentAudience as Audience, LegalDocumentStatus as Status, LegalDocumentType as Type,
};

/// How long a text may be.
const LONGEST: usize = 50_000;

/// A version as staff see it in the list, whatever languages it has.
#[derive(Clone, Debug, Serialize, FromQueryResult, utoipa::ToSchema)]
pub struct Version {
    /// One of its rows.
    pub id: LegalDocumentId,
    /// What kind of document.
    pub document_type: Type,
    /// For whom.
    pub audience: Audience,
    /// Its label.
    #[schema(example = "2.0")]
    pub version_label: String,
    /// Where it stands.
    pub status: Status,
    /// Whether everybody has to agree anew.
    pub is_material: bool,
    /// When it came into force, or will.
    pub effective_at: Option<DateTime<Utc>>,
    /// How many languages it has.
    pub languages: i64,
}

/// One language of a version.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Translation {
    /// The row.
    pub id: LegalDocumentId,
    /// The language.
    #[schema(example = "en")]
    pub locale: String,
    /// Its title.
    pub title: String,
    /// Its words, in Markdown.
    pub content: String,
    /// What the version changes.
    pub change_summary: String,
    /// The fingerprint of its words.
    pub content_sha256: String,
}

/// A version with the words of all its languages.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Document {
    /// What kind of document.
    pub document_type: Type,
    /// For whom.
    pub audience: Audience,
    /// Its label.
    #[schema(example = "2.0")]
    pub version_label: String,
    /// Where it stands.
    pub status: Status,
    /// Whether everybody has to agree anew.
    pub is_material: bool,
    /// Whether anybody has to agree.
    pub requires_acceptance: bool,
    /// When it came into force, or will.
    pub effective_at: Option<DateTime<Utc>>,
    /// When that was decided.
    pub published_at: Option<DateTime<Utc>>,
    /// Its languages.
    pub translations: Vec<Translation>,
}

/// Lets staff pass who write texts.
pub(super) fn may_read(actor: &Actor) -> AppResult<()> {
    actor.admin()?;
    if actor.can(Permission::PublishTerms) { Ok(()) } else { actor.require(Permission::ManageTerms) }
}

/// The versions of all documents, the newest first: two statements.
///
/// Errors: 403 without `manage_terms` or `publish_terms`.
pub async fn list(app: &App, actor: &Actor, status: Option<Status>, page: PageQuery) -> AppResult<Page<Version>> {
    use rows::Column;
    may_read(actor)?;
    let page = page.checked()?;
    let mut select = rows::Entity::find()
        .select_only()
        .columns([Column::DocumentType, Column::Audience, Column::VersionLabel, Column::Status, Column::IsMaterial])
        .column_as(Column::Id.min(), "id")
        .column_as(Column::EffectiveAt.min(), "effective_at")
        .column_as(Column::Id.count(), "languages")
        .group_by(Column::DocumentType)
        .group_by(Column::Audience)
        .group_by(Column::VersionLabel)
        .group_by(Column::Status)
        .group_by(Column::IsMaterial);
    if let Some(status) = status {
        select = select.filter(Column::Status.eq(status));
    }
    let conn = app.db.conn();
    let total = select.clone().count(conn).await?;
    let data = select
        // Ids are time-ordered, so the newest version has the greatest one.
        .order_by_desc(Expr::cust("MIN(id)"))
        .offset(page.offset())
        .limit(page.per_page)
        .into_model()
        .all(conn)
        .await?;
    Ok(Page::new(data, page, total))
}

/// A version with all its words.
///
/// Errors: 403, 404.
pub async fn show(app: &App, actor: &Actor, id: LegalDocumentId) -> AppResult<Document> {
    may_read(actor)?;
    let conn = app.db.conn();
    let row = rows::Entity::find_by_id(id).one(conn).await?.ok_or_else(AppError::not_found)?;
    let all = siblings(&row).order_by_asc(rows::Column::Locale).all(conn).await?;
    let translation = |row: rows::Model| Translation {
        id: row.id,
        locale: row.locale,
        title: row.title,
        content: row.content,
        change_summary: row.change_summary,
        content_sha256: row.content_sha256,
    };
    Ok(Document {
        document_type: row.document_type,
        audience: row.audience,
        version_label: row.version_label,
        status: row.status,
        is_material: row.is_material,
        requires_acceptance: row.requires_acceptance,
        effective_at: row.effective_at,
        published_at: row.published_at,
        translations: all.into_iter().map(translation).collect(),
    })
}

/// The rows of the same version.
pub(super) fn siblings(row: &rows::Model) -> sea_orm::Select<rows::Entity> {
    rows::Entity::find()
        .filter(rows::Column::DocumentType.eq(row.document_type))
        .filter(rows::Column::Audience.eq(row.audience))
        .filter(rows::Column::VersionLabel.eq(&row.version_label))
}

/// Every row of a document for an audience, locked: whoever changes what is in force waits here for each other.
pub(super) async fn lock_series(txn: &Txn, kind: Type, audience: Audience) -> AppResult<Vec<rows::Model>> {
    Ok(rows::Entity::find()
        .filter(rows::Column::DocumentType.eq(kind))
        .filter(rows::Column::Audience.eq(audience))
        .order_by_asc(rows::Column::Id)
        .lock_exclusive()
        .all(txn)
        .await?)
}

/// What a draft says.
#[derive(Clone, Debug, Default)]
pub struct Words {
    /// Its title.
    pub title: String,
    /// Its words, in Markdown.
    pub content: String,
    /// What the version changes.
    pub change_summary: String,
}

/// A draft to be.
#[derive(Clone, Debug)]
pub struct NewDraft {
    /// What kind of document.
    pub document_type: Type,
    /// For whom.
    pub audience: Audience,
    /// Its label.
    pub version_label: String,
    /// Its language.
    pub locale: String,
    /// Whether everybody has to agree anew.
    pub is_material: bool,
    /// What it says.
    pub words: Words,
}

fn check_words(errors: &mut FieldErrors, words: Words) -> Words {
    let mut line = |name: &str, text: &str, most: usize| {
        let text = text.trim().to_owned();
        match text.chars().count() {
            0 => errors.add(name, "required", "This is required."),
            long if long > most => errors.add(name, "too_long", format!("At most {most} characters.")),
            _ => {}
        }
        text
    };
    Words {
        title: line("title", &words.title, 255),
        content: line("content", &words.content.replace("\r\n", "\n"), LONGEST),
        change_summary: line("change_summary", &words.change_summary, 500),
    }
}

fn check_label(errors: &mut FieldErrors, label: &str) -> String {
    let label = label.trim();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    if !(1..=50).contains(&label.len()) || !label.chars().all(plain) {
        errors.add("version_label", "version_label_invalid", "1 to 50 letters, digits, dots, dashes.");
    }
    label.to_owned()
}

/// The fingerprint of what was shown.
pub(crate) fn sha256(content: &str) -> String {
    hex::encode(Sha256::digest(content))
}

/// Begins a version, or adds a language to a draft.
///
/// Errors: 403 without `manage_terms`; 409 `document_published` when the version is no draft any more; 422 with every field
/// at fault, `version_label_taken` among them.
pub async fn create(app: &App, actor: &Actor, draft: NewDraft) -> AppResult<LegalDocumentId> {
    let author = actor.admin()?;
    actor.require(Permission::ManageTerms)?;
    let mut errors = FieldErrors::new();
    let label = check_label(&mut errors, &draft.version_label);
    let words = check_words(&mut errors, draft.words.clone());
    let locale = Locale::ALL.into_iter().find(|locale| locale.code() == draft.locale.trim());
    if locale.is_none() {
        errors.add("locale", "language_unknown", "Choose a language from the list.");
    }
    errors.check()?;
    let locale = locale.unwrap_or_default();
    let id = LegalDocumentId::new();
    let done = platform::write_txn!(app.db, |txn| {
        let series = lock_series(txn, draft.document_type, draft.audience).await?;
        let same: Vec<_> = series.iter().filter(|row| row.version_label == label).collect();
        let words_of = |row: &rows::Model| (row.title.clone(), row.content.clone(), row.change_summary.clone());
        let sent = (words.title.clone(), words.content.clone(), words.change_summary.clone());
        let is_sent =
            |row: &&&rows::Model| row.status == Status::Draft && row.locale == locale.code() && words_of(row) == sent;
        if let Some(row) = same.iter().find(is_sent) {
            // The same form once more.
            return Ok(row.id);
        }
        if same.iter().any(|row| row.status != Status::Draft || row.locale == locale.code()) {
            return Err(taken());
        }
        let now = app.now();
        // A language of a draft goes by what the version says of itself.
        let is_material = same.first().map_or(draft.is_material, |row| row.is_material);
        rows::ActiveModel {
            id: Set(id),
            document_type: Set(draft.document_type),
            audience: Set(draft.audience),
            version_label: Set(label.clone()),
            locale: Set(locale.code().to_owned()),
            title: Set(words.title.clone()),
            content: Set(words.content.clone()),
            change_summary: Set(words.change_summary.clone()),
            is_material: Set(is_material && draft.document_type != Type::CancellationPolicy),
            requires_acceptance: Set(draft.document_type != Type::CancellationPolicy),
            status: Set(Status::Draft),
            effective_at: Set(None),
            published_at: Set(None),
            created_by: Set(Some(author)),
            published_by: Set(None),
            content_sha256: Set(sha256(&words.content)),
            created_at: Set(now),
            updated_at: Set(now),
        }
        .insert(txn)
        .await?;
        let entry = Entry::new("legal.drafted").subject("LegalDocument", id).change(
            None,
            Some(json!({ "document_type": draft.document_type, "audience": draft.audience, "version": label,
                "locale": locale })),
        );
        audit::record(txn, app, actor, entry).await?;
        Ok(id)
    });
    match done {
        Err(error) if is_duplicate(&error) => Err(taken()),
        other => other,
    }
}

fn taken() -> AppError {
    AppError::field("version_label", "version_label_taken", "This version has this language already, or is published.")
}

fn is_duplicate(error: &AppError) -> bool {
    error.db_error().is_some_and(|err| matches!(err.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))))
}

/// What of a draft changes; what is left out stays.
#[derive(Clone, Debug, Default)]
pub struct Edit {
    /// Its title.
    pub title: Option<String>,
    /// Its words.
    pub content: Option<String>,
    /// What the version changes.
    pub change_summary: Option<String>,
    /// Whether everybody has to agree anew: of all its languages.
    pub is_material: Option<bool>,
}

/// Writes one language of a draft anew. Saying the same again changes nothing.
///
/// Errors: 403 without `manage_terms`; 404; 409 `document_published` for anything but a draft; 422.
pub async fn edit(app: &App, actor: &Actor, id: LegalDocumentId, edit: Edit) -> AppResult<()> {
    actor.admin()?;
    actor.require(Permission::ManageTerms)?;
    platform::write_txn!(app.db, |txn| {
        let row = draft(txn, id).await?;
        let mut errors = FieldErrors::new();
        let words = Words {
            title: edit.title.clone().unwrap_or_else(|| row.title.clone()),
            content: edit.content.clone().unwrap_or_else(|| row.content.clone()),
            change_summary: edit.change_summary.clone().unwrap_or_else(|| row.change_summary.clone()),
        };
        let words = check_words(&mut errors, words);
        errors.check()?;
        let may_be = row.document_type != Type::CancellationPolicy;
        let is_material = edit.is_material.unwrap_or(row.is_material) && may_be;
        let same = (&words.title, &words.content, &words.change_summary, is_material)
            == (&row.title, &row.content, &row.change_summary, row.is_material);
        if same {
            return Ok(());
        }
        let now = app.now();
        let before =
            json!({ "title": row.title, "content_sha256": row.content_sha256, "is_material": row.is_material });
        let hash = sha256(&words.content);
        let after = json!({ "title": words.title, "content_sha256": hash, "is_material": is_material });
        rows::ActiveModel {
            id: Set(id),
            title: Set(words.title),
            content: Set(words.content),
            change_summary: Set(words.change_summary),
            content_sha256: Set(hash),
            updated_at: Set(now),
            ..Default::default()
        }
        .update(txn)
        .await?;
        if is_material != row.is_material {
            rows::Entity::update_many()
                .col_expr(rows::Column::IsMaterial, Expr::value(is_material))
                .col_expr(rows::Column::UpdatedAt, Expr::value(now))
                .filter(rows::Column::DocumentType.eq(row.document_type))
                .filter(rows::Column::Audience.eq(row.audience))
                .filter(rows::Column::VersionLabel.eq(&row.version_label))
                .exec(txn)
                .await?;
        }
        let entry = Entry::new("legal.draft_changed").subject("LegalDocument", id).change(Some(before), Some(after));
        audit::record(txn, app, actor, entry).await
    })
}

async fn draft(txn: &Txn, id: LegalDocumentId) -> AppResult<rows::Model> {
    let row = find(txn, id).await?;
    let series = lock_series(txn, row.document_type, row.audience).await?;
    let row = series.into_iter().find(|row| row.id == id).ok_or_else(AppError::not_found)?;
    if row.status != Status::Draft {
        return Err(AppError::conflict(
            "document_published",
            "What was published cannot be changed. Begin a new version.",
        ));
    }
    Ok(row)
}

pub(super) async fn find(conn: &impl ConnectionTrait, id: LegalDocumentId) -> AppResult<rows::Model> {
    rows::Entity::find_by_id(id).one(conn).await?.ok_or_else(AppError::not_found)
}
