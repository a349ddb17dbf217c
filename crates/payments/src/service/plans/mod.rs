//! Plans of interest-free payments: made with the first payment, followed by every later one (R-PY-37 to 45, 4.5).

mod charge;
mod desk;
mod dues;

pub(crate) use charge::ask_again;
pub use charge::{charge_due, charge_item};
pub(crate) use desk::justified;
pub use desk::{cancel_booking, resolve, retry};
pub use dues::{remind_balances, remind_items};

use chrono::NaiveDate;
use kernel::ids::{
    GatewayAccountId, InstallmentPaymentPlanId, InstallmentScheduleItemId, PatientId, PaymentId, QuoteId,
};
use kernel::{Actor, Amount, AppError, AppResult, Currency, Timestamp};
use platform::App;
use platform::db::Txn;
use platform::outbox::{self, Event};
use platform::settings::Setting;
use quoting::case::Case;
use rust_decimal::Decimal;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect,
    RelationTrait, Set,
};

use crate::entity::installment_payment_plans::{
    self as plans, InstallmentPaymentPlanPaymentFrequency as Frequency, InstallmentPaymentPlanStatus as PlanStatus,
};
use crate::entity::installment_schedule_items::{self as items, InstallmentScheduleItemStatus as ItemStatus};
use crate::entity::payments;
use crate::metadata::Metadata;
use crate::rules::installments::{self as rules, Planned, RETRIES};

/// Whether plans are offered at all.
pub const ENABLED: Setting<bool> = Setting::new("installments", "enabled", true);
/// The counts on offer, joined by commas.
pub const OFFERED: Setting<String> = Setting::new("installments", "counts", "2,3,4,5,6,7,8,9");
/// The least price in US dollars, at the unmarked rate (R-PY-40).
pub const LEAST: Setting<i64> = Setting::new("installments", "minimum_usd", 500);
/// Days after the last retry on which an open default is brought up again (R-PY-43).
pub const GRACE_DAYS: Setting<i64> = Setting::new("installments", "grace_days", 7);
/// The hour of the day, UTC, at which planned payments are charged.
const HOUR: u32 = 3;

/// The counts on offer as they are stored: each from 2 to 9, once, in order.
///
/// Errors: 422 on `counts`.
pub fn counts_of(text: &str) -> AppResult<String> {
    let read: Option<std::collections::BTreeSet<u8>> =
        text.split(',').map(|part| part.trim().parse().ok().filter(|count| (2..=9).contains(count))).collect();
    let counts =
        read.ok_or_else(|| AppError::field("counts", "invalid", "Numbers from 2 to 9, with commas between."))?;
    Ok(counts.iter().map(u8::to_string).collect::<Vec<_>>().join(","))
}

/// A plan with its payments in order.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The plan.
    pub row: plans::Model,
    /// Its payments, by number.
    pub items: Vec<items::Model>,
}

impl Plan {
    /// Payments that are neither paid nor cancelled.
    pub fn open(&self) -> impl Iterator<Item = &items::Model> {
        self.items.iter().filter(|item| !matches!(item.status, ItemStatus::Paid | ItemStatus::Cancelled))
    }

    /// The payment of a number.
    pub fn item(&self, number: i32) -> Option<&items::Model> {
        self.items.iter().find(|item| item.number == number)
    }

    /// The next payment to come, or the one that is overdue.
    pub fn next(&self) -> Option<&items::Model> {
        self.open().min_by_key(|item| item.number)
    }

    /// Whether the plan runs: before the first payment has arrived it is only a wish. One that takes the place of another
    /// runs from the start: the clock charges its first payment, the patient's checkout that of every other.
    pub fn has_begun(&self) -> bool {
        let continues = |item: &items::Model| {
            item.number == 1
                && (item.next_attempt_at.is_some() || matches!(item.status, ItemStatus::Retrying | ItemStatus::Failed))
        };
        self.items.iter().any(|item| item.status == ItemStatus::Paid || continues(item))
    }
}

/// The counts a booking can be split into, by settings and price (R-PY-38, R-PY-40).
pub async fn counts(
    app: &App,
    conn: &impl ConnectionTrait,
    total: (Amount, Currency),
    days_before: i64,
    cutoff_days: i64,
) -> AppResult<Vec<u8>> {
    if !ENABLED.get(app).await? {
        return Ok(Vec::new());
    }
    let enabled: Vec<u8> = OFFERED.get(app).await?.split(',').filter_map(|count| count.trim().parse().ok()).collect();
    let fits = rules::offered(&enabled, days_before, cutoff_days);
    if fits.is_empty() || !is_large_enough(app, conn, total).await? {
        return Ok(Vec::new());
    }
    Ok(fits.into_iter().filter(|count| rules::split(total.0, *count, total.1).is_some()).collect())
}

async fn is_large_enough(
    app: &App,
    conn: &impl ConnectionTrait,
    (total, currency): (Amount, Currency),
) -> AppResult<bool> {
    let least = Decimal::from(LEAST.get(app).await?);
    if currency == Currency::USD {
        return Ok(total.get() >= least);
    }
    let rate = catalogue::fx::per_dollar(conn, currency).await?.filter(|rate| !rate.is_zero());
    Ok(rate.is_some_and(|rate| total.get() / rate >= least))
}

/// The plans of some bookings that were not ended, with their payments: one statement, none without bookings.
pub async fn of_quotes(conn: &impl ConnectionTrait, quotes: &[QuoteId]) -> AppResult<Vec<Plan>> {
    if quotes.is_empty() {
        return Ok(Vec::new());
    }
    let rows = items::Entity::find()
        .find_also_related(plans::Entity)
        .filter(plans::Column::QuoteId.is_in(quotes.iter().copied()))
        .filter(plans::Column::Status.ne(PlanStatus::Cancelled))
        .order_by_asc(plans::Column::Id)
        .order_by_asc(items::Column::Number)
        .all(conn)
        .await?;
    let mut found: Vec<Plan> = Vec::new();
    for (item, plan) in rows {
        let Some(row) = plan else { continue };
        match found.last_mut().filter(|plan| plan.row.id == row.id) {
            Some(plan) => plan.items.push(item),
            None => found.push(Plan { row, items: vec![item] }),
        }
    }
    Ok(found)
}

/// Plans with their payments: one statement.
pub async fn with_items(conn: &impl ConnectionTrait, rows: Vec<plans::Model>) -> AppResult<Vec<Plan>> {
    let mut all = items::Entity::find()
        .filter(items::Column::PlanId.is_in(rows.iter().map(|row| row.id)))
        .order_by_asc(items::Column::Number)
        .all(conn)
        .await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let (own, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|item| item.plan_id == row.id);
        all = others;
        found.push(Plan { row, items: own });
    }
    Ok(found)
}

/// The live plan of a booking under lock. The caller holds the locks of case and payments.
pub async fn lock_of(txn: &Txn, quote: QuoteId) -> AppResult<Option<Plan>> {
    let row = plans::Entity::find()
        .filter(plans::Column::QuoteId.eq(quote))
        .filter(plans::Column::Status.is_in([PlanStatus::Active, PlanStatus::Defaulted]))
        .lock_exclusive()
        .one(txn)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let items = items::Entity::find()
        .filter(items::Column::PlanId.eq(row.id))
        .order_by_asc(items::Column::Number)
        .lock_exclusive()
        .all(txn)
        .await?;
    Ok(Some(Plan { row, items }))
}

/// The instant a planned payment is charged: three in the morning, UTC, of its day.
pub(crate) fn charged_at(due: NaiveDate) -> Timestamp {
    due.and_hms_opt(HOUR, 0, 0).unwrap_or_default().and_utc()
}

/// Who has the first payment of a plan charged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum First {
    /// The patient, at checkout.
    AtCheckout,
    /// The clock, like every other: the plan goes on with the rest of one before.
    ByClock,
}

/// Writes a plan with its payments.
pub(crate) async fn create(
    txn: &Txn,
    now: Timestamp,
    case: &Case,
    total: (Amount, Currency),
    planned: &[Planned],
    by: First,
) -> AppResult<plans::Model> {
    let (Some(first), Some(last)) = (planned.first(), planned.last()) else {
        return Err(AppError::internal("a plan without payments"));
    };
    let row = plans::ActiveModel {
        id: Set(InstallmentPaymentPlanId::new()),
        quote_id: Set(case.quote.id),
        patient_id: Set(case.inquiry.patient_id),
        total_amount: Set(total.0),
        installment_amount: Set(first.amount),
        number_of_installments: Set(last.number),
        completed_installments: Set(0),
        payment_frequency: Set(Frequency::Monthly),
        first_payment_date: Set(first.due_on),
        final_payment_date: Set(last.due_on),
        status: Set(PlanStatus::Active),
        currency: Set(Some(total.1)),
        superseded_by: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
    };
    let row = row.insert(txn).await?;
    let rows = planned.iter().map(|item| items::ActiveModel {
        id: Set(InstallmentScheduleItemId::new()),
        plan_id: Set(row.id),
        number: Set(item.number),
        due_date: Set(item.due_on),
        amount: Set(item.amount),
        status: Set(ItemStatus::Scheduled),
        attempts: Set(0),
        next_attempt_at: Set((item.number > 1 || by == First::ByClock).then(|| charged_at(item.due_on))),
        reminder_sent_at: Set(None),
        paid_payment_id: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
    });
    items::Entity::insert_many(rows).exec_without_returning(txn).await?;
    Ok(row)
}

/// Ends a plan and what is open of it.
pub(crate) async fn cancel(txn: &Txn, now: Timestamp, plan: &Plan) -> AppResult<()> {
    items::Entity::update_many()
        .set(items::ActiveModel {
            status: Set(ItemStatus::Cancelled),
            next_attempt_at: Set(None),
            updated_at: Set(now),
            ..Default::default()
        })
        .filter(items::Column::PlanId.eq(plan.row.id))
        .filter(items::Column::Status.is_not_in([ItemStatus::Paid, ItemStatus::Cancelled]))
        .exec(txn)
        .await?;
    set_status(txn, now, plan.row.id, PlanStatus::Cancelled, plan.row.completed_installments).await
}

/// Ends a plan whose rest goes on in another one (R-PY-44). The caller has ended it by [`cancel`].
pub(crate) async fn supersede(
    txn: &Txn,
    now: Timestamp,
    before: InstallmentPaymentPlanId,
    after: InstallmentPaymentPlanId,
) -> AppResult<()> {
    let change = plans::ActiveModel {
        id: Set(before),
        superseded_by: Set(Some(after)),
        updated_at: Set(now),
        ..Default::default()
    };
    change.update(txn).await?;
    Ok(())
}

async fn set_status(
    txn: &Txn,
    now: Timestamp,
    id: InstallmentPaymentPlanId,
    status: PlanStatus,
    completed: i32,
) -> AppResult<()> {
    let change = plans::ActiveModel {
        id: Set(id),
        status: Set(status),
        completed_installments: Set(completed),
        updated_at: Set(now),
        ..Default::default()
    };
    change.update(txn).await?;
    Ok(())
}

pub(crate) async fn set_item(
    txn: &Txn,
    now: Timestamp,
    id: InstallmentScheduleItemId,
    change: items::ActiveModel,
) -> AppResult<()> {
    items::ActiveModel { id: Set(id), updated_at: Set(now), ..change }.update(txn).await?;
    Ok(())
}

/// A payment arrived: what it pays of the plan is paid, and the plan goes on, is cured or completed (4.5, R-PY-45).
pub(crate) async fn on_paid(txn: &Txn, app: &App, paid: &payments::Model) -> AppResult<()> {
    let words = Metadata::of(paid);
    let numbers: Vec<i32> = match (paid.installment_number, words.settles_items) {
        (Some(number), _) => vec![number],
        (None, Some(numbers)) => numbers,
        (None, None) => return Ok(()),
    };
    let Some(plan) = lock_of(txn, paid.quote_id).await? else { return Ok(()) };
    // A plan that was replaced meanwhile is not paid by a payment of the one before.
    if paid.installment_plan_id.is_some_and(|id| id != plan.row.id) {
        return Ok(());
    }
    settle_items(txn, app, &plan, &numbers, paid.id).await
}

/// Marks items as paid by a payment and moves the plan on.
pub(crate) async fn settle_items(
    txn: &Txn,
    app: &App,
    plan: &Plan,
    numbers: &[i32],
    payment: PaymentId,
) -> AppResult<()> {
    let now = app.now();
    let is_paid = |item: &items::Model| item.status == ItemStatus::Paid || numbers.contains(&item.number);
    for item in plan.open().filter(|item| numbers.contains(&item.number)) {
        let change = items::ActiveModel {
            status: Set(ItemStatus::Paid),
            paid_payment_id: Set(Some(payment)),
            next_attempt_at: Set(None),
            ..Default::default()
        };
        set_item(txn, now, item.id, change).await?;
    }
    let paid = plan.items.iter().filter(|item| is_paid(item)).count();
    let completed = i32::try_from(paid).unwrap_or_default();
    let fails = plan.items.iter().any(|item| item.status == ItemStatus::Failed && !is_paid(item));
    let status = match plan.row.status {
        _ if paid == plan.items.len() => PlanStatus::Completed,
        PlanStatus::Defaulted if fails => PlanStatus::Defaulted,
        _ => PlanStatus::Active,
    };
    if plan.row.status == PlanStatus::Defaulted && status == PlanStatus::Active {
        // R-PY-42: what fell due while the plan stood still is charged the next day.
        let tomorrow = charged_at(now.date_naive().succ_opt().unwrap_or(now.date_naive()));
        for item in plan.open().filter(|item| !is_paid(item)) {
            if item.next_attempt_at.is_some_and(|at| at <= tomorrow) {
                let change = items::ActiveModel { next_attempt_at: Set(Some(tomorrow)), ..Default::default() };
                set_item(txn, now, item.id, change).await?;
            }
        }
    }
    set_status(txn, now, plan.row.id, status, completed).await
}

/// What a failed payment means for its plan. `given_up` tells that this program closed the attempt, not the bank.
///
/// At checkout the patient tries again or chooses otherwise: a plan that never began ends with the attempt that was
/// given up. Later a failure of the clock's own charge counts: three retries, then the plan is in default (R-PY-42).
pub(crate) async fn on_failed(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    case: &Case,
    row: &payments::Model,
    given_up: bool,
) -> AppResult<()> {
    let Some(number) = row.installment_number else { return Ok(()) };
    let Some(plan) = lock_of(txn, row.quote_id).await? else { return Ok(()) };
    if row.installment_plan_id != Some(plan.row.id) {
        return Ok(());
    }
    let now = app.now();
    if !plan.has_begun() {
        return if given_up { cancel(txn, now, &plan).await } else { Ok(()) };
    }
    let Some(item) = plan.item(number).filter(|item| item.status == ItemStatus::Processing) else { return Ok(()) };
    let automatic = Metadata::of(row).auto == Some(true);
    let failures = usize::try_from(item.attempts).unwrap_or_default();
    let next = RETRIES.get(failures.saturating_sub(1)).copied();
    let (status, next_attempt_at) = match next {
        // The patient tried; the clock's own tries stay as they were.
        _ if !automatic && failures > RETRIES.len() => (ItemStatus::Failed, None),
        _ if !automatic => {
            (if failures == 0 { ItemStatus::Scheduled } else { ItemStatus::Retrying }, item.next_attempt_at)
        }
        Some(days) => {
            let day = item.due_date + chrono::Duration::days(days);
            // A run that was late leaves at least a day until the next try.
            let day = day.max(now.date_naive() + chrono::Duration::days(1));
            (ItemStatus::Retrying, Some(charged_at(day)))
        }
        None => (ItemStatus::Failed, None),
    };
    let change =
        items::ActiveModel { status: Set(status), next_attempt_at: Set(next_attempt_at), ..Default::default() };
    set_item(txn, now, item.id, change).await?;
    if automatic && status == ItemStatus::Failed {
        set_status(txn, now, plan.row.id, PlanStatus::Defaulted, plan.row.completed_installments).await?;
        let event = Event::new("payment.plan_defaulted", "InstallmentPaymentPlan", plan.row.id)
            .occurrence(number)
            .with("quote_id", row.quote_id)
            .with("inquiry_id", case.inquiry.id)
            .with("patient_id", row.patient_id)
            .with("provider_id", row.provider_id)
            .with("number", number)
            .with("of", plan.row.number_of_installments)
            .with("overdue", kernel::Money::new(item.amount, row.currency));
        outbox::emit(txn, app, actor, event).await?;
    }
    Ok(())
}

/// The account a patient's running plan began at.
pub async fn account_of(conn: &impl ConnectionTrait, patient: PatientId) -> AppResult<Option<GatewayAccountId>> {
    let of_plan = payments::Entity::find()
        .select_only()
        .column(payments::Column::GatewayAccountId)
        .join(JoinType::InnerJoin, payments::Relation::InstallmentPlan.def())
        .filter(plans::Column::PatientId.eq(patient))
        .filter(plans::Column::Status.is_in([PlanStatus::Active, PlanStatus::Defaulted]))
        .filter(payments::Column::PaidAt.is_not_null())
        .filter(payments::Column::GatewayAccountId.is_not_null())
        .order_by_desc(payments::Column::Id)
        .limit(1);
    Ok(of_plan.into_tuple::<Option<GatewayAccountId>>().one(conn).await?.flatten())
}
