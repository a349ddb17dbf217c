//! The plan of a booking and the cards it is charged to, on their patient's pages.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::ids::{PatientPaymentMethodId, QuoteId};
use kernel::{AppError, AppResult, ErrorKind, Money};
use platform::web::{ApiResult, Path, status_of};
use sea_orm::ActiveEnum;
use ui::{Badge, Chrome, Ctx, Form, Html, Inside, Posted, Tone, page};

use super::card::{STRIPE, absolute, card_input, test_cards};
use super::{TestCard, words};
use crate::entity::installment_payment_plans::InstallmentPaymentPlanStatus as PlanStatus;
use crate::entity::installment_schedule_items::{self as items, InstallmentScheduleItemStatus as ItemStatus};
use crate::entity::patient_payment_methods;
use crate::queries::plans as query;
use crate::service::card::Element;
use crate::service::plans::Plan;
use crate::service::{methods, start};

const CARDS: &str = "/patient/payment-methods";

struct Part {
    number: i32,
    title: String,
    day: String,
    amount: String,
    state: Badge,
    again: Html,
    /// What the form sends back, where it can be paid now.
    pay: Option<String>,
}

#[derive(Template)]
#[template(path = "pay_plan.html")]
struct PlanPage {
    chrome: Chrome,
    form: Form,
    back: String,
    here: String,
    done: String,
    percent: u32,
    parts: Vec<Part>,
    card: Option<String>,
    at_risk: bool,
    rest: Option<String>,
    checkout: String,
}

struct CardLine {
    id: PatientPaymentMethodId,
    title: String,
    until: String,
    is_default: bool,
}

#[derive(Template)]
#[template(path = "pay_methods.html")]
struct MethodsPage {
    chrome: Chrome,
    form: Form,
    cards: Vec<CardLine>,
    tests: Vec<TestCard>,
    /// Whether the card is typed here, for the simulator.
    simulated: bool,
    /// The gateway's own form, once its holder has agreed.
    element: Option<Element>,
    come_back: String,
}

fn plan_path(id: QuoteId) -> String {
    format!("{}/installments", words::booking_path(id))
}

pub(super) fn state(chrome: &Chrome, status: ItemStatus) -> Badge {
    let tone = match status {
        ItemStatus::Scheduled => Tone::Calm,
        ItemStatus::Processing => Tone::Info,
        ItemStatus::Retrying => Tone::Warn,
        ItemStatus::Failed => Tone::Bad,
        ItemStatus::Paid => Tone::Good,
        ItemStatus::Cancelled => Tone::Calm,
    };
    Badge::new(tone, chrome.word("pay-part", status.to_value()))
}

fn card_title(chrome: &Chrome, row: &patient_payment_methods::Model) -> String {
    let brand = chrome.word("pay-brand", &row.brand);
    platform::locale::tr(chrome.locale, "pay-card", &[("brand", brand.into()), ("last4", row.last4.clone().into())])
}

pub(super) async fn show(Inside(ctx): Inside, Path(id): Path<QuoteId>) -> ApiResult<Response> {
    ctx.actor.patient()?;
    let plan = query::of_booking(&ctx.app, &ctx.actor, id).await?;
    plan_page(&ctx, id, &plan, Form::new(&ctx.chrome), StatusCode::OK).await
}

async fn plan_page(ctx: &Ctx, id: QuoteId, plan: &Plan, form: Form, status: StatusCode) -> ApiResult<Response> {
    let chrome = &ctx.chrome;
    let currency = plan.row.currency.unwrap_or(kernel::Currency::USD);
    let money = |amount| Money::new(amount, currency);
    let next = plan.next().map(|item| item.number);
    let live = matches!(plan.row.status, PlanStatus::Active | PlanStatus::Defaulted);
    let part = |item: &items::Model| {
        let may = live && Some(item.number) == next && item.status != ItemStatus::Processing;
        Part {
            number: item.number,
            title: chrome.tn("pay-part-title", "number", i64::from(item.number)),
            day: chrome.date(item.due_date),
            amount: chrome.money(money(item.amount)),
            state: state(chrome, item.status),
            again: match (item.status, item.next_attempt_at) {
                (ItemStatus::Retrying, Some(at)) => chrome.when(at),
                _ => Html::default(),
            },
            pay: may.then(|| words::plain(money(item.amount))),
        }
    };
    let rest: kernel::Amount = plan.open().map(|item| item.amount).sum();
    let several = plan.open().count() > 1;
    let paid = plan.items.len() - plan.open().count();
    let args = [
        ("done", plan.row.completed_installments.to_string().into()),
        ("of", plan.row.number_of_installments.to_string().into()),
    ];
    let card = methods::list(&ctx.app, &ctx.actor).await?.into_iter().find(|card| card.is_default);
    let mut response = page(&PlanPage {
        back: words::booking_path(id),
        here: plan_path(id),
        done: platform::locale::tr(chrome.locale, "pay-plan-done", &args),
        percent: u32::try_from(paid * 100 / plan.items.len().max(1)).unwrap_or(0),
        parts: plan.items.iter().map(part).collect(),
        card: card.map(|card| card_title(chrome, &card)),
        at_risk: plan.row.status == PlanStatus::Defaulted,
        rest: (live && several).then(|| chrome.money(money(rest))),
        checkout: words::checkout_path(id),
        form,
        chrome: chrome.clone(),
    })?;
    *response.status_mut() = status;
    Ok(response)
}

/// Pays the part that is overdue, or the next one.
pub(super) async fn pay(
    Inside(ctx): Inside,
    Path((id, number)): Path<(QuoteId, i32)>,
    posted: Posted,
) -> ApiResult<Response> {
    ctx.actor.patient()?;
    let plan = query::of_booking(&ctx.app, &ctx.actor, id).await?;
    let begun = async {
        let seen = super::checkout::amount_of(posted.get("expected_amount"))?;
        start::start_item(&ctx.app, &ctx.actor, id, number, seen).await
    };
    match begun.await {
        Ok(started) => Ok(Redirect::to(&words::card_path(id, started.payment.id)).into_response()),
        Err(error) if error.code == "already_paid" => Ok(ctx.done(&plan_path(id), "pay-already")),
        Err(error) if matches!(error.kind, ErrorKind::Conflict | ErrorKind::Invalid) => {
            let form = Form::posted(&ctx.chrome, &posted).refused(&error);
            plan_page(&ctx, id, &plan, form, status_of(error.kind)).await
        }
        Err(error) => Err(error.into()),
    }
}

/// A page that followed a refused payment, loaded again.
pub(super) async fn back(Inside(ctx): Inside, Path((id, _)): Path<(QuoteId, i32)>) -> ApiResult<Response> {
    ctx.actor.patient()?;
    Ok(Redirect::to(&plan_path(id)).into_response())
}

pub(super) async fn cards(Inside(ctx): Inside) -> ApiResult<Response> {
    let form = Form::new(&ctx.chrome);
    // The gateway sends the holder of a card back here when it is kept.
    let setup = ctx.asked("setup_intent");
    if setup.is_empty() {
        return cards_page(&ctx, form, None, StatusCode::OK).await;
    }
    match methods::finish(&ctx.app, &ctx.actor, &setup).await? {
        Some(_) => Ok(ctx.done(CARDS, "card-added")),
        None => {
            let refused = AppError::conflict("card_declined", "The card could not be kept. Try another one.");
            cards_page(&ctx, form.refused(&refused), None, StatusCode::OK).await
        }
    }
}

async fn cards_page(ctx: &Ctx, form: Form, element: Option<Element>, status: StatusCode) -> ApiResult<Response> {
    let chrome = &ctx.chrome;
    let embeds = element.is_some();
    let line = |row: &patient_payment_methods::Model| CardLine {
        id: row.id,
        title: card_title(chrome, row),
        until: chrome.tw("pay-card-until", "until", format!("{:02}/{}", row.exp_month, row.exp_year)),
        is_default: row.is_default,
    };
    let mut response = page(&MethodsPage {
        cards: methods::list(&ctx.app, &ctx.actor).await?.iter().map(line).collect(),
        tests: test_cards(chrome),
        simulated: methods::is_simulated(&ctx.app, &ctx.actor).await?,
        come_back: absolute(ctx, CARDS),
        element,
        form,
        chrome: chrome.clone(),
    })?;
    *response.status_mut() = status;
    if embeds {
        response.extensions_mut().insert(STRIPE);
    }
    Ok(response)
}

fn sayable(error: AppError) -> AppResult<AppError> {
    match error.kind {
        ErrorKind::Conflict | ErrorKind::Invalid => Ok(error),
        _ => Err(error),
    }
}

pub(super) async fn add_card(Inside(ctx): Inside, posted: Posted) -> ApiResult<Response> {
    ctx.actor.patient()?;
    if !methods::is_simulated(&ctx.app, &ctx.actor).await? {
        return match methods::begin(&ctx.app, &ctx.actor, posted.ticked("consent")).await {
            Ok(element) => cards_page(&ctx, Form::new(&ctx.chrome), Some(element), StatusCode::OK).await,
            Err(error) => {
                let error = sayable(error)?;
                cards_page(&ctx, Form::new(&ctx.chrome).refused(&error), None, status_of(error.kind)).await
            }
        };
    }
    match methods::add(&ctx.app, &ctx.actor, &card_input(&posted), posted.ticked("consent")).await {
        Ok(_) => Ok(ctx.done(CARDS, "card-added")),
        Err(error) => {
            let error = sayable(error)?;
            // An empty form on purpose: no digit of a card comes back to the page.
            let form = Form::new(&ctx.chrome).refused(&error);
            cards_page(&ctx, form, None, status_of(error.kind)).await
        }
    }
}

pub(super) async fn remove_card(
    Inside(ctx): Inside,
    Path(id): Path<PatientPaymentMethodId>,
    _: Posted,
) -> ApiResult<Response> {
    ctx.actor.patient()?;
    match methods::remove(&ctx.app, &ctx.actor, id).await {
        Ok(()) => Ok(ctx.done(CARDS, "card-removed")),
        Err(error) => {
            let error = sayable(error)?;
            let form = Form::new(&ctx.chrome).refused(&error);
            cards_page(&ctx, form, None, status_of(error.kind)).await
        }
    }
}
