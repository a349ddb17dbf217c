//! The patient arrives (R-TT-01 to R-TT-05).

use kernel::ids::{PatientId, QuoteId};
use kernel::{Actor, ActorKind, AppResult, Permission};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::outbox::{self, Event};
use quoting::case::Case;
use quoting::rules::slot;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, Set, SqlErr};
use serde::Deserialize;
use serde_json::json;

use crate::access::{self, Audience};
use crate::entity::treatment_executions;
use crate::rules::check_in::{Ask, Facts, Refusal, decide};
use crate::service::{by, closure_open, reason_of};
use crate::store;

/// What the asker says at a check-in.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckIn {
    /// The patient is here more than an hour before the appointment.
    #[serde(default)]
    pub confirm_early: bool,
    /// Why Hairline does it instead of the clinic; 10 to 500 characters.
    pub reason: Option<String>,
}

/// Opens a confirmed case for treatment: everything is paid, the day has come.
pub async fn check_in(app: &App, actor: &Actor, quote: QuoteId, ask: &CheckIn) -> AppResult<()> {
    platform::write_txn!(app.db, |txn| {
        let case = quoting::case::lock(txn, quote).await?;
        let patient = case.inquiry.patient_id;
        let audience = access::writer(actor, &case.quote, patient, Permission::DocumentTreatment)?;
        let reason = reason_of(audience, actor, ask.reason.as_deref())?;
        let asked = Ask { confirm_early: ask.confirm_early, overrules_date: audience == Audience::Staff };
        let facts = facts(txn, app, &case).await?;
        decide(&facts, asked, app.now()).map_err(|refusal| refusal.into_error(sees_money(actor)))?;
        // Locked above: opening is safe even if the event of the confirmation is still on its way.
        let execution = store::open(txn, app, &case).await?;
        arrive(txn, app, actor, &execution, patient).await?;
        quoting::case::start_treatment(txn, app, actor, &case).await?;
        tell(txn, app, actor, &case, reason).await
    })
}

async fn facts(txn: &Txn, app: &App, case: &Case) -> AppResult<Facts> {
    let zone = slot::clinic_zone(case.schedule.as_ref().map(|schedule| schedule.timezone.as_str()));
    let schedule = case.schedule.as_ref();
    let execution = store::execution_of(txn, case.quote.id).await?;
    let start = schedule.map(|schedule| schedule.schedule_date);
    // An accepted case has no terms-backed balance yet; its status refuses first.
    let due = match access::is_booking(case.quote.status) {
        true => {
            let balance = payments::balance(txn, case.quote.id).await?;
            kernel::Money::new(balance.due, balance.total.currency)
        }
        false => kernel::Money::new(kernel::Amount::ZERO, kernel::Currency::GBP),
    };
    Ok(Facts {
        status: case.quote.status,
        start: start.unwrap_or_else(|| slot::clinic_date(app.now(), zone)),
        scheduled_at: schedule.and_then(|schedule| schedule.schedule_time.and(schedule.starts_at_utc)),
        zone,
        due,
        other_in_progress: in_progress(txn, case.inquiry.patient_id, case.quote.id).await?,
        has_clinician: quoting::store::lead_of(txn, case.quote.id).await?.is_some(),
        has_plan: start.is_some(),
        closure_open: execution.as_ref().is_some_and(closure_open),
    })
}

async fn in_progress(txn: &Txn, patient: PatientId, quote: QuoteId) -> AppResult<bool> {
    let other = treatment_executions::Entity::find()
        .filter(treatment_executions::Column::InProgressPatientId.eq(patient))
        .filter(treatment_executions::Column::QuoteId.ne(quote));
    Ok(other.count(txn).await? > 0)
}

/// Whether the actor may read amounts: clinical staff hear only that something is owed.
pub(crate) fn sees_money(actor: &Actor) -> bool {
    match actor.kind {
        ActorKind::Provider { .. } => actor.can(Permission::ViewFinancialDashboard),
        _ => actor.can(Permission::ViewTransaction),
    }
}

async fn arrive(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    execution: &treatment_executions::Model,
    patient: PatientId,
) -> AppResult<()> {
    let change = treatment_executions::ActiveModel {
        checked_in_at: Set(Some(app.now())),
        checked_in_by_type: Set(Some(by(actor)?)),
        checked_in_by_id: Set(actor.reference().1),
        in_progress_patient_id: Set(Some(patient)),
        ..Default::default()
    };
    // Two clinics at the same moment: the unique patient decides.
    store::change(txn, execution, change, app.now()).await.map_err(|error| {
        match error.db_error().and_then(sea_orm::DbErr::sql_err) {
            Some(SqlErr::UniqueConstraintViolation(_)) => Refusal::AlreadyInTreatment.into_error(false),
            _ => error,
        }
    })
}

async fn tell(txn: &Txn, app: &App, actor: &Actor, case: &Case, reason: Option<String>) -> AppResult<()> {
    let (quote, patient, now) = (&case.quote, case.inquiry.patient_id, app.now());
    let mut entry = Entry::new("treatment.checked_in")
        .subject("Quote", quote.id)
        .patient(patient)
        .provider(quote.provider_id)
        .quote(quote.id)
        .change(None, Some(json!({ "checked_in_at": now })));
    if let Some(reason) = &reason {
        entry = entry.reason(reason);
    }
    audit::record(txn, app, actor, entry).await?;
    let event = Event::new("treatment.started", "Quote", quote.id)
        .with("quote_id", quote.id)
        .with("inquiry_id", case.inquiry.id)
        .with("patient_id", patient)
        .with("provider_id", quote.provider_id)
        .with("checked_in_at", now);
    outbox::emit(txn, app, actor, event).await
}
