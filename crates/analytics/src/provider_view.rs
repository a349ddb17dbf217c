//! A clinic's day at a glance: what needs an answer and by when, who comes, and how the year went.
//!
//! Patients appear as the clinic may know them. Parts the member has no right to are empty.

use std::collections::HashMap;

use aftercare::entity::after_cares;
use aftercare::entity::aftercare_workflows::{
    self as workflows, AftercareWorkflowPriority, AftercareWorkflowStatus, AftercareWorkflowType,
};
use chrono::{Datelike, Duration, Months, NaiveDate};
use identity::anonymity;
use identity::entity::patients;
use inquiry::entity::inquiries::{self, InquiryStatus};
use inquiry::entity::inquiry_providers::{self, InquiryProviderStatus};
use kernel::ids::{AfterCareId, InquiryId, PatientId, ProviderId, QuoteId};
use kernel::permission::Permission;
use kernel::{Actor, AppResult, Timestamp};
use platform::App;
use quoting::entity::quotes::{self, QuoteStatus};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query, SelectStatement, UnionType};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
};

/// Rows of one kind that are read for a day; more than that is for the lists.
const MOST: u64 = 100;

/// Something that waits for the clinic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// A request without an answer.
    Answer {
        /// The request.
        inquiry: InquiryId,
        /// Its code.
        code: Option<String>,
        /// Whether somebody has opened it.
        is_opened: bool,
    },
    /// An offer that ends soon.
    OfferEnds {
        /// The offer.
        quote: QuoteId,
        /// Its code.
        code: Option<String>,
    },
    /// A recovering patient who reported something, or whose tasks are late.
    Recovery {
        /// The plan.
        plan: AfterCareId,
        /// Clinical, not only late.
        is_clinical: bool,
    },
}

/// An entry of the list of what waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What.
    pub what: Waiting,
    /// The patient as the clinic may know them.
    pub patient: String,
    /// By when; already over when it lies in the past.
    pub by: Option<Timestamp>,
}

/// Somebody who comes.
#[derive(Clone, Debug)]
pub struct Visit {
    /// The booking.
    pub quote: QuoteId,
    /// The patient as the clinic may know them.
    pub patient: String,
    /// First instant.
    pub at: Timestamp,
    /// Zone of the clinic.
    pub zone: Option<String>,
    /// Whether it is today there.
    pub is_today: bool,
    /// Whether the treatment runs.
    pub is_running: bool,
}

/// Figures of a month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Month {
    /// Requests received.
    pub inquiries: u64,
    /// Offers sent.
    pub quotes: u64,
    /// Offers accepted.
    pub bookings: u64,
}

/// A clinic's day.
#[derive(Clone, Debug)]
pub struct Day {
    /// What needs an answer, the soonest first.
    pub waiting: Vec<Item>,
    /// Who comes today and in the next seven days, and who is there.
    pub visits: Vec<Visit>,
    /// Requests without an answer.
    pub to_answer: usize,
    /// Offers patients may accept.
    pub offers: usize,
    /// Accepted offers that wait for the first payment.
    pub held: usize,
    /// Plans with something urgent.
    pub urgent: usize,
    /// Messages not read; `None` for members who do not read messages.
    pub unread: Option<u64>,
    /// The last twelve months, oldest first.
    pub months: Vec<(NaiveDate, Month)>,
}

/// The day of the member's clinic. Six statements.
pub async fn day(app: &App, actor: &Actor) -> AppResult<Day> {
    let (_, provider) = actor.provider()?;
    let (conn, now) = (app.db.conn(), app.now());
    let requests = if actor.can(Permission::ViewInquiry) { requests(conn, provider).await? } else { Vec::new() };
    let quotes = if actor.can(Permission::ViewQuote) { current(conn, provider, now).await? } else { Vec::new() };
    let alarms = if actor.can(Permission::ViewAftercare) { alarms(conn, provider).await? } else { Vec::new() };
    let people: Vec<PatientId> = (requests.iter().map(|(_, inquiry)| inquiry.patient_id))
        .chain(quotes.iter().map(|(_, inquiry)| inquiry.patient_id))
        .chain(alarms.iter().map(|(_, case)| case.patient_id))
        .collect();
    let names = names(app, actor, provider, &people).await?;
    let name = |id: PatientId| names.get(&id).cloned().unwrap_or_default();
    let figures = figures(app, actor, provider).await?;

    let is = |status: QuoteStatus| quotes.iter().filter(move |(quote, _)| quote.status == status).count();
    let mut waiting: Vec<Item> = requests
        .iter()
        .map(|(row, inquiry)| Item {
            what: Waiting::Answer {
                inquiry: inquiry.id,
                code: inquiry.inquiry_code.clone(),
                is_opened: row.viewed_at.is_some(),
            },
            patient: name(inquiry.patient_id),
            by: Some(row.response_deadline_at),
        })
        .collect();
    waiting.extend(quotes.iter().filter(|(quote, _)| ends_soon(quote, now)).map(|(quote, inquiry)| Item {
        what: Waiting::OfferEnds { quote: quote.id, code: quote.quote_code.clone() },
        patient: name(inquiry.patient_id),
        by: quote.expires_at,
    }));
    waiting.extend(alarms.iter().map(|(alarm, case)| Item {
        what: Waiting::Recovery { plan: case.id, is_clinical: alarm.reason_code == "clinical" },
        patient: name(case.patient_id),
        by: alarm.due_at,
    }));
    waiting.sort_by_key(order);
    let mut visits: Vec<Visit> =
        quotes.iter().filter_map(|(quote, inquiry)| visit(quote, name(inquiry.patient_id), now)).collect();
    visits.sort_by_key(|visit| visit.at);
    Ok(Day {
        to_answer: requests.len(),
        offers: is(QuoteStatus::Quote),
        held: is(QuoteStatus::Accepted),
        urgent: alarms.iter().filter(|(alarm, _)| alarm.priority == AftercareWorkflowPriority::Urgent).count(),
        unread: actor.can(Permission::MessagePatient).then_some(figures.unread),
        months: figures.months,
        waiting,
        visits,
    })
}

/// Clinical alarms first, then what ends first; what has no end comes last.
fn order(item: &Item) -> (bool, bool, Option<Timestamp>) {
    let is_clinical = matches!(item.what, Waiting::Recovery { is_clinical: true, .. });
    (!is_clinical, item.by.is_none(), item.by)
}

fn ends_soon(quote: &quotes::Model, now: Timestamp) -> bool {
    quote.status == QuoteStatus::Quote && quote.expires_at.is_some_and(|end| end - now <= Duration::hours(24))
}

fn visit(quote: &quotes::Model, patient: String, now: Timestamp) -> Option<Visit> {
    let is_running = quote.status == QuoteStatus::Inprogress;
    let at = quote.appointment_slot_at.filter(|_| is_running || quote.status == QuoteStatus::Confirmed)?;
    let zone: chrono_tz::Tz =
        quote.appointment_timezone.as_deref().and_then(|zone| zone.parse().ok()).unwrap_or(chrono_tz::UTC);
    let is_today = at.with_timezone(&zone).date_naive() == now.with_timezone(&zone).date_naive();
    Some(Visit { quote: quote.id, patient, at, zone: quote.appointment_timezone.clone(), is_today, is_running })
}

/// Requests the clinic has not answered, the first deadline in front.
async fn requests(
    conn: &impl ConnectionTrait,
    provider: ProviderId,
) -> AppResult<Vec<(inquiry_providers::Model, inquiries::Model)>> {
    let open = [InquiryProviderStatus::Distributed, InquiryProviderStatus::Viewed];
    let rows = inquiry_providers::Entity::find()
        .find_also_related(inquiries::Entity)
        .filter(inquiry_providers::Column::ProviderId.eq(provider))
        .filter(inquiry_providers::Column::Status.is_in(open))
        .filter(inquiries::Column::Status.is_in([InquiryStatus::Inquiry, InquiryStatus::Quote]))
        .order_by_asc(inquiry_providers::Column::ResponseDeadlineAt)
        .order_by_asc(inquiry_providers::Column::Id)
        .limit(MOST)
        .all(conn)
        .await?;
    Ok(rows.into_iter().filter_map(|(row, inquiry)| Some((row, inquiry?))).collect())
}

/// Live offers, held dates, treatments that run, and bookings of the next seven days (and of yesterday, when nobody has
/// checked in yet).
async fn current(
    conn: &impl ConnectionTrait,
    provider: ProviderId,
    now: Timestamp,
) -> AppResult<Vec<(quotes::Model, inquiries::Model)>> {
    let live = Condition::all()
        .add(quotes::Column::Status.eq(QuoteStatus::Quote))
        .add(quotes::Column::DeletedAt.is_null())
        .add(quotes::Column::ExpiresAt.gt(now));
    let near = Condition::all()
        .add(quotes::Column::Status.eq(QuoteStatus::Confirmed))
        .add(quotes::Column::AppointmentSlotAt.gt(now - Duration::days(1)))
        .add(quotes::Column::AppointmentSlotAt.lt(now + Duration::days(7)));
    let rows = quotes::Entity::find()
        .find_also_related(inquiries::Entity)
        .filter(quotes::Column::ProviderId.eq(provider))
        .filter(
            Condition::any()
                .add(live)
                .add(near)
                .add(quotes::Column::Status.is_in([QuoteStatus::Accepted, QuoteStatus::Inprogress])),
        )
        .order_by_asc(quotes::Column::ExpiresAt)
        .order_by_asc(quotes::Column::Id)
        .limit(MOST)
        .all(conn)
        .await?;
    Ok(rows.into_iter().filter_map(|(quote, inquiry)| Some((quote, inquiry?))).collect())
}

/// Open alarms of the clinic's recovering patients.
async fn alarms(
    conn: &impl ConnectionTrait,
    provider: ProviderId,
) -> AppResult<Vec<(workflows::Model, after_cares::Model)>> {
    let rows = workflows::Entity::find()
        .find_also_related(after_cares::Entity)
        .filter(after_cares::Column::ProviderId.eq(provider))
        .filter(workflows::Column::WorkflowType.eq(AftercareWorkflowType::Escalation))
        .filter(workflows::Column::Status.is_in([AftercareWorkflowStatus::Open, AftercareWorkflowStatus::Acknowledged]))
        .order_by_asc(workflows::Column::DueAt)
        .order_by_asc(workflows::Column::Id)
        .limit(MOST)
        .all(conn)
        .await?;
    Ok(rows.into_iter().filter_map(|(alarm, case)| Some((alarm, case?))).collect())
}

/// What the clinic may call these patients, in two statements.
async fn names(
    app: &App,
    actor: &Actor,
    provider: ProviderId,
    ids: &[PatientId],
) -> AppResult<HashMap<PatientId, String>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let conn = app.db.conn();
    let rows = patients::Entity::find().filter(patients::Column::Id.is_in(ids.iter().copied())).all(conn).await?;
    let levels = anonymity::levels(conn, provider, ids).await?;
    rows.iter()
        .map(|patient| {
            let level = levels.get(&patient.id).copied().unwrap_or_default();
            Ok((patient.id, anonymity::mask_for(app, actor, patient, level)?.display_name))
        })
        .collect()
}

struct Figures {
    months: Vec<(NaiveDate, Month)>,
    unread: u64,
}

#[derive(FromQueryResult)]
struct FigureRow {
    kind: String,
    month: String,
    figure: i64,
}

/// Requests, offers and bookings by month, and the messages not read: one statement.
async fn figures(app: &App, actor: &Actor, provider: ProviderId) -> AppResult<Figures> {
    let months = last_months(app.now().date_naive());
    let first = months.first().copied().unwrap_or_default();
    let since = first.and_time(chrono::NaiveTime::MIN).and_utc();
    let received = by_month("inquiries", "distributed_at")
        .from(inquiry_providers::Entity)
        .and_where(inquiry_providers::Column::ProviderId.eq(provider))
        .and_where(inquiry_providers::Column::DistributedAt.gte(since))
        .add_group_by([Expr::cust("2")])
        .to_owned();
    let of_quotes = |kind: &'static str, at: &'static str, column: quotes::Column| {
        by_month(kind, at)
            .from(quotes::Entity)
            .and_where(quotes::Column::ProviderId.eq(provider))
            .and_where(column.gte(since))
            .add_group_by([Expr::cust("2")])
            .to_owned()
    };
    let mut all = received;
    all.union(UnionType::All, of_quotes("quotes", "submitted_at", quotes::Column::SubmittedAt));
    all.union(UnionType::All, of_quotes("bookings", "accepted_at", quotes::Column::AcceptedAt));
    if actor.can(Permission::MessagePatient) {
        all.union(UnionType::All, unread(provider));
    }
    let conn = app.db.conn();
    let rows = FigureRow::find_by_statement(conn.get_database_backend().build(&all)).all(conn).await?;
    let mut found = Figures { months: months.iter().map(|day| (*day, Month::default())).collect(), unread: 0 };
    for row in rows {
        let figure = u64::try_from(row.figure).unwrap_or(0);
        if row.kind == "messages" {
            found.unread = figure;
            continue;
        }
        let month = found.months.iter_mut().find(|(day, _)| day.format("%Y-%m").to_string() == row.month);
        match (month, row.kind.as_str()) {
            (Some((_, month)), "inquiries") => month.inquiries = figure,
            (Some((_, month)), "quotes") => month.quotes = figure,
            (Some((_, month)), "bookings") => month.bookings = figure,
            _ => {}
        }
    }
    Ok(found)
}

/// Both databases write an instant beginning with year and month.
fn by_month(kind: &'static str, column: &'static str) -> SelectStatement {
    Query::select()
        .expr_as(Expr::cust(format!("'{kind}'")), Alias::new("kind"))
        .expr_as(Expr::cust(format!("SUBSTR({column}, 1, 7)")), Alias::new("month"))
        .expr_as(Expr::cust("COUNT(*)"), Alias::new("figure"))
        .to_owned()
}

/// Messages of patients behind the clinic's pointer.
fn unread(provider: ProviderId) -> SelectStatement {
    use messaging::entity::{conversations, messages};
    let of_thread = Expr::col((messages::Entity, messages::Column::ConversationId))
        .equals((conversations::Entity, conversations::Column::Id));
    let behind = Expr::col((messages::Entity, messages::Column::Seq))
        .gt(Expr::col((conversations::Entity, conversations::Column::ProviderLastReadSeq)));
    Query::select()
        .expr_as(Expr::cust("'messages'"), Alias::new("kind"))
        .expr_as(Expr::cust("''"), Alias::new("month"))
        .expr_as(Expr::cust("COUNT(*)"), Alias::new("figure"))
        .from(messages::Entity)
        .inner_join(conversations::Entity, of_thread)
        .and_where(Expr::col((conversations::Entity, conversations::Column::ProviderId)).eq(provider))
        .and_where(behind)
        .and_where(Expr::col((messages::Entity, messages::Column::SenderRole)).ne("provider"))
        .to_owned()
}

/// The first days of the last twelve months, oldest first, this month last.
fn last_months(today: NaiveDate) -> Vec<NaiveDate> {
    let this = today.with_day(1).unwrap_or(today);
    (0..12).rev().map(|back| this.checked_sub_months(Months::new(back)).unwrap_or(this)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twelve_months_end_with_this_one() {
        let months = last_months("2026-03-31".parse().unwrap());
        assert_eq!(months.len(), 12);
        assert_eq!(months.first().copied(), "2025-04-01".parse().ok());
        assert_eq!(months.last().copied(), "2026-03-01".parse().ok());
    }

    #[test]
    fn what_is_urgent_and_what_ends_first_stands_in_front() {
        let item = |what, by: Option<&str>| Item { what, patient: String::new(), by: by.map(|by| by.parse().unwrap()) };
        let offer = || Waiting::OfferEnds { quote: QuoteId::new(), code: None };
        let plan = |is_clinical| Waiting::Recovery { plan: AfterCareId::new(), is_clinical };
        let mut items = [
            item(plan(false), None),
            item(offer(), Some("2026-03-03T10:00:00Z")),
            item(offer(), Some("2026-03-02T10:00:00Z")),
            item(plan(true), None),
        ];
        items.sort_by_key(order);
        let whens: Vec<_> = items.iter().map(|item| item.by.map(|by| by.day())).collect();
        assert_eq!(whens, [None, Some(2), Some(3), None]);
        assert!(matches!(items[0].what, Waiting::Recovery { is_clinical: true, .. }));
    }
}
