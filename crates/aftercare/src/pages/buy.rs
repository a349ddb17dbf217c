//! Buying aftercare on its own: what is on sale, the form, and where a request stands (R-AC-56 to 62).

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::ids::StandaloneAftercareRequestId;
use kernel::{AppError, AppResult, Currency, ErrorKind, Money};
use payments::entity::aftercare_payments::{
    AftercarePaymentPricingModel as Model, AftercarePaymentStatus as ChargeStatus, AftercarePaymentType as ChargeType,
};
use payments::queries::aftercare::{self as charges, ChargeView};
use payments::service::aftercare::{self as money, PayCharge};
use platform::locale;
use platform::web::{ApiResult, Path, status_of};
use sea_orm::ActiveEnum;
use ui::{Badge, Choice, Chrome, Ctx, Form, Inside, Posted, Tone, page};

use crate::entity::standalone_aftercare_requests::StandaloneAftercareRequestStatus as RequestStatus;
use crate::queries::standalone::{self as queries, OfferingView, PriceView, Shelf};
use crate::service::standalone::{self, AskInput};

/// Where a request is shown to its patient.
pub(super) fn request_path(id: StandaloneAftercareRequestId) -> String {
    format!("/patient/aftercare/requests/{id}")
}

/// An offering as a card.
struct Card {
    name: String,
    text: String,
    months: String,
    phases: String,
}

/// A hidden amount the patient was shown.
struct Shown {
    name: String,
    value: String,
}

#[derive(Template)]
#[template(path = "care_buy.html")]
struct BuyPage {
    chrome: Chrome,
    form: Form,
    /// The request that is not decided yet.
    open: Option<String>,
    cards: Vec<Card>,
    choices: Vec<Choice>,
    shown: Vec<Shown>,
    methods: Vec<Choice>,
    currency: String,
    currencies: Vec<String>,
    today: String,
}

/// What stands for a choice in the form.
fn word(offering: &OfferingView, price: &PriceView) -> String {
    format!("{}-{}", offering.id, price.pricing_model.to_value())
}

/// In the patient's own money where it is sold in it, else in one it is sold in.
async fn chosen_currency(ctx: &Ctx, sold_in: &[Currency]) -> AppResult<Currency> {
    let asked = ctx.asked("currency").parse::<Currency>().ok();
    if let Some(asked) = asked.filter(|asked| sold_in.contains(asked)) {
        return Ok(asked);
    }
    let person = identity::patients::load(ctx.app.db.conn(), ctx.actor.patient()?).await?;
    let home = quoting::rules::terms::home_currency(person.country_code.as_deref());
    let known = [home, Currency::USD].into_iter().find(|it| sold_in.contains(it));
    Ok(known.or_else(|| sold_in.first().copied()).unwrap_or(home))
}

fn price_choice(chrome: &Chrome, offering: &OfferingView, price: &PriceView) -> Choice {
    let key = match price.pricing_model {
        Model::Fixed => "buy-price-fixed",
        Model::MonthlySubscription => "buy-price-monthly",
    };
    let args = [("name", offering.name.clone().into()), ("amount", chrome.money(price.charge).into())];
    let hint = match price.pricing_model {
        Model::Fixed => chrome.t("buy-price-fixed-hint"),
        Model::MonthlySubscription => {
            let args = [("count", offering.months.to_string().into()), ("total", chrome.money(price.total).into())];
            locale::tr(chrome.locale, "buy-price-monthly-hint", &args)
        }
    };
    Choice::new(word(offering, price), locale::tr(chrome.locale, key, &args)).hint(hint)
}

async fn buy_page(ctx: &Ctx, form: Form, status: StatusCode) -> ApiResult<Response> {
    let chrome = &ctx.chrome;
    let shelf = Shelf::load(&ctx.app, &ctx.actor).await?;
    let currencies = shelf.currencies();
    let currency = chosen_currency(ctx, &currencies).await?;
    let offerings = shelf.priced(currency, None);
    let open = queries::current(&ctx.app, ctx.actor.patient()?).await?;
    let open = open.filter(|row| row.open_key.is_some()).map(|row| request_path(row.id));
    let prices = || offerings.iter().flat_map(|offering| offering.prices.iter().map(move |price| (offering, price)));
    let shown = |(offering, price): (&OfferingView, &PriceView)| Shown {
        name: format!("expected_{}", word(offering, price)),
        value: format!("{} {}", price.total.amount, price.total.currency),
    };
    let kinds = queries::treatment_types(ctx.app.db.conn()).await?;
    let mut response = page(&BuyPage {
        open,
        cards: offerings
            .iter()
            .map(|offering| Card {
                name: offering.name.clone(),
                text: offering.description.clone(),
                months: chrome.tn("buy-months", "count", i64::from(offering.months)),
                phases: offering.phases.join(" · "),
            })
            .collect(),
        choices: prices().map(|(offering, price)| price_choice(chrome, offering, price)).collect(),
        shown: prices().map(shown).collect(),
        methods: [Choice::new("", chrome.t("buy-method-choose"))]
            .into_iter()
            .chain(kinds.into_iter().map(|(word, name)| Choice::new(word, name)))
            .collect(),
        currency: currency.code().to_owned(),
        currencies: currencies.iter().map(|it| it.code().to_owned()).collect(),
        today: chrome.day_of(chrome.now).to_string(),
        form,
        chrome: chrome.clone(),
    })?;
    *response.status_mut() = status;
    Ok(response)
}

pub(super) async fn show(Inside(ctx): Inside) -> ApiResult<Response> {
    let form = Form::new(&ctx.chrome);
    buy_page(&ctx, form, StatusCode::OK).await
}

fn input(posted: &Posted) -> AppResult<AskInput> {
    let chosen = posted.get("offering");
    let choose = || AppError::field("offering", "required", "Choose what you want to buy.");
    let (offering, model) = chosen.rsplit_once('-').ok_or_else(choose)?;
    let seen = posted.get(&format!("expected_{chosen}"));
    let seen =
        seen.split_once(' ').and_then(|(amount, code)| Some(Money::new(amount.parse().ok()?, code.parse().ok()?)));
    let grafts = posted
        .maybe("graft_count")
        .map_err(|_| AppError::field("graft_count", "out_of_range", "1 to 10,000 grafts."))?;
    Ok(AskInput {
        offering_id: offering.parse().map_err(|_| choose())?,
        pricing_model: Model::try_from_value(&model.to_owned()).map_err(|_| choose())?,
        expected_total: seen.ok_or_else(choose)?,
        treatment_date: posted
            .get("treatment_date")
            .parse()
            .map_err(|_| AppError::field("treatment_date", "required", "Say when the treatment was."))?,
        clinic_name: posted.get("clinic_name").to_owned(),
        treatment_type: posted.get("treatment_type").to_owned(),
        graft_count: grafts,
        current_concerns: posted.get("current_concerns").to_owned(),
        accept_terms: posted.ticked("accept_terms"),
    })
}

pub(super) async fn submit(Inside(ctx): Inside, posted: Posted) -> ApiResult<Response> {
    ctx.actor.patient()?;
    let outcome = match input(&posted) {
        Ok(input) => standalone::ask(&ctx.app, &ctx.actor, &input).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(row) => Ok(Redirect::to(&request_path(row.id)).into_response()),
        Err(error) if matches!(error.kind, ErrorKind::Invalid | ErrorKind::Conflict) => {
            let form = Form::posted(&ctx.chrome, &posted).refused(&error);
            buy_page(&ctx, form, status_of(error.kind)).await
        }
        Err(error) => Err(error.into()),
    }
}

/// A charge as a row.
struct Line {
    title: String,
    when: String,
    amount: String,
    state: Badge,
    note: String,
    paper: Option<(String, String)>,
}

#[derive(Template)]
#[template(path = "care_request.html")]
struct RequestPage {
    chrome: Chrome,
    form: Form,
    here: String,
    reference: String,
    service: String,
    state: Badge,
    title: String,
    text: String,
    tone: Tone,
    facts: Vec<(String, String)>,
    lines: Vec<Line>,
    /// What can be paid now: the amount as it is shown and as it is sent.
    due: Option<(String, String)>,
    is_refused: bool,
    is_kept: bool,
    case: Option<String>,
    /// What stopping would do, where it can be stopped.
    stop: Option<String>,
}

pub(super) fn charge_badge(chrome: &Chrome, row: &ChargeView) -> Badge {
    let is_refund = row.payment_type == ChargeType::Refund;
    let (tone, key) = match row.status {
        ChargeStatus::Completed if is_refund => (Tone::Calm, "charge-returned"),
        ChargeStatus::Completed => (Tone::Good, "charge-paid"),
        ChargeStatus::Refunded => (Tone::Calm, "charge-refunded"),
        ChargeStatus::Failed => (Tone::Bad, "charge-refused"),
        ChargeStatus::Cancelled => (Tone::Calm, "charge-cancelled"),
        ChargeStatus::Pending if is_refund => (Tone::Info, "charge-on-its-way"),
        ChargeStatus::Pending if row.due_on <= chrome.day_of(chrome.now) => (Tone::Warn, "charge-due"),
        ChargeStatus::Pending => (Tone::Info, "charge-planned"),
    };
    Badge::new(tone, chrome.t(key))
}

pub(super) fn charge_title(chrome: &Chrome, row: &ChargeView) -> String {
    if row.payment_type == ChargeType::Refund {
        return chrome.t("charge-refund");
    }
    match (row.number, row.of) {
        (Some(number), Some(of)) if of > 1 => {
            let args = [("number", number.to_string().into()), ("of", of.to_string().into())];
            locale::tr(chrome.locale, "charge-month", &args)
        }
        _ => chrome.t("charge-whole"),
    }
}

pub(super) fn status_badge(chrome: &Chrome, row: &queries::RequestView) -> Badge {
    let is_paid = row.waiting_since.is_some();
    let (tone, key) = match row.status {
        RequestStatus::Pending if !is_paid => (Tone::Warn, "careq-unpaid"),
        RequestStatus::Pending => (Tone::Info, "careq-waits"),
        RequestStatus::Assigned => (Tone::Info, "careq-assigned"),
        RequestStatus::Activated => (Tone::Good, "careq-active"),
        RequestStatus::Rejected => (Tone::Calm, "careq-ended"),
    };
    Badge::new(tone, chrome.t(key))
}

fn line(chrome: &Chrome, row: &ChargeView, paper: Option<(String, String)>) -> Line {
    let again = row.next_try_at.filter(|_| row.status == ChargeStatus::Failed);
    let note = match (row.status, again) {
        (ChargeStatus::Failed, Some(at)) => chrome.tw("charge-again", "day", chrome.day(at)),
        (ChargeStatus::Failed, None) => chrome.t("charge-pay-now"),
        _ => String::new(),
    };
    Line {
        title: charge_title(chrome, row),
        when: chrome.date(row.paid_at.map_or(row.due_on, |at| chrome.day_of(at))),
        amount: chrome.money(row.money),
        state: charge_badge(chrome, row),
        note,
        paper,
    }
}

async fn request_page(
    ctx: &Ctx,
    id: StandaloneAftercareRequestId,
    form: Form,
    status: StatusCode,
) -> ApiResult<Response> {
    let chrome = &ctx.chrome;
    ctx.actor.patient()?;
    let (request, raw) = queries::with_rows(&ctx.app, &ctx.actor, id).await?;
    let rows: Vec<ChargeView> = raw.iter().map(ChargeView::from).collect();
    let papers = charges::papers_of(ctx.app.db.conn(), rows.iter().map(|row| row.id)).await?;
    let paper = |row: &ChargeView| {
        let found = papers.iter().find(|(of, _, _)| *of == row.id);
        found.map(|(_, id, number)| (format!("/patient/documents/{id}"), number.clone()))
    };
    let due = money::payable(&raw, chrome.now).map(|row| Money::new(row.amount, row.currency));
    let (tone, word) = standing(&request, due.is_some());
    let refused = rows.iter().any(|row| row.status == ChargeStatus::Failed);
    let args = [
        ("clinic", request.provider_name.clone().unwrap_or_default().into()),
        ("reason", request.rejection_reason.clone().unwrap_or_default().into()),
    ];
    let monthly = request.pricing_model == Model::MonthlySubscription;
    let stop = match request.status {
        RequestStatus::Pending | RequestStatus::Assigned => Some(chrome.t("careq-stop-all")),
        RequestStatus::Activated if monthly && rows.iter().any(|row| row.status == ChargeStatus::Pending) => {
            Some(chrome.t("careq-stop-month"))
        }
        _ => None,
    };
    let facts = vec![
        (chrome.t("buy-clinic"), request.clinic_name.clone()),
        (chrome.t("buy-date"), chrome.date(request.treatment_date)),
        (chrome.t("buy-total"), chrome.money(request.total)),
    ];
    let mut response = page(&RequestPage {
        here: request_path(id),
        reference: request.reference.clone(),
        service: request.service_name.clone(),
        state: status_badge(chrome, &request),
        title: locale::tr(chrome.locale, &format!("careq-{word}-title"), &args),
        text: locale::tr(chrome.locale, &format!("careq-{word}-text"), &args),
        tone,
        facts,
        lines: rows.iter().map(|row| line(chrome, row, paper(row))).collect(),
        due: due.map(|due| (chrome.money(due), format!("{} {}", due.amount, due.currency))),
        is_refused: refused && due.is_some(),
        is_kept: monthly,
        case: request.case_id.map(|id| format!("/patient/aftercare?plan={id}")),
        stop,
        form,
        chrome: chrome.clone(),
    })?;
    *response.status_mut() = status;
    Ok(response)
}

/// What is said of where it stands.
fn standing(request: &queries::RequestView, is_due: bool) -> (Tone, &'static str) {
    match request.status {
        RequestStatus::Pending if request.waiting_since.is_none() => (Tone::Warn, "unpaid"),
        RequestStatus::Pending => (Tone::Info, "waits"),
        RequestStatus::Assigned => (Tone::Info, "assigned"),
        RequestStatus::Activated if is_due => (Tone::Warn, "owes"),
        RequestStatus::Activated => (Tone::Good, "active"),
        RequestStatus::Rejected => match request.reject_code.as_deref() {
            Some("payment_expired") => (Tone::Info, "expired"),
            Some("cancelled_by_patient") => (Tone::Info, "stopped"),
            Some("admin") => (Tone::Warn, "rejected"),
            _ => (Tone::Warn, "untaken"),
        },
    }
}

pub(super) async fn request(Inside(ctx): Inside, Path(id): Path<StandaloneAftercareRequestId>) -> ApiResult<Response> {
    let form = Form::new(&ctx.chrome);
    request_page(&ctx, id, form, StatusCode::OK).await
}

/// Whoever comes back to an address of an action sees the request.
pub(super) async fn back(Inside(_): Inside, Path(id): Path<StandaloneAftercareRequestId>) -> Redirect {
    Redirect::to(&request_path(id))
}

async fn again(ctx: &Ctx, id: StandaloneAftercareRequestId, posted: &Posted, error: AppError) -> ApiResult<Response> {
    match error.kind {
        ErrorKind::Invalid | ErrorKind::Conflict | ErrorKind::Forbidden => {
            let form = Form::posted(&ctx.chrome, posted).refused(&error);
            request_page(ctx, id, form, status_of(error.kind)).await
        }
        _ => Err(error.into()),
    }
}

pub(super) async fn pay(
    Inside(ctx): Inside,
    Path(id): Path<StandaloneAftercareRequestId>,
    posted: Posted,
) -> ApiResult<Response> {
    let seen = posted.get("expected_amount");
    let seen =
        seen.split_once(' ').and_then(|(amount, code)| Some(Money::new(amount.parse().ok()?, code.parse().ok()?)));
    let Some(expected_amount) = seen else {
        let error = AppError::conflict("amount_changed", "The amount is not what was shown. Look at it again.");
        return again(&ctx, id, &posted, error).await;
    };
    let ask = PayCharge { expected_amount, accept_automatic_charges: posted.ticked("accept_automatic_charges") };
    match money::pay(&ctx.app, &ctx.actor, id, &ask).await {
        Ok(started) => Ok(Redirect::to(&format!("/patient/aftercare-payments/{}", started.charge.id)).into_response()),
        Err(error) => again(&ctx, id, &posted, error).await,
    }
}

pub(super) async fn stop(
    Inside(ctx): Inside,
    Path(id): Path<StandaloneAftercareRequestId>,
    posted: Posted,
) -> ApiResult<Response> {
    match standalone::stop(&ctx.app, &ctx.actor, id).await {
        Ok(_) => Ok(ctx.done(&request_path(id), "aftercare-stopped")),
        Err(error) => again(&ctx, id, &posted, error).await,
    }
}
