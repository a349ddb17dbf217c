//! The projection of published reviews on a clinic.

use kernel::ids::ProviderId;
use kernel::{AppError, AppResult};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::entity::providers;

/// Sets the sum and number of a clinic's published overall ratings; call it in the transaction that published, edited or
/// removed a review (R-CM-67). The average is derived from them, exactly.
pub async fn set(conn: &impl ConnectionTrait, provider: ProviderId, sum: i32, count: i32) -> AppResult<()> {
    if count < 0 || !(count..=count.saturating_mul(5)).contains(&sum) {
        return Err(AppError::internal(format!("{count} ratings cannot sum up to {sum}")));
    }
    let done = providers::Entity::update_many()
        .col_expr(providers::Column::RatingSum, Expr::value(sum))
        .col_expr(providers::Column::RatingCount, Expr::value(count))
        .filter(providers::Column::Id.eq(provider))
        .exec(conn)
        .await?;
    if done.rows_affected == 1 { Ok(()) } else { Err(AppError::not_found()) }
}
