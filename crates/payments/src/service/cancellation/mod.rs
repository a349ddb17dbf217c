//! Cancelling a paid booking and what comes back of it (R-PY-50 to 55).
//!
//! A patient's cancellation takes effect at once; its refund waits for staff. A clinic asks and the booking stands until
//! staff agree. What a preview says is what a cancellation of the same day writes down: both come from [`Figures`].

mod ask;
mod decide;
mod discretion;
mod partial;
mod retry;

pub use ask::{CancelInput, Cancelled, MOST_FILES, cancel};
pub use decide::{Decision, approve, deny};
pub(crate) use decide::{GIVEN, decider, exceeds, few_enough, is_large, reasoned};
pub use discretion::{Discretion, give_back};
pub use partial::{Figures as PartialFigures, PartialRefund, PartiallyRefunded, preview as preview_partial, take_out};
pub use retry::retry;

use booking::entity::cancellation_requests::{self, CancellationRequestStatus as Status};
use chrono::NaiveDate;
use kernel::ids::{CancellationRequestId, QuoteId};
use kernel::{Actor, ActorKind, Amount, AppError, AppResult, Currency, Money, Permission, Timestamp};
use platform::App;
use platform::db::Txn;
use quoting::case::Case;
use quoting::entity::quotes::{self, QuoteStatus};
use quoting::entity::{booking_terms, schedules};
use rust_decimal::Decimal;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};

use crate::entity::payments::{self, PaymentStatus, PaymentType};
use crate::facts;
use crate::queries;
use crate::rules::ledger;
use crate::rules::refund::{self, EXCEPTION_PERCENT, Tier};
use crate::service::access::{self, Audience};
use crate::store::{self, Sums};

/// What a cancellation on a day brings back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figures {
    /// The day on the clinic's calendar.
    pub clinic_date: NaiveDate,
    /// Days from it to the treatment.
    pub days_before: i64,
    /// Percent of the tier.
    pub percent: Decimal,
    /// What is there of the booking's money.
    pub paid: Amount,
    /// What comes back.
    pub back: Amount,
    /// What an accepted medical reason is proposed to bring back.
    pub with_exception: Amount,
    /// The currency of all of them.
    pub currency: Currency,
}

impl Figures {
    /// What stays with Hairline (R-PY-55).
    pub fn kept(&self) -> Amount {
        self.paid - self.back
    }

    /// The figures of a booking at an instant. A clinic that steps back gives all of it back (R-PY-53).
    fn of(
        quote: &quotes::Model,
        schedule: Option<&schedules::Model>,
        terms: &booking_terms::Model,
        rows: &[payments::Model],
        now: Timestamp,
        by_clinic: bool,
    ) -> AppResult<Self> {
        let clinic_date = facts::clinic_today(quote, now);
        let treatment = schedule.map(|row| row.schedule_date).or_else(|| facts::slot_day(quote));
        let treatment = treatment.ok_or_else(not_cancellable)?;
        let days_before = refund::days_before(treatment, clinic_date);
        let tiers: Vec<Tier> = serde_json::from_value(terms.refund_tiers.clone())?;
        let percent = if by_clinic { Decimal::ONE_HUNDRED } else { refund::percent_for(&tiers, days_before) };
        let (paid, currency) = (Sums::of(rows).paid(), terms.payment_currency);
        let part = |percent| {
            refund::part_of(paid, percent, currency).ok_or_else(|| AppError::internal("a refund out of range"))
        };
        Ok(Self {
            clinic_date,
            days_before,
            percent,
            paid,
            back: part(percent)?,
            with_exception: part(EXCEPTION_PERCENT.max(percent))?,
            currency,
        })
    }
}

fn not_cancellable() -> AppError {
    AppError::conflict("cancel_not_allowed", "This booking can no longer be cancelled here.")
}

/// Who may cancel, and for whom that is asking only.
fn asker(actor: &Actor) -> AppResult<Audience> {
    let audience = access::audience(actor)?;
    match (audience, actor.kind) {
        (Audience::Clinic { .. }, _) => actor.require(Permission::CancelAppointment)?,
        (Audience::Staff, ActorKind::Admin(_)) => actor.require(Permission::IssueRefund)?,
        _ => {}
    }
    Ok(audience)
}

/// What a cancellation now would bring back, and the request that is open.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The booking.
    pub quote: quotes::Model,
    /// Its reference.
    pub reference: String,
    /// The figures of today; none once it cannot be cancelled.
    pub figures: Option<Figures>,
    /// The newest request about it.
    pub request: Option<cancellation_requests::Model>,
}

/// Computes what cancelling now would bring back.
///
/// Errors: 403, 404, 409 `booking_not_payable` for what never was a booking.
pub async fn preview(app: &App, actor: &Actor, id: QuoteId) -> AppResult<Preview> {
    let audience = asker(actor)?;
    let conn = app.db.conn();
    let (quote, _) = access::visible(conn, audience, id).await?;
    let terms = quoting::store::newest_terms(conn, id).await?.ok_or_else(queries::not_a_booking)?;
    let schedule = schedules::Entity::find()
        .filter(schedules::Column::QuoteId.eq(id))
        .filter(schedules::Column::Status.ne(schedules::ScheduleStatus::Cancelled))
        .one(conn)
        .await?;
    let rows = queries::of_quotes(conn, [id]).await?;
    let by_clinic = matches!(audience, Audience::Clinic { .. });
    let figures = match quote.status {
        QuoteStatus::Accepted | QuoteStatus::Confirmed => {
            Some(Figures::of(&quote, schedule.as_ref(), &terms, &rows, app.now(), by_clinic)?)
        }
        _ => None,
    };
    Ok(Preview { reference: terms.booking_reference, figures, request: newest(conn, id).await?, quote })
}

/// The newest request about a booking.
pub(crate) async fn newest(
    conn: &impl sea_orm::ConnectionTrait,
    id: QuoteId,
) -> AppResult<Option<cancellation_requests::Model>> {
    use sea_orm::QueryOrder;
    Ok(cancellation_requests::Entity::find()
        .filter(cancellation_requests::Column::QuoteId.eq(id))
        .order_by_desc(cancellation_requests::Column::Id)
        .one(conn)
        .await?)
}

/// Closes a request once nothing of it is under way: what is left of the booking's money is Hairline's (R-PY-55, R-PY-67).
///
/// `rows` are the booking's payments as they are now. A refund that failed keeps the request open for staff.
pub(crate) async fn settle_if_done(
    txn: &Txn,
    app: &App,
    request: CancellationRequestId,
    rows: &[payments::Model],
) -> AppResult<()> {
    let refunds = rows.iter().filter(|row| row.cancellation_request_id == Some(request));
    let returned: Amount =
        refunds.clone().filter(|row| row.payment_status == PaymentStatus::Completed).map(|row| row.amount).sum();
    let under_way = refunds.clone().any(|row| row.payment_status == PaymentStatus::Pending);
    let Some(row) = cancellation_requests::Entity::find_by_id(request).one(txn).await? else { return Ok(()) };
    if under_way || row.status != Status::Approved || row.approved_amount.is_none_or(|wanted| returned < wanted) {
        return Ok(());
    }
    close(txn, app, &row, rows).await
}

/// Marks a request as settled and moves what is kept to Hairline's revenue.
async fn close(
    txn: &Txn,
    app: &App,
    request: &cancellation_requests::Model,
    rows: &[payments::Model],
) -> AppResult<()> {
    let now = app.now();
    let change = cancellation_requests::ActiveModel {
        status: Set(Status::Settled),
        settled_at: Set(Some(now)),
        version: Set(request.version + 1),
        updated_at: Set(now),
        ..Default::default()
    };
    cancellation_requests::Entity::update_many()
        .set(change)
        .filter(cancellation_requests::Column::Id.eq(request.id))
        .exec(txn)
        .await?;
    let kept = Money::new(Sums::of(rows).paid(), request.currency);
    let posting = ledger::cancellation_closed(request.quote_id, kept);
    if posting.lines.is_empty() || store::is_posted(txn, &posting.source_key).await? {
        return Ok(());
    }
    store::post(txn, now, &posting).await
}

/// Completed payments of a booking, the newest first, with what is left of each.
fn open_payments(rows: &[payments::Model]) -> Vec<(&payments::Model, Amount)> {
    let mut paid: Vec<(&payments::Model, Amount)> = rows
        .iter()
        .filter(|row| row.payment_type != PaymentType::Refund && row.payment_status == PaymentStatus::Completed)
        .map(|row| (row, store::open_amount(rows, row)))
        .collect();
    paid.sort_by_key(|(row, _)| std::cmp::Reverse((row.paid_at, row.id)));
    paid
}

/// The terms a case was booked under.
fn terms_of(case: &Case) -> AppResult<&booking_terms::Model> {
    case.require_terms()
}
