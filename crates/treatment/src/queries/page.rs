//! What the pages show of a treatment, in at most seven statements each.

use chrono_tz::Tz;
use directory::entity::providers;
use kernel::ids::{AftercareMilestoneTemplateId, QuoteId};
use kernel::{Actor, ActorKind, AppError, AppResult, Money, Permission, Timestamp};
use platform::App;
use platform::audit::{self, Entry};
use quoting::entity::quote_clinicians;
use quoting::rules::slot;

use super::*;
use crate::projection::aftercare_milestone_templates as templates;
use crate::rules::check_in::{Ask, Facts, decide};
use crate::service::check_in::sees_money;
use crate::service::closure_open;

/// When the treatment begins, by the clinic's calendar and clock.
#[derive(Clone, Debug)]
pub struct Appointment {
    /// First day.
    pub date: Option<NaiveDate>,
    /// First instant, when a time was agreed.
    pub at: Option<Timestamp>,
    /// The clinic's zone.
    pub zone: Tz,
}

/// An aftercare plan that may be chosen.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Its id.
    pub id: AftercareMilestoneTemplateId,
    /// Its name.
    pub name: String,
    /// How long it guides.
    pub months: i32,
}

/// What stands between a patient who is here and the treatment.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// Whether nothing is left to pay.
    pub is_paid: bool,
    /// What is left, for those who may see money.
    pub due: Option<Money>,
    /// Why the check-in would be refused now: the answer's code; none when it would not.
    pub refusal: Option<String>,
}

/// A treatment on its clinic's page.
pub struct ClinicPage {
    /// The case.
    pub view: CaseForStaff,
    /// When it begins.
    pub appointment: Appointment,
    /// Before the check-in: what it takes.
    pub arrival: Option<Arrival>,
    /// Pictures, with links.
    pub photos: Vec<PhotoView>,
    /// During the treatment: the aftercare plans on offer.
    pub plans: Vec<Plan>,
}

/// A treatment on its patient's page.
pub struct PatientPage {
    /// The case.
    pub view: CaseForPatient,
    /// When it begins.
    pub appointment: Appointment,
    /// The clinic's name.
    pub clinic: String,
    /// Before and after, once it is over.
    pub photos: Vec<PhotoView>,
}

/// A case with what hangs on it, read in one statement.
struct Rows {
    quote: quotes::Model,
    inquiry: inquiries::Model,
    patient: Option<patients::Model>,
    execution: Option<treatment_executions::Model>,
    schedule: Option<schedules::Model>,
    lead: Option<quote_clinicians::Model>,
}

impl Rows {
    async fn load(conn: &impl ConnectionTrait, id: QuoteId) -> AppResult<Self> {
        let rows = quotes::Entity::find_by_id(id)
            .find_also_related(inquiries::Entity)
            .find_also(inquiries::Entity, patients::Entity)
            .find_also(quotes::Entity, treatment_executions::Entity)
            .find_also(quotes::Entity, schedules::Entity)
            .find_also(quotes::Entity, quote_clinicians::Entity)
            .all(conn)
            .await?;
        let mut found: Option<Self> = None;
        // Cancelled appointments and earlier leads come as rows of their own.
        for (quote, inquiry, patient, execution, schedule, lead) in rows {
            let inquiry = inquiry.ok_or_else(AppError::not_found)?;
            let case = found.get_or_insert(Self { quote, inquiry, patient, execution, schedule: None, lead: None });
            if let Some(live) = schedule.filter(|row| row.status != ScheduleStatus::Cancelled) {
                case.schedule = Some(live);
            }
            if let Some(now) = lead.filter(|row| row.active_key == Some(quoting::store::lead_key(id))) {
                case.lead = Some(now);
            }
        }
        found.filter(|case| access::is_booking(case.quote.status)).ok_or_else(AppError::not_found)
    }

    fn appointment(&self) -> Appointment {
        let schedule = self.schedule.as_ref();
        Appointment {
            date: schedule.map(|row| row.schedule_date),
            at: schedule.and_then(|row| row.schedule_time.and(row.starts_at_utc)),
            zone: slot::clinic_zone(schedule.map(|row| row.timezone.as_str())),
        }
    }

    async fn around(&self, conn: &impl ConnectionTrait, app: &App, actor: &Actor) -> AppResult<Around> {
        let id = self.quote.id;
        let levels = match actor.kind {
            ActorKind::Patient(_) => HashMap::new(),
            _ => levels_of(conn, actor, &[self.inquiry.patient_id]).await?,
        };
        let patient = self.patient.clone().filter(|_| !matches!(actor.kind, ActorKind::Patient(_)));
        Ok(Around {
            executions: self.execution.clone().map(|row| (id, row)).into_iter().collect(),
            days: HashMap::from([(id, store::days_of(conn, &[id]).await?)]),
            starts: self.schedule.as_ref().map(|row| (id, row.schedule_date)).into_iter().collect(),
            patients: patient.map(|row| (row.id, row)).into_iter().collect(),
            levels,
            grace_hours: settings::DOCUMENTATION_HOURS.get(app).await?,
        })
    }

    async fn photos(&self, conn: &impl ConnectionTrait) -> AppResult<Vec<Item>> {
        let Some(owner) = self.execution.as_ref().map(|row| row.id.any()) else { return Ok(Vec::new()) };
        Ok(platform::media::of(conn, OWNER, &[owner]).await?.remove(&owner).unwrap_or_default())
    }
}

/// The treatment of a clinic's own case; opening it is recorded.
pub async fn of_clinic(app: &App, actor: &Actor, id: QuoteId) -> AppResult<ClinicPage> {
    let conn = app.db.conn();
    let rows = Rows::load(conn, id).await?;
    let (quote, patient) = (&rows.quote, rows.inquiry.patient_id);
    let audience = access::audience(actor, quote, patient, Permission::ViewTreatmentCase, Permission::ViewQuote)?;
    if audience != Audience::Clinic {
        return Err(AppError::not_found());
    }
    let around = rows.around(conn, app, actor).await?;
    let case = around.summary(app, actor, quote, &rows.inquiry)?;
    let is_open = identity::phi::is_open_record(conn, actor, patient).await?;
    let view = for_staff_case(app, &around, case, rows.lead.clone().map(Into::into), is_open)?;
    let arrived = view.case.checked_in_at.is_some();
    let arrival = if arrived { None } else { Some(arrival(conn, app, actor, &rows).await?) };
    let items = if arrived && is_open { rows.photos(conn).await? } else { Vec::new() };
    let plans = if quote.status == QuoteStatus::Inprogress { plans(conn).await? } else { Vec::new() };
    let fields: &[&str] = match (is_open, items.is_empty()) {
        (false, _) => &["patient", "plan"],
        (true, true) => &["patient", "plan", "notes"],
        (true, false) => &["patient", "plan", "notes", "media"],
    };
    let entry = Entry::new("treatment.viewed").subject("Quote", id).patient(patient).provider(quote.provider_id);
    audit::record(conn, app, actor, entry.quote(id).fields(fields)).await?;
    Ok(ClinicPage {
        view,
        appointment: rows.appointment(),
        arrival,
        photos: items.iter().filter_map(|item| photo(app, actor, item)).collect(),
        plans,
    })
}

/// What the check-in would say now. Whether the patient is being treated elsewhere is looked at when it is asked for.
async fn arrival(conn: &impl ConnectionTrait, app: &App, actor: &Actor, rows: &Rows) -> AppResult<Arrival> {
    let balance = payments::balance(conn, rows.quote.id).await?;
    let due = Money::new(balance.due, balance.total.currency);
    let appointment = rows.appointment();
    let facts = Facts {
        status: rows.quote.status,
        start: appointment.date.unwrap_or_else(|| slot::clinic_date(app.now(), appointment.zone)),
        scheduled_at: appointment.at,
        zone: appointment.zone,
        due,
        other_in_progress: false,
        has_clinician: rows.lead.is_some(),
        has_plan: appointment.date.is_some(),
        closure_open: rows.execution.as_ref().is_some_and(closure_open),
    };
    let money = sees_money(actor);
    let refusal = decide(&facts, Ask::default(), app.now()).err();
    Ok(Arrival {
        is_paid: !due.amount.is_positive(),
        due: money.then_some(due),
        refusal: refusal.map(|refusal| refusal.into_error(money).code.into_owned()),
    })
}

async fn plans(conn: &impl ConnectionTrait) -> AppResult<Vec<Plan>> {
    let rows = templates::Entity::find()
        .filter(templates::Column::Status.eq("active"))
        .order_by_asc(templates::Column::DurationMonths)
        .order_by_asc(templates::Column::TemplateName)
        .all(conn)
        .await?;
    let plan = |row: templates::Model| Plan { id: row.id, name: row.template_name, months: row.duration_months };
    Ok(rows.into_iter().map(plan).collect())
}

/// The patient's own treatment.
pub async fn of_patient(app: &App, actor: &Actor, id: QuoteId) -> AppResult<PatientPage> {
    let person = actor.patient()?;
    let conn = app.db.conn();
    let rows = Rows::load(conn, id).await?;
    if rows.inquiry.patient_id != person {
        return Err(AppError::not_found());
    }
    let around = rows.around(conn, app, actor).await?;
    let case = around.summary(app, actor, &rows.quote, &rows.inquiry)?;
    let view = for_patient_case(app, &around, case, rows.lead.clone().map(Into::into))?;
    let mut items = if view.case.completed_at.is_some() { rows.photos(conn).await? } else { Vec::new() };
    items.retain(for_patient);
    if let Some(execution) = rows.execution.as_ref().filter(|_| !items.is_empty()) {
        let entry = Entry::new("treatment.photos_viewed").subject("TreatmentExecution", execution.id).patient(person);
        let entry = entry.provider(rows.quote.provider_id).quote(id).fields(&["media"]);
        audit::record(conn, app, actor, entry).await?;
    }
    let clinic = providers::Entity::find_by_id(rows.quote.provider_id).one(conn).await?;
    Ok(PatientPage {
        view,
        appointment: rows.appointment(),
        clinic: clinic.map(|row| row.provider_name).unwrap_or_default(),
        photos: items.iter().filter_map(|item| photo(app, actor, item)).collect(),
    })
}
