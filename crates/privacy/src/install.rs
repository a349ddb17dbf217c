//! Reference data: why somebody may want to be erased.

use kernel::AppResult;
use kernel::ids::AppListItemId;
use platform::App;
use platform::entity::app_list_items;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, Set};

/// The list of reasons (`app_list_items.list_key`).
pub(crate) const REASONS: &str = "account_deletion_reasons";

/// The reason whose text the patient writes.
pub(crate) const OTHER: &str = "other";

const CODES: [(&str, &str); 5] = [
    ("privacy_concerns", "Concerns about privacy"),
    ("no_longer_interested", "No longer interested in treatment"),
    ("found_elsewhere", "Found a clinic elsewhere"),
    ("bad_experience", "Bad experience"),
    (OTHER, "Others"),
];

/// Adds the list when there is none. Safe to repeat.
pub async fn install(app: &App) -> AppResult<()> {
    platform::write_txn!(app.db, |txn| {
        let known = app_list_items::Entity::find().filter(app_list_items::Column::ListKey.eq(REASONS)).count(txn);
        if known.await? > 0 {
            return Ok(());
        }
        let now = app.now();
        let rows = (1..).zip(CODES).map(|(order, (code, label))| app_list_items::ActiveModel {
            id: Set(AppListItemId::new()),
            list_key: Set(REASONS.to_owned()),
            code: Set(code.to_owned()),
            label: Set(label.to_owned()),
            requires_explanation: Set(false),
            is_fixed: Set(code == OTHER),
            display_order: Set(order),
            is_active: Set(true),
            deactivated_at: Set(None),
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
        });
        app_list_items::Entity::insert_many(rows).exec_without_returning(txn).await?;
        Ok(())
    })
}
