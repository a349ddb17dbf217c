//! Requests for aftercare alone: staff give them to clinics, clinics begin or decline them.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use identity::confirm;
use kernel::ids::{AftercarePaymentId, StandaloneAftercareRequestId};
use kernel::{AppError, AppResult, ErrorKind, Money, Permission};
use payments::entity::aftercare_payments::AftercarePaymentPricingModel as Model;
use payments::queries::aftercare::{self as charges, ChargeView};
use payments::service::aftercare::{self as money, GiveBack};
use platform::web::{ApiResult, Path, status_of};
use sea_orm::ActiveEnum;
use ui::{Badge, Choice, Chrome, Ctx, Form, Inside, ListView, Posted, page};

use super::buy::{charge_badge, charge_title, status_badge};
use crate::entity::standalone_aftercare_requests::StandaloneAftercareRequestStatus as RequestStatus;
use crate::queries::standalone::{self as queries, Assignable, RequestDetail, RequestFilter, RequestView};
use crate::service::standalone::{self, Activation};

const LIST: &str = "/admin/aftercare/requests";
const CLINIC: &str = "/provider/aftercare/requests";

/// A request as a row.
struct Row {
    href: String,
    patient: String,
    reference: String,
    service: String,
    clinic: String,
    total: String,
    state: Badge,
    since: String,
}

#[derive(Template)]
#[template(path = "care_requests.html")]
struct StaffList {
    chrome: Chrome,
    list: ListView,
    states: Vec<Choice>,
    rows: Vec<Row>,
    keeps_offerings: bool,
}

#[derive(Template)]
#[template(path = "care_requests_clinic.html")]
struct ClinicList {
    chrome: Chrome,
    list: ListView,
    rows: Vec<Row>,
}

fn row(chrome: &Chrome, base: &str, view: &RequestView) -> Row {
    Row {
        href: format!("{base}/{}", view.id),
        patient: view.patient_name.clone().unwrap_or_default(),
        reference: view.reference.clone(),
        service: view.service_name.clone(),
        clinic: view.provider_name.clone().unwrap_or_default(),
        total: chrome.money(view.total),
        state: status_badge(chrome, view),
        since: chrome.day(view.waiting_since.unwrap_or(view.created_at)),
    }
}

const STATES: [RequestStatus; 4] =
    [RequestStatus::Pending, RequestStatus::Assigned, RequestStatus::Activated, RequestStatus::Rejected];

pub(super) async fn list(Inside(ctx): Inside) -> ApiResult<Response> {
    ctx.actor.admin()?;
    let status = RequestStatus::try_from_value(&ctx.asked("status")).ok();
    let found = queries::list(&ctx.app, &ctx.actor, &RequestFilter { status }, ctx.page_query()).await?;
    let chrome = &ctx.chrome;
    let state = |it: RequestStatus| Choice::new(it.to_value(), chrome.word("careq-state", it.to_value()));
    page(&StaffList {
        list: ListView::new(chrome, &found.meta),
        states: STATES.into_iter().map(state).collect(),
        rows: found.data.iter().map(|view| row(chrome, LIST, view)).collect(),
        keeps_offerings: ctx.actor.can(Permission::ManageAftercareTemplate),
        chrome: chrome.clone(),
    })
}

pub(super) async fn clinic_list(Inside(ctx): Inside) -> ApiResult<Response> {
    ctx.actor.provider()?;
    let found = queries::list(&ctx.app, &ctx.actor, &RequestFilter::default(), ctx.page_query()).await?;
    let chrome = &ctx.chrome;
    page(&ClinicList {
        list: ListView::new(chrome, &found.meta),
        rows: found.data.iter().map(|view| row(chrome, CLINIC, view)).collect(),
        chrome: chrome.clone(),
    })
}

/// A charge as a row, with what may be given back of it.
struct Line {
    id: AftercarePaymentId,
    title: String,
    when: String,
    amount: String,
    state: Badge,
    paper: Option<(String, String)>,
    /// The most that may be given back, as it is shown; where something may.
    most: Option<String>,
    currency: String,
    is_typed: bool,
}

#[derive(Template)]
#[template(path = "care_request_staff.html")]
struct StaffPage {
    chrome: Chrome,
    form: Form,
    here: String,
    view: RequestView,
    service: String,
    state: Badge,
    facts: Vec<(String, String)>,
    lines: Vec<Line>,
    clinics: Vec<Choice>,
    may_give: bool,
    may_begin: bool,
    may_reject: bool,
    is_held: bool,
    can_hold: bool,
    case: Option<String>,
}

#[derive(Template)]
#[template(path = "care_request_clinic.html")]
struct ClinicPage {
    chrome: Chrome,
    form: Form,
    here: String,
    reference: String,
    patient: String,
    service: String,
    state: Badge,
    facts: Vec<(String, String)>,
    concerns: String,
    may_begin: bool,
    case: Option<String>,
}

fn facts(chrome: &Chrome, view: &RequestView) -> Vec<(String, String)> {
    let grafts = view.graft_count.map(|count| (chrome.t("buy-grafts"), count.to_string()));
    let all = vec![
        (chrome.t("buy-clinic"), view.clinic_name.clone()),
        (chrome.t("buy-date"), chrome.date(view.treatment_date)),
        (chrome.t("buy-method"), view.treatment_type.clone()),
    ];
    all.into_iter().chain(grafts).collect()
}

fn clinic_choice(chrome: &Chrome, clinic: &Assignable) -> Choice {
    let busy = chrome.tn("careq-cases", "count", i64::try_from(clinic.active_cases).unwrap_or(i64::MAX));
    let said_no = if clinic.has_declined { format!(" · {}", chrome.t("careq-said-no")) } else { String::new() };
    Choice::new(clinic.id.to_string(), format!("{}, {} · {busy}{said_no}", clinic.name, clinic.city))
}

async fn staff_page(
    ctx: &Ctx,
    id: StandaloneAftercareRequestId,
    (form, refused): (Form, Option<AftercarePaymentId>),
    status: StatusCode,
) -> ApiResult<Response> {
    ctx.actor.admin()?;
    let chrome = &ctx.chrome;
    let (view, raw) = queries::with_rows(&ctx.app, &ctx.actor, id).await?;
    let rows: Vec<ChargeView> = raw.iter().map(ChargeView::from).collect();
    let conn = ctx.app.db.conn();
    let papers = charges::papers_of(conn, rows.iter().map(|row| row.id)).await?;
    let may_refund = ctx.actor.can(Permission::IssueRefund);
    let mut lines = Vec::new();
    for row in &rows {
        let paper = papers.iter().find(|(of, _, _)| *of == row.id);
        let own = raw.iter().find(|own| own.id == row.id && row.paid_at.is_some() && own.installment_number.is_some());
        let most = own.map(|own| money::most(&raw, own, chrome.day_of(chrome.now))).transpose()?;
        let most = most.filter(|most| may_refund && most.is_positive());
        lines.push(Line {
            id: row.id,
            title: charge_title(chrome, row),
            when: chrome.date(row.paid_at.map_or(row.due_on, |at| chrome.day_of(at))),
            amount: chrome.money(row.money),
            state: charge_badge(chrome, row),
            paper: paper.map(|(_, id, number)| (format!("/admin/documents/{id}"), number.clone())),
            most: most.map(|most| chrome.money(Money::new(most, row.money.currency))),
            currency: row.money.currency.code().to_owned(),
            is_typed: refused == Some(row.id),
        });
    }
    let manages = ctx.actor.can(Permission::ManageAftercare);
    let is_paid = view.waiting_since.is_some();
    let is_open = matches!(view.status, RequestStatus::Pending | RequestStatus::Assigned);
    let clinics = match manages && is_open && is_paid {
        true => queries::assignable(&ctx.app, &ctx.actor, id).await?,
        false => Vec::new(),
    };
    let mut facts = facts(chrome, &view);
    facts.push((chrome.t("buy-total"), chrome.money(view.total)));
    if let Some(reason) = &view.rejection_reason {
        facts.push((chrome.t("refund-reason"), reason.clone()));
    }
    let model = match view.pricing_model {
        Model::Fixed => "careq-fixed",
        Model::MonthlySubscription => "careq-monthly",
    };
    let mut response = page(&StaffPage {
        here: format!("{LIST}/{id}"),
        service: format!("{} · {}", view.service_name, chrome.t(model)),
        state: status_badge(chrome, &view),
        facts,
        lines,
        clinics: clinics.iter().map(|clinic| clinic_choice(chrome, clinic)).collect(),
        may_give: manages && is_open && is_paid,
        may_begin: manages && view.status == RequestStatus::Assigned,
        may_reject: manages && is_open,
        can_hold: manages && view.status == RequestStatus::Pending && is_paid,
        is_held: view.awaiting_provider,
        case: view.case_id.map(|id| format!("/admin/aftercare/{id}")),
        view,
        form,
        chrome: chrome.clone(),
    })?;
    *response.status_mut() = status;
    Ok(response)
}

pub(super) async fn show(Inside(ctx): Inside, Path(id): Path<StandaloneAftercareRequestId>) -> ApiResult<Response> {
    let form = Form::new(&ctx.chrome);
    staff_page(&ctx, id, (form, None), StatusCode::OK).await
}

/// Whoever comes back to the address of an action sees the request.
pub(super) async fn back(Inside(ctx): Inside, Path(id): Path<StandaloneAftercareRequestId>) -> ApiResult<Redirect> {
    ctx.actor.admin()?;
    ctx.actor.require(Permission::ManageAftercare)?;
    Ok(Redirect::to(&format!("{LIST}/{id}")))
}

fn is_sayable(error: &AppError) -> bool {
    matches!(error.kind, ErrorKind::Invalid | ErrorKind::Conflict | ErrorKind::TooMany)
}

async fn answer(
    ctx: &Ctx,
    id: StandaloneAftercareRequestId,
    posted: &Posted,
    (outcome, done): (AppResult<()>, &str),
) -> ApiResult<Response> {
    match outcome {
        Ok(()) => Ok(ctx.done(&format!("{LIST}/{id}"), done)),
        Err(error) if is_sayable(&error) => {
            let form = Form::posted(&ctx.chrome, posted).refused(&error);
            staff_page(ctx, id, (form, None), status_of(error.kind)).await
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn assign(
    Inside(ctx): Inside,
    Path(id): Path<StandaloneAftercareRequestId>,
    posted: Posted,
) -> ApiResult<Response> {
    ctx.actor.admin()?;
    let choose = |_| AppError::field("provider", "required", "Choose a clinic.");
    let outcome = match posted.get("provider").parse().map_err(choose) {
        Ok(provider) => {
            let seen = posted.get("lock_version").parse().unwrap_or(-1);
            standalone::assign(&ctx.app, &ctx.actor, id, (provider, seen)).await
        }
        Err(error) => Err(error),
    };
    answer(&ctx, id, &posted, (outcome, "aftercare-assigned")).await
}

pub(super) async fn hold(
    Inside(ctx): Inside,
    Path(id): Path<StandaloneAftercareRequestId>,
    posted: Posted,
) -> ApiResult<Response> {
    ctx.actor.admin()?;
    let outcome = standalone::hold(&ctx.app, &ctx.actor, id, posted.get("waits") == "true").await;
    answer(&ctx, id, &posted, (outcome, "saved")).await
}

pub(super) async fn take_back(
    Inside(ctx): Inside,
    Path(id): Path<StandaloneAftercareRequestId>,
    posted: Posted,
) -> ApiResult<Response> {
    ctx.actor.admin()?;
    let outcome = standalone::take_back(&ctx.app, &ctx.actor, id, posted.get("reason")).await;
    answer(&ctx, id, &posted, (outcome, "aftercare-taken-back")).await
}

pub(super) async fn reject(
    Inside(ctx): Inside,
    Path(id): Path<StandaloneAftercareRequestId>,
    posted: Posted,
) -> ApiResult<Response> {
    ctx.actor.admin()?;
    let outcome = standalone::reject(&ctx.app, &ctx.actor, id, posted.get("reason")).await.map(drop);
    answer(&ctx, id, &posted, (outcome, "aftercare-rejected")).await
}

pub(super) async fn begin(
    Inside(ctx): Inside,
    Path(id): Path<StandaloneAftercareRequestId>,
    posted: Posted,
) -> ApiResult<Response> {
    ctx.actor.admin()?;
    let outcome = standalone::activate(&ctx.app, &ctx.actor, id, Activation::default()).await.map(drop);
    answer(&ctx, id, &posted, (outcome, "aftercare-begun")).await
}

pub(super) async fn refund(
    Inside(ctx): Inside,
    Path((id, charge)): Path<(StandaloneAftercareRequestId, AftercarePaymentId)>,
    posted: Posted,
) -> ApiResult<Response> {
    ctx.actor.admin()?;
    ctx.actor.require(Permission::IssueRefund)?;
    if let Some(question) = confirm::ask(&ctx, &posted, &format!("{LIST}/{id}")).await? {
        return Ok(question);
    }
    let outcome = match given(&posted) {
        Ok(ask) => money::give_back(&ctx.app, &ctx.actor, charge, &ask).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(_) => Ok(ctx.done(&format!("{LIST}/{id}"), "aftercare-refunded")),
        Err(error) if is_sayable(&error) => {
            let form = Form::posted(&ctx.chrome, &posted).refused(&error);
            staff_page(&ctx, id, (form, Some(charge)), status_of(error.kind)).await
        }
        Err(error) => Err(error.into()),
    }
}

fn given(posted: &Posted) -> AppResult<GiveBack> {
    let wrong = |field: &'static str| move |_| AppError::field(field, "invalid", "Write it as 486.88.");
    let amount = posted.get("refund").trim().replace(',', ".").parse().map_err(wrong("refund"))?;
    let currency = posted.get("currency").parse().map_err(|_| AppError::field("refund", "invalid", "Which money?"))?;
    let again = posted.given("confirm_amount").map(|text| text.replace(',', ".").parse());
    Ok(GiveBack {
        refund: Money::new(amount, currency),
        reason: posted.get("reason").to_owned(),
        confirm_amount: again.transpose().map_err(wrong("confirm_amount"))?,
    })
}

async fn clinic_page(
    ctx: &Ctx,
    id: StandaloneAftercareRequestId,
    form: Form,
    status: StatusCode,
) -> ApiResult<Response> {
    ctx.actor.provider()?;
    let chrome = &ctx.chrome;
    let RequestDetail { request: view, .. } = queries::show(&ctx.app, &ctx.actor, id).await?;
    let manages = ctx.actor.can(Permission::ManageAftercarePlan);
    let mut response = page(&ClinicPage {
        here: format!("{CLINIC}/{id}"),
        reference: view.reference.clone(),
        patient: view.patient_name.clone().unwrap_or_default(),
        service: view.service_name.clone(),
        state: status_badge(chrome, &view),
        facts: facts(chrome, &view),
        concerns: view.current_concerns.clone().unwrap_or_default(),
        may_begin: manages && view.status == RequestStatus::Assigned,
        case: view.case_id.map(|id| format!("/provider/aftercare/{id}")),
        form,
        chrome: chrome.clone(),
    })?;
    *response.status_mut() = status;
    Ok(response)
}

pub(super) async fn show_clinic(
    Inside(ctx): Inside,
    Path(id): Path<StandaloneAftercareRequestId>,
) -> ApiResult<Response> {
    let form = Form::new(&ctx.chrome);
    clinic_page(&ctx, id, form, StatusCode::OK).await
}

/// The same for clinics.
pub(super) async fn back_clinic(
    Inside(ctx): Inside,
    Path(id): Path<StandaloneAftercareRequestId>,
) -> ApiResult<Redirect> {
    ctx.actor.provider()?;
    ctx.actor.require(Permission::ManageAftercarePlan)?;
    Ok(Redirect::to(&format!("{CLINIC}/{id}")))
}

pub(super) async fn begin_clinic(
    Inside(ctx): Inside,
    Path(id): Path<StandaloneAftercareRequestId>,
    posted: Posted,
) -> ApiResult<Response> {
    ctx.actor.provider()?;
    match standalone::activate(&ctx.app, &ctx.actor, id, Activation::default()).await {
        Ok(case) => Ok(Redirect::to(&format!("/provider/aftercare/{case}")).into_response()),
        Err(error) if is_sayable(&error) => {
            let form = Form::posted(&ctx.chrome, &posted).refused(&error);
            clinic_page(&ctx, id, form, status_of(error.kind)).await
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn decline(
    Inside(ctx): Inside,
    Path(id): Path<StandaloneAftercareRequestId>,
    posted: Posted,
) -> ApiResult<Response> {
    ctx.actor.provider()?;
    match standalone::decline(&ctx.app, &ctx.actor, id, posted.get("reason")).await {
        Ok(()) => Ok(ctx.done(CLINIC, "aftercare-declined")),
        Err(error) if is_sayable(&error) => {
            let form = Form::posted(&ctx.chrome, &posted).refused(&error);
            clinic_page(&ctx, id, form, status_of(error.kind)).await
        }
        Err(error) => Err(error.into()),
    }
}
