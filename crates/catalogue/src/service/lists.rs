//! The small lists people choose from: how they found us, why they cancel (R-IQ-24, R-MG-62).

use kernel::ids::{AnyId, AppListItemId, DiscoveryQuestionId, UserId};
use kernel::{Actor, AppError, AppResult, FieldErrors, Page, PageQuery, Permission};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::entity::app_list_items;
use sea_orm::ActiveValue::NotSet;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use serde::Deserialize;
use serde_json::json;

use super::checks;
use crate::entity::discovery_questions;

/// The list of answers to "How did you find out about us?", which has a table of its own.
pub const DISCOVERY: &str = "discovery_options";
/// As many entries as a list may have.
const MOST: usize = 200;
/// As few active entries as a list keeps.
const LEAST_ACTIVE: usize = 2;

/// An entry of a list.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct ListEntry {
    /// Its id.
    pub id: AnyId,
    /// What is read.
    #[schema(example = "Travel restrictions")]
    pub label: String,
    /// The word that is stored with a case; lists without codes have none.
    #[schema(example = "travel_restrictions")]
    pub code: Option<String>,
    /// Whether who chooses it has to explain.
    pub requires_explanation: bool,
    /// "Other" cannot be switched off.
    pub is_fixed: bool,
    /// Whether it can be chosen.
    pub is_active: bool,
    /// Its place.
    pub order: i32,
    /// For the next edit; lists without versions say 0.
    pub version: i32,
}

/// An entry as it is entered; in a change, what is left out stays.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListEntryInput {
    /// At most 100 characters, unique in its list without regard to case.
    #[schema(example = "Travel restrictions")]
    pub label: Option<String>,
    /// Whether who chooses it has to explain.
    pub requires_explanation: Option<bool>,
    /// Whether it can be chosen.
    pub is_active: Option<bool>,
    /// The version that was seen.
    pub version: Option<i32>,
}

fn keeper(actor: &Actor) -> AppResult<UserId> {
    let user = actor.admin()?;
    actor.require(Permission::ManageAppData)?;
    Ok(user)
}

/// The names of all lists, the one of the inquiry first.
///
/// Errors: 403 without `manage_app_data`.
pub async fn names(app: &App, actor: &Actor) -> AppResult<Vec<String>> {
    keeper(actor)?;
    let mut names = vec![DISCOVERY.to_owned()];
    let keys: Vec<String> = app_list_items::Entity::find()
        .select_only()
        .column(app_list_items::Column::ListKey)
        .distinct()
        .order_by_asc(app_list_items::Column::ListKey)
        .into_tuple()
        .all(app.db.conn())
        .await?;
    names.extend(keys);
    Ok(names)
}

async fn all(conn: &impl ConnectionTrait, list: &str) -> AppResult<Vec<ListEntry>> {
    let items: Vec<ListEntry> = if list == DISCOVERY {
        let rows = discovery_questions::Entity::find()
            .order_by_asc(discovery_questions::Column::DisplayOrder)
            .order_by_asc(discovery_questions::Column::Id)
            .all(conn)
            .await?;
        rows.into_iter()
            .map(|row| ListEntry {
                id: row.id.any(),
                is_fixed: is_other(&row.option_label),
                label: row.option_label,
                code: None,
                requires_explanation: false,
                is_active: row.is_active,
                order: row.display_order,
                version: 0,
            })
            .collect()
    } else {
        let rows = app_list_items::Entity::find()
            .filter(app_list_items::Column::ListKey.eq(list))
            .order_by_asc(app_list_items::Column::DisplayOrder)
            .order_by_asc(app_list_items::Column::Id)
            .all(conn)
            .await?;
        rows.into_iter()
            .map(|row| ListEntry {
                id: row.id.any(),
                label: row.label,
                code: Some(row.code),
                requires_explanation: row.requires_explanation,
                is_fixed: row.is_fixed,
                is_active: row.is_active,
                order: row.display_order,
                version: row.version,
            })
            .collect()
    };
    if items.is_empty() { Err(AppError::not_found()) } else { Ok(items) }
}

/// "Other" and "Others" stay in every list.
fn is_other(label: &str) -> bool {
    matches!(label.trim().to_lowercase().as_str(), "other" | "others")
}

/// A page of a list, in its order: one statement.
///
/// Errors: 403; 404 for a list there is none of.
pub async fn show(app: &App, actor: &Actor, list: &str, page: PageQuery) -> AppResult<Page<ListEntry>> {
    keeper(actor)?;
    let page = page.checked()?;
    let items = all(app.db.conn(), list).await?;
    let total = items.len() as u64;
    let skip = usize::try_from(page.offset()).unwrap_or(usize::MAX);
    let shown = items.into_iter().skip(skip).take(page.per_page as usize).collect();
    Ok(Page::new(shown, page, total))
}

/// The entries of a list, locked: what every change is decided on.
async fn lock(txn: &Txn, list: &str) -> AppResult<Vec<ListEntry>> {
    if list == DISCOVERY {
        discovery_questions::Entity::find()
            .select_only()
            .column(discovery_questions::Column::Id)
            .order_by_asc(discovery_questions::Column::Id)
            .lock_exclusive()
            .into_tuple::<DiscoveryQuestionId>()
            .all(txn)
            .await?;
    } else {
        app_list_items::Entity::find()
            .select_only()
            .column(app_list_items::Column::Id)
            .filter(app_list_items::Column::ListKey.eq(list))
            .order_by_asc(app_list_items::Column::Id)
            .lock_exclusive()
            .into_tuple::<AppListItemId>()
            .all(txn)
            .await?;
    }
    all(txn, list).await
}

fn checked_label(items: &[ListEntry], label: &str, own: Option<AnyId>) -> AppResult<String> {
    let mut errors = FieldErrors::new();
    let label = checks::text(&mut errors, "label", label, 1, 100);
    let same = |item: &&ListEntry| Some(item.id) != own && item.label.to_lowercase() == label.to_lowercase();
    if items.iter().any(|item| same(&item)) {
        errors.add("label", "label_taken", "The list has this entry already.");
    }
    errors.check()?;
    Ok(label)
}

/// A word for the row, from the label: letters and digits, joined by lines, unique in the list.
fn code_of(items: &[ListEntry], label: &str) -> String {
    let plain: String =
        label.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect();
    let words: Vec<&str> = plain.split('_').filter(|word| !word.is_empty()).collect();
    let mut base: String = words.join("_").chars().take(40).collect();
    if base.is_empty() {
        base = "entry".to_owned();
    }
    let taken = |code: &str| items.iter().any(|item| item.code.as_deref() == Some(code));
    if !taken(&base) {
        return base;
    }
    (2..).map(|n| format!("{base}_{n}")).find(|code| !taken(code)).unwrap_or(base)
}

async fn note(txn: &Txn, app: &App, actor: &Actor, list: &str, what: serde_json::Value) -> AppResult<()> {
    let entry = Entry::new("app_list.changed").subject("AppList", list).change(None, Some(what));
    audit::record(txn, app, actor, entry).await
}

/// Adds an entry at the end.
///
/// Errors: 403; 404; 422 `label_taken`, `too_many_items` and faults of the label.
pub async fn add(app: &App, actor: &Actor, list: &str, input: ListEntryInput) -> AppResult<AnyId> {
    let user = keeper(actor)?;
    platform::write_txn!(app.db, |txn| {
        let items = lock(txn, list).await?;
        if items.len() >= MOST {
            return Err(AppError::field("label", "too_many_items", "This list is full."));
        }
        let label = checked_label(&items, input.label.as_deref().unwrap_or_default(), None)?;
        let order = items.iter().filter(|item| item.order < 900).map(|item| item.order + 1).max().unwrap_or(1);
        let now = app.now();
        let id = if list == DISCOVERY {
            let id = DiscoveryQuestionId::new();
            discovery_questions::ActiveModel {
                id: Set(id),
                option_label: Set(label.clone()),
                display_order: Set(order),
                is_active: Set(true),
                updated_by: Set(Some(user)),
                created_at: Set(now),
                updated_at: Set(now),
            }
            .insert(txn)
            .await?;
            id.any()
        } else {
            let id = AppListItemId::new();
            app_list_items::ActiveModel {
                id: Set(id),
                list_key: Set(list.to_owned()),
                code: Set(code_of(&items, &label)),
                label: Set(label.clone()),
                requires_explanation: Set(input.requires_explanation.unwrap_or(false)),
                is_fixed: Set(false),
                display_order: Set(order),
                is_active: Set(true),
                deactivated_at: Set(None),
                version: Set(1),
                created_at: Set(now),
                updated_at: Set(now),
            }
            .insert(txn)
            .await?;
            id.any()
        };
        note(txn, app, actor, list, json!({ "added": label })).await?;
        Ok(id)
    })
}

/// Changes an entry. What was chosen before keeps what it said; a fixed entry can neither be renamed nor switched off.
///
/// Errors: 403; 404; 409 `stale_version`, `list_entry_fixed`, `list_needs_two`; 422 `label_taken`.
pub async fn change(app: &App, actor: &Actor, list: &str, id: AnyId, input: ListEntryInput) -> AppResult<()> {
    let user = keeper(actor)?;
    platform::write_txn!(app.db, |txn| {
        let items = lock(txn, list).await?;
        let before = items.iter().find(|item| item.id == id).ok_or_else(AppError::not_found)?;
        let label = match &input.label {
            Some(label) => checked_label(&items, label, Some(id))?,
            None => before.label.clone(),
        };
        let is_active = input.is_active.unwrap_or(before.is_active);
        let explains = input.requires_explanation.unwrap_or(before.requires_explanation);
        if label == before.label && is_active == before.is_active && explains == before.requires_explanation {
            return Ok(());
        }
        if list != DISCOVERY && input.version != Some(before.version) {
            return Err(AppError::stale_version());
        }
        if before.is_fixed && (!is_active || label != before.label) {
            return Err(AppError::conflict("list_entry_fixed", "This entry always stays."));
        }
        let left = items.iter().filter(|item| item.is_active && item.id != id).count() + usize::from(is_active);
        if before.is_active && left < LEAST_ACTIVE {
            return Err(AppError::conflict("list_needs_two", "At least two entries can be chosen."));
        }
        let now = app.now();
        if list == DISCOVERY {
            discovery_questions::ActiveModel {
                id: Set(id.into()),
                option_label: Set(label.clone()),
                is_active: Set(is_active),
                updated_by: Set(Some(user)),
                updated_at: Set(now),
                ..Default::default()
            }
            .update(txn)
            .await?;
        } else {
            app_list_items::ActiveModel {
                id: Set(id.into()),
                label: Set(label.clone()),
                requires_explanation: Set(explains),
                is_active: Set(is_active),
                // Another word for what is retired does not retire it anew.
                deactivated_at: match is_active == before.is_active {
                    true => NotSet,
                    false => Set((!is_active).then_some(now)),
                },
                version: Set(before.version + 1),
                updated_at: Set(now),
                ..Default::default()
            }
            .update(txn)
            .await?;
        }
        let what = json!({ "from": { "label": before.label, "is_active": before.is_active },
            "to": { "label": label, "is_active": is_active } });
        note(txn, app, actor, list, what).await
    })
}

/// Puts the entries of a list in order; entries that are not named follow behind.
///
/// Errors: 403; 404 for an entry of another list.
pub async fn order(app: &App, actor: &Actor, list: &str, ids: &[AnyId]) -> AppResult<()> {
    keeper(actor)?;
    platform::write_txn!(app.db, |txn| {
        let items = lock(txn, list).await?;
        if ids.iter().any(|id| !items.iter().any(|item| item.id == *id)) {
            return Err(AppError::not_found());
        }
        let rest = items.iter().map(|item| item.id).filter(|id| !ids.contains(id));
        let wanted: Vec<AnyId> = ids.iter().copied().chain(rest).collect();
        let now = app.now();
        for (id, place) in wanted.into_iter().zip(1i32..) {
            if items.iter().any(|item| item.id == id && item.order == place) {
                continue;
            }
            if list == DISCOVERY {
                discovery_questions::Entity::update_many()
                    .col_expr(discovery_questions::Column::DisplayOrder, Expr::value(place))
                    .col_expr(discovery_questions::Column::UpdatedAt, Expr::value(now))
                    .filter(discovery_questions::Column::Id.eq(DiscoveryQuestionId::from(id)))
                    .exec(txn)
                    .await?;
            } else {
                app_list_items::Entity::update_many()
                    .col_expr(app_list_items::Column::DisplayOrder, Expr::value(place))
                    .col_expr(app_list_items::Column::Version, Expr::col(app_list_items::Column::Version).add(1))
                    .col_expr(app_list_items::Column::UpdatedAt, Expr::value(now))
                    .filter(app_list_items::Column::Id.eq(AppListItemId::from(id)))
                    .exec(txn)
                    .await?;
            }
        }
        note(txn, app, actor, list, json!({ "order": ids.len() })).await
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_plain_words_and_never_twice() {
        let item = |code: &str| ListEntry {
            id: AnyId::from(AppListItemId::new()),
            label: String::new(),
            code: Some(code.to_owned()),
            requires_explanation: false,
            is_fixed: false,
            is_active: true,
            order: 1,
            version: 1,
        };
        assert_eq!(code_of(&[], "Travel restrictions"), "travel_restrictions");
        assert_eq!(code_of(&[item("other"), item("other_2")], " Other! "), "other_3");
        assert_eq!(code_of(&[], "…"), "entry");
    }
}
