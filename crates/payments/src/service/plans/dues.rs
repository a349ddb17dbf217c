//! Telling patients what falls due, and everybody what is overdue (R-PY-21, R-PY-41).
//!
//! Each notice has the day it is about in its key, so a run that comes twice tells once.

use chrono::{Duration, NaiveDate};
use kernel::{Actor, AppResult, Money, Timestamp};
use platform::App;
use platform::outbox::{self, Event};
use quoting::entity::quotes::{self, QuoteStatus};
use quoting::entity::schedules::{self, ScheduleStatus};
use quoting::entity::{booking_terms, schedules as slots};
use quoting::rules::slot;
use sea_orm::{ColumnTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationTrait, Set};

use super::{ItemStatus, PlanStatus, items, plans};
use crate::queries;
use crate::rules::checkout;
use crate::store::Sums;

/// Days before the due day a patient is reminded.
const AHEAD: i64 = 3;
/// Days after which an overdue balance is brought up again.
const AGAIN: i64 = 7;
/// The hour of the day, UTC, reminders go out at.
const HOUR: u32 = 9;
/// The longest a balance may fall due before the treatment, and the longest it is still brought up after: 30 days
/// (R-PY-72), but the rest of a plan that no longer fits falls due up to a cutoff and an interval before (R-PY-44).
const WINDOW: i64 = 90 + 30 + AHEAD + AGAIN;
const BATCH: u64 = 500;

fn told_from(due: NaiveDate, days: i64) -> Timestamp {
    (due - Duration::days(days)).and_hms_opt(HOUR, 0, 0).unwrap_or_default().and_utc()
}

/// Reminds of planned payments three days ahead, once each.
pub async fn remind_items(app: &App) -> AppResult<()> {
    let now = app.now();
    let due: Vec<(items::Model, Option<plans::Model>)> = items::Entity::find()
        .find_also_related(plans::Entity)
        .filter(plans::Column::Status.eq(PlanStatus::Active))
        .filter(items::Column::Status.eq(ItemStatus::Scheduled))
        .filter(items::Column::ReminderSentAt.is_null())
        // The first payment of a plan is made at checkout, unless the plan goes on with the rest of another.
        .filter(items::Column::NextAttemptAt.is_not_null())
        .filter(items::Column::DueDate.lte((now + Duration::days(AHEAD)).date_naive()))
        .order_by_asc(items::Column::DueDate)
        .order_by_asc(items::Column::Id)
        .limit(BATCH)
        .all(app.db.conn())
        .await?;
    for (item, plan) in due {
        let Some(plan) = plan.filter(|plan| plan.completed_installments > 0 || item.number == 1) else { continue };
        if now < told_from(item.due_date, AHEAD) {
            continue;
        }
        let told = platform::write_txn!(app.db, |txn| {
            let change = items::ActiveModel { reminder_sent_at: Set(Some(now)), ..Default::default() };
            let done = items::Entity::update_many()
                .set(change)
                .filter(items::Column::Id.eq(item.id))
                .filter(items::Column::ReminderSentAt.is_null())
                .exec(txn)
                .await?;
            if done.rows_affected == 0 {
                return Ok(());
            }
            let currency = plan.currency.unwrap_or(kernel::Currency::USD);
            let event = Event::new("payment.due_reminder", "InstallmentScheduleItem", item.id)
                .occurrence("ahead")
                .with("quote_id", plan.quote_id)
                .with("patient_id", plan.patient_id)
                .with("money", Money::new(item.amount, currency))
                .with("due_on", item.due_date)
                .with("number", item.number)
                .with("of", plan.number_of_installments);
            outbox::emit(txn, app, &Actor::system(), event).await
        });
        if let Err(error) = told {
            tracing::error!(item.id = %item.id, %error, "a planned payment could not be reminded of");
        }
    }
    Ok(())
}

/// Reminds of balances three days ahead and on the day; from the next day they are overdue, and a week later again.
pub async fn remind_balances(app: &App) -> AppResult<()> {
    let now = app.now();
    let today = now.date_naive();
    let mut after = None;
    loop {
        let mut near = schedules::Entity::find()
            .find_also_related(quotes::Entity)
            .filter(schedules::Column::Status.eq(ScheduleStatus::Confirmed))
            .filter(schedules::Column::ScheduleDate.between(today - Duration::days(1), today + Duration::days(WINDOW)))
            .filter(quotes::Column::Status.eq(QuoteStatus::Confirmed))
            .order_by_asc(schedules::Column::Id)
            .limit(BATCH);
        if let Some(last) = after {
            near = near.filter(schedules::Column::Id.gt(last));
        }
        let rows: Vec<(slots::Model, Option<quotes::Model>)> = near.all(app.db.conn()).await?;
        after = rows.last().map(|(row, _)| row.id);
        let full = rows.len() as u64 == BATCH;
        remind(app, rows, now).await?;
        if !full {
            return Ok(());
        }
    }
}

async fn remind(app: &App, rows: Vec<(slots::Model, Option<quotes::Model>)>, now: Timestamp) -> AppResult<()> {
    let conn = app.db.conn();
    let rows: Vec<(slots::Model, quotes::Model)> =
        rows.into_iter().filter_map(|(row, quote)| Some((row, quote?))).collect();
    let ids: Vec<_> = rows.iter().map(|(_, quote)| quote.id).collect();
    let terms = booking_terms::Entity::find()
        .filter(booking_terms::Column::QuoteId.is_in(ids.clone()))
        .order_by_asc(booking_terms::Column::Version)
        .all(conn)
        .await?;
    let terms: std::collections::HashMap<_, _> = terms.into_iter().map(|terms| (terms.quote_id, terms)).collect();
    let planned: Vec<_> = super::of_quotes(conn, &ids).await?.into_iter().map(|plan| plan.row.quote_id).collect();
    let patients: std::collections::HashMap<_, _> = quotes::Entity::find()
        .select_only()
        .column(quotes::Column::Id)
        .column(inquiry::entity::inquiries::Column::PatientId)
        .column(inquiry::entity::inquiries::Column::Id)
        .join(JoinType::InnerJoin, quotes::Relation::Inquiry.def())
        .filter(quotes::Column::Id.is_in(ids.clone()))
        .into_tuple::<(kernel::ids::QuoteId, kernel::ids::PatientId, kernel::ids::InquiryId)>()
        .all(conn)
        .await?
        .into_iter()
        .map(|(quote, patient, inquiry)| (quote, (patient, inquiry)))
        .collect();
    let paid = queries::of_quotes(conn, ids).await?;
    for (row, quote) in rows {
        let (Some(terms), Some((patient, inquiry))) = (terms.get(&quote.id), patients.get(&quote.id)) else { continue };
        // Plans have their own reminders.
        if planned.contains(&quote.id) {
            continue;
        }
        let left = terms.payment_total - Sums::of(paid.iter().filter(|row| row.quote_id == quote.id)).paid();
        if !left.is_positive() {
            continue;
        }
        let due = checkout::balance_due_on(row.schedule_date, terms.balance_due_days);
        let today = slot::clinic_date(now, slot::clinic_zone(quote.appointment_timezone.as_deref()));
        let (key, which) = match (today - due).num_days() {
            days if days >= AGAIN => ("payment.overdue", "again"),
            1.. => ("payment.overdue", "first"),
            0 if now >= told_from(due, 0) => ("payment.due_reminder", "today"),
            days if days >= -AHEAD && now >= told_from(due, AHEAD) => ("payment.due_reminder", "ahead"),
            _ => continue,
        };
        let event = Event::new(key, "Quote", quote.id)
            .occurrence(format!("{which}:{due}"))
            .with("quote_id", quote.id)
            .with("inquiry_id", inquiry)
            .with("patient_id", patient)
            .with("provider_id", quote.provider_id)
            .with("money", Money::new(left, terms.payment_currency))
            .with("due_on", due);
        outbox::emit(conn, app, &Actor::system(), event).await?;
    }
    Ok(())
}
