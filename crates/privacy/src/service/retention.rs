//! The nightly run that ends what was kept long enough (R-ID-66, R-ID-70, R-MG-81, 85).
//!
//! What ends here are sealed identities: the key is shredded, and from then on nobody can tell who an erased patient was.
//! Codes and tokens go with the upkeep of identity, copies with that of this wing. No row of a protected table is deleted.

use analytics::entity::retention_items::{self as items, RetentionDataClass, RetentionItemOutcome as Outcome};
use analytics::entity::retention_runs::{self as runs, RetentionRunStatus};
use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Utc};
use identity::entity::{patients, sealed_identities as sealed};
use identity::service::patient_rows;
use kernel::ids::{AnyId, PatientId, RetentionItemId, RetentionRunId, SealedIdentityId, UserId};
use kernel::{Actor, AppError, AppResult, Page, PageQuery, Permission};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::outbox::{self, Event};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use serde::Serialize;
use serde_json::json;

use super::{facts, holds};
use crate::rules::kept_until;

/// The most subjects of one run; the next one goes on.
const MOST: u64 = 1000;

/// How far ahead staff see what will end.
const AHEAD: Duration = Duration::days(90);

/// On what ground an identity was kept.
const BASIS: &str = "sealed identity: seven years after the last medical or financial event";

/// When the night's run is due.
fn hour() -> NaiveTime {
    NaiveTime::from_hms_opt(2, 30, 0).unwrap_or_default()
}

/// Who starts a run, and whether it only tells what it would do.
#[derive(Clone, Copy, Debug, Default)]
pub struct Start {
    /// Nothing changes: the items say what would.
    pub dry: bool,
    /// The member of staff; the night itself when left out.
    pub by: Option<UserId>,
}

/// Runs when it is time and tonight's run was not begun. One worker of many takes the schedule; should two run all the
/// same, each subject is locked and looked at again.
pub async fn nightly(app: &App) -> AppResult<()> {
    let now = app.now();
    let due = now.date_naive().and_time(hour()).and_utc();
    let due = if now < due { due - Duration::days(1) } else { due };
    let begun = runs::Entity::find()
        .filter(runs::Column::IsDryRun.eq(false))
        .filter(runs::Column::StartedAt.gte(due))
        .count(app.db.conn())
        .await?;
    if begun == 0 {
        run(app, Start::default()).await?;
    }
    Ok(())
}

/// How many of a run ended how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
struct Counts {
    anonymised: u64,
    held: u64,
    skipped: u64,
    failed: u64,
    would_act: u64,
}

impl Counts {
    fn add(&mut self, outcome: Outcome) {
        let counted = match outcome {
            Outcome::Anonymised => &mut self.anonymised,
            Outcome::Held => &mut self.held,
            Outcome::Skipped => &mut self.skipped,
            Outcome::Failed => &mut self.failed,
            Outcome::WouldAct => &mut self.would_act,
        };
        *counted += 1;
    }

    fn is_empty(self) -> bool {
        self == Self::default()
    }
}

/// Ends what is due: every subject in a transaction of its own, so that one that fails is left untouched and holds up
/// nobody. A run that broke off is finished by the next one.
pub async fn run(app: &App, start: Start) -> AppResult<RetentionRunId> {
    let now = app.now();
    let id = RetentionRunId::new();
    let opened = runs::ActiveModel {
        id: Set(id),
        started_at: Set(now),
        finished_at: Set(None),
        is_dry_run: Set(start.dry),
        status: Set(RetentionRunStatus::Running),
        counts: Set(None),
        started_by: Set(start.by),
        created_at: Set(now),
        updated_at: Set(now),
    };
    runs::Entity::insert(opened).exec_without_returning(app.db.conn()).await?;
    let due: Vec<(SealedIdentityId, PatientId, NaiveDate)> = sealed::Entity::find()
        .select_only()
        .columns([sealed::Column::Id, sealed::Column::PatientId, sealed::Column::DestroyOn])
        .filter(sealed::Column::DestroyedAt.is_null())
        .filter(sealed::Column::DestroyOn.lte(now.date_naive()))
        .order_by_asc(sealed::Column::DestroyOn)
        .order_by_asc(sealed::Column::Id)
        .limit(MOST)
        .into_tuple()
        .all(app.db.conn())
        .await?;
    let mut counts = Counts::default();
    for (identity, patient, day) in due {
        let ended = platform::write_txn!(app.db, |txn| {
            let outcome = end_one(txn, app, identity, patient, start.dry).await?;
            note(txn, app, id, (patient, day), outcome, None).await?;
            Ok(outcome)
        });
        let outcome = match ended {
            Ok(outcome) => outcome,
            Err(error) => {
                tracing::error!(%error, %patient, "a sealed identity could not be destroyed");
                platform::write_txn!(app.db, |txn| {
                    note(txn, app, id, (patient, day), Outcome::Failed, Some(error.code.as_ref())).await
                })?;
                Outcome::Failed
            }
        };
        counts.add(outcome);
    }
    finish(app, id, counts, start).await?;
    Ok(id)
}

/// Ends one identity, if it is still time and no order keeps it.
async fn end_one(txn: &Txn, app: &App, id: SealedIdentityId, patient: PatientId, dry: bool) -> AppResult<Outcome> {
    use sealed::Column;
    patient_rows::lock(txn, patient).await?;
    let row = sealed::Entity::find_by_id(id).lock_exclusive().one(txn).await?.ok_or_else(AppError::not_found)?;
    let now = app.now();
    if row.destroyed_at.is_some() || row.destroy_on > now.date_naive() {
        return Ok(Outcome::Skipped);
    }
    if holds::is_held(txn, patient).await? {
        return Ok(Outcome::Held);
    }
    // Something may have happened after the erasure: a payment given back late, for one.
    let end = kept_until(facts::last_medical(txn, patient).await?, facts::last_financial(txn, patient).await?);
    let later = end.filter(|end| *end > now.date_naive());
    if dry {
        return Ok(if later.is_some() { Outcome::Skipped } else { Outcome::WouldAct });
    }
    if let Some(later) = later {
        let moved =
            sealed::ActiveModel { id: Set(id), destroy_on: Set(later), updated_at: Set(now), ..Default::default() };
        moved.update(txn).await?;
        return Ok(Outcome::Skipped);
    }
    sealed::Entity::update_many()
        .col_expr(Column::Ciphertext, Expr::value(None::<String>))
        .col_expr(Column::KeyRef, Expr::value(None::<String>))
        .col_expr(Column::DestroyedAt, Expr::value(now))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .filter(Column::Id.eq(id))
        .filter(Column::DestroyedAt.is_null())
        .exec(txn)
        .await?;
    let entry = Entry::new("privacy.identity_destroyed").subject("Patient", patient).patient(patient);
    audit::record(txn, app, &Actor::system(), entry).await?;
    Ok(Outcome::Anonymised)
}

async fn note(
    txn: &Txn,
    app: &App,
    run: RetentionRunId,
    (patient, due_on): (PatientId, NaiveDate),
    outcome: Outcome,
    error: Option<&str>,
) -> AppResult<()> {
    let row = items::ActiveModel {
        id: Set(RetentionItemId::new()),
        retention_run_id: Set(run),
        data_class: Set(RetentionDataClass::Account),
        subject_type: Set("Patient".to_owned()),
        subject_id: Set(patient.any()),
        due_on: Set(due_on),
        outcome: Set(outcome),
        basis: Set(BASIS.to_owned()),
        counts: Set(None),
        error: Set(error.map(str::to_owned)),
        created_at: Set(app.now()),
    };
    items::Entity::insert(row).exec_without_returning(txn).await?;
    Ok(())
}

async fn finish(app: &App, id: RetentionRunId, counts: Counts, start: Start) -> AppResult<()> {
    let system = Actor::system();
    platform::write_txn!(app.db, |txn| {
        let now = app.now();
        let status = if counts.failed > 0 { RetentionRunStatus::Failed } else { RetentionRunStatus::Finished };
        runs::ActiveModel {
            id: Set(id),
            finished_at: Set(Some(now)),
            status: Set(status),
            counts: Set(Some(json!(counts))),
            updated_at: Set(now),
            ..Default::default()
        }
        .update(txn)
        .await?;
        // Most nights nothing is due, and nobody needs to hear of them.
        if counts.is_empty() || start.dry {
            return Ok(());
        }
        let event = Event::new("privacy.retention_run_finished", "RetentionRun", id)
            .occurrence("finished")
            .with("ended", counts.anonymised)
            .with("held", counts.held)
            .with("failed", counts.failed);
        outbox::emit(txn, app, &system, event).await
    })
}

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
    #[schema(example = "sealed identity: seven years after the last medical or financial event")]
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
    let line = |(patient_id, due_on, patient_code)| Due { patient_id, patient_code, due_on, basis: BASIS };
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
        subject_type: row.subject_type,
        subject_id: row.subject_id,
        due_on: row.due_on,
        outcome: row.outcome,
        basis: row.basis,
        at: row.created_at,
    };
    Ok(Page::new(found.into_iter().map(view).collect(), page, total))
}
