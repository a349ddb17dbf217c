//! Retention as staff see it: what ends soon, the runs, what each of them did.

use analytics::entity::retention_items::{self as items, RetentionDataClass, RetentionItemOutcome as Outcome};
use analytics::entity::retention_runs::{self as runs, RetentionRunStatus};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use identity::entity::{patients, sealed_identities as sealed};
use kernel::ids::{AnyId, PatientId, RetentionRunId, UserId};
use kernel::{Actor, AppError, AppResult, Page, PageQuery, Permission};
use platform::App;
use platform::audit::{self, Entry};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Serialize;

use super::end::basis;
use super::{Start, run};

/// How far ahead staff see what will end.
const AHEAD: Duration = Duration::days(90);

fn may(actor: &Actor) -> AppResult<UserId> {
    let staff = actor.admin()?;
    actor.require(Permission::ManageDeletionRequest)?;
    Ok(staff)
}

/// Tells what a run would do now, without doing it. Errors: 403 without `manage_deletion_request`.
pub async fn dry_run(app: &App, actor: &Actor) -> AppResult<RetentionRunId> {
    let by = may(actor)?;
    let id = run(app, Start { dry: true, by: Some(by) }).await?;
    audit::record(app.db.conn(), app, actor, Entry::new("privacy.retention_tried").subject("RetentionRun", id)).await?;
    Ok(id)
}

/// Something that will end.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Due {
    /// Whose sealed identity.
    pub patient_id: PatientId,
    /// `PAT-007`.
    pub patient_code: Option<String>,
    /// On which day.
    pub due_on: NaiveDate,
    /// On what ground it is kept until then.
    #[schema(example = "sealed identity: years after the last medical or financial event")]
    pub basis: &'static str,
}

/// What ends within ninety days, the soonest first: two statements. Errors: 403.
pub async fn due(app: &App, actor: &Actor, page: PageQuery) -> AppResult<Page<Due>> {
    may(actor)?;
    let page = page.checked()?;
    let conn = app.replica.conn();
    let select = sealed::Entity::find()
        .filter(sealed::Column::DestroyedAt.is_null())
        .filter(sealed::Column::DestroyOn.lte((app.now() + AHEAD).date_naive()));
    let total = select.clone().count(conn).await?;
    let found: Vec<(PatientId, NaiveDate, Option<String>)> = select
        .select_only()
        .columns([sealed::Column::PatientId, sealed::Column::DestroyOn])
        .column(patients::Column::PatientCode)
        .inner_join(patients::Entity)
        .order_by_asc(sealed::Column::DestroyOn)
        .order_by_asc(sealed::Column::Id)
        .offset(page.offset())
        .limit(page.per_page)
        .into_tuple()
        .all(conn)
        .await?;
    let line = |(patient_id, due_on, patient_code)| Due {
        patient_id,
        patient_code,
        due_on,
        basis: basis(RetentionDataClass::Account),
    };
    Ok(Page::new(found.into_iter().map(line).collect(), page, total))
}

/// A run as staff see it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Run {
    /// The run.
    pub id: RetentionRunId,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
    /// Whether it only told what it would do.
    pub is_dry_run: bool,
    /// How it went.
    pub status: RetentionRunStatus,
    /// How many ended how.
    pub counts: Option<serde_json::Value>,
}

/// The runs, the newest first: two statements. Errors: 403.
pub async fn list(app: &App, actor: &Actor, page: PageQuery) -> AppResult<Page<Run>> {
    may(actor)?;
    let page = page.checked()?;
    let conn = app.db.conn();
    let total = runs::Entity::find().count(conn).await?;
    let found = runs::Entity::find()
        .order_by_desc(runs::Column::StartedAt)
        .order_by_desc(runs::Column::Id)
        .offset(page.offset())
        .limit(page.per_page)
        .all(conn)
        .await?;
    let view = |row: runs::Model| Run {
        id: row.id,
        started_at: row.started_at,
        finished_at: row.finished_at,
        is_dry_run: row.is_dry_run,
        status: row.status,
        counts: row.counts,
    };
    Ok(Page::new(found.into_iter().map(view).collect(), page, total))
}

/// What a run did to one subject.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Item {
    /// Of which class it is.
    pub data_class: RetentionDataClass,
    /// What kind of thing.
    pub subject_type: String,
    /// Which one.
    pub subject_id: AnyId,
    /// When it was due.
    pub due_on: NaiveDate,
    /// How it ended.
    pub outcome: Outcome,
    /// On what ground it was kept.
    pub basis: String,
    /// How many rows and files.
    pub counts: Option<serde_json::Value>,
    /// When.
    pub at: DateTime<Utc>,
}

/// What a run did, by subject: three statements. Errors: 403, 404.
pub async fn show(app: &App, actor: &Actor, id: RetentionRunId, page: PageQuery) -> AppResult<Page<Item>> {
    may(actor)?;
    let page = page.checked()?;
    let conn = app.db.conn();
    runs::Entity::find_by_id(id).one(conn).await?.ok_or_else(AppError::not_found)?;
    let select = items::Entity::find().filter(items::Column::RetentionRunId.eq(id));
    let total = select.clone().count(conn).await?;
    let found = select.order_by_asc(items::Column::Id).offset(page.offset()).limit(page.per_page).all(conn).await?;
    let view = |row: items::Model| Item {
        data_class: row.data_class,
        counts: row.counts,
        subject_type: row.subject_type,
        subject_id: row.subject_id,
        due_on: row.due_on,
        outcome: row.outcome,
        basis: row.basis,
        at: row.created_at,
    };
    Ok(Page::new(found.into_iter().map(view).collect(), page, total))
}
