//! Reading cases.

pub mod page;

use std::collections::HashMap;
use std::time::Duration;

use chrono::NaiveDate;
use identity::anonymity::{self, Level, MaskedPatient};
use identity::entity::patients;
use identity::phi;
use inquiry::entity::inquiries;
use kernel::ids::{PatientId, QuoteId};
use kernel::{Actor, ActorKind, AppError, AppResult, Page, PageQuery, Permission, Timestamp};
use platform::App;
use platform::audit::{self, Entry};
use platform::entity::media::{MediaCollection, MediaPhase};
use platform::media::Item;
use quoting::entity::quotes::{self, QuoteStatus};
use quoting::entity::schedules::{self, ScheduleStatus};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};

use crate::access::{self, Audience};
use crate::entity::timelines;
use crate::entity::treatment_executions;
use crate::rules::days::progress;
use crate::rules::documentation;
use crate::service::photos::{Collection, OWNER};
use crate::settings;
use crate::store;
use crate::views::{
    CaseForPatient, CaseForStaff, CaseSummary, CaseView, Clinician, Day, DayForStaff, Outcome, PhotoView,
};

/// How long a picture's link works (R-TT-23).
const LINK: Duration = Duration::from_secs(300);

/// The cases an actor may see, newest booking first.
pub async fn list(
    app: &App,
    actor: &Actor,
    status: Option<QuoteStatus>,
    page: PageQuery,
) -> AppResult<Page<CaseSummary>> {
    let conn = app.db.conn();
    let query = scope(actor)?.filter(match status {
        Some(status) if access::is_booking(status) => quotes::Column::Status.eq(status),
        Some(_) => return Err(AppError::field("filter[status]", "unknown_value", "These cases have no treatment.")),
        None => quotes::Column::Status.is_in(access::BOOKINGS),
    });
    let total = query.clone().count(conn).await?;
    let rows = query
        .order_by_desc(quotes::Column::AppointmentSlotAt)
        .order_by_desc(quotes::Column::Id)
        .offset(page.offset())
        .limit(page.per_page)
        .all(conn)
        .await?;
    let pairs: Vec<_> = rows.into_iter().filter_map(|(quote, inquiry)| Some((quote, inquiry?))).collect();
    let around = Around::load(conn, app, actor, &pairs).await?;
    let data =
        pairs.iter().map(|(quote, inquiry)| around.summary(app, actor, quote, inquiry)).collect::<AppResult<_>>()?;
    Ok(Page::new(data, page, total))
}

/// The rows of an actor; the filter is part of the query, so that a page never holds a stranger's case.
fn scope(actor: &Actor) -> AppResult<sea_orm::SelectTwo<quotes::Entity, inquiries::Entity>> {
    let all: Select<quotes::Entity> = quotes::Entity::find();
    let all = all.find_also_related(inquiries::Entity);
    match actor.kind {
        ActorKind::Anonymous => Err(AppError::unauthenticated()),
        ActorKind::Patient(patient) => Ok(all.filter(inquiries::Column::PatientId.eq(patient))),
        ActorKind::Provider { provider, .. } => {
            actor.require(Permission::ViewTreatmentCase)?;
            Ok(all.filter(quotes::Column::ProviderId.eq(provider)))
        }
        ActorKind::Admin(_) | ActorKind::System => actor.require(Permission::ViewQuote).map(|()| all),
        ActorKind::Affiliate(_) => Err(AppError::forbidden()),
    }
}

/// What stands around a page of cases, each kind read in one statement.
struct Around {
    executions: HashMap<QuoteId, treatment_executions::Model>,
    days: HashMap<QuoteId, Vec<timelines::Model>>,
    starts: HashMap<QuoteId, NaiveDate>,
    patients: HashMap<PatientId, patients::Model>,
    levels: HashMap<PatientId, Level>,
    grace_hours: i64,
}

impl Around {
    async fn load(
        conn: &impl ConnectionTrait,
        app: &App,
        actor: &Actor,
        pairs: &[(quotes::Model, inquiries::Model)],
    ) -> AppResult<Self> {
        let ids: Vec<QuoteId> = pairs.iter().map(|(quote, _)| quote.id).collect();
        let people: Vec<PatientId> = pairs.iter().map(|(_, inquiry)| inquiry.patient_id).collect();
        let of_quotes = treatment_executions::Column::QuoteId.is_in(ids.iter().copied());
        let executions = treatment_executions::Entity::find().filter(of_quotes).all(conn).await?;
        let schedules = schedules::Entity::find()
            .filter(schedules::Column::QuoteId.is_in(ids.iter().copied()))
            .filter(schedules::Column::Status.ne(ScheduleStatus::Cancelled))
            .all(conn)
            .await?;
        let mut days: HashMap<_, Vec<_>> = HashMap::new();
        for day in store::days_of(conn, &ids).await? {
            days.entry(day.quote_id).or_default().push(day);
        }
        // Patients know who they are.
        let (patients, levels) = match actor.kind {
            ActorKind::Patient(_) => (HashMap::new(), HashMap::new()),
            _ => (patients_of(conn, &people).await?, levels_of(conn, actor, &people).await?),
        };
        Ok(Self {
            executions: executions.into_iter().map(|row| (row.quote_id, row)).collect(),
            days,
            starts: schedules.into_iter().map(|row| (row.quote_id, row.schedule_date)).collect(),
            patients,
            levels,
            grace_hours: settings::DOCUMENTATION_HOURS.get(app).await?,
        })
    }

    fn days(&self, quote: QuoteId) -> &[timelines::Model] {
        self.days.get(&quote).map(Vec::as_slice).unwrap_or_default()
    }

    fn patient(&self, app: &App, actor: &Actor, id: PatientId) -> AppResult<Option<MaskedPatient>> {
        let level = self.levels.get(&id).copied().unwrap_or_default();
        self.patients.get(&id).map(|patient| anonymity::mask_for(app, actor, patient, level)).transpose()
    }

    fn due_at(&self, quote: QuoteId) -> Option<Timestamp> {
        let arrived = self.executions.get(&quote)?.checked_in_at?;
        Some(documentation::due_at(arrived, self.days(quote).len(), self.grace_hours))
    }

    fn summary(
        &self,
        app: &App,
        actor: &Actor,
        quote: &quotes::Model,
        inquiry: &inquiries::Model,
    ) -> AppResult<CaseSummary> {
        let execution = self.executions.get(&quote.id);
        let states: Vec<_> = self.days(quote.id).iter().map(|day| (day.day_number, day.status)).collect();
        let completed_at = execution.and_then(|row| row.completed_at);
        let late = completed_at.is_none() && self.due_at(quote.id).is_some_and(|due| app.now() > due);
        Ok(CaseSummary {
            quote_id: quote.id,
            quote_code: quote.quote_code.clone(),
            inquiry_id: inquiry.id,
            provider_id: quote.provider_id,
            status: quote.status,
            treatment_name: store::treatment_name(quote),
            patient: self.patient(app, actor, inquiry.patient_id)?,
            starts_on: self.starts.get(&quote.id).copied(),
            progress: progress(&states),
            checked_in_at: execution.and_then(|row| row.checked_in_at),
            completed_at,
            documentation_overdue: late,
            case_label: execution.and_then(|row| row.case_label),
        })
    }
}

async fn patients_of(conn: &impl ConnectionTrait, ids: &[PatientId]) -> AppResult<HashMap<PatientId, patients::Model>> {
    let rows = patients::Entity::find().filter(patients::Column::Id.is_in(ids.iter().copied())).all(conn).await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// A clinic's levels come from its cases; Hairline's staff know the identity at every stage (section 5.8 of identity).
async fn levels_of(
    conn: &impl ConnectionTrait,
    actor: &Actor,
    patients: &[PatientId],
) -> AppResult<HashMap<PatientId, Level>> {
    match actor.kind {
        ActorKind::Provider { provider, .. } => anonymity::levels(conn, provider, patients).await,
        _ => Ok(patients.iter().map(|id| (*id, Level::None)).collect()),
    }
}

/// One case in the shape of its reader. Opening it is recorded.
pub async fn show(app: &App, actor: &Actor, id: QuoteId) -> AppResult<CaseView> {
    let conn = app.db.conn();
    let (quote, inquiry) = access::booking(conn, id).await?;
    let patient = inquiry.patient_id;
    let audience = access::audience(actor, &quote, patient, Permission::ViewTreatmentCase, Permission::ViewQuote)?;
    let medical = reads_medical(conn, app, actor, audience, patient).await?;
    let pairs = [(quote, inquiry)];
    let around = Around::load(conn, app, actor, &pairs).await?;
    let [(quote, inquiry)] = &pairs;
    let case = around.summary(app, actor, quote, inquiry)?;
    let clinician = quoting::store::lead_of(conn, id).await?.map(Into::into);
    if audience == Audience::Patient {
        return Ok(CaseView::Patient(Box::new(for_patient_case(app, &around, case, clinician)?)));
    }
    let entry = Entry::new("treatment.viewed").subject("Quote", id).patient(patient).provider(quote.provider_id);
    let fields: &[&str] = if medical { &["patient", "plan", "notes"] } else { &["patient", "plan"] };
    audit::record(conn, app, actor, entry.quote(id).fields(fields)).await?;
    Ok(CaseView::Staff(Box::new(for_staff_case(app, &around, case, clinician, medical)?)))
}

/// A case for its patient: the result only when it is over.
fn for_patient_case(
    app: &App,
    around: &Around,
    case: CaseSummary,
    clinician: Option<Clinician>,
) -> AppResult<CaseForPatient> {
    let execution = around.executions.get(&case.quote_id);
    let outcome = execution.filter(|_| case.completed_at.is_some()).map(|row| Outcome::open(app, row)).transpose()?;
    Ok(CaseForPatient {
        clinician,
        estimated_graft_count: execution.map(|row| row.estimated_graft_count),
        beginning_note: app.keys.open_opt(execution.and_then(|row| row.beginning_note.as_ref()))?,
        days: around.days(case.quote_id).iter().map(Day::from).collect(),
        outcome,
        case,
    })
}

/// A case for those who treat and for staff; texts only with medical rights.
fn for_staff_case(
    app: &App,
    around: &Around,
    case: CaseSummary,
    clinician: Option<Clinician>,
    medical: bool,
) -> AppResult<CaseForStaff> {
    let id = case.quote_id;
    let execution = around.executions.get(&id);
    let texts = execution.filter(|_| medical);
    Ok(CaseForStaff {
        execution_id: execution.map(|row| row.id),
        clinician,
        estimated_graft_count: execution.map(|row| row.estimated_graft_count),
        beginning_note: app.keys.open_opt(texts.and_then(|row| row.beginning_note.as_ref()))?,
        outcome: texts.map(|row| Outcome::open(app, row)).transpose()?,
        days: around.days(id).iter().map(|day| staff_day(app, day, medical)).collect::<AppResult<_>>()?,
        documentation_due_at: around.due_at(id),
        lock_version: execution.map_or(0, |row| row.lock_version),
        case,
    })
}

fn staff_day(app: &App, day: &timelines::Model, medical: bool) -> AppResult<DayForStaff> {
    let note = if medical { app.keys.open_opt(day.note.as_ref())? } else { None };
    Ok(DayForStaff { day: day.into(), note, lock_version: day.lock_version })
}

/// Clinics that may open the case read its notes; staff only after saying why (R-ID-63).
async fn reads_medical(
    conn: &impl ConnectionTrait,
    app: &App,
    actor: &Actor,
    audience: Audience,
    patient: PatientId,
) -> AppResult<bool> {
    Ok(match audience {
        Audience::Patient => false,
        Audience::Clinic => phi::is_open_record(conn, actor, patient).await?,
        Audience::Staff => {
            actor.can(Permission::ViewPatientMedical) && phi::require_grant(conn, app, actor, patient).await.is_ok()
        }
    })
}

/// The pictures of a case the reader may see, with links. Patients get before and after pictures, once it is over.
pub async fn photos(app: &App, actor: &Actor, id: QuoteId) -> AppResult<Vec<PhotoView>> {
    let conn = app.db.conn();
    let (quote, inquiry) = access::booking(conn, id).await?;
    let patient = inquiry.patient_id;
    let audience =
        access::audience(actor, &quote, patient, Permission::ViewTreatmentCase, Permission::ViewPatientMedical)?;
    match audience {
        Audience::Patient => {}
        Audience::Clinic => phi::require_open_record(conn, actor, patient).await?,
        Audience::Staff => phi::require_grant(conn, app, actor, patient).await?,
    }
    let Some(execution) = store::execution_of(conn, id).await? else { return Ok(Vec::new()) };
    let owner = execution.id.any();
    let items = platform::media::of(conn, OWNER, &[owner]).await?.remove(&owner).unwrap_or_default();
    let over = execution.completed_at.is_some();
    let views: Vec<_> = items
        .iter()
        .filter(|item| audience != Audience::Patient || (over && for_patient(item)))
        .filter_map(|item| photo(app, actor, item))
        .collect();
    let entry = Entry::new("treatment.photos_viewed").subject("TreatmentExecution", owner).patient(patient);
    audit::record(conn, app, actor, entry.provider(quote.provider_id).quote(id).fields(&["media"])).await?;
    Ok(views)
}

fn for_patient(item: &Item) -> bool {
    item.media.collection == MediaCollection::TreatmentPhoto && item.media.phase != Some(MediaPhase::During)
}

fn photo(app: &App, actor: &Actor, item: &Item) -> Option<PhotoView> {
    let collection = match item.media.collection {
        MediaCollection::HeadScanBefore => Collection::HeadScanBefore,
        MediaCollection::HeadScanAfter => Collection::HeadScanAfter,
        MediaCollection::TreatmentPhoto => Collection::TreatmentPhoto,
        _ => return None,
    };
    Some(PhotoView {
        id: item.media.id,
        collection,
        phase: item.media.phase,
        view: item.media.view,
        url: platform::files::signed_link(app, item.file_id(), actor, LINK),
        width: item.media.width,
        height: item.media.height,
        created_at: item.media.created_at,
    })
}
