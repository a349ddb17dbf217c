//! What a clinic's desk reads of its bookings: the list with the state of the money, and the calendar. Everything within
//! the asking clinic; patients only as it may know them.

use std::collections::{BTreeMap, HashMap};

use chrono::{Duration, NaiveDate, NaiveTime};
use directory::entity::providers;
use identity::anonymity::{self, MaskedPatient};
use identity::entity::patients;
use inquiry::entity::inquiries;
use kernel::ids::{ProviderId, ProviderUserId, QuoteId};
use kernel::{Actor, Amount, AppError, AppResult, Money, Page, PageQuery, Permission, Timestamp};
use platform::App;
use platform::web::like_contains;
use quoting::entity::quotes::{self, QuoteStatus};
use quoting::entity::schedules::{self, ScheduleStatus};
use quoting::entity::{booking_terms, quote_clinicians};
use quoting::rules::slot;
use sea_orm::sea_query::{Expr, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    RelationTrait, Select,
};

use crate::projection::payments;
use crate::queries::{booked, schedules_of, terms_of};

/// No treatment lasts longer: one that began before the first day may reach into it.
const LONGEST_DAYS: i64 = 14;
/// Longer texts are no codes.
const LONGEST_SEARCH: usize = 50;

/// What a clinic's list is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// Only this status.
    pub status: Option<QuoteStatus>,
    /// Only where the money stands so.
    pub payment: Option<Payment>,
    /// Part of a booking's reference, a quote's or a patient's code; names are not searched, they may be hidden.
    pub text: String,
    /// The order.
    pub order: Order,
}

/// Where the money of a booking stands; a cancelled one stands nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Payment {
    /// Nothing is missing.
    Whole,
    /// Confirmed, and something is missing.
    Part,
    /// Held, and not paid.
    Nothing,
}

/// Nobody is admitted who has not paid (R-PY-22); what staff give back afterwards is not owed again (R-PY-55).
const ADMITTED: [QuoteStatus; 3] = [QuoteStatus::Inprogress, QuoteStatus::Aftercare, QuoteStatus::Completed];

impl Payment {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Nothing, Self::Part, Self::Whole];

    /// Its word in addresses and texts.
    pub fn word(self) -> &'static str {
        match self {
            Self::Whole => "all",
            Self::Part => "part",
            Self::Nothing => "nothing",
        }
    }

    /// The one with that word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.word() == word)
    }

    /// Where the money of a booking in that state stands.
    pub fn of(status: QuoteStatus, is_paid: bool) -> Option<Self> {
        match status {
            QuoteStatus::Cancelled => None,
            _ if is_paid || ADMITTED.contains(&status) => Some(Self::Whole),
            QuoteStatus::Accepted => Some(Self::Nothing),
            _ => Some(Self::Part),
        }
    }

    /// The same as [`Payment::of`], as the database finds it.
    pub fn condition(self) -> Condition {
        let is_paid = quotes::Column::Id.in_subquery(paid_in_full());
        let is_unpaid = quotes::Column::Id.not_in_subquery(paid_in_full());
        let ended = [QuoteStatus::Cancelled];
        let is_admitted = quotes::Column::Status.is_in(ADMITTED);
        match self {
            Self::Whole => Condition::all()
                .add(Condition::any().add(is_paid).add(is_admitted))
                .add(quotes::Column::Status.is_not_in(ended)),
            Self::Nothing => Condition::all().add(is_unpaid).add(quotes::Column::Status.eq(QuoteStatus::Accepted)),
            Self::Part => Condition::all()
                .add(is_unpaid)
                .add(quotes::Column::Status.is_not_in(ADMITTED))
                .add(quotes::Column::Status.is_not_in(ended))
                .add(quotes::Column::Status.ne(QuoteStatus::Accepted)),
        }
    }
}

/// A refund nobody asks for again, by the words of its row.
pub const FORGIVEN: &str =
    "(payments.metadata LIKE '%\"discretionary\"%' OR payments.metadata LIKE '%\"after_start\"%')";

/// The quotes for which as much is there as their newest terms ask.
pub fn paid_in_full() -> SelectStatement {
    // Only here: its names would hide those of numbers.
    use sea_orm::sea_query::{ExprTrait, Query};

    let of_terms = |column: booking_terms::Column| Expr::col((booking_terms::Entity, column));
    let kind = || Expr::col((payments::Entity, payments::Column::PaymentType));
    let status = || Expr::col((payments::Entity, payments::Column::PaymentStatus));
    let amount = || Expr::col((payments::Entity, payments::Column::Amount));
    // As a payment's own `moved` counts it.
    // What staff gave, or a bank took after the treatment began, is not owed again (R-PY-55).
    let moved = Expr::case(kind().eq("refund").and(Expr::cust(FORGIVEN)), 0)
        .case(kind().eq("refund").and(status().eq("completed")), Expr::val(0).sub(amount()))
        .case(kind().ne("refund").and(status().is_in(["completed", "refunded"])), amount())
        .finally(0);
    let arrived = Query::select()
        .expr(Expr::expr(moved).sum())
        .from(payments::Entity)
        .and_where(
            Expr::col((payments::Entity, payments::Column::QuoteId)).eq(of_terms(booking_terms::Column::QuoteId)),
        )
        .to_owned();
    Query::select()
        .column((booking_terms::Entity, booking_terms::Column::QuoteId))
        .from(booking_terms::Entity)
        .and_where(booking_terms::is_newest())
        // SQLite adds amounts as floating numbers: half of the smallest coin is no debt.
        .and_where(
            of_terms(booking_terms::Column::PaymentTotal)
                .sub(0.005)
                .lte(Expr::SubQuery(None, Box::new(arrived.into()))),
        )
        .to_owned()
}

/// Orders of the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Accepted last, shown first.
    #[default]
    Newest,
    /// By the day of treatment, the earliest first.
    DayUp,
    /// By the day of treatment, the latest first.
    DayDown,
}

/// A booking as a line of the list.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its quote.
    pub id: QuoteId,
    /// `BKG-2603-00001`.
    pub reference: Option<String>,
    /// Where it stands.
    pub status: QuoteStatus,
    /// The patient as this clinic may know them.
    pub patient: MaskedPatient,
    /// What is done.
    pub treatment: String,
    /// First day; the last known one when the slot was given back.
    pub day: Option<NaiveDate>,
    /// Consecutive days.
    pub day_count: i16,
    /// End of the hold while it waits for the first payment.
    pub hold_ends: Option<Timestamp>,
    /// Whether nothing is missing.
    pub is_paid: bool,
    /// The amounts, for those who may see them.
    pub money: Option<LineMoney>,
}

/// Where the money of a booking stands, in the currency paid in.
#[derive(Clone, Copy, Debug)]
pub struct LineMoney {
    /// The price.
    pub total: Money,
    /// What is there now.
    pub paid: Money,
    /// What is missing; nothing for a cancelled booking.
    pub due: Money,
}

/// Bookings of the asking clinic.
fn own(provider: ProviderId) -> Select<quotes::Entity> {
    quotes::Entity::find().filter(quotes::Column::ProviderId.eq(provider)).filter(booked())
}

/// One page of the clinic's bookings, in at most seven statements.
pub async fn list(app: &App, actor: &Actor, search: &Search, page: PageQuery) -> AppResult<Page<Line>> {
    let (_, provider) = actor.provider()?;
    actor.require(Permission::ViewTreatmentCase)?;
    let page = page.checked()?;
    let conn = app.db.conn();
    let mut query = own(provider);
    if let Some(status) = search.status {
        query = query.filter(quotes::Column::Status.eq(status));
    }
    if let Some(payment) = search.payment {
        query = query.filter(payment.condition());
    }
    if let Some(codes) = with_code(&search.text)? {
        query = query.filter(codes);
    }
    let total = platform::db::total(conn, &query).await?;
    let query = match search.order {
        Order::Newest => query.order_by_desc(quotes::Column::AcceptedAt),
        Order::DayUp => query.order_by_asc(quotes::Column::AppointmentSlotAt),
        Order::DayDown => query.order_by_desc(quotes::Column::AppointmentSlotAt),
    };
    let rows = query
        .order_by_desc(quotes::Column::Id)
        .find_also_related(inquiries::Entity)
        .and_also_related(patients::Entity)
        .offset(page.offset())
        .limit(page.per_page)
        .all(conn)
        .await?;
    let rows: Vec<_> = rows.into_iter().filter_map(|(quote, _, person)| Some((quote, person?))).collect();
    let ids: Vec<QuoteId> = rows.iter().map(|(quote, _)| quote.id).collect();
    let people: Vec<_> = rows.iter().map(|(_, person)| person.id).collect();
    let levels = anonymity::levels(conn, provider, &people).await?;
    let schedules = schedules_of(conn, &ids).await?;
    let terms = terms_of(conn, &ids).await?;
    let paid = paid_of(conn, &ids).await?;
    let amounts = actor.can(Permission::ViewFinancialDashboard);
    let line = |(quote, person): &(quotes::Model, patients::Model)| {
        let level = levels.get(&person.id).copied().unwrap_or_default();
        let schedule = schedules.get(&quote.id);
        let terms = terms.get(&quote.id);
        let money = terms.map(|terms| money_of(quote, terms, paid.get(&quote.id).copied().unwrap_or(Amount::ZERO)));
        Ok(Line {
            id: quote.id,
            reference: terms.map(|terms| terms.booking_reference.clone()),
            status: quote.status,
            patient: anonymity::mask_for(app, actor, person, level)?,
            treatment: frozen_name(quote),
            day: schedule.map(|row| row.schedule_date),
            day_count: schedule.map_or(1, |row| row.day_count),
            hold_ends: schedule.filter(|row| row.status == ScheduleStatus::Pending).and_then(|row| row.hold_expires_at),
            is_paid: money.is_some_and(|money| money.paid.amount >= money.total.amount),
            money: money.filter(|_| amounts),
        })
    };
    Ok(Page::new(rows.iter().map(line).collect::<AppResult<_>>()?, page, total))
}

/// The bookings whose reference, or whose quote's or patient's code, contains the text.
fn with_code(text: &str) -> AppResult<Option<Condition>> {
    // Only here: its names would hide those of numbers.
    use sea_orm::sea_query::ExprTrait;

    let text = text.trim().to_uppercase();
    if text.is_empty() {
        return Ok(None);
    }
    if text.chars().count() > LONGEST_SEARCH {
        return Err(AppError::invalid("query_too_long", "This search is too long."));
    }
    let contains = |column: Expr| column.like(like_contains(&text));
    let referenced = booking_terms::Entity::find()
        .select_only()
        .column(booking_terms::Column::QuoteId)
        .filter(contains(Expr::col((booking_terms::Entity, booking_terms::Column::BookingReference))))
        .into_query();
    let of_patient = inquiries::Entity::find()
        .select_only()
        .column(inquiries::Column::Id)
        .join(sea_orm::JoinType::InnerJoin, inquiries::Relation::Patient.def())
        .filter(contains(Expr::col((patients::Entity, patients::Column::PatientCode))))
        .into_query();
    Ok(Some(
        Condition::any()
            .add(contains(Expr::col((quotes::Entity, quotes::Column::QuoteCode))))
            .add(quotes::Column::Id.in_subquery(referenced))
            .add(quotes::Column::InquiryId.in_subquery(of_patient)),
    ))
}

async fn paid_of(conn: &impl ConnectionTrait, ids: &[QuoteId]) -> AppResult<HashMap<QuoteId, Amount>> {
    let rows = payments::Entity::find().filter(payments::Column::QuoteId.is_in(ids.iter().copied())).all(conn).await?;
    let mut paid: HashMap<QuoteId, Amount> = HashMap::new();
    for row in rows {
        let sum = paid.entry(row.quote_id).or_insert(Amount::ZERO);
        *sum = *sum + row.moved();
    }
    Ok(paid)
}

fn money_of(quote: &quotes::Model, terms: &booking_terms::Model, paid: Amount) -> LineMoney {
    let money = |amount| Money::new(amount, terms.payment_currency);
    let due = match quote.status {
        QuoteStatus::Cancelled => Amount::ZERO,
        status if ADMITTED.contains(&status) => Amount::ZERO,
        _ => (terms.payment_total - paid).max(Amount::ZERO),
    };
    LineMoney { total: money(terms.payment_total), paid: money(paid), due: money(due) }
}

/// The name the treatment had when the quote was sent.
pub fn frozen_name(quote: &quotes::Model) -> String {
    let name = quote.treatment_snapshot.as_ref().and_then(|snapshot| snapshot.get("name")?.as_str());
    name.unwrap_or_default().to_owned()
}

/// An appointment of the calendar.
#[derive(Clone, Debug)]
pub struct Appointment {
    /// Its booking.
    pub id: QuoteId,
    /// The patient as this clinic may know them.
    pub patient: MaskedPatient,
    /// What is done.
    pub treatment: String,
    /// Who treats.
    pub clinician: Option<String>,
    /// First day.
    pub day: NaiveDate,
    /// Start of every day; the whole day when absent.
    pub time: Option<NaiveTime>,
    /// Consecutive days.
    pub day_count: i16,
    /// Minutes of each day.
    pub duration_minutes: i32,
    /// Only held until it is paid.
    pub held: bool,
    /// End of the hold.
    pub hold_ends: Option<Timestamp>,
}

/// The appointments of some weeks and what they can be narrowed to.
#[derive(Clone, Debug)]
pub struct Weeks {
    /// By day and time.
    pub appointments: Vec<Appointment>,
    /// Everybody who leads a booking of the clinic, by name.
    pub clinicians: Vec<(ProviderUserId, String)>,
}

/// The date on the clinic's calendar now.
pub async fn today(app: &App, actor: &Actor) -> AppResult<NaiveDate> {
    let (_, provider) = actor.provider()?;
    let zone: Option<Option<String>> = providers::Entity::find_by_id(provider)
        .select_only()
        .column(providers::Column::Timezone)
        .into_tuple()
        .one(app.db.conn())
        .await?;
    Ok(slot::clinic_date(app.now(), slot::clinic_zone(zone.flatten().as_deref())))
}

/// The appointments of the clinic from one day to another, held and confirmed ones, in at most five statements.
pub async fn between(
    app: &App,
    actor: &Actor,
    (from, to): (NaiveDate, NaiveDate),
    clinician: Option<ProviderUserId>,
) -> AppResult<Weeks> {
    let (_, provider) = actor.provider()?;
    actor.require(Permission::ViewCalendar)?;
    let conn = app.db.conn();
    let rows = schedules::Entity::find()
        .find_also_related(quotes::Entity)
        .filter(schedules::Column::ScheduleDate.between(from - Duration::days(LONGEST_DAYS), to))
        .filter(schedules::Column::Status.ne(ScheduleStatus::Cancelled))
        .filter(quotes::Column::ProviderId.eq(provider))
        .order_by_asc(schedules::Column::ScheduleDate)
        .order_by_asc(schedules::Column::ScheduleTime)
        .order_by_asc(schedules::Column::Id)
        .all(conn)
        .await?;
    let ends = |row: &schedules::Model| row.schedule_date + Duration::days(i64::from(row.day_count.max(1)) - 1);
    let rows: Vec<_> = rows
        .into_iter()
        .filter_map(|(schedule, quote)| Some((schedule, quote?)))
        .filter(|(schedule, _)| ends(schedule) >= from)
        .collect();
    let leads = quote_clinicians::Entity::find()
        .filter(quote_clinicians::Column::QuoteId.is_in(rows.iter().map(|(_, quote)| quote.id)))
        .filter(quote_clinicians::Column::ActiveKey.is_not_null())
        .all(conn)
        .await?;
    let leads: HashMap<QuoteId, quote_clinicians::Model> =
        leads.into_iter().map(|lead| (lead.quote_id, lead)).collect();
    let cases = inquiries::Entity::find()
        .find_also_related(patients::Entity)
        .filter(inquiries::Column::Id.is_in(rows.iter().map(|(_, quote)| quote.inquiry_id)))
        .all(conn)
        .await?;
    let people: HashMap<_, patients::Model> =
        cases.into_iter().filter_map(|(case, person)| Some((case.id, person?))).collect();
    let ids: Vec<_> = people.values().map(|person| person.id).collect();
    let levels = anonymity::levels(conn, provider, &ids).await?;
    let mut appointments = Vec::with_capacity(rows.len());
    for (schedule, quote) in rows {
        let lead = leads.get(&quote.id);
        let wanted = clinician.is_none_or(|id| lead.is_some_and(|lead| lead.provider_user_id == id));
        let Some(person) = people.get(&quote.inquiry_id).filter(|_| wanted) else { continue };
        let level = levels.get(&person.id).copied().unwrap_or_default();
        let held = schedule.status == ScheduleStatus::Pending;
        appointments.push(Appointment {
            id: quote.id,
            patient: anonymity::mask_for(app, actor, person, level)?,
            treatment: frozen_name(&quote),
            clinician: lead.map(|lead| lead.display_name.clone()),
            day: schedule.schedule_date,
            time: schedule.schedule_time,
            day_count: schedule.day_count.max(1),
            duration_minutes: schedule.duration_minutes,
            held,
            hold_ends: schedule.hold_expires_at.filter(|_| held),
        });
    }
    Ok(Weeks { appointments, clinicians: clinicians(conn, provider).await? })
}

/// Everybody who leads a booking of the clinic, by name.
async fn clinicians(conn: &impl ConnectionTrait, provider: ProviderId) -> AppResult<Vec<(ProviderUserId, String)>> {
    let rows: Vec<(ProviderUserId, String)> = quote_clinicians::Entity::find()
        .select_only()
        .column(quote_clinicians::Column::ProviderUserId)
        .column(quote_clinicians::Column::DisplayName)
        .join(sea_orm::JoinType::InnerJoin, quote_clinicians::Relation::Quote.def())
        .filter(quotes::Column::ProviderId.eq(provider))
        .filter(booked())
        .filter(quote_clinicians::Column::ActiveKey.is_not_null())
        .distinct()
        .into_tuple()
        .all(conn)
        .await?;
    // Somebody may have changed their name between two bookings: one entry for each person.
    let by_person: BTreeMap<ProviderUserId, String> = rows.into_iter().collect();
    let mut names: Vec<_> = by_person.into_iter().collect();
    names.sort_by(|a, b| a.1.cmp(&b.1));
    Ok(names)
}
