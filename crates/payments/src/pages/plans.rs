//! Plans as staff look after them.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use identity::confirm;
use kernel::ids::InstallmentPaymentPlanId;
use kernel::{AppError, AppResult, ErrorKind, Permission};
use platform::web::{ApiResult, Path, status_of};
use sea_orm::{ActiveEnum, Iterable};
use ui::{Badge, Choice, Chrome, Ctx, Form, Inside, ListView, Posted, Tone, page};

use crate::entity::installment_payment_plans::InstallmentPaymentPlanStatus as Status;
use crate::entity::installment_schedule_items::InstallmentScheduleItemStatus as ItemStatus;
use crate::queries::plans::{self as query, PlanFilter, PlanLine};
use crate::service::plans;

const PLANS: &str = "/admin/installments";

struct Line {
    id: InstallmentPaymentPlanId,
    reference: String,
    patient: String,
    patient_href: String,
    progress: String,
    total: String,
    overdue: Option<String>,
    next: String,
    state: Badge,
    has_failed: bool,
    in_default: bool,
}

#[derive(Template)]
#[template(path = "pay_plans.html")]
struct PlansPage {
    chrome: Chrome,
    form: Form,
    list: ListView,
    states: Vec<Choice>,
    lines: Vec<Line>,
    may_act: bool,
}

fn state(chrome: &Chrome, status: Status) -> Badge {
    let tone = match status {
        Status::Active => Tone::Info,
        Status::Completed => Tone::Good,
        Status::Cancelled => Tone::Calm,
        Status::Defaulted => Tone::Bad,
    };
    Badge::new(tone, chrome.word("pay-plan-state", status.to_value()))
}

fn line(chrome: &Chrome, row: &PlanLine) -> Line {
    let plan = &row.plan;
    let open = plan.items.iter().find(|item| !matches!(item.status, ItemStatus::Paid | ItemStatus::Cancelled));
    Line {
        id: plan.id,
        reference: row.booking_reference.clone(),
        patient: row.patient_name.clone(),
        patient_href: format!("/admin/patients/{}", row.patient_id),
        progress: format!("{} / {}", plan.completed, plan.count),
        total: chrome.money(plan.total),
        overdue: row.overdue.amount.is_positive().then(|| chrome.money(row.overdue)),
        next: open.map(|item| chrome.date(item.due_on)).unwrap_or_default(),
        state: state(chrome, plan.status),
        has_failed: plan.items.iter().any(|item| item.status == ItemStatus::Failed),
        in_default: plan.status == Status::Defaulted,
    }
}

pub(super) async fn list(Inside(ctx): Inside) -> ApiResult<Response> {
    let form = Form::new(&ctx.chrome);
    plans_page(&ctx, form, StatusCode::OK).await
}

async fn plans_page(ctx: &Ctx, form: Form, status: StatusCode) -> ApiResult<Response> {
    let filter = PlanFilter { status: Status::try_from_value(&ctx.asked("status")).ok() };
    let found = query::list(&ctx.app, &ctx.actor, &filter, ctx.page_query()).await?;
    let chrome = &ctx.chrome;
    let choice = |status: Status| Choice::new(status.to_value(), chrome.word("pay-plan-state", status.to_value()));
    let mut response = page(&PlansPage {
        list: ListView::new(chrome, &found.meta),
        states: Status::iter().map(choice).collect(),
        lines: found.data.iter().map(|row| line(chrome, row)).collect(),
        may_act: ctx.actor.can(Permission::ProcessPayout),
        form,
        chrome: chrome.clone(),
    })?;
    *response.status_mut() = status;
    Ok(response)
}

fn require(ctx: &Ctx) -> AppResult<()> {
    ctx.actor.admin()?;
    ctx.actor.require(Permission::ProcessPayout)
}

async fn answer(ctx: &Ctx, posted: &Posted, outcome: AppResult<()>, done: &str) -> ApiResult<Response> {
    match outcome {
        Ok(()) => Ok(ctx.done(PLANS, done)),
        Err(error) if matches!(error.kind, ErrorKind::Conflict | ErrorKind::Invalid) => {
            let form = Form::posted(&ctx.chrome, posted).refused(&error);
            plans_page(ctx, form, status_of(error.kind)).await
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn retry(
    Inside(ctx): Inside,
    Path(id): Path<InstallmentPaymentPlanId>,
    posted: Posted,
) -> ApiResult<Response> {
    require(&ctx)?;
    if let Some(question) = confirm::ask(&ctx, &posted, PLANS).await? {
        return Ok(question);
    }
    let outcome = plans::retry(&ctx.app, &ctx.actor, id, posted.get("reason")).await.map(drop);
    answer(&ctx, &posted, outcome, "plan-retried").await
}

pub(super) async fn resolve(
    Inside(ctx): Inside,
    Path(id): Path<InstallmentPaymentPlanId>,
    posted: Posted,
) -> ApiResult<Response> {
    require(&ctx)?;
    if let Some(question) = confirm::ask(&ctx, &posted, PLANS).await? {
        return Ok(question);
    }
    let outcome = match posted.get("payment_id").trim().parse() {
        Ok(payment) => plans::resolve(&ctx.app, &ctx.actor, id, payment, posted.get("reason")).await,
        Err(_) => Err(AppError::field("payment_id", "invalid", "Give the id of the payment.")),
    };
    answer(&ctx, &posted, outcome, "plan-resolved").await
}

pub(super) async fn cancel(
    Inside(ctx): Inside,
    Path(id): Path<InstallmentPaymentPlanId>,
    posted: Posted,
) -> ApiResult<Response> {
    require(&ctx)?;
    if let Some(question) = confirm::ask(&ctx, &posted, PLANS).await? {
        return Ok(question);
    }
    let outcome = plans::cancel_booking(&ctx.app, &ctx.actor, id, posted.get("reason")).await.map(drop);
    answer(&ctx, &posted, outcome, "plan-cancelled").await
}
