//! Moving a booking.

use axum::extract::State;
use axum::http::StatusCode;
use chrono::{NaiveDate, NaiveTime};
use kernel::Money;
use kernel::ids::QuoteId;
use platform::App;
use platform::web::{ApiResult, Json, Path, ProblemDocument, Query, Who};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::rules::reschedule::Effect;
use crate::service::reschedule::{self, NewSlot};
use crate::views::InstallmentPart;

/// Where a booking goes, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reschedule {
    /// The first day, on the clinic's calendar.
    pub date: NaiveDate,
    /// The start of each day, on the clinic's clock: a quarter of an hour.
    #[schema(value_type = String, example = "09:00:00")]
    pub time: NaiveTime,
    /// Minutes of each day; as before where it is left out.
    #[serde(default)]
    pub duration_minutes: Option<i32>,
    /// Consecutive days; as before where it is left out.
    #[serde(default)]
    pub day_count: Option<i32>,
    /// Why: 20 to 500 characters.
    #[schema(example = "The surgeon is ill that week; agreed with the patient by phone.")]
    pub reason: String,
}

/// The day that is thought of.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RescheduleQuery {
    /// The first day, on the clinic's calendar.
    pub date: NaiveDate,
}

/// What becomes of the money that is still to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RescheduleOutcome {
    /// Everything is paid.
    Paid,
    /// The plan goes on as it is.
    PlanUnchanged,
    /// The rest of the plan is spread over other days.
    PlanSpread,
    /// The plan ends, its rest falls due in one sum.
    SinglePayment,
    /// The balance falls due on that day.
    BalanceDue,
}

/// What a move means for the payments.
#[derive(Debug, Serialize, ToSchema)]
pub struct RescheduleEffect {
    /// In one word.
    pub outcome: RescheduleOutcome,
    /// The day the rest falls due in one sum.
    pub due_on: Option<NaiveDate>,
    /// The new payments of a plan that is spread.
    pub installments: Vec<InstallmentPart>,
}

impl RescheduleEffect {
    fn new(effect: &Effect, currency: kernel::Currency) -> Self {
        let (outcome, due_on) = match effect {
            Effect::Paid => (RescheduleOutcome::Paid, None),
            Effect::PlanStays => (RescheduleOutcome::PlanUnchanged, None),
            Effect::Spread(_) => (RescheduleOutcome::PlanSpread, None),
            Effect::Balance { due_on, ends_plan: true } => (RescheduleOutcome::SinglePayment, Some(*due_on)),
            Effect::Balance { due_on, ends_plan: false } => (RescheduleOutcome::BalanceDue, Some(*due_on)),
        };
        let parts = match effect {
            Effect::Spread(parts) => parts.as_slice(),
            _ => &[],
        };
        let part = |item: &crate::rules::installments::Planned| InstallmentPart {
            number: item.number,
            due_on: item.due_on,
            money: Money::new(item.amount, currency),
        };
        Self { outcome, due_on, installments: parts.iter().map(part).collect() }
    }
}

/// Computes what another day would mean for the payments of a booking; nothing happens.
#[utoipa::path(get, path = "/admin/bookings/{id}/reschedule-preview", tag = "bookings",
    operation_id = "preview_reschedule", params(("id" = QuoteId, Path), RescheduleQuery),
    responses((status = 200, body = RescheduleEffect), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument)))]
pub async fn preview_reschedule(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<QuoteId>,
    Query(query): Query<RescheduleQuery>,
) -> ApiResult<Json<RescheduleEffect>> {
    let seen = reschedule::preview(&app, &actor, id, Some(query.date)).await?;
    let effect = seen.effect.unwrap_or(Effect::Paid);
    Ok(Json(RescheduleEffect::new(&effect, seen.terms.payment_currency)))
}

/// Moves a confirmed booking to another slot; plan or balance follow, patient and clinic are told.
#[utoipa::path(post, path = "/admin/bookings/{id}/reschedule", tag = "bookings", operation_id = "reschedule_booking",
    params(("id" = QuoteId, Path)), request_body = Reschedule,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn reschedule_booking(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<QuoteId>,
    Json(body): Json<Reschedule>,
) -> ApiResult<StatusCode> {
    let to = NewSlot {
        date: body.date,
        time: body.time,
        duration_minutes: body.duration_minutes,
        day_count: body.day_count,
    };
    reschedule::reschedule(&app, &actor, id, &to, &body.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}
