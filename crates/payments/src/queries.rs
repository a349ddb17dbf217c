//! Reads for lists and details: a fixed number of statements, whatever the number of rows.

pub mod aftercare;
pub mod desk;
pub mod events;
pub mod invoices;
pub mod ledger;
pub mod page;
pub mod plans;
pub mod refunds;
pub mod transfers;

use std::collections::HashMap;

use directory::entity::providers;
use identity::anonymity::{self, Level};
use identity::entity::patients;
use inquiry::entity::inquiries;
use kernel::ids::{PatientId, ProviderId, QuoteId};
use kernel::{Actor, AppError, AppResult, Money, Page, PageQuery};
use platform::App;
use quoting::entity::booking_terms;
use quoting::entity::quotes::{self, QuoteStatus};
use quoting::entity::schedules::{self, ScheduleStatus};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, SelectTwo,
};
use serde::Deserialize;

use crate::entity::payments::PaymentMethod;
use crate::entity::{payment_documents, payments};
use crate::facts;
use crate::rules::{checkout, installments};
use crate::service::access::{self, Audience};
use crate::service::plans::{self as planning, Plan};
use crate::service::start::refused;
use crate::service::transfer;
use crate::store::Sums;
use crate::views::{
    BookingHead, BookingView, CheckoutView, ClinicBooking, ClinicPaymentView, ClinicRef, DocumentView,
    InstallmentChoice, InstallmentPart, OfferView, PatientBooking, PaymentView, ProgressView, StaffBooking,
    TransactionView,
};

/// What a booking costs and what of it is paid, in the payment currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Balance {
    /// The price.
    pub total: Money,
    /// What is there now.
    pub paid: kernel::Amount,
    /// What is missing; check-in needs zero (R-PY-22).
    pub due: kernel::Amount,
}

/// The balance of a booking; 409 `booking_not_payable` when it never was one.
pub async fn balance(conn: &impl ConnectionTrait, quote: QuoteId) -> AppResult<Balance> {
    let terms = quoting::store::newest_terms(conn, quote).await?.ok_or_else(not_a_booking)?;
    let rows = of_quotes(conn, [quote]).await?;
    Ok(balance_of(Money::new(terms.payment_total, terms.payment_currency), &rows))
}

/// The balance of a booking whose total and payments were read already.
pub fn balance_of(total: Money, rows: &[payments::Model]) -> Balance {
    let sums = Sums::of(rows);
    Balance { total, paid: sums.paid(), due: sums.due(total.amount) }
}

pub(crate) fn not_a_booking() -> AppError {
    AppError::conflict("booking_not_payable", "There is no accepted offer to pay for.")
}

/// Every payment of some bookings, newest first.
pub async fn of_quotes(
    conn: &impl ConnectionTrait,
    quotes: impl IntoIterator<Item = QuoteId>,
) -> AppResult<Vec<payments::Model>> {
    Ok(payments::Entity::find()
        .filter(payments::Column::QuoteId.is_in(quotes))
        .order_by_desc(payments::Column::Id)
        .all(conn)
        .await?)
}

/// What a list of bookings may be narrowed to.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct BookingFilter {
    /// Only bookings in this status.
    #[serde(rename = "filter[status]")]
    #[param(rename = "filter[status]")]
    pub status: Option<QuoteStatus>,
}

/// The bookings the actor may see, newest first.
pub async fn list(app: &App, actor: &Actor, filter: &BookingFilter, page: PageQuery) -> AppResult<Page<BookingView>> {
    let page = page.checked()?;
    let audience = access::audience(actor)?;
    let conn = app.replica.conn();
    let mut found = scoped(audience).filter(quotes::Column::AcceptedAt.is_not_null());
    if let Some(status) = filter.status {
        found = found.filter(quotes::Column::Status.eq(status));
    }
    let total = found.clone().count(conn).await?;
    let rows = found
        .order_by_desc(quotes::Column::AcceptedAt)
        .order_by_desc(quotes::Column::Id)
        .offset(page.offset())
        .limit(page.per_page)
        .all(conn)
        .await?;
    let rows: Vec<_> = rows.into_iter().filter_map(|(quote, inquiry)| Some((quote, inquiry?))).collect();
    let views = assemble(app, conn, actor, audience, rows, false).await?;
    Ok(Page::new(views, page, total))
}

/// One booking with its payments; 404 when it is none or not the actor's.
pub async fn detail(app: &App, actor: &Actor, id: QuoteId) -> AppResult<BookingView> {
    let audience = access::audience(actor)?;
    let conn = app.db.conn();
    let row = access::visible(conn, audience, id).await?;
    assemble(app, conn, actor, audience, vec![row], true).await?.pop().ok_or_else(AppError::not_found)
}

fn scoped(audience: Audience) -> SelectTwo<quotes::Entity, inquiries::Entity> {
    let found = quotes::Entity::find().find_also_related(inquiries::Entity);
    match audience {
        Audience::Patient(patient) => found.filter(inquiries::Column::PatientId.eq(patient)),
        Audience::Clinic { provider, .. } => found.filter(quotes::Column::ProviderId.eq(provider)),
        Audience::Staff => found,
    }
}

/// Everything beside the quotes, each kind in one statement.
struct Beside {
    terms: HashMap<QuoteId, booking_terms::Model>,
    schedules: HashMap<QuoteId, schedules::Model>,
    payments: HashMap<QuoteId, Vec<payments::Model>>,
    plans: HashMap<QuoteId, Plan>,
    patients: HashMap<PatientId, patients::Model>,
    clinics: HashMap<ProviderId, providers::Model>,
    levels: HashMap<PatientId, Level>,
}

/// Terms, appointment, payments and plan of some bookings: four statements, three where nothing is paid in parts.
struct OfBookings {
    terms: HashMap<QuoteId, booking_terms::Model>,
    schedules: HashMap<QuoteId, schedules::Model>,
    payments: HashMap<QuoteId, Vec<payments::Model>>,
    plans: HashMap<QuoteId, Plan>,
}

/// The booking with that reference, as people type it.
async fn referred(conn: &impl ConnectionTrait, reference: &str) -> AppResult<Option<QuoteId>> {
    // Every version has it; its index holds the first.
    let found = booking_terms::Entity::find()
        .select_only()
        .column(booking_terms::Column::QuoteId)
        .filter(booking_terms::Column::BookingReference.eq(reference.trim().to_ascii_uppercase()))
        .filter(booking_terms::Column::Version.eq(1))
        .into_tuple()
        .one(conn)
        .await?;
    Ok(found)
}

async fn money_of(conn: &impl ConnectionTrait, ids: Vec<QuoteId>) -> AppResult<OfBookings> {
    let terms = booking_terms::Entity::find()
        .filter(booking_terms::Column::QuoteId.is_in(ids.clone()))
        .order_by_asc(booking_terms::Column::Version)
        .all(conn)
        .await?;
    let schedules = schedules::Entity::find()
        .filter(schedules::Column::QuoteId.is_in(ids.clone()))
        .filter(schedules::Column::Status.ne(ScheduleStatus::Cancelled))
        .all(conn)
        .await?;
    let mut payments: HashMap<QuoteId, Vec<payments::Model>> = HashMap::new();
    for row in of_quotes(conn, ids).await? {
        payments.entry(row.quote_id).or_default().push(row);
    }
    // Asked for only where a payment says that there is one.
    let planned: Vec<QuoteId> = payments
        .iter()
        .filter(|(_, rows)| rows.iter().any(|row| row.installment_plan_id.is_some()))
        .map(|(quote, _)| *quote)
        .collect();
    let plans = planning::of_quotes(conn, &planned).await?;
    Ok(OfBookings {
        // The newest version comes last and stays.
        terms: terms.into_iter().map(|row| (row.quote_id, row)).collect(),
        schedules: schedules.into_iter().map(|row| (row.quote_id, row)).collect(),
        payments,
        plans: plans.into_iter().map(|plan| (plan.row.quote_id, plan)).collect(),
    })
}

async fn beside(
    conn: &impl ConnectionTrait,
    audience: Audience,
    rows: &[(quotes::Model, inquiries::Model)],
) -> AppResult<Beside> {
    let people: Vec<PatientId> = rows.iter().map(|(_, inquiry)| inquiry.patient_id).collect();
    let money = money_of(conn, rows.iter().map(|(quote, _)| quote.id).collect()).await?;
    let patients = match audience {
        Audience::Patient(_) => Vec::new(),
        _ => patients::Entity::find().filter(patients::Column::Id.is_in(people.clone())).all(conn).await?,
    };
    let (clinics, levels) = match audience {
        Audience::Clinic { provider, .. } => (Vec::new(), anonymity::levels(conn, provider, &people).await?),
        _ => {
            let wanted = rows.iter().map(|(quote, _)| quote.provider_id);
            (providers::Entity::find().filter(providers::Column::Id.is_in(wanted)).all(conn).await?, HashMap::new())
        }
    };
    Ok(Beside {
        terms: money.terms,
        schedules: money.schedules,
        payments: money.payments,
        plans: money.plans,
        patients: patients.into_iter().map(|row| (row.id, row)).collect(),
        clinics: clinics.into_iter().map(|row| (row.id, row)).collect(),
        levels,
    })
}

async fn assemble(
    app: &App,
    conn: &impl ConnectionTrait,
    actor: &Actor,
    audience: Audience,
    rows: Vec<(quotes::Model, inquiries::Model)>,
    with_payments: bool,
) -> AppResult<Vec<BookingView>> {
    let beside = beside(conn, audience, &rows).await?;
    let mut views = Vec::with_capacity(rows.len());
    for (quote, inquiry) in &rows {
        // A quote without terms never was a booking: to the reader there is none.
        let Some(terms) = beside.terms.get(&quote.id) else { continue };
        views.push(view(app, actor, audience, (quote, inquiry, terms), &beside, with_payments)?);
    }
    Ok(views)
}

fn view(
    app: &App,
    actor: &Actor,
    audience: Audience,
    (quote, inquiry, terms): (&quotes::Model, &inquiries::Model, &booking_terms::Model),
    beside: &Beside,
    with_payments: bool,
) -> AppResult<BookingView> {
    let schedule = beside.schedules.get(&quote.id);
    let payments: &[payments::Model] = beside.payments.get(&quote.id).map_or(&[], Vec::as_slice);
    let progress = facts::progress(quote, schedule, terms, payments, beside.plans.get(&quote.id), app.now());
    let payment = ProgressView::new(&progress, terms);
    let head = head(quote, terms, schedule);
    let price = Money::new(terms.total_amount, terms.quote_currency);
    let clinic = || ClinicRef {
        id: quote.provider_id,
        name: beside.clinics.get(&quote.provider_id).map(|row| row.provider_name.clone()).unwrap_or_default(),
    };
    let rate = terms.locked_rate.normalize().to_string();
    Ok(match audience {
        Audience::Patient(_) => BookingView::Patient(Box::new(PatientBooking {
            head,
            clinic: clinic(),
            price,
            rate,
            payment,
            payments: with_payments.then(|| payments.iter().map(PaymentView::from).collect()),
        })),
        Audience::Clinic { amounts, .. } => {
            let patient = beside.patients.get(&inquiry.patient_id).ok_or_else(AppError::not_found)?;
            let level = beside.levels.get(&inquiry.patient_id).copied().unwrap_or_default();
            BookingView::Clinic(Box::new(ClinicBooking {
                head,
                patient: anonymity::mask_for(app, actor, patient, level)?,
                is_paid: progress.due.is_zero(),
                price: amounts.then_some(price),
                payment: amounts.then_some(payment),
                payments: (with_payments && amounts)
                    .then(|| payments.iter().filter_map(ClinicPaymentView::of).collect()),
            }))
        }
        Audience::Staff => BookingView::Staff(Box::new(StaffBooking {
            head,
            patient_id: inquiry.patient_id,
            patient_code: beside.patients.get(&inquiry.patient_id).and_then(|row| row.patient_code.clone()),
            clinic: clinic(),
            price,
            rate,
            commission: terms.commission_amount.map(|amount| Money::new(amount, terms.quote_currency)),
            payment,
            payments: with_payments.then(|| payments.iter().map(TransactionView::from).collect()),
            is_disputed: progress.is_disputed,
        })),
    })
}

fn head(quote: &quotes::Model, terms: &booking_terms::Model, schedule: Option<&schedules::Model>) -> BookingHead {
    BookingHead {
        id: quote.id,
        booking_reference: terms.booking_reference.clone(),
        status: quote.status,
        appointment: schedule.map(Into::into),
    }
}

/// How it can be paid: by card, and by transfer where an account is entered and no plan runs.
async fn methods(app: &App, plan: Option<&Plan>) -> AppResult<Vec<PaymentMethod>> {
    let by_bank = plan.is_none_or(|plan| !plan.has_begun()) && transfer::is_offered(app).await?;
    let bank = by_bank.then_some(PaymentMethod::BankTransfer);
    Ok([PaymentMethod::Card].into_iter().chain(bank).collect())
}

/// What the patient can pay now, and how.
pub async fn checkout(app: &App, actor: &Actor, id: QuoteId) -> AppResult<CheckoutView> {
    Ok(loaded_checkout(app, actor, id).await?.view)
}

/// A checkout with the rows it was put together from.
struct Loaded {
    view: CheckoutView,
    quote: quotes::Model,
    terms: booking_terms::Model,
    payments: Vec<payments::Model>,
}

async fn loaded_checkout(app: &App, actor: &Actor, id: QuoteId) -> AppResult<Loaded> {
    let patient = actor.patient()?;
    let conn = app.db.conn();
    let (quote, inquiry) = access::visible(conn, Audience::Patient(patient), id).await?;
    let terms = quoting::store::newest_terms(conn, id).await?.ok_or_else(not_a_booking)?;
    let schedule = schedules::Entity::find()
        .filter(schedules::Column::QuoteId.eq(id))
        .filter(schedules::Column::Status.ne(ScheduleStatus::Cancelled))
        .one(conn)
        .await?;
    let rows = of_quotes(conn, [id]).await?;
    let now = app.now();
    let plan = match rows.iter().any(|row| row.installment_plan_id.is_some()) {
        true => planning::of_quotes(conn, &[id]).await?.pop(),
        false => None,
    };
    let progress = facts::progress(&quote, schedule.as_ref(), &terms, &rows, plan.as_ref(), now);
    let head = head(&quote, &terms, schedule.as_ref());
    let case = quoting::case::Case { inquiry, quote, schedule, terms: None };
    let mut installments = Vec::new();
    let offers = match facts::checkout(&case, &terms, &rows, now) {
        Ok(facts) => match checkout::offers(&facts, now) {
            Ok(offers) => {
                if !facts.paid.is_positive() {
                    installments = planned(app, conn, &facts, &terms).await?;
                }
                Ok(offers)
            }
            Err(why) => Err(refused(why)),
        },
        Err(error) => Err(error),
    };
    let (options, blocked) = match offers {
        Ok(offers) => (offers.iter().map(|offer| OfferView::new(offer, &terms)).collect(), None),
        Err(error) => (Vec::new(), Some(error.code.into_owned())),
    };
    let quoted = |amount| Money::new(amount, terms.quote_currency);
    let view = CheckoutView {
        head,
        list: quoted(terms.list_amount),
        discount: quoted(terms.list_amount - terms.total_amount),
        total: quoted(terms.total_amount),
        rate: terms.locked_rate.normalize().to_string(),
        payment: ProgressView::new(&progress, &terms),
        options,
        methods: methods(app, plan.as_ref()).await?,
        installments,
        blocked,
        acknowledged: terms.policy_ack_at.is_some() && terms.terms_ack_at.is_some(),
        has_code: terms.affiliate_discount_code_id.is_some() || terms.discount_id != case.quote.discount_id,
    };
    Ok(Loaded { view, quote: case.quote, terms, payments: rows })
}

/// The plans on offer for a booking that is not paid yet.
async fn planned(
    app: &App,
    conn: &impl ConnectionTrait,
    facts: &checkout::Facts,
    terms: &booking_terms::Model,
) -> AppResult<Vec<InstallmentChoice>> {
    if facts.status != QuoteStatus::Accepted {
        return Ok(Vec::new());
    }
    let total = (terms.payment_total, terms.payment_currency);
    let days = (facts.schedule_date - facts.clinic_today).num_days();
    let counts = planning::counts(app, conn, total, days, i64::from(terms.cutoff_days)).await?;
    let part = |item: &installments::Planned| InstallmentPart {
        number: item.number,
        due_on: item.due_on,
        money: Money::new(item.amount, total.1),
    };
    let choice = |count| {
        let plan = installments::plan(total.0, count, total.1, facts.clinic_today)?;
        Some(InstallmentChoice { count, items: plan.iter().map(part).collect() })
    };
    Ok(counts.into_iter().filter_map(choice).collect())
}

/// The numbered papers of a booking, newest first: for its patient and for the staff.
pub async fn documents(app: &App, actor: &Actor, id: QuoteId) -> AppResult<Vec<DocumentView>> {
    let audience = access::audience(actor)?;
    if matches!(audience, Audience::Clinic { .. }) {
        return Err(AppError::forbidden());
    }
    access::visible(app.db.conn(), audience, id).await?;
    let rows = payment_documents::Entity::find()
        .filter(payment_documents::Column::QuoteId.eq(id))
        .order_by_desc(payment_documents::Column::Id)
        .all(app.db.conn())
        .await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// What the staff's search may be narrowed to.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TransactionFilter {
    /// Only payments in this status.
    #[serde(rename = "filter[status]")]
    #[param(rename = "filter[status]")]
    pub status: Option<payments::PaymentStatus>,
    /// Only payments of this booking.
    #[serde(rename = "filter[booking_id]")]
    #[param(rename = "filter[booking_id]")]
    pub booking: Option<QuoteId>,
    /// Only payments of this patient.
    #[serde(rename = "filter[patient_id]")]
    #[param(rename = "filter[patient_id]")]
    pub patient: Option<PatientId>,
    /// Only payments for this clinic.
    #[serde(rename = "filter[provider_id]")]
    #[param(rename = "filter[provider_id]")]
    pub provider: Option<ProviderId>,
}

/// Every payment attempt and refund, newest first, for the staff.
pub async fn transactions(
    app: &App,
    actor: &Actor,
    filter: &TransactionFilter,
    page: PageQuery,
) -> AppResult<Page<TransactionView>> {
    actor.admin()?;
    actor.require(kernel::Permission::ViewTransaction)?;
    let page = page.checked()?;
    let mut found = payments::Entity::find();
    if let Some(status) = filter.status {
        found = found.filter(payments::Column::PaymentStatus.eq(status));
    }
    if let Some(quote) = filter.booking {
        found = found.filter(payments::Column::QuoteId.eq(quote));
    }
    if let Some(patient) = filter.patient {
        found = found.filter(payments::Column::PatientId.eq(patient));
    }
    if let Some(provider) = filter.provider {
        found = found.filter(payments::Column::ProviderId.eq(provider));
    }
    let conn = app.replica.conn();
    let total = found.clone().count(conn).await?;
    let rows = found.order_by_desc(payments::Column::Id).offset(page.offset()).limit(page.per_page).all(conn).await?;
    Ok(Page::new(rows.iter().map(TransactionView::from).collect(), page, total))
}

/// One payment, for its patient and for the staff; 404 for everybody else.
pub async fn payment(app: &App, actor: &Actor, id: kernel::ids::PaymentId) -> AppResult<PaymentView> {
    let audience = access::audience(actor)?;
    let row = payments::Entity::find_by_id(id).one(app.db.conn()).await?.ok_or_else(AppError::not_found)?;
    match audience {
        Audience::Patient(patient) if patient != row.patient_id => Err(AppError::not_found()),
        Audience::Clinic { .. } => Err(AppError::not_found()),
        Audience::Patient(_) | Audience::Staff => Ok((&row).into()),
    }
}
