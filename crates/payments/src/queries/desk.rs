//! Bookings as staff look after them: the list with the state of the money, and everything of one.

use booking::desk::Payment;
use chrono::NaiveDate;
use directory::entity::providers;
use identity::entity::patients;
use inquiry::entity::inquiries;
use kernel::ids::QuoteId;
use kernel::{Actor, AppError, AppResult, Page, PageQuery, Permission, Timestamp};
use platform::App;
use platform::web::like_contains;
use quoting::entity::booking_flags::{self, BookingFlagKind};
use quoting::entity::booking_terms;
use quoting::entity::quotes::{self, QuoteStatus};
use quoting::entity::schedules::{self, ScheduleStatus};
use quoting::flags;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{
    ActiveEnum, ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, JoinType, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, RelationTrait, Select,
};

use crate::entity::installment_payment_plans::{self as plans, InstallmentPaymentPlanStatus as PlanStatus};
use crate::entity::installment_schedule_items::{self as items, InstallmentScheduleItemStatus as ItemStatus};
use crate::entity::payment_histories::{self, PaymentHistoryEvent};
use crate::entity::{payment_documents, payments};
use crate::facts::{self, Progress};
use crate::service::plans::{self as planning, Plan};

/// Longer texts are no reference and no name.
const LONGEST_SEARCH: usize = 50;

/// Where the money of a booking stands, as staff narrow the list by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// A part that should have come is missing (4.9).
    Overdue,
    /// A cardholder disputes a payment, and nothing is decided (R-PY-34).
    Disputed,
    /// Somebody has to look at it.
    Flagged,
    /// As the clinic's list has it.
    Paid(Payment),
}

impl Standing {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Overdue,
        Self::Disputed,
        Self::Flagged,
        Self::Paid(Payment::Nothing),
        Self::Paid(Payment::Part),
        Self::Paid(Payment::Whole),
    ];

    /// Its word in addresses and texts.
    pub fn word(self) -> &'static str {
        match self {
            Self::Overdue => "overdue",
            Self::Disputed => "disputed",
            Self::Flagged => "flagged",
            Self::Paid(payment) => payment.word(),
        }
    }

    /// The one with that word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.word() == word)
    }
}

/// What ends a dispute in the history of its payment: the money stayed, or the bank took it.
pub const DECIDES_DISPUTES: [PaymentHistoryEvent; 2] = [PaymentHistoryEvent::Succeeded, PaymentHistoryEvent::Refunded];

/// The order of the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// The last one accepted first.
    #[default]
    Newest,
    /// By the day of treatment.
    DayUp,
    /// By the day of treatment, the last first.
    DayDown,
}

/// What staff's list is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// Only this status.
    pub status: Option<QuoteStatus>,
    /// Only where the money stands so.
    pub standing: Option<Standing>,
    /// Part of a booking's reference, a patient's code or a clinic's name.
    pub text: String,
    /// Treated on this day or later.
    pub from: Option<NaiveDate>,
    /// Treated on this day or before.
    pub until: Option<NaiveDate>,
    /// The order.
    pub order: Order,
}

/// A booking as a line of staff's list.
#[derive(Clone, Debug)]
pub struct Line {
    /// The booking.
    pub quote: quotes::Model,
    /// Its newest terms.
    pub terms: booking_terms::Model,
    /// Its appointment, unless it was released.
    pub schedule: Option<schedules::Model>,
    /// Who pays.
    pub patient: patients::Model,
    /// Where the treatment is.
    pub clinic: String,
    /// Where the money stands.
    pub progress: Progress,
    /// What somebody has to look at; staff's list of bookings reads it.
    pub flags: Vec<BookingFlagKind>,
}

fn require(actor: &Actor) -> AppResult<()> {
    actor.admin()?;
    actor.require(Permission::ViewTransaction)
}

/// One page of all bookings: seven statements at most.
///
/// Errors: 403; 422 `query_too_long`.
pub async fn list(app: &App, actor: &Actor, search: &Search, page: PageQuery) -> AppResult<Page<Line>> {
    require(actor)?;
    let page = page.checked()?;
    let conn = app.replica.conn();
    let today = app.now().date_naive();
    let mut found = quotes::Entity::find().filter(quotes::Column::AcceptedAt.is_not_null());
    if let Some(status) = search.status {
        found = found.filter(quotes::Column::Status.eq(status));
    }
    match search.standing {
        Some(Standing::Overdue) => found = found.filter(overdue(conn.get_database_backend(), today)),
        Some(Standing::Disputed) => found = found.filter(quotes::Column::Id.in_subquery(disputed())),
        Some(Standing::Flagged) => found = found.filter(quotes::Column::Id.in_subquery(flagged())),
        Some(Standing::Paid(payment)) => found = found.filter(payment.condition()),
        None => {}
    }
    if let Some(texts) = named(&search.text)? {
        found = found.filter(texts);
    }
    if let Some(from) = search.from {
        found = found.filter(quotes::Column::AppointmentSlotAt.gte(from.and_time(chrono::NaiveTime::MIN).and_utc()));
    }
    if let Some(end) = search.until.and_then(|day| day.succ_opt()) {
        found = found.filter(quotes::Column::AppointmentSlotAt.lt(end.and_time(chrono::NaiveTime::MIN).and_utc()));
    }
    let total = platform::db::total(conn, &found).await?;
    let found = match search.order {
        Order::Newest => found.order_by_desc(quotes::Column::AcceptedAt),
        Order::DayUp => found.order_by_asc(quotes::Column::AppointmentSlotAt),
        Order::DayDown => found.order_by_desc(quotes::Column::AppointmentSlotAt),
    };
    let mut lines = lines(conn, found, page, app.now()).await?;
    for flag in flags::open_of(conn, lines.iter().map(|line| line.quote.id)).await? {
        if let Some(line) = lines.iter_mut().find(|line| line.quote.id == flag.quote_id) {
            line.flags.push(flag.kind);
        }
    }
    Ok(Page::new(lines, page, total))
}

/// The lines of one page of bookings in their order: five statements.
pub(super) async fn lines(
    conn: &impl ConnectionTrait,
    found: Select<quotes::Entity>,
    page: PageQuery,
    now: Timestamp,
) -> AppResult<Vec<Line>> {
    let rows = found
        .order_by_desc(quotes::Column::Id)
        .find_also_related(inquiries::Entity)
        .find_also_related(providers::Entity)
        .find_also(inquiries::Entity, patients::Entity)
        .offset(page.offset())
        .limit(page.per_page)
        .all(conn)
        .await?;
    let mut money = super::money_of(conn, rows.iter().map(|(quote, ..)| quote.id).collect()).await?;
    let mut lines = Vec::with_capacity(rows.len());
    for (quote, _, clinic, patient) in rows {
        let schedule = money.schedules.remove(&quote.id);
        let (Some(terms), Some(clinic), Some(patient)) = (money.terms.remove(&quote.id), clinic, patient) else {
            continue;
        };
        let paid = money.payments.get(&quote.id).map_or(&[][..], Vec::as_slice);
        let progress = facts::progress(&quote, schedule.as_ref(), &terms, paid, money.plans.get(&quote.id), now);
        let (clinic, flags) = (clinic.provider_name, Vec::new());
        lines.push(Line { quote, terms, schedule, patient, clinic, progress, flags });
    }
    Ok(lines)
}

/// Bookings of which a part that was due is missing: a planned one, or a balance on whose day nothing more had come.
pub(super) fn overdue(backend: DbBackend, today: NaiveDate) -> Condition {
    let planned = items::Entity::find()
        .select_only()
        .column(plans::Column::QuoteId)
        .join(JoinType::InnerJoin, items::Relation::Plan.def())
        .filter(plans::Column::Status.is_in([PlanStatus::Active, PlanStatus::Defaulted]))
        .filter(items::Column::Status.is_not_in([ItemStatus::Paid, ItemStatus::Cancelled]))
        .filter(items::Column::DueDate.lt(today))
        .into_query();
    let has_plan = plans::Entity::find()
        .select_only()
        .column(plans::Column::QuoteId)
        .filter(plans::Column::Status.is_in([PlanStatus::Active, PlanStatus::Defaulted]))
        .into_query();
    let balance = Condition::all()
        .add(quotes::Column::Status.eq(QuoteStatus::Confirmed))
        .add(quotes::Column::Id.in_subquery(past_the_day(backend, today)))
        .add(quotes::Column::Id.not_in_subquery(has_plan))
        .add(quotes::Column::Id.not_in_subquery(booking::desk::paid_in_full()));
    Condition::any().add(quotes::Column::Id.in_subquery(planned)).add(balance)
}

/// Bookings with a payment that is disputed, and of which nothing was decided since.
fn disputed() -> SelectStatement {
    use payment_histories::Column;
    let later = Alias::new("later");
    let column = |column: Column| Expr::col((payment_histories::Entity, column));
    let decided = Query::select()
        .expr(Expr::val(1))
        .from_as(payment_histories::Entity, later.clone())
        .and_where(Expr::col((later.clone(), Column::PaymentId)).equals((payment_histories::Entity, Column::PaymentId)))
        .and_where(Expr::col((later.clone(), Column::Sequence)).gt(column(Column::Sequence)))
        .and_where(Expr::col((later, Column::Event)).is_in(DECIDES_DISPUTES.map(|event| event.to_value())))
        .to_owned();
    Query::select()
        .column((payment_histories::Entity, Column::QuoteId))
        .from(payment_histories::Entity)
        .and_where(column(Column::Event).eq(PaymentHistoryEvent::Disputed.to_value()))
        .and_where(Expr::exists(decided).not())
        .to_owned()
}

/// Bookings with a flag that is open.
fn flagged() -> SelectStatement {
    booking_flags::Entity::find()
        .select_only()
        .column(booking_flags::Column::QuoteId)
        .filter(booking_flags::Column::ClosedAt.is_null())
        .into_query()
}

/// The bookings whose balance was due before today, by their newest terms and the appointment that stands.
fn past_the_day(backend: DbBackend, today: NaiveDate) -> SelectStatement {
    // The two count days between dates in words of their own.
    let days = match backend {
        DbBackend::MySql => "DATEDIFF(`schedules`.`schedule_date`, ?) < `booking_terms`.`balance_due_days`",
        _ => "JULIANDAY(schedules.schedule_date) - JULIANDAY(?) < booking_terms.balance_due_days",
    };
    let newest = booking_terms::Entity::find()
        .select_only()
        .expr(Expr::col(booking_terms::Column::Version).max())
        .filter(Expr::col(booking_terms::Column::QuoteId).equals((schedules::Entity, schedules::Column::QuoteId)))
        .into_query();
    schedules::Entity::find()
        .select_only()
        .column(schedules::Column::QuoteId)
        .join(
            JoinType::InnerJoin,
            schedules::Entity::belongs_to(booking_terms::Entity)
                .from(schedules::Column::QuoteId)
                .to(booking_terms::Column::QuoteId)
                .into(),
        )
        .filter(schedules::Column::Status.eq(ScheduleStatus::Confirmed))
        .filter(Expr::cust_with_values(days, [today.to_string()]))
        .filter(Expr::col((booking_terms::Entity, booking_terms::Column::Version)).in_subquery(newest))
        .into_query()
}

/// What contains the text: a booking's reference, a patient's code, a clinic's name.
pub(super) fn named(text: &str) -> AppResult<Option<Condition>> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    if text.chars().count() > LONGEST_SEARCH {
        return Err(AppError::invalid("query_too_long", "This search is too long."));
    }
    let contains = |column: Expr, text: &str| column.like(like_contains(text));
    let referenced = booking_terms::Entity::find()
        .select_only()
        .column(booking_terms::Column::QuoteId)
        .filter(contains(Expr::col(booking_terms::Column::BookingReference), &text.to_uppercase()))
        .into_query();
    let of_patient = inquiries::Entity::find()
        .select_only()
        .column(inquiries::Column::Id)
        .join(JoinType::InnerJoin, inquiries::Relation::Patient.def())
        .filter(contains(Expr::col((patients::Entity, patients::Column::PatientCode)), &text.to_uppercase()))
        .into_query();
    let of_clinic = providers::Entity::find()
        .select_only()
        .column(providers::Column::Id)
        .filter(contains(Expr::col(providers::Column::ProviderName), text))
        .into_query();
    Ok(Some(
        Condition::any()
            .add(quotes::Column::Id.in_subquery(referenced))
            .add(quotes::Column::InquiryId.in_subquery(of_patient))
            .add(quotes::Column::ProviderId.in_subquery(of_clinic)),
    ))
}

/// Everything of one booking.
#[derive(Clone, Debug)]
pub struct Detail {
    /// The booking.
    pub quote: quotes::Model,
    /// Its request.
    pub inquiry: inquiries::Model,
    /// Who pays.
    pub patient: patients::Model,
    /// Where the treatment is.
    pub clinic: providers::Model,
    /// Every version of its terms, the newest last; never empty.
    pub terms: Vec<booking_terms::Model>,
    /// Every appointment it had, the present one last.
    pub schedules: Vec<schedules::Model>,
    /// Every payment and refund, newest first.
    pub payments: Vec<payments::Model>,
    /// Its plan, unless it was ended.
    pub plan: Option<Plan>,
    /// What happened to the payments, newest first.
    pub histories: Vec<payment_histories::Model>,
    /// Its numbered papers, newest first.
    pub documents: Vec<payment_documents::Model>,
    /// Where the money stands.
    pub progress: Progress,
    /// What somebody has to look at, oldest first.
    pub flags: Vec<booking_flags::Model>,
}

impl Detail {
    /// The appointment that stands.
    pub fn appointment(&self) -> Option<&schedules::Model> {
        self.schedules.iter().find(|row| row.status != ScheduleStatus::Cancelled)
    }

    /// The newest terms.
    pub fn newest_terms(&self) -> AppResult<&booking_terms::Model> {
        self.terms.last().ok_or_else(AppError::not_found)
    }
}

/// One booking with all that belongs to its money: seven statements.
///
/// Errors: 403; 404 where it never was a booking.
pub async fn detail(app: &App, actor: &Actor, id: QuoteId) -> AppResult<Detail> {
    require(actor)?;
    let conn = app.db.conn();
    let found = quotes::Entity::find_by_id(id)
        .find_also_related(inquiries::Entity)
        .find_also_related(providers::Entity)
        .find_also(inquiries::Entity, patients::Entity)
        .one(conn)
        .await?;
    let Some((quote, Some(inquiry), Some(clinic), Some(patient))) = found else { return Err(AppError::not_found()) };
    let terms = booking_terms::Entity::find()
        .filter(booking_terms::Column::QuoteId.eq(id))
        .order_by_asc(booking_terms::Column::Version)
        .all(conn)
        .await?;
    let schedules = schedules::Entity::find()
        .filter(schedules::Column::QuoteId.eq(id))
        .order_by_asc(schedules::Column::Id)
        .all(conn)
        .await?;
    let of_booking = payments::Entity::find()
        .filter(payments::Column::QuoteId.eq(id))
        .order_by_desc(payments::Column::Id)
        .find_with_related(payment_histories::Entity)
        .all(conn)
        .await?;
    let (payments, histories): (Vec<_>, Vec<_>) = of_booking.into_iter().unzip();
    let mut histories = histories.concat();
    histories.sort_by_key(|row| std::cmp::Reverse(row.id));
    let plan = planning::of_quotes(conn, &[id]).await?.pop();
    let flags = flags::open_of(conn, [id]).await?;
    let documents = payment_documents::Entity::find()
        .filter(payment_documents::Column::QuoteId.eq(id))
        .order_by_desc(payment_documents::Column::Id)
        .all(conn)
        .await?;
    let newest = terms.last().ok_or_else(AppError::not_found)?;
    let live = schedules.iter().find(|row| row.status != ScheduleStatus::Cancelled);
    let progress = facts::progress(&quote, live, newest, &payments, plan.as_ref(), app.now());
    Ok(Detail {
        quote,
        inquiry,
        patient,
        clinic,
        terms,
        schedules,
        payments,
        plan,
        histories,
        documents,
        progress,
        flags,
    })
}
