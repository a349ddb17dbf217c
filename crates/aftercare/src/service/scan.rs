//! The patient uploads a head-scan set (R-AC-21, R-AC-22).

use bytes::Bytes;
use chrono::NaiveDate;
use kernel::ids::{AfterCareId, AftercareMilestoneScanId};
use kernel::{Actor, AppError, AppResult, FieldErrors};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::files::{self, Prepared, Purpose, Upload};
use sea_orm::{EntityTrait, Set, SqlErr};

use crate::access;
use crate::entity::after_cares;
use crate::entity::aftercare_milestone_scans::{self as scans, AftercareMilestoneScanType};
use crate::plan::Plan;
use crate::rules::schedule::TaskKind;
use crate::rules::slots::{self, Refusal};
use crate::service::refresh;

/// The table name files of scans belong to.
pub const OWNER: &str = "AftercareMilestoneScan";

/// The views of a set, as form fields.
pub const VIEWS: [(&str, AftercareMilestoneScanType); 4] = [
    ("front", AftercareMilestoneScanType::Front),
    ("top", AftercareMilestoneScanType::Top),
    ("sides", AftercareMilestoneScanType::Sides),
    ("back", AftercareMilestoneScanType::Back),
];

/// A view as it came.
pub struct Picture {
    /// The form field: the view.
    pub field: String,
    /// The name its sender gave it.
    pub file_name: String,
    /// Its bytes.
    pub bytes: Bytes,
}

/// A set as it came.
pub struct ScanSet {
    /// The day it is for; the latest open one when absent.
    pub due_date: Option<NaiveDate>,
    /// The views.
    pub files: Vec<Picture>,
}

/// What became of the set.
#[derive(Clone, Debug)]
pub struct Scanned {
    /// Its views.
    pub ids: Vec<AftercareMilestoneScanId>,
    /// The day it fills; `None` for an extra.
    pub due_date: Option<NaiveDate>,
    /// It came after its day.
    pub is_overdue: bool,
}

struct Ready {
    id: AftercareMilestoneScanId,
    view: AftercareMilestoneScanType,
    file: Prepared,
}

/// Stores a whole set or nothing. A day is filled once; whoever comes second gets 409.
pub async fn upload(app: &App, actor: &Actor, case: AfterCareId, set: ScanSet) -> AppResult<Scanned> {
    // Decoding four pictures is slow: who may not upload, or has nothing to upload, is told before.
    let found = after_cares::Entity::find_by_id(case).one(app.db.conn()).await?.ok_or_else(AppError::not_found)?;
    access::check_own(actor, &found)?;
    let plan = Plan::load(app.db.conn(), found).await?;
    slots::choose(&plan.slots, TaskKind::Scan, None, set.due_date, plan.today(app.now()))?;
    let ready = prepare(app, &set).await?;
    platform::write_txn!(app.db, |txn| {
        let case = access::lock_own(txn, actor, case).await?;
        let plan = Plan::load(txn, case).await?;
        let today = plan.today(app.now());
        let slot = slots::choose(&plan.slots, TaskKind::Scan, None, set.due_date, today)?;
        let scanned = Scanned {
            ids: ready.iter().map(|view| view.id).collect(),
            due_date: slot.map(|slot| slot.due),
            is_overdue: slot.is_some_and(|slot| today > slot.due),
        };
        let milestone = plan.milestone_for(slot, today)?.id;
        for view in &ready {
            let stored = view.file.record(txn, app, actor).await?;
            let row = scans::ActiveModel {
                id: Set(view.id),
                aftercare_milestone_id: Set(milestone),
                scan_url: Set(stored.file.file_path),
                scan_type: Set(view.view),
                scan_date: Set(today),
                is_overdue: Set(scanned.is_overdue),
                due_date: Set(scanned.due_date),
                quality_score: Set(stored.quality_score.and_then(|score| i16::try_from(score).ok())),
                created_at: Set(app.now()),
                updated_at: Set(app.now()),
            };
            scans::Entity::insert(row).exec_without_returning(txn).await.map_err(taken)?;
        }
        record(txn, app, actor, &plan, &scanned).await?;
        refresh::refresh(txn, app, actor, plan.case).await?;
        Ok(scanned)
    })
}

fn taken(error: sea_orm::DbErr) -> AppError {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => Refusal::AlreadyDone.into(),
        _ => error.into(),
    }
}

/// Checks every view; a fault names its field.
async fn prepare(app: &App, set: &ScanSet) -> AppResult<Vec<Ready>> {
    check(set)?;
    let mut ready = Vec::with_capacity(VIEWS.len());
    for (field, view) in VIEWS {
        let Some(picture) = set.files.iter().find(|picture| picture.field == field) else { continue };
        let id = AftercareMilestoneScanId::new();
        let upload = Upload {
            purpose: Purpose::AftercareScan,
            owner_type: OWNER,
            owner_id: id.any(),
            file_name: picture.file_name.clone(),
            bytes: picture.bytes.clone(),
        };
        let file = files::prepare(app, upload).await.map_err(|error| error.on_field(field))?;
        ready.push(Ready { id, view, file });
    }
    Ok(ready)
}

/// A set is four views, each once.
fn check(set: &ScanSet) -> AppResult<()> {
    let mut errors = FieldErrors::new();
    for picture in &set.files {
        if !VIEWS.iter().any(|(field, _)| *field == picture.field) {
            errors.add(picture.field.clone(), "view_unknown", "Name the field front, top, sides or back.");
        }
    }
    let mut missing = Vec::new();
    for (field, _) in VIEWS {
        match set.files.iter().filter(|picture| picture.field == field).count() {
            0 => missing.push(field),
            1 => {}
            _ => errors.add(field, "view_twice", "One picture for each view."),
        }
    }
    errors.check()?;
    if missing.is_empty() {
        return Ok(());
    }
    let mut error = AppError::invalid("scan_set_incomplete", "A scan needs all four views.");
    for field in &missing {
        error.fields.add(*field, "required", "This view is missing.");
    }
    Err(error.with("missing_views", missing))
}

async fn record(txn: &Txn, app: &App, actor: &Actor, plan: &Plan, scanned: &Scanned) -> AppResult<()> {
    let entry = Entry::new("aftercare.scan_uploaded")
        .subject("AfterCare", plan.case.id)
        .patient(plan.case.patient_id)
        .provider(plan.case.provider_id)
        .change(None, Some(serde_json::json!({ "due_date": scanned.due_date, "scans": scanned.ids })));
    audit::record(txn, app, actor, entry).await
}
