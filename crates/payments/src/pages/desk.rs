//! Bookings as staff look after them: the list, one with all of its money, and moving it.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{NaiveDate, NaiveTime};
use identity::entity::patients;
use kernel::ids::{BookingFlagId, QuoteId};
use kernel::{Amount, AppResult, ErrorKind, FieldErrors, Money, Permission};
use platform::locale;
use platform::web::{ApiResult, Path, status_of};
use quoting::entity::quotes::QuoteStatus;
use quoting::entity::schedules::{self, ScheduleStatus};
use quoting::entity::{booking_flags, booking_terms};
use sea_orm::ActiveEnum;
use ui::{Badge, Choice, Chrome, Ctx, Form, Html, Inside, ListView, Posted, TimelineEntry, Tone, page};

use super::words;
use crate::entity::payment_histories::{self, PaymentHistoryEvent as Event};
use crate::entity::payments::{self, PaymentStatus};
use crate::metadata::Metadata;
use crate::queries::desk::{self as query, Detail, Order, Search, Standing};
use crate::rules::reschedule::Effect;
use crate::service::reschedule::{self, NewSlot, Preview};
use crate::views::AppointmentView;

const LIST: &str = "/admin/bookings";

const STATES: [QuoteStatus; 6] = [
    QuoteStatus::Accepted,
    QuoteStatus::Confirmed,
    QuoteStatus::Inprogress,
    QuoteStatus::Aftercare,
    QuoteStatus::Completed,
    QuoteStatus::Cancelled,
];

struct Line {
    href: String,
    reference: String,
    patient: String,
    clinic: String,
    day: String,
    total: String,
    due: String,
    due_on: String,
    status: Badge,
    state: Option<Badge>,
    disputed: Option<Badge>,
    flags: Vec<Badge>,
}

#[derive(Template)]
#[template(path = "pay_desk.html")]
struct DeskPage {
    chrome: Chrome,
    list: ListView,
    states: Vec<Choice>,
    standings: Vec<Choice>,
    lines: Vec<Line>,
}

struct Attempt {
    what: String,
    amount: String,
    about: String,
    at: Html,
    state: Badge,
    intent: String,
    failure: String,
}

struct Part {
    number: i32,
    day: String,
    amount: String,
    state: Badge,
}

/// What somebody has to look at.
struct Flag {
    what: Badge,
    note: String,
    late: bool,
    by: String,
    at: Html,
    close_href: String,
}

struct Earlier {
    when: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "pay_desk_booking.html")]
struct BookingPage {
    chrome: Chrome,
    reference: String,
    status: Badge,
    state: Option<Badge>,
    disputed: Option<Badge>,
    form: Form,
    flags: Vec<Flag>,
    kinds: Vec<Choice>,
    flag_href: String,
    may_flag: bool,
    patient: String,
    patient_href: String,
    clinic: String,
    clinic_href: String,
    case_href: String,
    treatment: String,
    appointment: Option<String>,
    length: String,
    earlier: Vec<Earlier>,
    calendar: Option<String>,
    move_href: Option<String>,
    /// Where add-ons are taken out, for those who may.
    add_ons_href: Option<String>,
    list_price: String,
    discount: Option<String>,
    price: String,
    rate: Option<String>,
    total: String,
    paid: String,
    due: String,
    due_on: Option<String>,
    percent: u32,
    commission: Option<String>,
    version: i32,
    parts: Vec<Part>,
    attempts: Vec<Attempt>,
    history: Html,
    papers: Vec<(String, String, String, Html)>,
    receipts_href: String,
    may_record: bool,
}

#[derive(Template)]
#[template(path = "pay_move.html")]
struct MovePage {
    chrome: Chrome,
    form: Form,
    reference: String,
    back: String,
    here: String,
    clinic_zone: String,
    now: String,
    earliest: String,
    effect: Option<EffectText>,
    asked: Option<Asked>,
}

struct EffectText {
    title: String,
    text: String,
    parts: Vec<(String, String)>,
}

/// The slot that was asked about, sent along with the reason.
struct Asked {
    date: String,
    time: String,
    minutes: String,
    days: String,
    words: String,
}

fn disputed(chrome: &Chrome, is_disputed: bool) -> Option<Badge> {
    is_disputed.then(|| Badge::new(Tone::Bad, chrome.t("books-money-disputed")))
}

/// A patient as staff tell them apart.
fn named(patient: &patients::Model) -> String {
    let code = patient.patient_code.as_deref().unwrap_or_default();
    format!("{} {} · {code}", patient.first_name, patient.last_name)
}

fn line(chrome: &Chrome, row: &query::Line) -> Line {
    let money = |amount| chrome.money(Money::new(amount, row.terms.payment_currency));
    let over = row.quote.status == QuoteStatus::Cancelled;
    let due = Some(row.progress.due).filter(|due| due.is_positive() && !over);
    Line {
        href: format!("{LIST}/{}", row.quote.id),
        reference: row.terms.booking_reference.clone(),
        patient: named(&row.patient),
        clinic: row.clinic.clone(),
        day: row.schedule.as_ref().map(|row| chrome.date(row.schedule_date)).unwrap_or_default(),
        total: money(row.terms.payment_total),
        due: due.map(money).unwrap_or_default(),
        due_on: row.progress.due_on.filter(|_| due.is_some()).map(|day| chrome.date(day)).unwrap_or_default(),
        status: words::status_badge(chrome, row.quote.status),
        state: (!over || !row.progress.paid.is_zero()).then(|| words::state_badge(chrome, row.progress.state)),
        disputed: disputed(chrome, row.progress.is_disputed),
        flags: row.flags.iter().map(|kind| super::flags::badge(chrome, *kind)).collect(),
    }
}

pub(super) async fn list(Inside(ctx): Inside) -> ApiResult<Response> {
    let search = Search {
        status: QuoteStatus::try_from_value(&ctx.asked("status")).ok().filter(|status| STATES.contains(status)),
        standing: Standing::from_word(&ctx.asked("money")),
        text: ctx.asked("q"),
        from: ctx.asked("from").parse().ok(),
        until: ctx.asked("until").parse().ok(),
        order: match ctx.asked("sort").as_str() {
            "day" => Order::DayUp,
            "-day" => Order::DayDown,
            _ => Order::Newest,
        },
    };
    let found = query::list(&ctx.app, &ctx.actor, &search, ctx.page_query()).await?;
    let chrome = &ctx.chrome;
    let status = |status: &QuoteStatus| Choice::new(status.to_value(), words::status_badge(chrome, *status).label);
    let standing = |it: Standing| Choice::new(it.word(), chrome.word("books-money", it.word()));
    page(&DeskPage {
        list: ListView::new(chrome, &found.meta),
        states: STATES.iter().map(status).collect(),
        standings: Standing::ALL.into_iter().map(standing).collect(),
        lines: found.data.iter().map(|row| line(chrome, row)).collect(),
        chrome: chrome.clone(),
    })
}

pub(super) async fn show(Inside(ctx): Inside, Path(id): Path<QuoteId>) -> ApiResult<Response> {
    booking_page(&ctx, id, Form::new(&ctx.chrome)).await
}

/// Where a form of the booking's page leads that is opened by its address.
pub(super) async fn back(Inside(ctx): Inside, Path(id): Path<QuoteId>) -> ApiResult<Response> {
    booking_page(&ctx, id, Form::new(&ctx.chrome)).await
}

/// The same for one of its flags.
pub(super) async fn back_from(
    Inside(ctx): Inside,
    Path((id, _)): Path<(QuoteId, BookingFlagId)>,
) -> ApiResult<Response> {
    booking_page(&ctx, id, Form::new(&ctx.chrome)).await
}

/// The page of a booking, with what was typed in it.
pub(super) async fn booking_page(ctx: &Ctx, id: QuoteId, form: Form) -> ApiResult<Response> {
    let seen = query::detail(&ctx.app, &ctx.actor, id).await?;
    page(&booking(ctx, &seen, form)?)
}

fn booking(ctx: &Ctx, seen: &Detail, form: Form) -> AppResult<BookingPage> {
    let chrome = &ctx.chrome;
    let (quote, terms) = (&seen.quote, seen.newest_terms()?);
    let quoted = |amount| chrome.money(Money::new(amount, terms.quote_currency));
    let money = |amount| chrome.money(Money::new(amount, terms.payment_currency));
    let confirmed = quote.status == QuoteStatus::Confirmed;
    let stands = seen.appointment().filter(|row| row.status == ScheduleStatus::Confirmed).is_some();
    let over = quote.status == QuoteStatus::Cancelled;
    let part = |item: &crate::entity::installment_schedule_items::Model| Part {
        number: item.number,
        day: chrome.date(item.due_date),
        amount: money(item.amount),
        state: super::plan::state(chrome, item.status),
    };
    let paper = |row: &crate::entity::payment_documents::Model| {
        let href = format!("/admin/documents/{}", row.id);
        (href, chrome.word("books-paper", row.kind.to_value()), row.document_number.clone(), chrome.when(row.issued_at))
    };
    Ok(BookingPage {
        reference: terms.booking_reference.clone(),
        status: words::status_badge(chrome, quote.status),
        state: (!over || !seen.payments.is_empty()).then(|| words::state_badge(chrome, seen.progress.state)),
        disputed: disputed(chrome, seen.progress.is_disputed),
        form,
        flags: seen.flags.iter().map(|row| flag(chrome, row)).collect(),
        kinds: super::flags::BY_HAND
            .into_iter()
            .map(|kind| Choice::new(kind.to_value(), chrome.word("flag", kind.to_value())))
            .collect(),
        flag_href: format!("{LIST}/{}/flags", quote.id),
        may_flag: ctx.actor.can(Permission::IssueRefund),
        patient: named(&seen.patient),
        patient_href: format!("/admin/patients/{}", seen.patient.id),
        clinic: seen.clinic.provider_name.clone(),
        clinic_href: format!("/admin/clinics/{}", seen.clinic.id),
        case_href: format!("/admin/cases/{}", seen.inquiry.id),
        treatment: booking::desk::frozen_name(quote),
        appointment: seen.appointment().map(|row| words::appointment(chrome, &AppointmentView::from(row))),
        length: seen.appointment().map(|row| length(chrome, row)).unwrap_or_default(),
        earlier: earlier(chrome, seen),
        calendar: stands.then(|| format!("{LIST}/{}/calendar.ics", quote.id)),
        add_ons_href: (confirmed && ctx.actor.can(Permission::IssueRefund))
            .then(|| format!("{LIST}/{}/add-ons", quote.id)),
        move_href: (confirmed && ctx.actor.can(Permission::IssueRefund)).then(|| format!("{LIST}/{}/move", quote.id)),
        list_price: quoted(terms.list_amount),
        discount: terms.discount_amount.is_positive().then(|| quoted(terms.discount_amount)),
        price: quoted(terms.total_amount),
        rate: (terms.quote_currency != terms.payment_currency).then(|| rate(chrome, terms)),
        total: money(terms.payment_total),
        paid: money(seen.progress.paid),
        due: money(if over { Amount::ZERO } else { seen.progress.due }),
        due_on: seen.progress.due_on.filter(|_| !over).map(|day| chrome.date(day)),
        percent: super::booking::percent(
            Money::new(seen.progress.paid, terms.payment_currency),
            Money::new(terms.payment_total, terms.payment_currency),
        ),
        commission: terms.commission_amount.map(quoted),
        version: terms.version,
        parts: seen.plan.iter().flat_map(|plan| &plan.items).map(part).collect(),
        attempts: seen.payments.iter().map(|row| attempt(chrome, row)).collect(),
        history: ui::timeline(&seen.histories.iter().map(|row| happened(chrome, row)).collect::<Vec<_>>()),
        papers: seen.documents.iter().map(paper).collect(),
        receipts_href: format!("/admin/bank-receipts?booking={}", terms.booking_reference),
        may_record: !over && seen.progress.due.is_positive() && ctx.actor.can(Permission::ProcessPayout),
        chrome: chrome.clone(),
    })
}

fn flag(chrome: &Chrome, row: &booking_flags::Model) -> Flag {
    Flag {
        what: super::flags::badge(chrome, row.kind),
        note: row.note.clone(),
        late: row.is_late,
        by: chrome.word("flag-by", row.raised_by_type.to_lowercase()),
        at: chrome.when(row.created_at),
        close_href: format!("{LIST}/{}/flags/{}/close", row.quote_id, row.id),
    }
}

fn rate(chrome: &Chrome, terms: &booking_terms::Model) -> String {
    let args = [
        ("from", terms.quote_currency.code().to_owned().into()),
        ("to", terms.payment_currency.code().to_owned().into()),
        ("rate", terms.locked_rate.normalize().to_string().into()),
    ];
    locale::tr(chrome.locale, "books-rate", &args)
}

fn length(chrome: &Chrome, row: &schedules::Model) -> String {
    let args = [
        ("days", chrome.tn("booking-days", "count", i64::from(row.day_count)).into()),
        ("minutes", row.duration_minutes.to_string().into()),
    ];
    locale::tr(chrome.locale, "books-length", &args)
}

/// Where it was before, with the reason of the move: the terms' versions after the first tell it in order.
fn earlier(chrome: &Chrome, seen: &Detail) -> Vec<Earlier> {
    let moved = seen.schedules.iter().filter(|row| row.cancel_reason.as_deref() == Some("rescheduled"));
    // A version with another price is a booking with fewer add-ons.
    let reasons = seen.terms.windows(2).filter_map(|pair| match pair {
        [before, after] if after.confirmed_at.is_some() && before.total_amount == after.total_amount => {
            after.reason.clone()
        }
        _ => None,
    });
    moved
        .zip(reasons.map(Some).chain(std::iter::repeat(None)))
        .map(|(row, reason)| Earlier {
            when: words::appointment(chrome, &AppointmentView::from(row)),
            reason: reason.unwrap_or_default(),
        })
        .collect()
}

fn attempt(chrome: &Chrome, row: &payments::Model) -> Attempt {
    let tone = match row.payment_status {
        PaymentStatus::Pending => Tone::Warn,
        PaymentStatus::Completed => Tone::Good,
        PaymentStatus::Failed => Tone::Bad,
        PaymentStatus::Refunded => Tone::Calm,
    };
    let reference = Metadata::of(row).bank_reference.or_else(|| row.transaction_id.clone());
    Attempt {
        what: words::purpose(chrome, row),
        amount: chrome.money(Money::new(row.amount, row.currency)),
        about: [words::card(chrome, row), reference.unwrap_or_default()]
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join(" · "),
        at: chrome.when(row.paid_at.unwrap_or(row.created_at)),
        state: Badge::new(tone, chrome.word("payment", row.payment_status.to_value())),
        intent: row.stripe_payment_intent_id.clone().unwrap_or_default(),
        failure: row.failure_code.clone().unwrap_or_default(),
    }
}

fn happened(chrome: &Chrome, row: &payment_histories::Model) -> TimelineEntry {
    let tone = match row.event {
        Event::Succeeded | Event::ReceiptRecorded => Tone::Good,
        Event::Failed | Event::RefundFailed | Event::Disputed | Event::Quarantined => Tone::Bad,
        Event::Refunded => Tone::Info,
        _ => Tone::Calm,
    };
    let args = [
        ("what", chrome.word("books-event", row.event.to_value()).into()),
        ("amount", chrome.money(Money::new(row.amount, row.currency)).into()),
        ("source", chrome.word("books-source", row.source.to_value()).into()),
    ];
    TimelineEntry {
        tone,
        title: locale::tr(chrome.locale, "books-event-line", &args),
        text: row.reason.clone().unwrap_or_default(),
        at: chrome.when(row.created_at),
        ahead: false,
    }
}

/// The slot an address or a form names; the fields that cannot be read are at fault.
fn slot_of(read: impl Fn(&str) -> String) -> AppResult<NewSlot> {
    let mut faults = FieldErrors::new();
    let date = read("date").trim().parse::<NaiveDate>().ok();
    if date.is_none() {
        faults.add("date", "required", "Choose a day.");
    }
    let time = NaiveTime::parse_from_str(read("time").trim().get(..5).unwrap_or_default(), "%H:%M").ok();
    if time.is_none() {
        faults.add("time", "required", "Choose a time.");
    }
    let mut number = |name: &str| match read(name).trim() {
        "" => None,
        text => {
            let read = text.parse::<i32>().ok();
            if read.is_none() {
                faults.add(name, "invalid", "Give a number.");
            }
            read
        }
    };
    let (duration_minutes, day_count) = (number("duration_minutes"), number("day_count"));
    faults.check()?;
    // Both were read, or the faults had ended it.
    let (date, time) = (date.unwrap_or_default(), time.unwrap_or_default());
    Ok(NewSlot { date, time, duration_minutes, day_count })
}

pub(super) async fn show_move(Inside(ctx): Inside, Path(id): Path<QuoteId>) -> ApiResult<Response> {
    let asks = !ctx.asked("date").is_empty() || !ctx.asked("time").is_empty();
    let names = ["date", "time", "duration_minutes", "day_count"];
    let mut form = Form::new(&ctx.chrome);
    for name in names.into_iter().filter(|_| asks) {
        form = form.with(name, ctx.asked(name));
    }
    let wanted = match asks {
        true => slot_of(|name| ctx.asked(name)).map(Some),
        false => Ok(None),
    };
    let (wanted, form) = match wanted {
        Ok(wanted) => (wanted, form),
        Err(error) => (None, form.refused(&error)),
    };
    let seen = reschedule::preview(&ctx.app, &ctx.actor, id, wanted.as_ref().map(|slot| slot.date)).await?;
    move_page(&ctx, &seen, wanted.as_ref(), form, StatusCode::OK)
}

fn move_page(
    ctx: &Ctx,
    seen: &Preview,
    wanted: Option<&NewSlot>,
    form: Form,
    status: StatusCode,
) -> ApiResult<Response> {
    let chrome = &ctx.chrome;
    let quote = &seen.quote;
    let here = format!("{LIST}/{}/move", quote.id);
    let minutes = |slot: &NewSlot| slot.duration_minutes.unwrap_or(seen.schedule.duration_minutes);
    let days = |slot: &NewSlot| slot.day_count.unwrap_or(i32::from(seen.schedule.day_count));
    let asked = wanted.map(|slot| Asked {
        date: slot.date.to_string(),
        time: slot.time.format("%H:%M").to_string(),
        minutes: minutes(slot).to_string(),
        days: days(slot).to_string(),
        words: format!("{}, {}", chrome.date(slot.date), slot.time.format("%H:%M")),
    });
    let present = &seen.schedule;
    let kept = form.value("date").is_empty();
    // Nothing was asked yet: what stands now is where the form begins.
    let form = match kept {
        true => form
            .with("date", present.schedule_date.to_string())
            .with("time", present.schedule_time.map(|time| time.format("%H:%M").to_string()).unwrap_or_default())
            .with("duration_minutes", present.duration_minutes.to_string())
            .with("day_count", present.day_count.to_string()),
        false => form,
    };
    let mut response = page(&MovePage {
        reference: seen.terms.booking_reference.clone(),
        back: format!("{LIST}/{}", quote.id),
        here,
        clinic_zone: present.timezone.clone(),
        now: words::appointment(chrome, &AppointmentView::from(present)),
        earliest: quoting::service::reschedule::earliest(quote, chrome.now).to_string(),
        effect: seen.effect.as_ref().map(|effect| effect_text(chrome, effect, &seen.terms)),
        asked,
        form,
        chrome: chrome.clone(),
    })?;
    *response.status_mut() = status;
    Ok(response)
}

fn effect_text(chrome: &Chrome, effect: &Effect, terms: &booking_terms::Model) -> EffectText {
    let text = |key: &str, day: Option<NaiveDate>| {
        let day = day.map(|day| chrome.date(day)).unwrap_or_default();
        let said = |part: &str| chrome.tw(&format!("books-effect-{key}-{part}"), "day", &day);
        EffectText { title: said("title"), text: said("text"), parts: Vec::new() }
    };
    match effect {
        Effect::Paid => text("paid", None),
        Effect::PlanStays => text("stays", None),
        Effect::Balance { due_on, ends_plan: true } => text("single", Some(*due_on)),
        Effect::Balance { due_on, ends_plan: false } => text("balance", Some(*due_on)),
        Effect::Spread(parts) => {
            let line = |part: &crate::rules::installments::Planned| {
                (chrome.date(part.due_on), chrome.money(Money::new(part.amount, terms.payment_currency)))
            };
            EffectText { parts: parts.iter().map(line).collect(), ..text("spread", None) }
        }
    }
}

pub(super) async fn submit_move(Inside(ctx): Inside, Path(id): Path<QuoteId>, posted: Posted) -> ApiResult<Response> {
    // Whose it is, and whether it can move at all, comes before what was sent.
    reschedule::preview(&ctx.app, &ctx.actor, id, None).await?;
    let (wanted, outcome) = match slot_of(|name| posted.get(name).to_owned()) {
        Ok(slot) => {
            let moved = reschedule::reschedule(&ctx.app, &ctx.actor, id, &slot, posted.get("reason"));
            let moved = Box::pin(moved).await.map(drop);
            (Some(slot), moved)
        }
        Err(error) => (None, Err(error)),
    };
    match outcome {
        Ok(()) => Ok(ctx.done(&format!("{LIST}/{id}"), "booking-moved")),
        Err(error) if matches!(error.kind, ErrorKind::Conflict | ErrorKind::Invalid) => {
            let form = Form::posted(&ctx.chrome, &posted).refused(&error);
            let seen = reschedule::preview(&ctx.app, &ctx.actor, id, wanted.as_ref().map(|slot| slot.date)).await?;
            move_page(&ctx, &seen, wanted.as_ref(), form, status_of(error.kind))
        }
        Err(error) => Err(error.into()),
    }
}
