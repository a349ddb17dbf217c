//! The languages of the house: which can be chosen, which stands in for which (R-CM-90..92).

use std::sync::Arc;
use std::time::Duration;

use kernel::ids::LanguageId;
use kernel::{Actor, AppError, AppResult, FieldErrors, Page, PageQuery, Permission};
use moka::future::Cache;
use platform::App;
use platform::audit::{self, Entry};
use platform::db::{Txn, uncounted};
use platform::locale::Locale;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Set, SqlErr,
};
use serde::Serialize;
use serde_json::json;

use crate::entity::languages::{self as rows, LanguageDirection as Direction, LanguageStatus as Status};

/// A language as everybody may know it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct PublicLanguage {
    /// Its code.
    #[schema(example = "tr")]
    pub code: String,
    /// Its English name.
    #[schema(example = "Turkish")]
    pub name: String,
    /// What its speakers call it.
    #[schema(example = "Türkçe")]
    pub native_name: String,
    /// How it is written.
    pub direction: Direction,
    /// Whether it is spoken where nothing else fits.
    pub is_default: bool,
}

/// A language as staff see it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct StaffLanguage {
    /// The row.
    pub id: LanguageId,
    /// Its code.
    #[schema(example = "tr")]
    pub code: String,
    /// Its English name.
    #[schema(example = "Turkish")]
    pub name: String,
    /// What its speakers call it.
    #[schema(example = "Türkçe")]
    pub native_name: String,
    /// How it is written.
    pub direction: Direction,
    /// Whether it can be chosen.
    pub status: Status,
    /// Whether it is spoken where nothing else fits.
    pub is_default: bool,
    /// The code of the language that stands in for it.
    #[schema(example = "en")]
    pub fallback: Option<String>,
    /// Whether clinics can say that it is spoken with them.
    pub is_spoken_option: bool,
    /// Its place in lists.
    pub sort_order: i32,
    /// Whether the program has its texts: only then can it be chosen.
    pub has_texts: bool,
}

/// Whether the program speaks a language.
fn texts_of(code: &str) -> Option<Locale> {
    Locale::ALL.into_iter().find(|locale| locale.code() == code)
}

/// Every language that can be chosen.
pub async fn active(app: &App) -> AppResult<Vec<PublicLanguage>> {
    let found = rows::Entity::find()
        .filter(rows::Column::Status.eq(Status::Active))
        .order_by_asc(rows::Column::SortOrder)
        .order_by_asc(rows::Column::Code)
        .all(app.replica.conn())
        .await?;
    let public = |row: rows::Model| PublicLanguage {
        code: row.code,
        name: row.name,
        native_name: row.native_name,
        direction: row.direction,
        is_default: row.is_default,
    };
    Ok(found.into_iter().map(public).collect())
}

fn staff_view(row: rows::Model, all: &[(LanguageId, String)]) -> StaffLanguage {
    let fallback = row.fallback_language_id.and_then(|id| all.iter().find(|(other, _)| *other == id));
    StaffLanguage {
        id: row.id,
        has_texts: texts_of(&row.code).is_some(),
        code: row.code,
        name: row.name,
        native_name: row.native_name,
        direction: row.direction,
        status: row.status,
        is_default: row.is_default,
        fallback: fallback.map(|(_, code)| code.clone()),
        is_spoken_option: row.is_spoken_option,
        sort_order: row.sort_order,
    }
}

async fn codes(app: &App) -> AppResult<Vec<(LanguageId, String)>> {
    let select = rows::Entity::find().select_only().columns([rows::Column::Id, rows::Column::Code]);
    Ok(select.order_by_asc(rows::Column::Code).into_tuple().all(app.db.conn()).await?)
}

/// All languages, for staff: three statements.
///
/// Errors: 403 without `manage_language`.
pub async fn list(app: &App, actor: &Actor, page: PageQuery) -> AppResult<Page<StaffLanguage>> {
    actor.admin()?;
    actor.require(Permission::ManageLanguage)?;
    let page = page.checked()?;
    let conn = app.db.conn();
    let total = rows::Entity::find().count(conn).await?;
    let found = rows::Entity::find()
        .order_by_asc(rows::Column::SortOrder)
        .order_by_asc(rows::Column::Code)
        .offset(page.offset())
        .limit(page.per_page)
        .all(conn)
        .await?;
    let all = codes(app).await?;
    Ok(Page::new(found.into_iter().map(|row| staff_view(row, &all)).collect(), page, total))
}

/// One language, and the codes of all that could stand in for it.
///
/// Errors: 403, 404.
pub async fn show(app: &App, actor: &Actor, id: LanguageId) -> AppResult<(StaffLanguage, Vec<String>)> {
    actor.admin()?;
    actor.require(Permission::ManageLanguage)?;
    let row = rows::Entity::find_by_id(id).one(app.db.conn()).await?.ok_or_else(AppError::not_found)?;
    let all = codes(app).await?;
    let others = all.iter().filter(|(other, _)| *other != id).map(|(_, code)| code.clone()).collect();
    Ok((staff_view(row, &all), others))
}

/// What of a language changes; what is left out stays.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// Its English name.
    pub name: Option<String>,
    /// What its speakers call it.
    pub native_name: Option<String>,
    /// How it is written.
    pub direction: Option<Direction>,
    /// Whether it can be chosen.
    pub status: Option<Status>,
    /// True makes it the default.
    pub is_default: Option<bool>,
    /// The code of the language that stands in for it; an empty one means none.
    pub fallback: Option<String>,
    /// Whether clinics can say that it is spoken with them.
    pub is_spoken_option: Option<bool>,
    /// Its place in lists.
    pub sort_order: Option<i32>,
}

fn checked_code(errors: &mut FieldErrors, code: &str) -> String {
    let code = code.trim();
    let mut parts = code.split('-');
    let primary = parts.next().unwrap_or_default();
    let is_primary = (2..=3).contains(&primary.len()) && primary.bytes().all(|b| b.is_ascii_lowercase());
    let fits = |part: &str| (2..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
    if !is_primary || code.len() > 10 || !parts.all(fits) {
        errors.add("code", "language_code_invalid", "A code such as de or pt-BR.");
    }
    code.to_owned()
}

fn checked_name(errors: &mut FieldErrors, field: &str, name: &str) -> String {
    let name = name.trim();
    match name.chars().count() {
        0 => errors.add(field, "required", "This is required."),
        1..=100 => {}
        _ => errors.add(field, "too_long", "At most 100 characters."),
    }
    name.to_owned()
}

async fn lock_all(txn: &Txn) -> AppResult<Vec<rows::Model>> {
    Ok(rows::Entity::find().order_by_asc(rows::Column::Code).lock_exclusive().all(txn).await?)
}

/// The language that is to stand in, by its code.
fn stand_in(all: &[rows::Model], code: &str) -> AppResult<Option<LanguageId>> {
    match code.trim() {
        "" => Ok(None),
        code => match all.iter().find(|row| row.code == code) {
            Some(row) => Ok(Some(row.id)),
            None => Err(AppError::field("fallback", "language_unknown", "Choose a language from the list.")),
        },
    }
}

/// Refuses when following who stands in for whom would come back to where it began.
fn check_cycle(all: &[rows::Model], id: LanguageId, fallback: Option<LanguageId>) -> AppResult<()> {
    let mut next = fallback;
    // Whoever was passed as often as there are languages goes round in a circle.
    for _ in 0..=all.len() {
        let Some(at) = next else { return Ok(()) };
        if at == id {
            break;
        }
        next = all.iter().find(|row| row.id == at).and_then(|row| row.fallback_language_id);
    }
    Err(AppError::field("fallback", "fallback_cycle", "These languages would stand in for each other."))
}

/// Adds a language, in preparation.
///
/// Errors: 403 without `manage_language`; 422 with every field at fault, `language_taken` among them.
pub async fn create(app: &App, actor: &Actor, code: &str, change: Change) -> AppResult<LanguageId> {
    actor.admin()?;
    actor.require(Permission::ManageLanguage)?;
    let mut errors = FieldErrors::new();
    let code = checked_code(&mut errors, code);
    let name = checked_name(&mut errors, "name", change.name.as_deref().unwrap_or_default());
    let native = checked_name(&mut errors, "native_name", change.native_name.as_deref().unwrap_or_default());
    errors.check()?;
    let id = LanguageId::new();
    let done = platform::write_txn!(app.db, |txn| {
        let all = lock_all(txn).await?;
        if let Some(row) = all.iter().find(|row| row.code.eq_ignore_ascii_case(&code)) {
            let again = row.status == Status::Preparation && row.name == name && row.native_name == native;
            // The same form once more.
            return if again { Ok(row.id) } else { Err(taken()) };
        }
        let fallback = stand_in(&all, change.fallback.as_deref().unwrap_or_default())?;
        let now = app.now();
        rows::ActiveModel {
            id: Set(id),
            code: Set(code.clone()),
            name: Set(name.clone()),
            native_name: Set(native.clone()),
            direction: Set(change.direction.unwrap_or(Direction::Ltr)),
            status: Set(Status::Preparation),
            is_default: Set(false),
            fallback_language_id: Set(fallback),
            is_spoken_option: Set(change.is_spoken_option.unwrap_or(true)),
            sort_order: Set(change.sort_order.unwrap_or(999)),
            created_at: Set(now),
            updated_at: Set(now),
        }
        .insert(txn)
        .await?;
        let entry = Entry::new("language.created").subject("Language", id).change(None, Some(json!({ "code": code })));
        audit::record(txn, app, actor, entry).await?;
        Ok(id)
    });
    match done {
        Err(error)
            if error
                .db_error()
                .is_some_and(|err| matches!(err.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))) =>
        {
            Err(taken())
        }
        other => other,
    }
}

fn taken() -> AppError {
    AppError::field("code", "language_taken", "This language is in the list already.")
}

/// Changes a language. Saying the same again changes nothing.
///
/// Errors: 403 without `manage_language`; 404; 409 `default_language_protected`, `language_without_texts`,
/// `language_state`; 422 `fallback_cycle`, `language_unknown` and faults of fields.
pub async fn change(app: &App, actor: &Actor, id: LanguageId, change: Change) -> AppResult<()> {
    actor.admin()?;
    actor.require(Permission::ManageLanguage)?;
    platform::write_txn!(app.db, |txn| {
        let all = lock_all(txn).await?;
        let before = all.iter().find(|row| row.id == id).ok_or_else(AppError::not_found)?;
        let after = changed(&all, before, &change)?;
        if after == *before {
            return Ok(());
        }
        let now = app.now();
        if after.is_default && !before.is_default {
            rows::Entity::update_many()
                .col_expr(rows::Column::IsDefault, Expr::value(false))
                .col_expr(rows::Column::UpdatedAt, Expr::value(now))
                .filter(rows::Column::IsDefault.eq(true))
                .exec(txn)
                .await?;
        }
        let (was, is) = (facts(before), facts(&after));
        rows::ActiveModel {
            id: Set(id),
            name: Set(after.name),
            native_name: Set(after.native_name),
            direction: Set(after.direction),
            status: Set(after.status),
            is_default: Set(after.is_default),
            fallback_language_id: Set(after.fallback_language_id),
            is_spoken_option: Set(after.is_spoken_option),
            sort_order: Set(after.sort_order),
            updated_at: Set(now),
            ..Default::default()
        }
        .update(txn)
        .await?;
        let entry = Entry::new("language.changed").subject("Language", id).change(Some(was), Some(is));
        audit::record(txn, app, actor, entry).await
    })?;
    app.memory.of::<Kept>().0.invalidate(&()).await;
    Ok(())
}

fn facts(row: &rows::Model) -> serde_json::Value {
    json!({ "name": row.name, "native_name": row.native_name, "status": row.status, "is_default": row.is_default,
        "fallback_language_id": row.fallback_language_id, "is_spoken_option": row.is_spoken_option,
        "sort_order": row.sort_order, "direction": row.direction })
}

fn changed(all: &[rows::Model], before: &rows::Model, change: &Change) -> AppResult<rows::Model> {
    let mut errors = FieldErrors::new();
    let mut after = before.clone();
    if let Some(name) = &change.name {
        after.name = checked_name(&mut errors, "name", name);
    }
    if let Some(name) = &change.native_name {
        after.native_name = checked_name(&mut errors, "native_name", name);
    }
    errors.check()?;
    after.direction = change.direction.unwrap_or(before.direction);
    after.is_spoken_option = change.is_spoken_option.unwrap_or(before.is_spoken_option);
    after.sort_order = change.sort_order.unwrap_or(before.sort_order);
    if let Some(code) = &change.fallback {
        after.fallback_language_id = stand_in(all, code)?;
        check_cycle(all, before.id, after.fallback_language_id)?;
    }
    let protected = || {
        AppError::conflict(
            "default_language_protected",
            "The default language stays active. Choose another default first.",
        )
    };
    if let Some(status) = change.status.filter(|status| *status != before.status) {
        if before.is_default {
            return Err(protected());
        }
        let allowed = match status {
            Status::Active => true,
            Status::Inactive => before.status == Status::Active,
            Status::Preparation => false,
        };
        if !allowed {
            return Err(AppError::conflict(
                "language_state",
                "A language goes from preparation to active to inactive.",
            ));
        }
        if status == Status::Active && texts_of(&before.code).is_none() {
            let sentence = "The program has no texts in this language yet.";
            return Err(AppError::conflict("language_without_texts", sentence));
        }
        after.status = status;
    }
    match change.is_default {
        Some(false) if before.is_default => return Err(protected()),
        Some(true) => {
            if after.status != Status::Active {
                return Err(AppError::conflict("language_state", "Only an active language can be the default."));
            }
            after.is_default = true;
            // Behind the default there is nothing.
            after.fallback_language_id = None;
        }
        _ => {}
    }
    Ok(after)
}

/// What is remembered for five seconds: for each language the program speaks the one to speak instead.
struct Kept(Cache<(), Arc<Vec<(Locale, Locale)>>>);

impl Default for Kept {
    fn default() -> Self {
        Self(Cache::builder().max_capacity(1).time_to_live(Duration::from_secs(5)).build())
    }
}

/// The languages that can be chosen now, and the one to speak to somebody who wants `wanted`: that itself, else who stands
/// in for it, else the default. Where the list cannot be read, everything the program speaks.
pub async fn spoken(app: &App, wanted: Locale) -> (Locale, Vec<Locale>) {
    let kept = app.memory.of::<Kept>();
    let read = async {
        let all = rows::Entity::find().all(app.db.conn()).await.map_err(AppError::from)?;
        Ok::<_, AppError>(Arc::new(Locale::ALL.map(|locale| (locale, instead(&all, locale))).to_vec()))
    };
    match kept.0.try_get_with((), uncounted(read)).await {
        Ok(pairs) => {
            let to = pairs.iter().find(|(from, _)| *from == wanted).map_or(wanted, |(_, to)| *to);
            (to, pairs.iter().filter(|(from, to)| from == to).map(|(from, _)| *from).collect())
        }
        Err(error) => {
            tracing::error!(%error, "languages cannot be read");
            (wanted, Locale::ALL.to_vec())
        }
    }
}

/// The language to speak instead of one (R-CM-91). A language nobody listed is as good as an active one.
fn instead(all: &[rows::Model], wanted: Locale) -> Locale {
    let mut row = all.iter().find(|row| row.code == wanted.code());
    if row.is_none() {
        return wanted;
    }
    for _ in 0..=all.len() {
        let Some(at) = row else { break };
        if let (Status::Active, Some(locale)) = (at.status, texts_of(&at.code)) {
            return locale;
        }
        row = at.fallback_language_id.and_then(|id| all.iter().find(|row| row.id == id));
    }
    all.iter().find(|row| row.is_default).and_then(|row| texts_of(&row.code)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use kernel::Timestamp;

    use super::*;

    fn language(code: &str, status: Status, fallback: Option<&rows::Model>) -> rows::Model {
        rows::Model {
            id: LanguageId::new(),
            code: code.to_owned(),
            name: code.to_owned(),
            native_name: code.to_owned(),
            direction: Direction::Ltr,
            status,
            is_default: code == "en",
            fallback_language_id: fallback.map(|row| row.id),
            is_spoken_option: true,
            sort_order: 1,
            created_at: Timestamp::default(),
            updated_at: Timestamp::default(),
        }
    }

    fn code(outcome: AppResult<rows::Model>) -> String {
        match outcome {
            Ok(row) => row.code,
            Err(error) => {
                error.fields.0.values().flatten().next().map_or(error.code.to_string(), |fault| fault.code.to_string())
            }
        }
    }

    #[test]
    fn r_cm_91_an_inactive_language_is_stood_in_for() {
        let en = language("en", Status::Active, None);
        let tr = language("tr", Status::Inactive, Some(&en));
        assert_eq!(instead(&[en.clone(), tr.clone()], Locale::Tr), Locale::En);
        assert_eq!(instead(&[en.clone(), language("tr", Status::Active, None)], Locale::Tr), Locale::Tr);
        assert_eq!(instead(std::slice::from_ref(&en), Locale::Tr), Locale::Tr, "not listed");
        assert_eq!(instead(&[en, language("tr", Status::Preparation, None)], Locale::Tr), Locale::En, "the default");
    }

    #[test]
    fn r_cm_92_nobody_stands_in_for_each_other() {
        let en = language("en", Status::Active, None);
        let tr = language("tr", Status::Active, Some(&en));
        let ar = language("ar", Status::Preparation, Some(&tr));
        let all = [en.clone(), tr.clone(), ar];
        let to = |row: &rows::Model, fallback: &str| {
            code(changed(&all, row, &Change { fallback: Some(fallback.to_owned()), ..Change::default() }))
        };
        assert_eq!(to(&en, "tr"), "fallback_cycle");
        assert_eq!(to(&en, "ar"), "fallback_cycle");
        assert_eq!(to(&tr, "tr"), "fallback_cycle");
        assert_eq!(to(&tr, "xx"), "language_unknown");
        assert_eq!(to(&tr, ""), "tr");
    }

    #[test]
    fn the_default_is_active_and_the_only_one() {
        let en = language("en", Status::Active, None);
        let tr = language("tr", Status::Preparation, Some(&en));
        let all = [en.clone(), tr.clone()];
        let be = |row: &rows::Model, status, is_default| {
            code(changed(&all, row, &Change { status, is_default, ..Change::default() }))
        };
        assert_eq!(be(&en, Some(Status::Inactive), None), "default_language_protected");
        assert_eq!(be(&en, None, Some(false)), "default_language_protected");
        assert_eq!(be(&tr, None, Some(true)), "language_state");
        assert_eq!(be(&tr, Some(Status::Inactive), None), "language_state");
        let change = Change { status: Some(Status::Active), is_default: Some(true), ..Change::default() };
        let next = changed(&all, &tr, &change).unwrap();
        assert!(next.is_default && next.status == Status::Active && next.fallback_language_id.is_none());
        let de = language("de", Status::Preparation, None);
        assert_eq!(be(&de, Some(Status::Active), None), "language_without_texts");
    }

    #[test]
    fn codes_are_tags_of_languages() {
        let fits = |code: &str| {
            let mut errors = FieldErrors::new();
            checked_code(&mut errors, code);
            errors.is_empty()
        };
        for good in ["de", "pt-BR", "zh-Hant", "fil"] {
            assert!(fits(good), "{good}");
        }
        for bad in ["", "d", "DE", "german", "pt_BR", "pt-", "zh-Hant-TW1", "de de"] {
            assert!(!fits(bad), "{bad}");
        }
    }
}
