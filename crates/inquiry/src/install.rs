//! Reference data of this wing; running it again changes nothing.

use kernel::AppResult;
use kernel::ids::AppListItemId;
use platform::App;
use platform::entity::app_list_items;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, Set};

use crate::case::CANCELLATION_REASONS;

/// Reasons to cancel a request, at first (R-IQ-60).
const REASONS: [(&str, &str); 7] = [
    ("changed_my_mind", "Changed my mind"),
    ("better_option", "Found a better option elsewhere"),
    ("medical_concerns", "Medical concerns"),
    ("financial_reasons", "Financial reasons"),
    ("travel_restrictions", "Travel restrictions"),
    ("timeline", "Timeline doesn't work"),
    ("other", "Other"),
];

/// Installs the list of cancellation reasons, unless there is one.
pub async fn install(app: &App) -> AppResult<()> {
    platform::write_txn!(app.db, |txn| {
        let known = app_list_items::Entity::find()
            .filter(app_list_items::Column::ListKey.eq(CANCELLATION_REASONS))
            .count(txn)
            .await?;
        if known > 0 {
            return Ok(());
        }
        let now = app.now();
        let rows = REASONS.iter().zip(1..).map(|((code, label), order)| app_list_items::ActiveModel {
            id: Set(AppListItemId::new()),
            list_key: Set(CANCELLATION_REASONS.to_owned()),
            code: Set((*code).to_owned()),
            label: Set((*label).to_owned()),
            requires_explanation: Set(*code == "other"),
            is_fixed: Set(*code == "other"),
            display_order: Set(order),
            is_active: Set(true),
            deactivated_at: Set(None),
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
        });
        app_list_items::Entity::insert_many(rows).exec(txn).await?;
        Ok(())
    })
}
