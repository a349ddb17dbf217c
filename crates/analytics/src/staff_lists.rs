//! Lists for staff that belong to no single wing: clinics and jobs.

use std::collections::HashMap;

use directory::entity::providers::{self, ProviderStatus};
use kernel::ids::ProviderId;
use kernel::permission::Permission;
use kernel::{Actor, AppError, AppResult, Page, PageQuery, Timestamp};
use platform::App;
use platform::entity::jobs::{self, JobStatus};
use platform::entity::{failed_jobs, job_schedules};
use platform::web::like_contains;
use quoting::entity::quotes::{self, QuoteStatus};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ActiveEnum, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// A clinic as staff see it in a list.
#[derive(Clone, Debug)]
pub struct ClinicLine {
    /// The clinic.
    pub clinic: providers::Model,
    /// Quotes that were sent.
    pub sent: u64,
    /// Quotes that became bookings.
    pub booked: u64,
}

fn longest(q: &str) -> AppResult<()> {
    if q.chars().count() > 200 {
        return Err(AppError::field("q", "query_too_long", "Search for at most 200 characters."));
    }
    Ok(())
}

/// Clinics for staff: three statements, however long the list.
///
/// Errors: 403 without `view_provider`; 422 for an unknown status or sort.
pub async fn clinics(
    app: &App,
    actor: &Actor,
    q: &str,
    status: &str,
    sort: &str,
    page: PageQuery,
) -> AppResult<Page<ClinicLine>> {
    actor.admin()?;
    actor.require(Permission::ViewProvider)?;
    let conn = app.replica.conn();
    let mut select = providers::Entity::find().filter(providers::Column::DeletedAt.is_null());
    if !q.is_empty() {
        longest(q)?;
        let named = |column| Expr::col((providers::Entity, column)).like(like_contains(q));
        select = select.filter(
            Condition::any()
                .add(named(providers::Column::ProviderName))
                .add(named(providers::Column::City))
                .add(named(providers::Column::Email)),
        );
    }
    if !status.is_empty() {
        let status = ProviderStatus::try_from_value(&status.to_owned())
            .map_err(|_| AppError::field("status", "unknown_value", "This is no state of a clinic."))?;
        select = select.filter(providers::Column::Status.eq(status));
    }
    let column = match sort.trim_start_matches('-') {
        "" | "name" => providers::Column::ProviderName,
        "rating" => providers::Column::RatingSum,
        "created" => providers::Column::CreatedAt,
        _ => return Err(AppError::field("sort", "unknown_value", "Sort by name, rating or created.")),
    };
    let total = platform::db::total(conn, &select).await?;
    select = if sort.starts_with('-') { select.order_by_desc(column) } else { select.order_by_asc(column) };
    let rows = select.order_by_asc(providers::Column::Id).offset(page.offset()).limit(page.per_page).all(conn).await?;
    let counts = quote_counts(conn, rows.iter().map(|row| row.id)).await?;
    let data = rows.into_iter().map(|clinic| {
        let (sent, booked) = counts.get(&clinic.id).copied().unwrap_or_default();
        ClinicLine { clinic, sent, booked }
    });
    Ok(Page::new(data.collect(), page, total))
}

/// One clinic as staff see it; 404 when there is none.
pub async fn clinic(app: &App, actor: &Actor, id: ProviderId) -> AppResult<ClinicLine> {
    actor.admin()?;
    actor.require(Permission::ViewProvider)?;
    let conn = app.replica.conn();
    let clinic = providers::Entity::find_by_id(id).one(conn).await?.ok_or_else(AppError::not_found)?;
    let (sent, booked) = quote_counts(conn, [id].into_iter()).await?.get(&id).copied().unwrap_or_default();
    Ok(ClinicLine { clinic, sent, booked })
}

const BOOKED: [QuoteStatus; 4] =
    [QuoteStatus::Confirmed, QuoteStatus::Inprogress, QuoteStatus::Aftercare, QuoteStatus::Completed];

async fn quote_counts(
    conn: &impl sea_orm::ConnectionTrait,
    ids: impl Iterator<Item = ProviderId>,
) -> AppResult<HashMap<ProviderId, (u64, u64)>> {
    let rows: Vec<(ProviderId, QuoteStatus, i64)> = quotes::Entity::find()
        .select_only()
        .column(quotes::Column::ProviderId)
        .column(quotes::Column::Status)
        .column_as(Expr::col(quotes::Column::Id).count(), "count")
        .filter(quotes::Column::ProviderId.is_in(ids))
        .filter(quotes::Column::SubmittedAt.is_not_null())
        .group_by(quotes::Column::ProviderId)
        .group_by(quotes::Column::Status)
        .into_tuple()
        .all(conn)
        .await?;
    let mut counts: HashMap<ProviderId, (u64, u64)> = HashMap::new();
    for (clinic, status, count) in rows {
        let count = u64::try_from(count).unwrap_or(0);
        let entry = counts.entry(clinic).or_default();
        entry.0 += count;
        if BOOKED.contains(&status) {
            entry.1 += count;
        }
    }
    Ok(counts)
}

/// Jobs and schedules as staff watch them.
#[derive(Clone, Debug)]
pub struct JobsView {
    /// How many jobs stand in each state.
    pub states: Vec<(JobStatus, u64)>,
    /// The longest a queued job waits already.
    pub oldest: Option<Timestamp>,
    /// Recurring work.
    pub schedules: Vec<job_schedules::Model>,
    /// Buried jobs, newest first.
    pub failed: Page<failed_jobs::Model>,
}

/// The state of the background work: five statements.
///
/// Errors: 403 without `view_setting`.
pub async fn jobs(app: &App, actor: &Actor, all: bool, page: PageQuery) -> AppResult<JobsView> {
    actor.admin()?;
    actor.require(Permission::ViewSetting)?;
    let conn = app.db.conn();
    let states: Vec<(JobStatus, i64)> = jobs::Entity::find()
        .select_only()
        .column(jobs::Column::Status)
        .column_as(Expr::col(jobs::Column::Id).count(), "count")
        .group_by(jobs::Column::Status)
        .into_tuple()
        .all(conn)
        .await?;
    let oldest = jobs::Entity::find()
        .filter(jobs::Column::Status.eq(JobStatus::Queued))
        // What is planned for later does not wait yet.
        .filter(jobs::Column::RunAt.lte(app.now()))
        .order_by_asc(jobs::Column::RunAt)
        .one(conn)
        .await?;
    let schedules = job_schedules::Entity::find().order_by_asc(job_schedules::Column::Name).all(conn).await?;
    let mut failed = failed_jobs::Entity::find();
    if !all {
        failed = failed.filter(failed_jobs::Column::Resolution.is_null());
    }
    let total = platform::db::total(conn, &failed).await?;
    let failed =
        failed.order_by_desc(failed_jobs::Column::Id).offset(page.offset()).limit(page.per_page).all(conn).await?;
    Ok(JobsView {
        states: states.into_iter().map(|(state, count)| (state, u64::try_from(count).unwrap_or(0))).collect(),
        oldest: oldest.map(|job| job.run_at),
        schedules,
        failed: Page::new(failed, page, total),
    })
}
