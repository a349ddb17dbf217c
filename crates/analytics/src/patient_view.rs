//! A patient's case at a glance: where it stands, what to do next, what was offered and booked.
//!
//! What is read depends on the stage, so that home and case page stay within a fixed number of statements each.

mod next;

use aftercare::entity::after_cares;
use aftercare::plan::Plan;
use aftercare::rules::slots::SlotState;
use chrono::{Duration, NaiveDate};
use directory::entity::providers;
use inquiry::entity::inquiries::{self, InquiryStatus};
use inquiry::entity::inquiry_providers::{self, InquiryProviderStatus};
use inquiry::entity::{inquiry_drafts, workflow_timelines};
use kernel::ids::{AfterCareId, InquiryId, PatientId, ProviderId, QuoteId, ReviewId};
use kernel::{Actor, Amount, AppResult, Money, Timestamp};
use payments::entity::payments::{self as payment_rows, PaymentStatus, PaymentType};
use platform::App;
use quoting::entity::quotes::{self, QuoteStatus};
use quoting::entity::schedules::{self, ScheduleStatus};
use reviews::entity::reviews as review_rows;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder, QuerySelect,
};
use treatment::entity::treatment_executions;

pub use next::{BookingFacts, Facts, Next, PlanFacts, next};

/// Entries of the timeline that are shown.
const NEWEST: u64 = 40;

/// A case with what its stage makes interesting.
#[derive(Clone, Debug)]
pub struct PatientCase {
    /// The inquiry, which names the case.
    pub inquiry: InquiryId,
    /// Its code.
    pub code: Option<String>,
    /// Stage.
    pub status: InquiryStatus,
    /// When it was sent.
    pub submitted_at: Option<Timestamp>,
    /// What to do.
    pub next: Next,
    /// Clinics asked, and of these the ones that have answered; only while answers are awaited.
    pub clinics: Option<(i64, i64)>,
    /// Offers that were sent, cheapest first.
    pub offers: Vec<Offer>,
    /// What was booked.
    pub booking: Option<Booked>,
    /// The aftercare plan.
    pub plan: Option<PlanGlance>,
}

/// An offer in a line.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The quote.
    pub id: QuoteId,
    /// The clinic.
    pub provider: ProviderId,
    /// Its name.
    pub clinic: String,
    /// Where it is.
    pub city: String,
    /// Where it stands.
    pub status: QuoteStatus,
    /// Whether it can be accepted now.
    pub is_live: bool,
    /// What the patient pays.
    pub total: Money,
    /// Grafts.
    pub grafts: Option<i32>,
    /// First instant of the appointment.
    pub slot_at: Option<Timestamp>,
    /// Zone of the clinic.
    pub zone: Option<String>,
    /// End of validity.
    pub expires_at: Option<Timestamp>,
}

/// A booking in a few lines.
#[derive(Clone, Debug)]
pub struct Booked {
    /// The accepted quote.
    pub quote: QuoteId,
    /// `BKG-2603-00001`, while it is of interest.
    pub reference: Option<String>,
    /// The price, in the currency of payment.
    pub total: Option<Money>,
    /// What was paid.
    pub paid: Option<Money>,
    /// What is missing.
    pub due: Option<Money>,
    /// By when.
    pub due_on: Option<NaiveDate>,
    /// First day.
    pub starts_on: Option<NaiveDate>,
    /// First instant.
    pub starts_at: Option<Timestamp>,
    /// The clinic's zone.
    pub zone: Option<String>,
}

/// A plan as a ring.
#[derive(Clone, Debug)]
pub struct PlanGlance {
    /// The plan.
    pub id: AfterCareId,
    /// Name of the milestone of the day.
    pub stage: String,
    /// Recovery in percent.
    pub percent: u32,
    /// What waits.
    pub tasks: PlanFacts,
}

/// What a patient's first page shows.
#[derive(Clone, Debug)]
pub struct Home {
    /// The case that matters now.
    pub case: Option<PatientCase>,
    /// What to do.
    pub next: Next,
    /// Older requests, newest first.
    pub earlier: Vec<(InquiryId, Option<String>, InquiryStatus)>,
    /// Messages not read.
    pub unread: u64,
}

/// What a patient's first page shows. Six statements at most.
pub async fn home(app: &App, actor: &Actor) -> AppResult<Home> {
    let patient = actor.patient()?;
    let conn = app.db.conn();
    let mut all = inquiries::Entity::find()
        .filter(inquiries::Column::PatientId.eq(patient))
        .order_by_desc(inquiries::Column::CreatedAt)
        .order_by_desc(inquiries::Column::Id)
        .limit(10)
        .all(conn)
        .await?;
    // A running case matters more than a newer one that came to nothing.
    let running = all.iter().position(|row| !is_over(row.status)).unwrap_or(0);
    let current = (!all.is_empty()).then(|| all.remove(running));
    let unread = messaging::queries::unread_total(app, actor).await?;
    let draft_until = match &current {
        Some(row) if !is_over(row.status) => None,
        _ => open_draft(conn, patient, app.now()).await?,
    };
    let case = match current {
        Some(row) => Some(load(app, conn, row, draft_until).await?),
        None => None,
    };
    let next = match &case {
        Some(case) => case.next.clone(),
        None => next(&Facts { draft_until, ..Facts::default() }, app.now()),
    };
    let earlier = all.into_iter().map(|row| (row.id, row.inquiry_code, row.status)).collect();
    Ok(Home { case, next, earlier, unread })
}

/// One case with its history, newest first. Six statements at most; another's case is a 404.
pub async fn case(app: &App, actor: &Actor, id: InquiryId) -> AppResult<(PatientCase, Vec<workflow_timelines::Model>)> {
    actor.patient()?;
    let conn = app.db.conn();
    let row = inquiry::queries::find(app, actor, id).await?;
    let case = load(app, conn, row, None).await?;
    let mut history = workflow_timelines::Entity::find()
        .filter(workflow_timelines::Column::InquiryId.eq(id))
        .order_by_desc(workflow_timelines::Column::Id)
        .limit(NEWEST)
        .all(conn)
        .await?;
    // Of what a clinic drafted and never sent, patients read nothing.
    let sent: Vec<String> = case.offers.iter().map(|offer| offer.id.to_string()).collect();
    let of_sent = |row: &workflow_timelines::Model| {
        let quote = row.metadata.as_ref().and_then(|metadata| metadata.get("quote_id")?.as_str());
        quote.is_some_and(|quote| sent.iter().any(|id| id == quote))
    };
    history.retain(|row| !inquiry::timeline::may_be_draft(&row.event) || of_sent(row));
    Ok((case, history))
}

fn is_over(status: InquiryStatus) -> bool {
    matches!(status, InquiryStatus::Completed | InquiryStatus::Cancelled | InquiryStatus::Expired)
}

async fn open_draft(conn: &impl ConnectionTrait, patient: PatientId, now: Timestamp) -> AppResult<Option<Timestamp>> {
    let found: Option<Timestamp> = inquiry_drafts::Entity::find()
        .select_only()
        .column(inquiry_drafts::Column::ExpiresAt)
        .filter(inquiry_drafts::Column::PatientId.eq(patient))
        .filter(inquiry_drafts::Column::ConsumedInquiryId.is_null())
        .filter(inquiry_drafts::Column::DiscardedAt.is_null())
        .filter(inquiry_drafts::Column::ExpiresAt.gt(now))
        .order_by_desc(inquiry_drafts::Column::LastActivityAt)
        .into_tuple()
        .one(conn)
        .await?;
    Ok(found)
}

/// Reads what the stage makes interesting: four statements at most, two for a case that came to nothing.
async fn load(
    app: &App,
    conn: &impl ConnectionTrait,
    row: inquiries::Model,
    draft_until: Option<Timestamp>,
) -> AppResult<PatientCase> {
    let now = app.now();
    let offers = offers_of(conn, row.id, now).await?;
    let booked = offers.iter().find(|offer| Some(offer.id) == row.accepted_quote_id).cloned();
    let mut facts = Facts {
        draft_until,
        status: Some(row.status),
        archived: row.archived_at.is_some(),
        answers_until: row.quote_deadline_at,
        ..Facts::default()
    };
    let (mut clinics, mut booking, mut plan) = (None, None, None);
    match (row.status, &booked) {
        (InquiryStatus::Inquiry | InquiryStatus::Quote, _) => {
            clinics = Some(asked(conn, row.id).await?);
            let mut live: Vec<_> =
                offers.iter().filter(|offer| offer.is_live).map(|offer| (offer.id, offer.expires_at)).collect();
            live.sort_by_key(|(_, until)| *until);
            facts.offers = live;
        }
        (InquiryStatus::Accepted | InquiryStatus::Confirmed | InquiryStatus::Inprogress, Some(offer)) => {
            let (glance, fact) = booking_of(conn, offer, now).await?;
            booking = Some(glance);
            facts.booking = Some(fact);
        }
        (InquiryStatus::Aftercare | InquiryStatus::Completed, Some(offer)) => {
            let after = after(app, conn, offer, row.status == InquiryStatus::Aftercare).await?;
            facts.booking = Some(finished(offer, now));
            facts.plan = after.plan.as_ref().map(|plan| plan.tasks);
            facts.review_from = after.review_from;
            booking = Some(Booked::of(offer));
            plan = after.plan;
        }
        _ => {}
    }
    Ok(PatientCase {
        inquiry: row.id,
        code: row.inquiry_code,
        status: row.status,
        submitted_at: row.submitted_at,
        next: next(&facts, now),
        clinics,
        offers,
        booking,
        plan,
    })
}

async fn offers_of(conn: &impl ConnectionTrait, inquiry: InquiryId, now: Timestamp) -> AppResult<Vec<Offer>> {
    let rows = quotes::Entity::find()
        .filter(quotes::Column::InquiryId.eq(inquiry))
        .filter(quotes::Column::SubmittedAt.is_not_null())
        .find_also_related(providers::Entity)
        .order_by_asc(quotes::Column::QuoteAmount)
        .order_by_asc(quotes::Column::Id)
        .all(conn)
        .await?;
    let view = |(quote, clinic): (quotes::Model, Option<providers::Model>)| {
        let (clinic, city) = clinic.map(|clinic| (clinic.provider_name, clinic.city)).unwrap_or_default();
        Offer {
            id: quote.id,
            provider: quote.provider_id,
            clinic,
            city,
            status: quote.status,
            is_live: quote.status == QuoteStatus::Quote
                && quote.deleted_at.is_none()
                && quote.expires_at.is_some_and(|end| now < end),
            total: Money::new(quote.quote_amount, quote.currency),
            grafts: quote.estimated_grafts,
            slot_at: quote.appointment_slot_at,
            zone: quote.appointment_timezone,
            expires_at: quote.expires_at,
        }
    };
    Ok(rows.into_iter().map(view).collect())
}

/// Clinics that got the inquiry, and how many of them have answered.
async fn asked(conn: &impl ConnectionTrait, inquiry: InquiryId) -> AppResult<(i64, i64)> {
    let counts: Vec<(InquiryProviderStatus, i64)> = inquiry_providers::Entity::find()
        .select_only()
        .column(inquiry_providers::Column::Status)
        .column_as(Expr::col(inquiry_providers::Column::Id).count(), "count")
        .filter(inquiry_providers::Column::InquiryId.eq(inquiry))
        .filter(inquiry_providers::Column::Status.ne(InquiryProviderStatus::Removed))
        .group_by(inquiry_providers::Column::Status)
        .into_tuple()
        .all(conn)
        .await?;
    let answered = |status| matches!(status, InquiryProviderStatus::Quoted | InquiryProviderStatus::Declined);
    let of = |wanted: &dyn Fn(InquiryProviderStatus) -> bool| {
        counts.iter().filter(|(status, _)| wanted(*status)).map(|(_, count)| count).sum()
    };
    Ok((of(&|_| true), of(&answered)))
}

async fn booking_of(conn: &impl ConnectionTrait, offer: &Offer, now: Timestamp) -> AppResult<(Booked, BookingFacts)> {
    let terms = quoting::store::newest_terms(conn, offer.id).await?;
    let schedule = schedules::Entity::find()
        .filter(schedules::Column::QuoteId.eq(offer.id))
        .filter(schedules::Column::Status.ne(ScheduleStatus::Cancelled))
        .order_by_desc(schedules::Column::Id)
        .one(conn)
        .await?;
    let paid = paid(&payments::queries::of_quotes(conn, [offer.id]).await?);
    let total = terms.as_ref().map_or(offer.total, |terms| Money::new(terms.payment_total, terms.payment_currency));
    let due = Money::new(Ord::max(total.amount - paid, Amount::ZERO), total.currency);
    let starts_on = schedule.as_ref().map(|row| row.schedule_date);
    let due_on =
        starts_on.zip(terms.as_ref()).map(|(day, terms)| day - Duration::days(i64::from(terms.balance_due_days)));
    let zone = schedule.as_ref().map(|row| row.timezone.clone()).or_else(|| offer.zone.clone());
    let booked = Booked {
        quote: offer.id,
        reference: terms.as_ref().map(|terms| terms.booking_reference.clone()),
        total: Some(total),
        paid: Some(Money::new(paid, total.currency)),
        due: Some(due),
        due_on,
        starts_on,
        starts_at: schedule.as_ref().and_then(|row| row.starts_at_utc),
        zone: zone.clone(),
    };
    let facts = BookingFacts {
        quote: offer.id,
        hold_until: schedule.and_then(|row| row.hold_expires_at),
        due,
        due_on,
        starts_on,
        today: today_in(zone.as_deref(), now),
    };
    Ok((booked, facts))
}

impl Booked {
    fn of(offer: &Offer) -> Self {
        Self {
            quote: offer.id,
            reference: None,
            total: Some(offer.total),
            paid: None,
            due: None,
            due_on: None,
            starts_on: None,
            starts_at: offer.slot_at,
            zone: offer.zone.clone(),
        }
    }
}

fn finished(offer: &Offer, now: Timestamp) -> BookingFacts {
    BookingFacts {
        quote: offer.id,
        hold_until: None,
        due: Money::new(Amount::ZERO, offer.total.currency),
        due_on: None,
        starts_on: None,
        today: today_in(offer.zone.as_deref(), now),
    }
}

fn today_in(zone: Option<&str>, now: Timestamp) -> NaiveDate {
    let zone: chrono_tz::Tz = zone.and_then(|zone| zone.parse().ok()).unwrap_or(chrono_tz::UTC);
    now.with_timezone(&zone).date_naive()
}

/// What arrived and was not given back.
fn paid(rows: &[payment_rows::Model]) -> Amount {
    rows.iter().fold(Amount::ZERO, |sum, row| match (row.payment_type, row.payment_status) {
        (PaymentType::Refund, PaymentStatus::Completed) => sum - row.amount,
        (PaymentType::Refund, _) | (_, PaymentStatus::Pending | PaymentStatus::Failed) => sum,
        (_, PaymentStatus::Completed | PaymentStatus::Refunded) => sum + row.amount,
    })
}

/// What follows a treatment.
struct After {
    plan: Option<PlanGlance>,
    review_from: Option<Timestamp>,
}

/// The plan of a booking with the two things beside it that decide about a review.
#[derive(FromQueryResult)]
struct AfterRow {
    #[sea_orm(nested)]
    plan: after_cares::Model,
    procedure_completed_at: Option<Timestamp>,
    written_review_id: Option<ReviewId>,
}

/// A case that is completed has no tasks left, so they are read only `with_tasks`.
async fn after(app: &App, conn: &impl ConnectionTrait, offer: &Offer, with_tasks: bool) -> AppResult<After> {
    let execution = after_cares::Entity::belongs_to(treatment_executions::Entity)
        .from(after_cares::Column::QuoteId)
        .to(treatment_executions::Column::QuoteId);
    let review = after_cares::Entity::belongs_to(review_rows::Entity)
        .from(after_cares::Column::QuoteId)
        .to(review_rows::Column::QuoteId);
    let found = after_cares::Entity::find()
        .join(JoinType::LeftJoin, execution.into())
        .join(JoinType::LeftJoin, review.into())
        .column_as(
            Expr::col((treatment_executions::Entity, treatment_executions::Column::CompletedAt)),
            "procedure_completed_at",
        )
        .column_as(Expr::col((review_rows::Entity, review_rows::Column::Id)), "written_review_id")
        .filter(after_cares::Column::QuoteId.eq(offer.id))
        .order_by_desc(after_cares::Column::Id)
        .into_model::<AfterRow>()
        .one(conn)
        .await?;
    let Some(found) = found else { return Ok(After { plan: None, review_from: None }) };
    let review_from = match found.written_review_id {
        Some(_) => None,
        None => found.procedure_completed_at.map(reviews::rules::eligible_from),
    };
    let mut tasks = PlanFacts { waiting: 0, late: 0, next_on: None };
    let is_active = found.plan.status == after_cares::AfterCareStatus::Active;
    if !with_tasks || !is_active {
        let glance = PlanGlance {
            id: found.plan.id,
            percent: percent(found.plan.recovery_percentage),
            stage: found.plan.recovery_stage,
            tasks,
        };
        return Ok(After { plan: Some(glance), review_from });
    }
    let plan = Plan::load(conn, found.plan).await?;
    let today = plan.today(app.now());
    let standing = plan.standing(today);
    let count = |states: &[SlotState]| {
        i64::try_from(plan.slots.iter().filter(|slot| states.contains(&slot.state(today))).count()).unwrap_or(0)
    };
    tasks.late = count(&[SlotState::Overdue, SlotState::Escalated]);
    tasks.waiting = tasks.late + count(&[SlotState::Open, SlotState::Due]);
    tasks.next_on = plan.next_due(today);
    let glance = PlanGlance { id: plan.case.id, stage: standing.stage, percent: percent(standing.recovery), tasks };
    Ok(After { plan: Some(glance), review_from })
}

fn percent(stored: i32) -> u32 {
    u32::try_from(stored.clamp(0, 100)).unwrap_or(0)
}
