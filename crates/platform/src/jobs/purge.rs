//! Forgets what is finished.

use chrono::TimeDelta;
use kernel::AppResult;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::App;
use crate::entity::failed_jobs;
use crate::entity::jobs::{Column, Entity, JobStatus};
use crate::retention::TECHNICAL_DAYS;

/// Removes jobs finished more than 7 days ago, and buried ones after 90 days (R-MG-94).
pub async fn purge_finished(app: &App) -> AppResult<()> {
    let now = app.now();
    Entity::delete_many()
        .filter(Column::Status.is_in([JobStatus::Done, JobStatus::Dead]))
        .filter(Column::FinishedAt.lt(now - TimeDelta::days(7)))
        .exec(app.db.conn())
        .await?;
    failed_jobs::Entity::delete_many()
        .filter(failed_jobs::Column::FailedAt.lt(now - TimeDelta::days(TECHNICAL_DAYS.get(app).await?)))
        .exec(app.db.conn())
        .await?;
    Ok(())
}
