//! Reading bookings for lists and details, in a fixed number of statements.

use std::collections::HashMap;

use chrono::Duration;
use kernel::ids::QuoteId;
use kernel::{Actor, AppError, AppResult, Money, Page, PageQuery};
use platform::App;
use quoting::around::Around;
use quoting::entity::booking_terms;
use quoting::entity::quotes::{self, QuoteStatus};
use quoting::entity::schedules::{self, ScheduleStatus};
use quoting::queries::visible;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use crate::views::{Booking, BookingView, ScheduleView, TermsView};

/// Statuses in which a quote is a booking; a cancelled one was a booking when it had been accepted.
const BOOKED: [QuoteStatus; 5] = [
    QuoteStatus::Accepted,
    QuoteStatus::Confirmed,
    QuoteStatus::Inprogress,
    QuoteStatus::Aftercare,
    QuoteStatus::Completed,
];

/// Whether a quote is, or was, a booking.
pub(crate) fn booked() -> Condition {
    let ended = Condition::all()
        .add(quotes::Column::Status.eq(QuoteStatus::Cancelled))
        .add(quotes::Column::AcceptedAt.is_not_null());
    Condition::any().add(quotes::Column::Status.is_in(BOOKED)).add(ended)
}

fn bookings(actor: &Actor) -> AppResult<Select<quotes::Entity>> {
    Ok(visible(actor)?.filter(booked()))
}

/// One page of bookings, the most recently accepted first; 8 statements at most.
pub async fn list(
    app: &App,
    actor: &Actor,
    status: Option<QuoteStatus>,
    page: PageQuery,
) -> AppResult<Page<BookingView>> {
    let page = page.checked()?;
    let conn = app.db.conn();
    let mut query = bookings(actor)?;
    if let Some(status) = status {
        query = query.filter(quotes::Column::Status.eq(status));
    }
    let total = platform::db::total(conn, &query).await?;
    let rows = query
        .order_by_desc(quotes::Column::AcceptedAt)
        .order_by_desc(quotes::Column::Id)
        .offset(page.offset())
        .limit(page.per_page)
        .all(conn)
        .await?;
    Ok(Page::new(views(conn, app, actor, &rows).await?, page, total))
}

/// One booking; 404 when it is none or not the actor's to see.
pub async fn show(app: &App, actor: &Actor, id: QuoteId) -> AppResult<BookingView> {
    let conn = app.db.conn();
    let row = bookings(actor)?.filter(quotes::Column::Id.eq(id)).one(conn).await?.ok_or_else(AppError::not_found)?;
    let mut found = views(conn, app, actor, std::slice::from_ref(&row)).await?;
    found.pop().ok_or_else(AppError::not_found)
}

async fn views(
    conn: &impl ConnectionTrait,
    app: &App,
    actor: &Actor,
    rows: &[quotes::Model],
) -> AppResult<Vec<BookingView>> {
    let around = Around::load_without_leads(conn, app, actor, rows).await?;
    let ids: Vec<QuoteId> = rows.iter().map(|row| row.id).collect();
    let schedules = schedules_of(conn, &ids).await?;
    let terms = terms_of(conn, &ids).await?;
    rows.iter()
        .map(|row| {
            let schedule = schedules.get(&row.id);
            let terms = terms.get(&row.id);
            let booking = Booking {
                booking_reference: terms.map(|terms| terms.booking_reference.clone()),
                quote: around.summary(row)?,
                schedule: schedule.map(schedule_view),
                terms: terms.map(|terms| terms_view(terms, schedule)),
            };
            around.shape(app, actor, row, booking)
        })
        .collect()
}

/// The live schedule of each quote, or its last one.
pub(crate) async fn schedules_of(
    conn: &impl ConnectionTrait,
    ids: &[QuoteId],
) -> AppResult<HashMap<QuoteId, schedules::Model>> {
    let rows = schedules::Entity::find()
        .filter(schedules::Column::QuoteId.is_in(ids.iter().copied()))
        .order_by_asc(schedules::Column::Id)
        .all(conn)
        .await?;
    let mut found: HashMap<QuoteId, schedules::Model> = HashMap::new();
    for row in rows {
        let live = found.get(&row.quote_id).is_some_and(|known| known.status != ScheduleStatus::Cancelled);
        if !live {
            found.insert(row.quote_id, row);
        }
    }
    Ok(found)
}

/// The newest terms of each quote.
pub(crate) async fn terms_of(
    conn: &impl ConnectionTrait,
    ids: &[QuoteId],
) -> AppResult<HashMap<QuoteId, booking_terms::Model>> {
    let rows = booking_terms::Entity::find()
        .filter(booking_terms::Column::QuoteId.is_in(ids.iter().copied()))
        .order_by_asc(booking_terms::Column::Version)
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(|row| (row.quote_id, row)).collect())
}

fn schedule_view(row: &schedules::Model) -> ScheduleView {
    ScheduleView {
        id: row.id,
        status: row.status,
        date: row.schedule_date,
        time: row.schedule_time,
        timezone: row.timezone.clone(),
        day_count: row.day_count,
        duration_minutes: row.duration_minutes,
        starts_at: row.starts_at_utc,
        ends_at: row.ends_at_utc,
        hold_expires_at: row.hold_expires_at.filter(|_| row.status == ScheduleStatus::Pending),
    }
}

fn terms_view(terms: &booking_terms::Model, schedule: Option<&schedules::Model>) -> TermsView {
    let quoted = |amount| Money::new(amount, terms.quote_currency);
    let paid = |amount| Money::new(amount, terms.payment_currency);
    TermsView {
        version: terms.version,
        list: quoted(terms.list_amount),
        discount: quoted(terms.discount_amount),
        total: quoted(terms.total_amount),
        payment_total: paid(terms.payment_total),
        locked_rate: terms.locked_rate,
        deposit_percent: terms.deposit_percent,
        deposit: paid(terms.deposit_amount),
        balance: paid(terms.payment_total - terms.deposit_amount),
        balance_due_on: schedule.map(|row| row.schedule_date - Duration::days(i64::from(terms.balance_due_days))),
        payment_option: terms.payment_option,
        locked_at: terms.locked_at,
        confirmed_at: terms.confirmed_at,
    }
}
