//! Numbers without duplicates for the codes people read: one row per kind of code and period.

use kernel::{AppError, AppResult};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

use crate::App;
use crate::db::Txn;
use crate::entity::code_counters::{ActiveModel, Column, Entity};

/// The next number of a code and period, from 1 (R-IQ-12). The row stays locked until the transaction ends, so
/// numbers are drawn late in it; a transaction that is rolled back gives its number back.
pub async fn next(txn: &Txn, app: &App, key: &str, period: &str) -> AppResult<i32> {
    let now = app.now();
    let raised = Entity::update_many()
        .col_expr(Column::LastValue, Expr::col(Column::LastValue).add(1))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .filter(Column::CounterKey.eq(key))
        .filter(Column::Period.eq(period))
        .exec(txn)
        .await?;
    if raised.rows_affected == 0 {
        // The first of a period; another process may be just as early.
        let first = ActiveModel {
            counter_key: Set(key.to_owned()),
            period: Set(period.to_owned()),
            last_value: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
        };
        let already = OnConflict::columns([Column::CounterKey, Column::Period])
            .value(Column::LastValue, Expr::col((Entity, Column::LastValue)).add(1))
            .to_owned();
        Entity::insert(first).on_conflict(already).exec_without_returning(txn).await?;
    }
    let row = Entity::find_by_id((key.to_owned(), period.to_owned())).one(txn).await?;
    row.map(|row| row.last_value).ok_or_else(|| AppError::internal("the counter's row is gone"))
}
