//! Ends one subject: locked, its clock and its orders looked at again, then emptied and put on record.

use aftercare::entity::standalone_aftercare_requests as bought;
use analytics::entity::retention_items::{RetentionDataClass as Kept, RetentionItemOutcome as Outcome};
use analytics::entity::{analytics_access_logs, analytics_daily};
use chrono::{Duration, Months, NaiveDate};
use directory::entity::providers;
use identity::entity::legal_holds::{self, LegalHoldHoldableType, LegalHoldStatus};
use identity::entity::{patients, provider_users, sealed_identities as sealed};
use identity::service::patient_rows;
use identity::service::team::oversight;
use inquiry::entity::inquiries;
use kernel::ids::{ConversationId, FileId, PatientId, ProviderId, RetentionRunId, SealedIdentityId};
use kernel::{Actor, AppError, AppResult};
use messaging::entity::{conversations, messages};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::entity::failed_jobs;
use platform::retention::{ANALYTICS_ACCESS_MONTHS, CLINIC_YEARS, Class, Policy, TECHNICAL_DAYS, years_after};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use serde_json::Value as Json;
use serde_json::json;

use super::Line;
use super::due::Subject;
use super::texts::{self, counts};
use crate::rules::kept_until;
use crate::service::{facts, holds};

/// Figures older than this go with what is technical.
const FIGURE_YEARS: u32 = 5;

/// On what ground a class was kept.
pub(super) fn basis(class: Kept) -> &'static str {
    match class {
        Kept::Account => "sealed identity: years after the last medical or financial event",
        Kept::Medical => "medical: years after the last medical or financial event",
        Kept::Financial => "financial: years after the last medical or financial event",
        Kept::Communication => "communication: years after the last message",
        Kept::Clinic => "clinic: seven years after it closed",
        Kept::Consents => "consents: a proof that only grows",
        Kept::Audit => "audit: years after the entry",
        Kept::Technical => "technical: days after it was made",
    }
}

/// What came of a subject.
pub(super) struct Ended {
    pub outcome: Outcome,
    pub due_on: NaiveDate,
    pub counts: Option<Json>,
    /// Files whose objects go, by a job of the same transaction.
    pub objects: Vec<FileId>,
}

impl Ended {
    fn so(outcome: Outcome, due_on: NaiveDate) -> Option<Self> {
        Some(Self { outcome, due_on, counts: None, objects: Vec::new() })
    }
}

/// Ends a subject; nothing when it turns out not to be due, or to be ended already.
pub(super) async fn end(
    txn: &Txn,
    app: &App,
    policy: &Policy,
    subject: Subject,
    dry: bool,
) -> AppResult<Option<Ended>> {
    match subject {
        Subject::Identity(id, patient) => identity(txn, app, policy, (id, patient), dry).await,
        Subject::Medical(patient) | Subject::Financial(patient) => {
            records(txn, app, policy, (patient, subject.named().0), dry).await
        }
        Subject::Conversation(id) => conversation(txn, app, policy, id, dry).await,
        Subject::Clinic(id) => clinic(txn, app, id, dry).await,
    }
}

async fn identity(
    txn: &Txn,
    app: &App,
    policy: &Policy,
    (id, patient): (SealedIdentityId, PatientId),
    dry: bool,
) -> AppResult<Option<Ended>> {
    use sealed::Column;
    patient_rows::lock(txn, patient).await?;
    let row = sealed::Entity::find_by_id(id).lock_exclusive().one(txn).await?.ok_or_else(AppError::not_found)?;
    let now = app.now();
    if row.destroyed_at.is_some() || row.destroy_on > now.date_naive() {
        return Ok(Ended::so(Outcome::Skipped, row.destroy_on));
    }
    if holds::is_held(txn, patient).await? {
        return Ok(Ended::so(Outcome::Held, row.destroy_on));
    }
    // Something may have happened after the erasure: a payment given back late, for one.
    let (medical, financial) = (facts::last_medical(txn, patient).await?, facts::last_financial(txn, patient).await?);
    let later = kept_until(policy, None, medical, financial).filter(|end| *end > now.date_naive());
    if dry {
        return Ok(Ended::so(if later.is_some() { Outcome::Skipped } else { Outcome::WouldAct }, row.destroy_on));
    }
    if let Some(later) = later {
        let moved =
            sealed::ActiveModel { id: Set(id), destroy_on: Set(later), updated_at: Set(now), ..Default::default() };
        moved.update(txn).await?;
        return Ok(Ended::so(Outcome::Skipped, row.destroy_on));
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
    Ok(Ended::so(Outcome::Anonymised, row.destroy_on))
}

/// When a patient's records end: of two classes the longer one counts, and while who an erased patient was lies sealed,
/// nothing of theirs ends before that.
async fn records_end(txn: &Txn, policy: &Policy, row: &patients::Model) -> AppResult<Option<NaiveDate>> {
    let newest_case = inquiries::Entity::find()
        .select_only()
        .column(inquiries::Column::CreatedAt)
        .filter(inquiries::Column::PatientId.eq(row.id))
        .order_by_desc(inquiries::Column::CreatedAt)
        .into_tuple::<kernel::Timestamp>()
        .one(txn)
        .await?;
    let newest_order = bought::Entity::find()
        .select_only()
        .column(bought::Column::CreatedAt)
        .filter(bought::Column::PatientId.eq(row.id))
        .order_by_desc(bought::Column::CreatedAt)
        .into_tuple::<kernel::Timestamp>()
        .one(txn)
        .await?;
    let newest = Ord::max(newest_case, newest_order).map(|at| at.date_naive());
    let medical = Ord::max(facts::last_medical(txn, row.id).await?, newest);
    let financial = facts::last_financial(txn, row.id).await?;
    let sealed_until = sealed::Entity::find()
        .filter(sealed::Column::PatientId.eq(row.id))
        .filter(sealed::Column::DestroyedAt.is_null())
        .one(txn)
        .await?
        .map(|row| row.destroy_on);
    let end = kept_until(policy, row.country_code.as_deref(), medical, financial);
    Ok(Ord::max(end, sealed_until))
}

async fn records(
    txn: &Txn,
    app: &App,
    policy: &Policy,
    (patient, class): (PatientId, Kept),
    dry: bool,
) -> AppResult<Option<Ended>> {
    let (row, _) = patient_rows::lock(txn, patient).await?;
    let Some(due_on) = records_end(txn, policy, &row).await?.filter(|end| *end <= app.now().date_naive()) else {
        return Ok(None);
    };
    if ended_since(txn, patient, class, due_on).await? {
        return Ok(None);
    }
    if holds::is_held(txn, patient).await? {
        return Ok(Ended::so(Outcome::Held, due_on));
    }
    if dry {
        return Ok(Ended::so(Outcome::WouldAct, due_on));
    }
    let (rows, objects) = match class {
        Kept::Financial => (texts::financial(txn, app, patient).await?, Vec::new()),
        _ => texts::medical(txn, app, patient).await?,
    };
    let action = if class == Kept::Financial { "privacy.payments_emptied" } else { "privacy.records_emptied" };
    let entry = Entry::new(action).subject("Patient", patient).patient(patient);
    audit::record(txn, app, &Actor::system(), entry).await?;
    let counts = Some(counts(rows, objects.len()));
    Ok(Some(Ended { outcome: Outcome::Anonymised, due_on, counts, objects }))
}

/// Whether another worker was first: two runs at once find the same patients.
async fn ended_since(txn: &Txn, patient: PatientId, class: Kept, due_on: NaiveDate) -> AppResult<bool> {
    use analytics::entity::retention_items::{Column, Entity};
    let done = Entity::find()
        .filter(Column::SubjectId.eq(patient.any()))
        .filter(Column::DataClass.eq(class))
        .filter(Column::Outcome.eq(Outcome::Anonymised))
        .filter(Column::DueOn.gte(due_on))
        .count(txn)
        .await?;
    Ok(done > 0)
}

async fn conversation(
    txn: &Txn,
    app: &App,
    policy: &Policy,
    id: ConversationId,
    dry: bool,
) -> AppResult<Option<Ended>> {
    let found = conversations::Entity::find_by_id(id).lock_exclusive().one(txn).await?;
    let Some(patient) = found.and_then(|row| row.patient_id) else { return Ok(None) };
    let row = patients::Entity::find_by_id(patient).one(txn).await?.ok_or_else(AppError::not_found)?;
    let last = messages::Entity::find()
        .filter(messages::Column::ConversationId.eq(id))
        .order_by_desc(messages::Column::CreatedAt)
        .one(txn)
        .await?;
    let Some(last) = last else { return Ok(None) };
    let due_on = policy.ends(Class::Communication, row.country_code.as_deref(), last.created_at.date_naive());
    let words = messages::Entity::find()
        .filter(messages::Column::ConversationId.eq(id))
        .filter(messages::Column::Content.ne(crate::service::erase::ERASED))
        .count(txn)
        .await?;
    if due_on > app.now().date_naive() || words == 0 {
        return Ok(None);
    }
    if holds::is_held(txn, patient).await? {
        return Ok(Ended::so(Outcome::Held, due_on));
    }
    if dry {
        return Ok(Ended::so(Outcome::WouldAct, due_on));
    }
    let (rows, objects) = texts::conversation(txn, app, id).await?;
    let entry = Entry::new("privacy.conversation_emptied").subject("Conversation", id).patient(patient);
    audit::record(txn, app, &Actor::system(), entry).await?;
    let counts = Some(counts(rows, objects.len()));
    Ok(Some(Ended { outcome: Outcome::Anonymised, due_on, counts, objects }))
}

async fn clinic(txn: &Txn, app: &App, id: ProviderId, dry: bool) -> AppResult<Option<Ended>> {
    let row = providers::Entity::find_by_id(id).lock_exclusive().one(txn).await?.ok_or_else(AppError::not_found)?;
    let due_on = row.deactivated_at.map(|at| years_after(at.date_naive(), CLINIC_YEARS));
    let Some(due_on) = due_on.filter(|due_on| *due_on <= app.now().date_naive()) else { return Ok(None) };
    let held = legal_holds::Entity::find()
        .filter(legal_holds::Column::HoldableType.eq(LegalHoldHoldableType::Provider))
        .filter(legal_holds::Column::HoldableId.eq(id.any()))
        .filter(legal_holds::Column::Status.eq(LegalHoldStatus::Active))
        .count(txn)
        .await?;
    if held > 0 {
        return Ok(Ended::so(Outcome::Held, due_on));
    }
    let people = provider_users::Entity::find()
        .filter(provider_users::Column::ProviderId.eq(id))
        .filter(provider_users::Column::Email.not_like("former+%"))
        .order_by_asc(provider_users::Column::Id)
        .lock_exclusive()
        .all(txn)
        .await?;
    if people.is_empty() {
        return Ok(None);
    }
    if dry {
        return Ok(Ended::so(Outcome::WouldAct, due_on));
    }
    for person in &people {
        oversight::forget(txn, app, &Actor::system(), person).await?;
    }
    // The clinic's own address and telephone are how its people were reached.
    providers::Entity::update_many()
        .col_expr(providers::Column::Email, Expr::value(format!("former+{id}@removed.invalid")))
        .col_expr(providers::Column::PhoneNumber, Expr::value(None::<String>))
        .col_expr(providers::Column::PublicEmail, Expr::value(None::<String>))
        .col_expr(providers::Column::PublicPhone, Expr::value(None::<String>))
        .filter(providers::Column::Id.eq(id))
        .exec(txn)
        .await?;
    let counts = Some(counts(people.len() as u64 + 1, 0));
    Ok(Some(Ended { outcome: Outcome::Anonymised, due_on, counts, objects: Vec::new() }))
}

/// Deletes what only machines need, once its days are over; a line for each table of which something goes.
pub(super) async fn technical(app: &App, run: RetentionRunId, dry: bool) -> AppResult<Vec<Line>> {
    let (conn, now) = (app.db.conn(), app.now());
    let months = u32::try_from(ANALYTICS_ACCESS_MONTHS.get(app).await?).unwrap_or(u32::MAX);
    let looked = now.checked_sub_months(Months::new(months)).unwrap_or(now);
    let figures = platform::retention::years_before(now.date_naive(), FIGURE_YEARS);
    let failed = now - Duration::days(TECHNICAL_DAYS.get(app).await?);
    let mut lines = Vec::new();
    macro_rules! purge {
        ($kind:literal, $entity:path, $over:expr, $due:expr) => {{
            let over = $over;
            let gone = match dry {
                true => <$entity>::find().filter(over).count(conn).await?,
                false => <$entity>::delete_many().filter(over).exec(conn).await?.rows_affected,
            };
            if gone > 0 {
                lines.push(Line {
                    class: Kept::Technical,
                    kind: $kind,
                    id: run.any(),
                    due_on: $due,
                    outcome: if dry { Outcome::WouldAct } else { Outcome::Anonymised },
                    basis: basis(Kept::Technical),
                    counts: Some(json!({ "rows": gone })),
                    error: None,
                });
            }
        }};
    }
    purge!("FailedJob", failed_jobs::Entity, failed_jobs::Column::FailedAt.lt(failed), failed.date_naive());
    purge!(
        "AnalyticsAccessLog",
        analytics_access_logs::Entity,
        analytics_access_logs::Column::CreatedAt.lt(looked),
        looked.date_naive()
    );
    purge!("AnalyticsDaily", analytics_daily::Entity, analytics_daily::Column::Day.lt(figures), figures);
    Ok(lines)
}
