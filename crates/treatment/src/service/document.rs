//! The treatment is written down, day by day (R-TT-10 to R-TT-15).

use kernel::ids::QuoteId;
use kernel::{Actor, AppError, AppResult, FieldErrors, Permission, Sealed};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use quoting::case::Case;
use quoting::entity::quotes::QuoteStatus;
use quoting::rules::slot;
use sea_orm::Set;
use serde::Deserialize;
use serde_json::json;

use crate::access::{self, Audience};
use crate::entity::timelines::{self, TimelineStatus};
use crate::entity::treatment_executions;
use crate::rules::{days, documentation, outcome};
use crate::service::{by, reason_of};
use crate::store;

/// Drafts of a treatment; a field that is absent stays as it is, an empty text is taken out.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// The version the change was made on.
    pub lock_version: i32,
    /// What the patient reads at the beginning.
    pub beginning_note: Option<String>,
    /// Summary of the treatment.
    pub conclusion_notes: Option<String>,
    /// What is prescribed.
    pub prescription: Option<String>,
    /// What to do and not to do.
    pub advice: Option<String>,
    /// How to take the medication.
    pub medication_instructions: Option<String>,
    /// Grafts placed, 0 to 10 000.
    pub actual_graft_count: Option<i32>,
    /// Why Hairline does it instead of the clinic; 10 to 500 characters.
    pub reason: Option<String>,
}

/// A change of one day.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DayChange {
    /// The version of the day the change was made on.
    pub lock_version: i32,
    /// Its new state.
    #[schema(inline)]
    pub status: Option<TimelineStatus>,
    /// Its clinical note; empty takes it out. Patients never read it.
    pub note: Option<String>,
    /// Why Hairline does it instead of the clinic; 10 to 500 characters.
    pub reason: Option<String>,
}

/// A locked case that may be documented now, with what is known of it.
pub(super) struct Open {
    pub case: Case,
    pub execution: treatment_executions::Model,
    pub audience: Audience,
    pub reason: Option<String>,
}

/// Locks a case for documenting it: only between check-in and completion.
pub(super) async fn open(
    txn: &Txn,
    actor: &Actor,
    quote: QuoteId,
    permission: Permission,
    reason: Option<&str>,
) -> AppResult<Open> {
    let case = quoting::case::lock(txn, quote).await?;
    let audience = access::writer(actor, &case.quote, case.inquiry.patient_id, permission)?;
    match case.quote.status {
        QuoteStatus::Inprogress => {}
        QuoteStatus::Aftercare | QuoteStatus::Completed => {
            return Err(AppError::conflict("already_completed", "This treatment is over."));
        }
        _ => return Err(AppError::conflict("invalid_status", "The patient is not checked in.")),
    }
    let execution = store::execution_of(txn, quote).await?;
    let execution = execution.ok_or_else(|| AppError::internal("a treatment in progress without its record"))?;
    let reason = reason_of(audience, actor, reason)?;
    Ok(Open { case, execution, audience, reason })
}

/// Saves drafts of notes and result. The patient reads the beginning note at once and the rest after completion.
pub async fn save_draft(app: &App, actor: &Actor, quote: QuoteId, draft: &Draft) -> AppResult<()> {
    platform::write_txn!(app.db, |txn| {
        let open = open(txn, actor, quote, Permission::DocumentTreatment, draft.reason.as_deref()).await?;
        if open.execution.lock_version != draft.lock_version {
            return Err(store::stale(open.execution.lock_version));
        }
        let (change, fields) = columns(app, draft)?;
        store::change(txn, &open.execution, change, app.now()).await?;
        record(txn, app, actor, &open, Entry::new("treatment.documented").fields(&fields)).await
    })
}

fn columns(app: &App, draft: &Draft) -> AppResult<(treatment_executions::ActiveModel, Vec<&'static str>)> {
    let mut errors = FieldErrors::new();
    let mut fields = Vec::new();
    let mut change = treatment_executions::ActiveModel::default();
    let mut seal = |field: &'static str, text: &Option<String>| -> Option<Option<Sealed<String>>> {
        let text = text.as_ref()?;
        fields.push(field);
        Some(documentation::text(&mut errors, field, text).map(|text| app.keys.seal(&text)))
    };
    if let Some(text) = seal("beginning_note", &draft.beginning_note) {
        change.beginning_note = Set(text);
    }
    if let Some(text) = seal("conclusion_notes", &draft.conclusion_notes) {
        change.conclusion_notes = Set(text);
    }
    if let Some(text) = seal("prescription", &draft.prescription) {
        change.prescription = Set(text);
    }
    if let Some(text) = seal("advice", &draft.advice) {
        change.advice = Set(text);
    }
    if let Some(text) = seal("medication_instructions", &draft.medication_instructions) {
        change.medication_instructions = Set(text);
    }
    if let Some(count) = draft.actual_graft_count {
        fields.push("actual_graft_count");
        if !(0..=outcome::MAX_GRAFTS).contains(&count) {
            errors.add("actual_graft_count", "out_of_range", format!("Between 0 and {}.", outcome::MAX_GRAFTS));
        }
        change.actual_graft_count = Set(Some(count));
    }
    errors.check()?;
    Ok((change, fields))
}

/// Changes the state or the note of one day.
pub async fn change_day(app: &App, actor: &Actor, quote: QuoteId, number: i32, ask: &DayChange) -> AppResult<()> {
    platform::write_txn!(app.db, |txn| {
        let permission = match (ask.status, &ask.note) {
            (Some(_), None) => Permission::UpdateTreatmentStatus,
            _ => Permission::DocumentTreatment,
        };
        let open = open(txn, actor, quote, permission, ask.reason.as_deref()).await?;
        if ask.status.is_some() && open.audience == Audience::Clinic {
            actor.require(Permission::UpdateTreatmentStatus)?;
        }
        let days = store::days_of(txn, &[quote]).await?;
        let day = days.into_iter().find(|day| day.day_number == number).ok_or_else(AppError::not_found)?;
        if day.lock_version != ask.lock_version {
            return Err(store::stale(day.lock_version));
        }
        write_day(txn, app, actor, &open, &day, ask).await
    })
}

async fn write_day(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    open: &Open,
    day: &timelines::Model,
    ask: &DayChange,
) -> AppResult<()> {
    let mut change = timelines::ActiveModel::default();
    let mut fields = Vec::new();
    if let Some(note) = &ask.note {
        let mut errors = FieldErrors::new();
        let text = documentation::text(&mut errors, "note", note);
        errors.check()?;
        change.note = Set(text.map(|text| app.keys.seal(&text)));
        fields.push("note");
    }
    let moved = ask.status.filter(|to| *to != day.status);
    if let Some(to) = moved {
        require_arrived(app, open, day, to)?;
        change.status = Set(to);
        change.status_changed_at = Set(Some(app.now()));
        change.status_changed_by_type = Set(Some(by(actor)?));
        change.status_changed_by_id = Set(actor.reference().1);
        fields.push("status");
    }
    if fields.is_empty() {
        // A repeated request: the day is already as it is wanted.
        return Ok(());
    }
    store::change_day(txn, day, change, app.now()).await?;
    if let Some(to) = moved {
        let metadata = json!({
            "quote_id": day.quote_id, "provider_id": open.case.quote.provider_id,
            "day_number": day.day_number, "from": day.status, "to": to,
        });
        let inquiry = open.case.inquiry.id;
        inquiry::timeline::record(txn, app, actor, inquiry, "treatment_day_status_changed", metadata).await?;
    }
    let before = json!({ "day": day.day_number, "status": day.status });
    let after = json!({ "day": day.day_number, "status": moved.unwrap_or(day.status) });
    let entry = Entry::new("treatment.day_changed").fields(&fields).change(Some(before), Some(after));
    record(txn, app, actor, open, entry).await
}

fn require_arrived(app: &App, open: &Open, day: &timelines::Model, to: TimelineStatus) -> AppResult<()> {
    let zone = slot::clinic_zone(open.case.schedule.as_ref().map(|schedule| schedule.timezone.as_str()));
    let today = slot::clinic_date(app.now(), zone);
    if open.audience == Audience::Clinic && !days::clinic_may_set(to, day.plan_date, today) {
        let refusal = AppError::conflict("day_in_future", "This day has not come yet.");
        return Err(refusal.with("plan_date", day.plan_date));
    }
    Ok(())
}

/// Records what was written, with the case it belongs to.
pub(super) async fn record(txn: &Txn, app: &App, actor: &Actor, open: &Open, entry: Entry) -> AppResult<()> {
    let mut entry = entry
        .subject("TreatmentExecution", open.execution.id)
        .patient(open.case.inquiry.patient_id)
        .provider(open.case.quote.provider_id)
        .quote(open.case.quote.id);
    if let Some(reason) = &open.reason {
        entry = entry.reason(reason);
    }
    audit::record(txn, app, actor, entry).await
}
