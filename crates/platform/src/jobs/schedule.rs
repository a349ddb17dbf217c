//! Recurring work: one row for each schedule, so that of many workers one starts it.

use chrono::TimeDelta;
use kernel::{AppError, AppResult, Timestamp};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, Set};

use super::run::of_panic;
use super::{Registry, Schedule};
use crate::entity::job_schedules::{ActiveModel, Column, Entity, Model};
use crate::{App, db};

/// A run that takes longer counts as dead; the next one may start.
const LOCK: TimeDelta = TimeDelta::minutes(10);

fn text(schedule: &Schedule) -> String {
    format!("every {}s", schedule.every.as_secs())
}

fn period(schedule: &Schedule) -> TimeDelta {
    TimeDelta::seconds(i64::try_from(schedule.every.as_secs().max(1)).unwrap_or(i64::MAX / 1000))
}

/// Makes the missing rows; a new schedule is due at once. A changed period counts from now.
pub(super) async fn register(app: &App, registry: &Registry) -> AppResult<()> {
    let now = app.now();
    let known: Vec<Model> = Entity::find().all(app.db.conn()).await?;
    for schedule in &registry.schedules {
        match known.iter().find(|row| row.name == schedule.name) {
            Some(row) if row.cron == text(schedule) => {}
            Some(_) => {
                Entity::update_many()
                    .col_expr(Column::Cron, Expr::value(text(schedule)))
                    .col_expr(Column::NextRunAt, Expr::value(now))
                    .col_expr(Column::UpdatedAt, Expr::value(now))
                    .filter(Column::Name.eq(schedule.name))
                    .filter(Column::Cron.ne(text(schedule)))
                    .exec(app.db.conn())
                    .await?;
            }
            None => {
                let row = ActiveModel {
                    name: Set(schedule.name.to_owned()),
                    cron: Set(text(schedule)),
                    last_run_at: Set(None),
                    next_run_at: Set(now),
                    locked_until: Set(None),
                    created_at: Set(now),
                    updated_at: Set(now),
                };
                Entity::insert(row)
                    .on_conflict(OnConflict::new().do_nothing_on([Column::Name]).to_owned())
                    .try_insert()
                    .exec_without_returning(app.db.conn())
                    .await?;
            }
        }
    }
    Ok(())
}

/// Takes the schedules that are due and that this registry knows, except those in `skip`.
pub(super) async fn claim_due(app: &App, registry: &Registry, skip: &[&'static str]) -> AppResult<Vec<Schedule>> {
    let rows = Entity::find().filter(due(app.now())).all(app.db.conn()).await?;
    let mut claimed = Vec::new();
    for schedule in registry.schedules.iter().filter(|schedule| !skip.contains(&schedule.name)) {
        let Some(row) = rows.iter().find(|row| row.name == schedule.name) else { continue };
        if take(app, schedule, row).await? {
            claimed.push(schedule.clone());
        }
    }
    Ok(claimed)
}

fn due(now: Timestamp) -> Condition {
    Condition::all()
        .add(Column::NextRunAt.lte(now))
        .add(Condition::any().add(Column::LockedUntil.is_null()).add(Column::LockedUntil.lte(now)))
}

async fn take(app: &App, schedule: &Schedule, seen: &Model) -> AppResult<bool> {
    let now = app.now();
    let taken = Entity::update_many()
        .col_expr(Column::LastRunAt, Expr::value(now))
        .col_expr(Column::NextRunAt, Expr::value(now + period(schedule)))
        .col_expr(Column::LockedUntil, Expr::value(now + LOCK))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .filter(Column::Name.eq(schedule.name))
        // Whoever was first moved this forward.
        .filter(Column::NextRunAt.eq(seen.next_run_at))
        .filter(due(now))
        .exec(app.db.conn())
        .await;
    match taken {
        Ok(result) => Ok(result.rows_affected == 1),
        Err(error) if db::is_transient(&error) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Runs a taken schedule and lets the next run begin. The error is the run's.
pub(super) async fn run(app: &App, schedule: &Schedule) -> AppResult<()> {
    let (own, work) = (app.clone(), schedule.run);
    let mut task = tokio::spawn(async move { work(&own).await });
    let limit = LOCK.to_std().map_err(AppError::internal)?;
    let result = match tokio::time::timeout(limit, &mut task).await {
        Ok(ended) => ended.unwrap_or_else(|lost| Err(of_panic(lost))),
        Err(_) => {
            task.abort();
            let _ = task.await;
            Err(AppError::internal("took too long"))
        }
    };
    Entity::update_many()
        .col_expr(Column::LockedUntil, Expr::value(Option::<Timestamp>::None))
        .filter(Column::Name.eq(schedule.name))
        .exec(app.db.conn())
        .await?;
    if let Err(error) = &result {
        metrics::counter!("hairline_schedule_failures_total", "schedule" => schedule.name).increment(1);
        tracing::error!(schedule = schedule.name, error = %super::redact(&error.to_string()), "schedule failed");
    }
    result
}
