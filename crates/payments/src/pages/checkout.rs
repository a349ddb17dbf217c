//! The checkout: how much now, and what is agreed to.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::ids::QuoteId;
use kernel::{AppError, AppResult, ErrorKind, Money, Timestamp};
use platform::locale;
use platform::web::{ApiResult, Path, status_of};
use sea_orm::ActiveEnum;
use ui::{Choice, Chrome, Ctx, Form, Html, Inside, Posted, Tone, page};

use super::words::{self, TierLine};
use crate::entity::payments::PaymentMethod;
use crate::queries::page::{self as query, CheckoutPage};
use crate::rules::checkout::PaymentOption;
use crate::service::discount;
use crate::service::start::{self, StartPayment};
use crate::views::{InstallmentChoice, InstallmentPart, OfferView};

/// A hidden amount the patient was shown.
struct Shown {
    name: String,
    value: String,
}

#[derive(Template)]
#[template(path = "pay_checkout.html")]
struct CheckoutView {
    chrome: Chrome,
    form: Form,
    back: String,
    action: String,
    clinic: String,
    treatment: String,
    appointment: Option<String>,
    hold: Option<Timestamp>,
    list: Money,
    discount: Money,
    total: Money,
    is_discounted: bool,
    has_code: bool,
    code: CodeBox,
    payable: Money,
    paid: Money,
    has_paid: bool,
    quoted: Option<String>,
    choices: Vec<Choice>,
    shown: Vec<Shown>,
    only: Option<Money>,
    needs_policy: bool,
    needs_terms: bool,
    tiers: Vec<TierLine>,
    plans: Vec<PlanTable>,
    methods: Vec<Choice>,
    blocked: Html,
    open: Option<String>,
}

/// Where a code is typed.
struct CodeBox {
    form: Form,
    action: String,
    /// The prices of both, where another discount applies and this one may take its place.
    conflict: Option<(String, String)>,
    /// One was typed just now.
    tried: bool,
}

/// When which part of a plan is charged.
struct PlanTable {
    title: String,
    parts: Vec<(String, String)>,
}

/// The word of a plan in so many parts.
const PARTS: &str = "installments-";

fn word(option: PaymentOption) -> &'static str {
    match option {
        PaymentOption::Deposit => "deposit",
        PaymentOption::Full => "full",
        PaymentOption::Installments => "installments",
        PaymentOption::Balance => "balance",
    }
}

fn option_of(word: &str) -> AppResult<PaymentOption> {
    match word {
        "deposit" => Ok(PaymentOption::Deposit),
        "full" => Ok(PaymentOption::Full),
        "installments" => Ok(PaymentOption::Installments),
        "balance" => Ok(PaymentOption::Balance),
        _ => Err(AppError::field("option", "required", "Choose how you want to pay.")),
    }
}

/// The amount that stood beside the choice; whatever cannot be read is not what was shown.
pub(super) fn amount_of(text: &str) -> AppResult<Money> {
    let read = text
        .split_once(' ')
        .and_then(|(amount, currency)| Some(Money::new(amount.parse().ok()?, currency.parse().ok()?)));
    read.ok_or_else(|| AppError::conflict("amount_changed", "The amount is not what was shown. Look at it again."))
}

fn choice(chrome: &Chrome, offer: &OfferView) -> Choice {
    let label = chrome.tw(&format!("pay-option-{}", word(offer.option)), "amount", chrome.money(offer.now));
    let hint = match offer.due_on {
        Some(day) if offer.later.amount.is_positive() => {
            let args = [("amount", chrome.money(offer.later).into()), ("day", chrome.date(day).into())];
            locale::tr(chrome.locale, "pay-option-later", &args)
        }
        _ => chrome.t("pay-option-all"),
    };
    Choice::new(word(offer.option), label).hint(hint)
}

fn plan_choice(chrome: &Chrome, plan: &InstallmentChoice) -> Choice {
    let first = plan.items.first().map(|item| chrome.money(item.money)).unwrap_or_default();
    let last = plan.items.last().map(|item| chrome.date(item.due_on)).unwrap_or_default();
    let args = [("count", plan.count.to_string().into()), ("amount", first.into())];
    let label = locale::tr(chrome.locale, "pay-option-parts", &args);
    Choice::new(format!("{PARTS}{}", plan.count), label).hint(chrome.tw("pay-option-parts-until", "day", last))
}

fn plan_table(chrome: &Chrome, plan: &InstallmentChoice) -> PlanTable {
    let part = |item: &InstallmentPart| {
        let when = match item.number {
            1 => chrome.t("pay-part-now"),
            _ => chrome.date(item.due_on),
        };
        (when, chrome.money(item.money))
    };
    PlanTable {
        title: chrome.tn("pay-parts-title", "count", i64::from(plan.count)),
        parts: plan.items.iter().map(part).collect(),
    }
}

pub(super) async fn show(Inside(ctx): Inside, Path(id): Path<QuoteId>) -> ApiResult<Response> {
    let seen = query::checkout(&ctx.app, &ctx.actor, id).await?;
    let form = match seen.view.options.first() {
        Some(first) => Form::new(&ctx.chrome).with("option", word(first.option)).with("method", "card"),
        None => Form::new(&ctx.chrome),
    };
    shown(&ctx, id, seen, form, None, StatusCode::OK)
}

/// A code belongs to the checkout: whoever comes back to its address sees that.
pub(super) async fn back(Inside(_): Inside, Path(id): Path<QuoteId>) -> Redirect {
    Redirect::to(&words::checkout_path(id))
}

pub(super) async fn apply_code(Inside(ctx): Inside, Path(id): Path<QuoteId>, posted: Posted) -> ApiResult<Response> {
    let replace = posted.ticked("confirm_replace");
    match discount::apply(&ctx.app, &ctx.actor, id, posted.get("code"), replace).await {
        Ok(()) => Ok(ctx.done(&words::checkout_path(id), "pay-code")),
        Err(error) if error.kind == ErrorKind::Internal || error.kind == ErrorKind::NotFound => Err(error.into()),
        Err(error) => {
            let seen = query::checkout(&ctx.app, &ctx.actor, id).await?;
            let form = Form::new(&ctx.chrome).with("method", "card");
            let form = match seen.view.options.first() {
                Some(first) => form.with("option", word(first.option)),
                None => form,
            };
            shown(&ctx, id, seen, form, Some((&posted, &error)), status_of(error.kind))
        }
    }
}

pub(super) async fn remove_code(Inside(ctx): Inside, Path(id): Path<QuoteId>, _: Posted) -> ApiResult<Response> {
    discount::remove(&ctx.app, &ctx.actor, id).await?;
    Ok(ctx.done(&words::checkout_path(id), "pay-code-removed"))
}

fn code_box(ctx: &Ctx, id: QuoteId, tried: Option<(&Posted, &AppError)>) -> CodeBox {
    let chrome = &ctx.chrome;
    let action = format!("/patient/bookings/{id}/discount");
    let Some((posted, error)) = tried else {
        return CodeBox { form: Form::new(chrome), action, conflict: None, tried: false };
    };
    let price = |name: &str| {
        let money: Option<Money> = error.extra.get(name).and_then(|it| serde_json::from_value(it.clone()).ok());
        money.map(|money| chrome.money(money))
    };
    let conflict = price("current").zip(price("with_code")).filter(|_| error.code == "discount_conflict");
    CodeBox { form: Form::posted(chrome, posted).refused(error), action, conflict, tried: true }
}

fn shown(
    ctx: &Ctx,
    id: QuoteId,
    seen: CheckoutPage,
    form: Form,
    tried: Option<(&Posted, &AppError)>,
    status: StatusCode,
) -> ApiResult<Response> {
    let chrome = &ctx.chrome;
    let view = &seen.view;
    let appointment = view.head.appointment.as_ref();
    let mut choices: Vec<Choice> = view.options.iter().map(|offer| choice(chrome, offer)).collect();
    choices.extend(view.installments.iter().map(|plan| plan_choice(chrome, plan)));
    let alone = view.options.len() == 1 && view.installments.is_empty();
    let only = view.options.first().filter(|_| alone).map(|offer| offer.now);
    if only.is_some() {
        choices.iter_mut().for_each(|choice| choice.hint = None);
    }
    let amounts = view
        .options
        .iter()
        .map(|offer| Shown { name: format!("expected_{}", word(offer.option)), value: words::plain(offer.now) });
    let firsts = view.installments.iter().filter_map(|plan| {
        let first = plan.items.first()?;
        Some(Shown { name: format!("expected_{PARTS}{}", plan.count), value: words::plain(first.money) })
    });
    let payable = view.payment.total;
    let args = || {
        [
            ("price", chrome.money(view.total).into()),
            ("from", view.total.currency.code().to_owned().into()),
            ("to", payable.currency.code().to_owned().into()),
            ("rate", view.rate.clone().into()),
        ]
    };
    let shown = CheckoutView {
        form,
        back: words::booking_path(id),
        action: words::checkout_path(id),
        clinic: seen.clinic.clone(),
        treatment: seen.treatment.clone(),
        appointment: appointment.map(|seen| words::appointment(chrome, seen)),
        hold: appointment.and_then(|seen| seen.hold_expires_at).filter(|end| *end > chrome.now),
        list: view.list,
        discount: view.discount,
        total: view.total,
        is_discounted: view.discount.amount.is_positive(),
        has_code: view.has_code,
        code: code_box(ctx, id, tried),
        payable,
        paid: view.payment.paid,
        has_paid: view.payment.paid.amount.is_positive(),
        quoted: (view.total.currency != payable.currency).then(|| locale::tr(chrome.locale, "pay-quoted", &args())),
        shown: amounts.chain(firsts).collect(),
        choices,
        only,
        needs_policy: seen.needs_policy,
        needs_terms: seen.needs_terms,
        tiers: words::tiers(chrome, &seen.tiers, appointment.map(|seen| seen.date)),
        methods: methods(chrome, &view.methods),
        plans: view.installments.iter().map(|plan| plan_table(chrome, plan)).collect(),
        blocked: view.blocked.as_deref().map(|code| blocked(chrome, code)).unwrap_or_default(),
        open: seen.open.map(|payment| words::result_path(id, payment)),
        chrome: chrome.clone(),
    };
    let mut response = page(&shown)?;
    *response.status_mut() = status;
    Ok(response)
}

/// Ways to pay, where there is more than one.
fn methods(chrome: &Chrome, methods: &[PaymentMethod]) -> Vec<Choice> {
    if methods.len() < 2 {
        return Vec::new();
    }
    let choice = |method: &PaymentMethod| {
        let word = method.to_value();
        let hint = chrome.word("pay-method-hint", &word);
        Choice::new(&word, chrome.word("method", &word)).hint(hint)
    };
    methods.iter().map(choice).collect()
}

fn method_of(word: &str) -> AppResult<PaymentMethod> {
    match word {
        // Where cards are the only way, the form does not ask.
        "" => Ok(PaymentMethod::Card),
        _ => PaymentMethod::try_from_value(&word.to_owned())
            .map_err(|_| AppError::field("method", "unknown_value", "Pay by card or by bank transfer.")),
    }
}

fn blocked(chrome: &Chrome, code: &str) -> Html {
    let tone = if code == "already_paid" { Tone::Good } else { Tone::Warn };
    let sentence = locale::find_text(chrome.locale, &format!("error-{code}"));
    ui::alert(tone, sentence.unwrap_or_else(|| chrome.t("pay-blocked")), "")
}

pub(super) async fn submit(Inside(ctx): Inside, Path(id): Path<QuoteId>, posted: Posted) -> ApiResult<Response> {
    let error = match begin(&ctx, id, &posted).await {
        Ok(path) => return Ok(Redirect::to(&path).into_response()),
        Err(error) if error.kind == ErrorKind::Internal => return Err(error.into()),
        Err(error) => error,
    };
    let seen = query::checkout(&ctx.app, &ctx.actor, id).await?;
    match (error.code.as_ref(), seen.open) {
        // The form was sent twice, or in two windows: the money is there or on its way.
        ("already_paid", _) => return Ok(ctx.done(&words::booking_path(id), "pay-already")),
        ("payment_in_progress", Some(open)) => {
            return Ok(Redirect::to(&words::result_path(id, open)).into_response());
        }
        _ => {}
    }
    let form = Form::posted(&ctx.chrome, &posted).refused(&error);
    shown(&ctx, id, seen, form, None, status_of(error.kind))
}

async fn begin(ctx: &Ctx, id: QuoteId, posted: &Posted) -> AppResult<String> {
    let given = posted.get("option");
    let count: Option<u8> = given.strip_prefix(PARTS).and_then(|count| count.parse().ok());
    let option = if count.is_some() { PaymentOption::Installments } else { option_of(given)? };
    let shown = if count.is_some() { given } else { word(option) };
    let ask = StartPayment {
        option,
        method: method_of(posted.get("method"))?,
        installments: count,
        accept_automatic_charges: posted.ticked("accept_automatic_charges"),
        expected_amount: amount_of(posted.get(&format!("expected_{shown}")))?,
        accept_cancellation_policy: posted.ticked("accept_cancellation_policy"),
        accept_terms: posted.ticked("accept_terms"),
    };
    let started = start::start(&ctx.app, &ctx.actor, id, &ask).await?;
    Ok(words::card_path(id, started.payment.id))
}
