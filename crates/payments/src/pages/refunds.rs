//! The queue of cancellations and their refunds, for staff.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use booking::entity::cancellation_requests::{
    CancellationRequestRequestedByType as By, CancellationRequestStatus as Status,
};
use identity::confirm;
use kernel::ids::CancellationRequestId;
use kernel::{Amount, AppError, AppResult, ErrorKind, Permission};
use platform::web::{ApiResult, Path, status_of};
use sea_orm::{ActiveEnum, Iterable};
use ui::{Badge, Choice, Chrome, Ctx, Form, Html, Inside, ListView, Posted, Tone, page};

use crate::entity::payments::{PaymentStatus, PaymentType};
use crate::queries::refunds::{self, CancellationView, RefundDetail, RefundFilter, RefundLine};
use crate::service::cancellation::{self, Decision};

const QUEUE: &str = "/admin/refunds";

struct Line {
    href: String,
    reference: String,
    patient: String,
    clinic: String,
    asked: Html,
    by: String,
    proposed: String,
    exception: bool,
    state: Badge,
}

#[derive(Template)]
#[template(path = "pay_refunds.html")]
struct RefundsPage {
    chrome: Chrome,
    list: ListView,
    states: Vec<Choice>,
    lines: Vec<Line>,
}

struct Payment {
    what: String,
    amount: String,
    at: Html,
    state: String,
}

struct Before {
    text: String,
    at: Html,
    state: Badge,
}

#[derive(Template)]
#[template(path = "pay_refund.html")]
struct RefundPage {
    chrome: Chrome,
    form: Form,
    href: String,
    reference: String,
    case: String,
    patient: String,
    patient_href: String,
    clinic: String,
    state: Badge,
    asked: Html,
    by: String,
    reason: String,
    exception: bool,
    by_clinic: bool,
    rule: String,
    paid: String,
    proposed: String,
    approved: Option<String>,
    decision: Option<String>,
    documents: Vec<(String, String)>,
    payments: Vec<Payment>,
    before: Vec<Before>,
    version: i32,
    may_decide: bool,
    may_retry: bool,
    currency: String,
}

fn state(chrome: &Chrome, status: Status) -> Badge {
    let tone = match status {
        Status::Pending => Tone::Warn,
        Status::Approved => Tone::Info,
        Status::Settled => Tone::Good,
        Status::Denied => Tone::Calm,
    };
    Badge::new(tone, chrome.word("refund-state", status.to_value()))
}

fn asked_by(chrome: &Chrome, by: By) -> String {
    chrome.t(match by {
        By::Patient => "refund-by-patient",
        By::ProviderUser => "refund-by-clinic",
        By::User => "refund-by-staff",
        By::System => "refund-by-system",
    })
}

fn line(chrome: &Chrome, row: &RefundLine) -> Line {
    let request = &row.request;
    Line {
        href: format!("{QUEUE}/{}", request.id),
        reference: request.booking_reference.clone(),
        patient: format!("{} · {}", row.patient_name, row.patient_code.as_deref().unwrap_or_default()),
        clinic: row.clinic.name.clone(),
        asked: chrome.when(request.requested_at),
        by: asked_by(chrome, request.requested_by),
        proposed: chrome.money(request.approved.unwrap_or(request.proposed)),
        exception: request.exception.is_some(),
        state: state(chrome, request.status),
    }
}

pub(super) async fn list(Inside(ctx): Inside) -> ApiResult<Response> {
    let asked = ctx.asked("status");
    let filter = RefundFilter { status: Status::try_from_value(&asked).ok(), all: asked == "all" };
    let found = refunds::list(&ctx.app, &ctx.actor, &filter, ctx.page_query()).await?;
    let chrome = &ctx.chrome;
    let states = Status::iter()
        .filter(|status| *status != Status::Pending)
        .map(|status| Choice::new(status.to_value(), chrome.word("refund-state", status.to_value())))
        .chain([Choice::new("all", chrome.t("refund-all"))]);
    page(&RefundsPage {
        list: ListView::new(chrome, &found.meta),
        states: states.collect(),
        lines: found.data.iter().map(|row| line(chrome, row)).collect(),
        chrome: chrome.clone(),
    })
}

pub(super) async fn show(Inside(ctx): Inside, Path(id): Path<CancellationRequestId>) -> ApiResult<Response> {
    let seen = refunds::detail(&ctx.app, &ctx.actor, id).await?;
    let form = Form::new(&ctx.chrome);
    detail(&ctx, &seen, form, StatusCode::OK)
}

fn detail(ctx: &Ctx, seen: &RefundDetail, form: Form, status: StatusCode) -> ApiResult<Response> {
    let chrome = &ctx.chrome;
    let request = &seen.line.request;
    let args = [
        ("days", chrome.tn("cancel-days", "days", i64::from(request.days_before.max(0))).into()),
        ("percent", request.tier_percent.to_string().into()),
    ];
    let payment = |row: &crate::views::TransactionView| Payment {
        what: chrome.t(match row.payment.payment_type {
            PaymentType::Deposit => "pay-purpose-deposit",
            PaymentType::Final => "pay-purpose-balance",
            PaymentType::Refund => "pay-purpose-refund",
        }),
        amount: chrome.money(row.payment.money),
        at: chrome.when(row.payment.created_at),
        state: chrome.word("payment", row.payment.status.to_value()),
    };
    let before = |row: &CancellationView| Before {
        text: row.decision_reason.clone().unwrap_or_else(|| row.reason.clone()),
        at: chrome.when(row.requested_at),
        state: state(chrome, row.status),
    };
    let may = ctx.actor.can(Permission::IssueRefund);
    let failed = seen
        .payments
        .iter()
        .any(|row| row.payment.payment_type == PaymentType::Refund && row.payment.status == PaymentStatus::Failed);
    let mut response = page(&RefundPage {
        href: format!("{QUEUE}/{}", request.id),
        reference: request.booking_reference.clone(),
        case: format!("/admin/cases/{}", seen.inquiry_id),
        patient: format!("{} · {}", seen.line.patient_name, seen.line.patient_code.as_deref().unwrap_or_default()),
        patient_href: format!("/admin/patients/{}", seen.line.patient_id),
        clinic: seen.line.clinic.name.clone(),
        state: state(chrome, request.status),
        asked: chrome.when(request.requested_at),
        by: asked_by(chrome, request.requested_by),
        reason: request.reason.clone(),
        exception: request.exception.is_some(),
        by_clinic: request.requested_by == By::ProviderUser,
        rule: platform::locale::tr(chrome.locale, "cancel-rule", &args),
        paid: chrome.money(request.paid),
        proposed: chrome.money(request.proposed),
        approved: request.approved.map(|money| chrome.money(money)),
        decision: request.decision_reason.clone(),
        documents: seen.documents.iter().map(|file| (file.name.clone(), file.url.clone())).collect(),
        payments: seen.payments.iter().map(payment).collect(),
        before: seen.history.iter().map(before).collect(),
        version: request.version,
        may_decide: may && request.status == Status::Pending,
        may_retry: may && request.status == Status::Approved && failed,
        currency: request.paid.currency.code().to_owned(),
        form,
        chrome: chrome.clone(),
    })?;
    *response.status_mut() = status;
    Ok(response)
}

fn amount(posted: &Posted, name: &'static str) -> AppResult<Option<Amount>> {
    posted
        .given(name)
        .map(|text| text.replace(',', ".").parse().map_err(|_| AppError::field(name, "invalid", "Write it as 486.88.")))
        .transpose()
}

fn decision(posted: &Posted) -> AppResult<Decision> {
    Ok(Decision {
        version: posted.parse("version")?,
        reason: posted.get("reason").to_owned(),
        percent: posted.maybe("percent")?,
        amount: amount(posted, "amount")?,
        adjustment_reason: posted.given("adjustment_reason").map(str::to_owned),
        typed: amount(posted, "typed")?,
    })
}

/// The page again with what was refused, or the error as it is.
async fn refused(ctx: &Ctx, id: CancellationRequestId, posted: &Posted, error: AppError) -> ApiResult<Response> {
    if !matches!(error.kind, ErrorKind::Invalid | ErrorKind::Conflict | ErrorKind::TooMany) {
        return Err(error.into());
    }
    let seen = refunds::detail(&ctx.app, &ctx.actor, id).await?;
    let form = Form::posted(&ctx.chrome, posted).refused(&error);
    detail(ctx, &seen, form, status_of(error.kind))
}

fn require(ctx: &Ctx) -> AppResult<()> {
    ctx.actor.admin()?;
    ctx.actor.require(Permission::IssueRefund)
}

pub(super) async fn approve(
    Inside(ctx): Inside,
    Path(id): Path<CancellationRequestId>,
    posted: Posted,
) -> ApiResult<Response> {
    require(&ctx)?;
    let href = format!("{QUEUE}/{id}");
    if let Some(question) = confirm::ask(&ctx, &posted, &href).await? {
        return Ok(question);
    }
    let outcome = match decision(&posted) {
        Ok(decision) => cancellation::approve(&ctx.app, &ctx.actor, id, &decision).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(()) => Ok(ctx.done(&href, "refund-approved")),
        Err(error) => refused(&ctx, id, &posted, error).await,
    }
}

pub(super) async fn deny(
    Inside(ctx): Inside,
    Path(id): Path<CancellationRequestId>,
    posted: Posted,
) -> ApiResult<Response> {
    require(&ctx)?;
    let href = format!("{QUEUE}/{id}");
    if let Some(question) = confirm::ask(&ctx, &posted, &href).await? {
        return Ok(question);
    }
    let outcome = match posted.parse("version") {
        Ok(version) => cancellation::deny(&ctx.app, &ctx.actor, id, version, posted.get("denial")).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(()) => Ok(ctx.done(QUEUE, "refund-denied")),
        Err(mut error) => {
            if let Some(faults) = error.fields.0.remove("reason") {
                error.fields.0.insert("denial".to_owned(), faults);
            }
            refused(&ctx, id, &posted, error).await
        }
    }
}

pub(super) async fn retry(
    Inside(ctx): Inside,
    Path(id): Path<CancellationRequestId>,
    posted: Posted,
) -> ApiResult<Response> {
    require(&ctx)?;
    let href = format!("{QUEUE}/{id}");
    if let Some(question) = confirm::ask(&ctx, &posted, &href).await? {
        return Ok(question);
    }
    match cancellation::retry(&ctx.app, &ctx.actor, id).await {
        Ok(()) => Ok(ctx.done(&href, "refund-retried")),
        Err(error) => refused(&ctx, id, &posted, error).await,
    }
}
