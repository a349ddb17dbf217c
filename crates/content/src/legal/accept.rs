//! An account reads what it has to agree to, and agrees (R-CM-82, 86).

use chrono::{DateTime, Utc};
use identity::acceptances::{self, Agreed};
use identity::consents::{Given, Text};
use kernel::ids::LegalDocumentId;
use kernel::{Actor, AppError, AppResult};
use platform::App;
use platform::audit::{self, Entry};
use platform::locale::Locale;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde::Serialize;
use serde_json::json;

use super::kept;
use super::rules::{self, Series};
use crate::entity::terms_and_conditions::{
    self as rows, LegalDocumentAudience as Audience, LegalDocumentStatus as Status, LegalDocumentType as Type,
};

/// What a version changed, in a sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Change {
    /// The version.
    #[schema(example = "2.0")]
    pub version: String,
    /// What it changed.
    pub summary: String,
}

/// One version of a text in one language, as everybody reads it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Wording {
    /// The row: what to send back when agreeing.
    pub document_id: LegalDocumentId,
    /// What kind of document.
    pub document_type: Type,
    /// For whom it is.
    pub audience: Audience,
    /// Its version.
    #[schema(example = "2.0")]
    pub version: String,
    /// Its language: English where it is not translated yet.
    #[schema(example = "en")]
    pub locale: String,
    /// Its title.
    pub title: String,
    /// Its words, in Markdown.
    pub content: String,
    /// Since when it is, or from when on it was, in force.
    pub effective_at: DateTime<Utc>,
}

impl Wording {
    fn of(row: &rows::Model, effective_at: DateTime<Utc>) -> Self {
        Self {
            document_id: row.id,
            document_type: row.document_type,
            audience: row.audience,
            version: row.version_label.clone(),
            locale: row.locale.clone(),
            title: row.title.clone(),
            content: row.content.clone(),
            effective_at,
        }
    }
}

/// A text as the account that asks has to do with it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct OwnDocument {
    /// The version in force.
    #[serde(flatten)]
    pub wording: Wording,
    /// What changed since the version agreed to last.
    pub changes: Vec<Change>,
    /// Whether it has to be agreed to before anything else is written.
    pub due: bool,
    /// When the account last agreed to a version of it.
    pub agreed_at: Option<DateTime<Utc>>,
    /// That version.
    pub agreed_version: Option<String>,
}

/// Every text that is for the caller and asks for a yes, with what is still due: at most two statements.
///
/// Errors: 401 for nobody.
pub async fn own(app: &App, actor: &Actor, locale: Locale) -> AppResult<Vec<OwnDocument>> {
    if !actor.is_signed_in() {
        return Err(AppError::unauthenticated());
    }
    let all = kept::series(app).await?;
    let asked = rules::asked_of(&all, actor);
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let agreed = acceptances::of(app.db.conn(), actor).await?;
    let shown = asked.iter().flat_map(|series| unread(series, &agreed)).collect::<Vec<_>>();
    let rows = rows::Entity::find().filter(rows::Column::Id.is_in(shown)).all(app.db.conn()).await?;
    Ok(asked.into_iter().filter_map(|series| document(series, &agreed, &rows, locale)).collect())
}

/// What is still due, in the reader's language.
pub async fn pending(app: &App, actor: &Actor, locale: Locale) -> AppResult<Vec<OwnDocument>> {
    Ok(own(app, actor, locale).await?.into_iter().filter(|document| document.due).collect())
}

/// The rows of the versions since the one agreed to last, that in force among them.
fn unread(series: &Series, agreed: &[Agreed]) -> Vec<LegalDocumentId> {
    let Some(current) = series.current() else { return Vec::new() };
    let last = series.last_agreed(agreed).map(|edition| edition.since);
    let editions = series.editions.iter().filter(|edition| {
        edition.label == current.label || last.is_some_and(|last| edition.since > last && edition.since < current.since)
    });
    editions.flat_map(|edition| edition.ids.clone()).collect()
}

/// The row of a version in the reader's language, else in English, else in any.
fn in_locale<'a>(rows: &'a [rows::Model], ids: &[LegalDocumentId], locale: Locale) -> Option<&'a rows::Model> {
    let rank = |row: &rows::Model| (row.locale != locale.code(), row.locale != Locale::En.code());
    rows.iter().filter(|row| ids.contains(&row.id)).min_by_key(|row| rank(row))
}

fn document(series: &Series, agreed: &[Agreed], rows: &[rows::Model], locale: Locale) -> Option<OwnDocument> {
    let current = series.current()?;
    let row = in_locale(rows, &current.ids, locale)?;
    let due = !series.is_met(agreed);
    let change = |edition: &rules::Edition| {
        let row = in_locale(rows, &edition.ids, locale)?;
        Some(Change { version: edition.label.clone(), summary: row.change_summary.clone() })
    };
    let said = agreed.iter().rev().find(|line| line.granted && series.consents().contains(&line.kind));
    Some(OwnDocument {
        wording: Wording::of(row, current.since),
        changes: if due { series.editions.iter().filter_map(change).collect() } else { Vec::new() },
        due,
        agreed_at: said.map(|line| line.at),
        agreed_version: said.and_then(|line| line.version.clone()),
    })
}

/// Agrees to a version in the caller's own name: the row shown, with its language and its fingerprint. Agreeing again adds
/// nothing.
///
/// True: something was added. Errors: 401; 404 for a text that is not for the caller; 409 `document_not_current` with the
/// one in force; 409 `acceptance_not_asked` for what needs no yes of this account.
pub async fn accept(app: &App, actor: &Actor, id: LegalDocumentId, given: Given) -> AppResult<bool> {
    if !actor.is_signed_in() {
        return Err(AppError::unauthenticated());
    }
    platform::write_txn!(app.db, |txn| {
        let row = rows::Entity::find_by_id(id).one(txn).await?.filter(|row| row.status != Status::Draft);
        let row = row.ok_or_else(AppError::not_found)?;
        let all = rules::series(&kept::lines(txn).await?, app.now());
        let of_kind = rules::asked_of(&all, actor).into_iter().find(|series| series.kind == row.document_type);
        let series = of_kind.ok_or_else(AppError::not_found)?;
        let current = series.current().ok_or_else(AppError::not_found)?;
        if !current.ids.contains(&id) {
            // Only versions of one's own document are told apart; of others there is nothing to know.
            if row.audience != series.audience {
                return Err(AppError::not_found());
            }
            return Err(outdated(txn, &current.ids, given.locale).await?);
        }
        let agreed = acceptances::of(txn, actor).await?;
        let owed = series.owed(&agreed);
        if owed.is_empty() {
            return Err(AppError::conflict("acceptance_not_asked", "This text needs no acceptance of yours."));
        }
        let said = |line: &Agreed, kind| line.kind == kind && line.granted && line.document == Some(id);
        let missing: Vec<_> = owed.into_iter().filter(|kind| !agreed.iter().any(|line| said(line, *kind))).collect();
        if missing.is_empty() {
            return Ok(false);
        }
        for kind in missing {
            let text = Text {
                id,
                version: row.version_label.clone(),
                locale: row.locale.clone(),
                sha256: row.content_sha256.clone(),
            };
            acceptances::accept(txn, app, actor, kind, Some(text), given).await?;
        }
        let entry = Entry::new("legal.accepted").subject("LegalDocument", id).change(
            None,
            Some(json!({ "document_type": row.document_type, "version": row.version_label, "locale": row.locale })),
        );
        audit::record(txn, app, actor, entry).await?;
        Ok(true)
    })
}

async fn outdated(conn: &impl ConnectionTrait, ids: &[LegalDocumentId], locale: Locale) -> AppResult<AppError> {
    let rows = rows::Entity::find().filter(rows::Column::Id.is_in(ids.to_vec())).all(conn).await?;
    let current = in_locale(&rows, ids, locale).map(|row| row.id);
    let error = AppError::conflict("document_not_current", "This version is no longer in force. Read the new one.");
    Ok(error.with("current_document_id", current))
}

/// A text that anybody may read.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct PublicDocument {
    /// The version that was asked for.
    #[serde(flatten)]
    pub wording: Wording,
    /// What it changed.
    pub change_summary: String,
}

/// The text in force for an audience, or one of its versions that ever was.
///
/// Errors: 404.
pub async fn public(
    app: &App,
    kind: Type,
    audience: Audience,
    version: Option<&str>,
    locale: Locale,
) -> AppResult<PublicDocument> {
    let all = kept::series(app).await?;
    let own = Some(audience).filter(|audience| *audience != Audience::All);
    let series = rules::applying(&all, own).into_iter().find(|series| series.kind == kind);
    let series = series.ok_or_else(AppError::not_found)?;
    let edition = match version {
        None => series.current(),
        Some(label) => series.editions.iter().find(|edition| edition.label == label),
    };
    let edition = edition.ok_or_else(AppError::not_found)?;
    let ids = edition.ids.clone();
    let rows = rows::Entity::find().filter(rows::Column::Id.is_in(ids)).all(app.replica.conn()).await?;
    let row = in_locale(&rows, &edition.ids, locale).ok_or_else(AppError::not_found)?;
    Ok(PublicDocument { wording: Wording::of(row, edition.since), change_summary: row.change_summary.clone() })
}
