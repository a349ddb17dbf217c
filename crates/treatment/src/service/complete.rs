//! The end of a treatment: one transaction, then aftercare begins (R-TT-30, R-TT-31).

use chrono::NaiveDate;
use kernel::ids::{AftercareMilestoneTemplateId, AnyId, QuoteId};
use kernel::{Actor, AppError, AppResult, FieldErrors, Permission, Sealed};
use platform::App;
use platform::audit::Entry;
use platform::db::Txn;
use platform::media::missing_views;
use platform::outbox::{self, Event};
use quoting::entity::quote_clinicians;
use quoting::rules::slot;
use sea_orm::{ActiveEnum, ConnectionTrait, EntityTrait, Set};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::entity::timelines;
use crate::entity::treatment_executions;
use crate::projection::aftercare_milestone_templates as templates;
use crate::rules::documentation;
use crate::rules::outcome::{self, Closing};
use crate::service::document::{Open, open, record};
use crate::service::photos::{Collection, current_set};
use crate::service::{by, closure_open, states};
use crate::store;

/// What ends a treatment. Absent texts and grafts are taken from the saved drafts.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Completion {
    /// The version of the case it is based on; a newer one refuses.
    pub lock_version: Option<i32>,
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
    /// The aftercare plan: an active milestone template.
    pub aftercare_template_id: Option<AftercareMilestoneTemplateId>,
    /// Why Hairline does it instead of the clinic; 10 to 500 characters.
    pub reason: Option<String>,
}

/// What is final once the treatment is over.
struct Final {
    texts: [(&'static str, Option<String>); 4],
    grafts: Option<i32>,
}

/// Ends a treatment: stores the result for good, moves the case to aftercare, tells everybody.
pub async fn complete(app: &App, actor: &Actor, quote: QuoteId, ask: &Completion) -> AppResult<()> {
    platform::write_txn!(app.db, |txn| {
        let open = open(txn, actor, quote, Permission::DocumentTreatment, ask.reason.as_deref()).await?;
        if ask.lock_version.is_some_and(|seen| seen != open.execution.lock_version) {
            return Err(store::stale(open.execution.lock_version));
        }
        let end = last_words(app, &open.execution, ask)?;
        // Read under the case's lock: a day reopened meanwhile is seen.
        let days = store::days_of(txn, &[quote]).await?;
        let set = current_set(txn, open.execution.id.any(), Collection::HeadScanAfter).await?;
        let lead = quoting::store::lead_of(txn, quote).await?;
        outcome::check(&Closing {
            days: &states(&days),
            texts: end.texts.each_ref().map(|(field, text)| (*field, text.as_deref())),
            actual_grafts: end.grafts,
            missing_views: (!set.is_empty())
                .then(|| missing_views(&set).into_iter().map(|view| view.to_value()).collect()),
            has_clinician: lead.is_some(),
            closure_open: closure_open(&open.execution),
            has_template: ask.aftercare_template_id.is_some(),
        })?;
        let template = offered(txn, ask.aftercare_template_id).await?;
        let set_id = set.iter().find_map(|media| media.set_id);
        let snapshot = snapshot(app, &open, &end, &days, lead.as_ref(), set_id, template)?;
        close(txn, app, actor, &open, &end, set_id, snapshot).await?;
        quoting::case::complete_treatment(txn, app, actor, &open.case).await?;
        record(txn, app, actor, &open, Entry::new("treatment.completed")).await?;
        outbox::emit(txn, app, actor, event(app, &open, &end, template)).await
    })
}

fn last_words(app: &App, execution: &treatment_executions::Model, ask: &Completion) -> AppResult<Final> {
    let mut errors = FieldErrors::new();
    let mut text = |field: &'static str, given: &Option<String>, draft: &Option<Sealed<String>>| match given {
        Some(given) => Ok((field, documentation::text(&mut errors, field, given))),
        None => app.keys.open_opt(draft.as_ref()).map(|draft| (field, draft)),
    };
    let texts = [
        text("conclusion_notes", &ask.conclusion_notes, &execution.conclusion_notes)?,
        text("prescription", &ask.prescription, &execution.prescription)?,
        text("advice", &ask.advice, &execution.advice)?,
        text("medication_instructions", &ask.medication_instructions, &execution.medication_instructions)?,
    ];
    errors.check()?;
    Ok(Final { texts, grafts: ask.actual_graft_count.or(execution.actual_graft_count) })
}

/// The template, if it is offered now; 422 `template_inactive` otherwise.
async fn offered(
    conn: &impl ConnectionTrait,
    id: Option<AftercareMilestoneTemplateId>,
) -> AppResult<AftercareMilestoneTemplateId> {
    let unknown = || {
        AppError::invalid("template_inactive", "This aftercare plan is not offered.").on_field("aftercare_template_id")
    };
    let id = id.ok_or_else(unknown)?;
    let found = templates::Entity::find_by_id(id).one(conn).await?;
    found.filter(|template| template.status == "active").map(|template| template.id).ok_or_else(unknown)
}

fn snapshot(
    app: &App,
    open: &Open,
    end: &Final,
    days: &[timelines::Model],
    lead: Option<&quote_clinicians::Model>,
    set_id: Option<AnyId>,
    template: AftercareMilestoneTemplateId,
) -> AppResult<Json> {
    let texts: serde_json::Map<_, _> =
        end.texts.iter().map(|(field, text)| ((*field).to_owned(), json!(text))).collect();
    let days: Vec<Json> = days
        .iter()
        .map(|day| {
            Ok(json!({ "day_number": day.day_number, "plan_date": day.plan_date, "description": day.description,
                "status": day.status, "note": app.keys.open_opt(day.note.as_ref())? }))
        })
        .collect::<AppResult<_>>()?;
    Ok(json!({
        "quote_id": open.case.quote.id,
        "treatment": store::treatment_name(&open.case.quote),
        "clinician": lead.map(|lead| json!({ "name": lead.display_name, "title": lead.display_title })),
        "checked_in_at": open.execution.checked_in_at,
        "completed_at": app.now(),
        "estimated_graft_count": open.execution.estimated_graft_count,
        "actual_graft_count": end.grafts,
        "beginning_note": app.keys.open_opt(open.execution.beginning_note.as_ref())?,
        "texts": texts,
        "days": days,
        "final_photo_set_id": set_id,
        "aftercare_template_id": template,
    }))
}

async fn close(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    open: &Open,
    end: &Final,
    set_id: Option<AnyId>,
    snapshot: Json,
) -> AppResult<()> {
    let [conclusion, prescription, advice, medication] =
        end.texts.each_ref().map(|(_, text)| Set(text.as_ref().map(|text| app.keys.seal(text))));
    let change = treatment_executions::ActiveModel {
        conclusion_notes: conclusion,
        prescription,
        advice,
        medication_instructions: medication,
        actual_graft_count: Set(end.grafts),
        final_photo_set_id: Set(set_id),
        completed_at: Set(Some(app.now())),
        completed_by_type: Set(Some(by(actor)?)),
        completed_by_id: Set(actor.reference().1),
        completion_snapshot: Set(Some(app.keys.seal(&snapshot))),
        instruction_sheet_version: Set(1),
        in_progress_patient_id: Set(None),
        ..Default::default()
    };
    store::change(txn, &open.execution, change, app.now()).await
}

fn event(app: &App, open: &Open, end: &Final, template: AftercareMilestoneTemplateId) -> Event {
    let quote = &open.case.quote;
    Event::new("treatment.completed", "Quote", quote.id)
        .occurrence("once")
        .with("quote_id", quote.id)
        .with("inquiry_id", open.case.inquiry.id)
        .with("patient_id", open.case.inquiry.patient_id)
        .with("provider_id", quote.provider_id)
        .with("execution_id", open.execution.id)
        .with("template_id", template)
        .with("treated_on", treated_on(app, open))
        .with("completed_at", app.now())
        .with("estimated_graft_count", open.execution.estimated_graft_count)
        .with("actual_graft_count", end.grafts)
}

/// The clinic's date of the completion: recovery is counted from the day after it.
fn treated_on(app: &App, open: &Open) -> NaiveDate {
    let zone = slot::clinic_zone(open.case.schedule.as_ref().map(|schedule| schedule.timezone.as_str()));
    slot::clinic_date(app.now(), zone)
}
