//! A booking on its patient's page: what is paid, what is due, what comes next.

use askama::Template;
use axum::response::Response;
use booking::entity::cancellation_requests::{self, CancellationRequestStatus};
use kernel::ids::{PaymentDocumentId, QuoteId};
use kernel::{Money, Timestamp};
use platform::locale;
use platform::web::{ApiResult, Path};
use quoting::entity::quotes::QuoteStatus;
use quoting::entity::schedules::ScheduleStatus;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use ui::{Badge, Chrome, Html, Inside, Stage, StageLook, TimelineEntry, Tone, page};

use super::words::{self, Outcome, TierLine};
use crate::entity::installment_schedule_items::{self as items, InstallmentScheduleItemStatus as ItemStatus};
use crate::entity::payment_documents::PaymentDocumentKind;
use crate::entity::payments::{self, PaymentMethod, PaymentStatus, PaymentType};
use crate::queries::page::{self as query, BookingPage};
use crate::rules::state::PaymentState;
use crate::service::documents;

/// What the patient does now.
struct NextStep {
    title: String,
    text: String,
    /// An instant the step is about, as HTML; may be empty.
    at: Html,
    href: String,
    label: String,
}

/// A numbered paper.
struct Paper {
    href: String,
    title: String,
    number: String,
    at: Timestamp,
}

/// Where else to go from here.
struct Door {
    icon: &'static str,
    title: String,
    text: String,
    href: String,
}

#[derive(Template)]
#[template(path = "pay_booking.html")]
struct BookingView {
    chrome: Chrome,
    reference: String,
    clinic: String,
    clinic_href: String,
    treatment: String,
    place: String,
    phone: Option<String>,
    email: Option<String>,
    status: Badge,
    state: Badge,
    stages: Html,
    next: Option<NextStep>,
    notice: Html,
    appointment: Option<String>,
    hold: Option<Timestamp>,
    /// The appointment for the patient's own calendar, once it is confirmed.
    calendar: Option<String>,
    total: Money,
    paid: Money,
    due: Money,
    owes: bool,
    /// Cancelled: nothing is paid any more.
    is_over: bool,
    due_on: Option<String>,
    percent: u32,
    quoted: Option<String>,
    timeline: Html,
    is_untouched: bool,
    papers: Vec<Paper>,
    tiers: Vec<TierLine>,
    /// Where it is cancelled.
    cancel: Option<String>,
    ahead: Vec<String>,
    doors: Vec<Door>,
    case_href: String,
}

pub(super) async fn show(Inside(ctx): Inside, Path(id): Path<QuoteId>) -> ApiResult<Response> {
    let seen = query::booking(&ctx.app, &ctx.actor, id).await?;
    page(&view(&ctx.chrome, seen))
}

/// A numbered paper, as a PDF in the reader's language.
pub(super) async fn paper(Inside(ctx): Inside, Path(id): Path<PaymentDocumentId>) -> ApiResult<Response> {
    Ok(crate::api::pdf(documents::file(&ctx.app, &ctx.actor, id, ctx.locale()).await?))
}

fn view(chrome: &Chrome, seen: BookingPage) -> BookingView {
    let (head, money) = (&seen.booking.head, &seen.booking.payment);
    let appointment = head.appointment.as_ref();
    let owes = money.due.amount.is_positive() && is_alive(head.status);
    BookingView {
        reference: head.booking_reference.clone(),
        clinic: seen.booking.clinic.name.clone(),
        clinic_href: format!("/clinics/{}", seen.booking.clinic.id),
        treatment: seen.treatment.clone(),
        place: seen.contact.place.clone(),
        phone: seen.contact.phone.clone(),
        email: seen.contact.email.clone(),
        status: words::status_badge(chrome, head.status),
        state: words::state_badge(chrome, money.state),
        stages: stages(chrome, head.status),
        next: next_step(chrome, &seen),
        notice: notice(chrome, &seen),
        appointment: appointment.map(|seen| words::appointment(chrome, seen)),
        hold: appointment.and_then(|seen| seen.hold_expires_at).filter(|end| *end > chrome.now),
        calendar: appointment
            .filter(|seen| seen.status == ScheduleStatus::Confirmed)
            .map(|_| format!("{}/calendar.ics", words::booking_path(head.id))),
        total: money.total,
        paid: money.paid,
        due: money.due,
        owes,
        due_on: money.due_on.filter(|_| owes && head.status != QuoteStatus::Accepted).map(|day| chrome.date(day)),
        percent: percent(money.paid, money.total),
        quoted: quoted(chrome, &seen),
        timeline: ui::timeline(&timeline(chrome, &seen)),
        is_untouched: seen.payments.is_empty(),
        papers: seen.documents.iter().filter_map(|paper| Paper::of(chrome, paper)).collect(),
        tiers: match is_alive(head.status) {
            true => words::tiers(chrome, &seen.tiers, appointment.map(|seen| seen.date)),
            false => Vec::new(),
        },
        is_over: head.status == QuoteStatus::Cancelled,
        cancel: matches!(head.status, QuoteStatus::Accepted | QuoteStatus::Confirmed)
            .then(|| format!("{}/cancel", words::booking_path(head.id))),
        ahead: ahead(chrome, head.status),
        doors: doors(chrome, &seen),
        case_href: format!("/patient/cases/{}", seen.inquiry),
        chrome: chrome.clone(),
    }
}

impl Paper {
    fn of(chrome: &Chrome, paper: &crate::views::DocumentView) -> Option<Self> {
        let key = match paper.kind {
            PaymentDocumentKind::Invoice => "pay-paper-invoice",
            PaymentDocumentKind::Receipt => "pay-paper-receipt",
            PaymentDocumentKind::CreditNote => "pay-paper-credit-note",
            // Papers between Hairline and its partners are none of the patient's.
            PaymentDocumentKind::PayoutInvoice | PaymentDocumentKind::AffiliateStatement => return None,
        };
        let href = format!("/patient/documents/{}", paper.id);
        Some(Self { href, title: chrome.t(key), number: paper.number.clone(), at: paper.issued_at })
    }
}

/// Whether the booking still leads somewhere.
fn is_alive(status: QuoteStatus) -> bool {
    !matches!(status, QuoteStatus::Cancelled | QuoteStatus::Rejected | QuoteStatus::Quote | QuoteStatus::Inquiry)
}

pub(super) fn percent(paid: Money, total: Money) -> u32 {
    if !total.amount.is_positive() {
        return 0;
    }
    let share = paid.amount.get() * Decimal::ONE_HUNDRED / total.amount.get();
    share.trunc().to_u32().unwrap_or(0).min(100)
}

/// The price as quoted, where it is paid in another currency.
fn quoted(chrome: &Chrome, seen: &BookingPage) -> Option<String> {
    let (price, total) = (seen.booking.price, seen.booking.payment.total);
    if price.currency == total.currency {
        return None;
    }
    let args = [
        ("price", chrome.money(price).into()),
        ("from", price.currency.code().to_owned().into()),
        ("to", total.currency.code().to_owned().into()),
        ("rate", seen.booking.rate.clone().into()),
    ];
    Some(locale::tr(chrome.locale, "pay-quoted", &args))
}

const ORDER: [(QuoteStatus, &str); 5] = [
    (QuoteStatus::Accepted, "pay-stage-accepted"),
    (QuoteStatus::Confirmed, "pay-stage-confirmed"),
    (QuoteStatus::Inprogress, "pay-stage-inprogress"),
    (QuoteStatus::Aftercare, "pay-stage-aftercare"),
    (QuoteStatus::Completed, "pay-stage-completed"),
];

fn stages(chrome: &Chrome, status: QuoteStatus) -> Html {
    let Some(here) = ORDER.iter().position(|(stage, _)| *stage == status) else { return Html::default() };
    let look = |place: usize| match place.cmp(&here) {
        std::cmp::Ordering::Less => StageLook::Done,
        std::cmp::Ordering::Equal if status == QuoteStatus::Completed => StageLook::Done,
        std::cmp::Ordering::Equal => StageLook::Now,
        std::cmp::Ordering::Greater => StageLook::Ahead,
    };
    let stages: Vec<Stage> =
        ORDER.iter().enumerate().map(|(place, (_, key))| Stage { label: chrome.t(key), look: look(place) }).collect();
    ui::pipeline(chrome.t("pay-stages"), &stages)
}

/// An attempt that is neither paid nor refused.
fn open_attempt(seen: &BookingPage) -> Option<&payments::Model> {
    seen.payments
        .iter()
        .find(|row| row.payment_status == PaymentStatus::Pending && row.payment_type != PaymentType::Refund)
}

fn next_step(chrome: &Chrome, seen: &BookingPage) -> Option<NextStep> {
    let head = &seen.booking.head;
    let money = &seen.booking.payment;
    let step = |key: &str, href: String| NextStep {
        title: chrome.t(format!("pay-next-{key}-title")),
        text: chrome.t(format!("pay-next-{key}-text")),
        at: Html::default(),
        href,
        label: chrome.t(format!("pay-next-{key}-action")),
    };
    if let Some(row) = open_attempt(seen).filter(|_| is_alive(head.status)) {
        match Outcome::of(row) {
            Outcome::Processing => return Some(step("processing", words::result_path(head.id, row.id))),
            Outcome::Question => return Some(step("question", words::card_path(head.id, row.id))),
            Outcome::Transfer => return Some(step("transfer", words::card_path(head.id, row.id))),
            _ => {}
        }
    }
    match head.status {
        QuoteStatus::Accepted => {
            let hold = head.appointment.as_ref().and_then(|seen| seen.hold_expires_at)?;
            let at = if hold > chrome.now { chrome.when(hold) } else { return None };
            Some(NextStep { at, ..step("pay", words::checkout_path(head.id)) })
        }
        QuoteStatus::Confirmed if late_part(seen).is_some() => {
            Some(step("part", format!("{}/installments", words::booking_path(head.id))))
        }
        QuoteStatus::Confirmed if seen.plan.is_some() && money.due.amount.is_positive() => {
            let mut step = step("plan", format!("{}/installments", words::booking_path(head.id)));
            if let Some(day) = money.due_on {
                step.text = chrome.tw("pay-next-plan-until", "day", chrome.date(day));
            }
            Some(step)
        }
        QuoteStatus::Confirmed if money.due.amount.is_positive() => {
            let mut step = step("balance", words::checkout_path(head.id));
            if let Some(day) = money.due_on {
                step.text = chrome.tw("pay-next-balance-until", "day", chrome.date(day));
            }
            Some(step)
        }
        QuoteStatus::Confirmed => Some(step("ready", "/patient/messages".to_owned())),
        QuoteStatus::Inprogress => Some(step("treatment", format!("/patient/treatments/{}", head.id))),
        QuoteStatus::Aftercare => Some(step("aftercare", "/patient/aftercare".to_owned())),
        QuoteStatus::Completed => Some(step("review", format!("/patient/bookings/{}/review", head.id))),
        _ => None,
    }
}

/// A part of the plan that was declined.
fn late_part(seen: &BookingPage) -> Option<&items::Model> {
    let late = |item: &&items::Model| matches!(item.status, ItemStatus::Retrying | ItemStatus::Failed);
    seen.plan.as_ref()?.items.iter().find(late)
}

/// What must be read before anything else.
fn notice(chrome: &Chrome, seen: &BookingPage) -> Html {
    let head = &seen.booking.head;
    let say = |tone: Tone, key: &str| {
        ui::alert(tone, chrome.t(format!("pay-notice-{key}-title")), chrome.t(format!("pay-notice-{key}-text")))
    };
    match head.status {
        QuoteStatus::Accepted => match head.appointment.as_ref().and_then(|seen| seen.hold_expires_at) {
            Some(end) if end > chrome.now => Html::default(),
            _ => say(Tone::Warn, "hold-over"),
        },
        QuoteStatus::Quote | QuoteStatus::Inquiry => say(Tone::Warn, "released"),
        QuoteStatus::Cancelled | QuoteStatus::Rejected => {
            let title = chrome.t("pay-notice-cancelled-title");
            ui::alert(Tone::Info, title, refund_line(chrome, seen.cancellation.as_ref()))
        }
        _ if seen.booking.payment.state == PaymentState::AtRisk => say(Tone::Bad, "at-risk"),
        _ if seen.booking.payment.state == PaymentState::Overdue => say(Tone::Bad, "overdue"),
        _ => Html::default(),
    }
}

/// Where the refund of a cancelled booking stands.
fn refund_line(chrome: &Chrome, request: Option<&cancellation_requests::Model>) -> String {
    let Some(row) = request else { return chrome.t("pay-notice-cancelled-text") };
    let amount = row.approved_amount.unwrap_or(row.proposed_amount);
    let key = match row.status {
        _ if !amount.is_positive() => "cancel-refund-none",
        CancellationRequestStatus::Pending => "cancel-refund-checked",
        CancellationRequestStatus::Approved => "cancel-refund-sent",
        CancellationRequestStatus::Settled => "cancel-refund-done",
        CancellationRequestStatus::Denied => "cancel-refund-none",
    };
    chrome.tw(key, "amount", chrome.money(Money::new(amount, row.currency)))
}

/// What was paid and what is to be paid, the oldest first.
fn timeline(chrome: &Chrome, seen: &BookingPage) -> Vec<TimelineEntry> {
    let head = &seen.booking.head;
    let money = &seen.booking.payment;
    let mut entries: Vec<TimelineEntry> = seen.payments.iter().rev().filter_map(|row| happened(chrome, row)).collect();
    let ahead = |key: &str, amount: Money, text: String, tone: Tone| TimelineEntry {
        title: chrome.tw(key, "amount", chrome.money(amount)),
        text,
        at: Html::default(),
        tone,
        ahead: true,
    };
    if head.status == QuoteStatus::Accepted && money.paid.amount < money.deposit.amount {
        let hold = head.appointment.as_ref().and_then(|seen| seen.hold_expires_at);
        let missing = Money::new(money.deposit.amount - money.paid.amount, money.deposit.currency);
        let mut first = ahead("pay-line-first-due", missing, String::new(), Tone::Warn);
        if let Some(end) = hold {
            first.at = chrome.when(end);
        }
        entries.push(first);
    }
    if let Some(plan) = &seen.plan {
        for item in plan.open().filter(|_| is_alive(head.status)) {
            let late = matches!(item.status, ItemStatus::Retrying | ItemStatus::Failed);
            let args = [
                ("number", item.number.to_string().into()),
                ("of", plan.row.number_of_installments.to_string().into()),
                ("amount", chrome.money(Money::new(item.amount, money.total.currency)).into()),
            ];
            entries.push(TimelineEntry {
                title: locale::tr(chrome.locale, "pay-line-part", &args),
                text: chrome.tw("pay-line-until", "day", chrome.date(item.due_date)),
                at: Html::default(),
                tone: if late { Tone::Bad } else { Tone::Calm },
                ahead: true,
            });
        }
        return entries;
    }
    if let Some(day) = money.due_on.filter(|_| is_alive(head.status)) {
        let rest = if money.paid.amount >= money.deposit.amount {
            money.due
        } else {
            Money::new(money.total.amount - money.deposit.amount, money.total.currency)
        };
        let tone = if money.state == PaymentState::Overdue { Tone::Bad } else { Tone::Calm };
        if rest.amount.is_positive() {
            let text = chrome.tw("pay-line-until", "day", chrome.date(day));
            entries.push(ahead("pay-line-balance-due", rest, text, tone));
        }
    }
    entries
}

fn happened(chrome: &Chrome, row: &payments::Model) -> Option<TimelineEntry> {
    let amount = chrome.money(Money::new(row.amount, row.currency));
    let title = |key: &str| {
        let args = [("what", words::purpose(chrome, row).into()), ("amount", amount.clone().into())];
        locale::tr(chrome.locale, key, &args)
    };
    let card = words::card(chrome, row);
    let entry = |title: String, text: String, tone: Tone| TimelineEntry {
        title,
        text,
        at: chrome.when(row.paid_at.unwrap_or(row.created_at)),
        tone,
        ahead: false,
    };
    if row.payment_type == PaymentType::Refund {
        return Some(match row.payment_status {
            PaymentStatus::Completed => entry(title("pay-line-refunded"), String::new(), Tone::Good),
            PaymentStatus::Failed => entry(title("pay-line-refund-late"), String::new(), Tone::Warn),
            _ => entry(title("pay-line-refunding"), String::new(), Tone::Info),
        });
    }
    Some(match Outcome::of(row) {
        Outcome::Paid | Outcome::Returned => entry(title("pay-line-paid"), card, Tone::Good),
        Outcome::Processing => entry(title("pay-line-processing"), card, Tone::Info),
        Outcome::Question => entry(title("pay-line-question"), card, Tone::Warn),
        Outcome::Transfer => entry(title("pay-line-transfer"), String::new(), Tone::Info),
        Outcome::Declined(code) => entry(title("pay-line-declined"), words::reason(chrome, &code), Tone::Bad),
        // Begun and left alone: nothing happened.
        Outcome::Card | Outcome::Closed => return None,
    })
}

/// What happens after this, in order.
fn ahead(chrome: &Chrome, status: QuoteStatus) -> Vec<String> {
    let keys: &[&str] = match status {
        QuoteStatus::Accepted => &["pay-ahead-confirm", "pay-ahead-travel", "pay-ahead-balance", "pay-ahead-day"],
        QuoteStatus::Confirmed => &["pay-ahead-balance", "pay-ahead-travel", "pay-ahead-day", "pay-ahead-care"],
        QuoteStatus::Inprogress => &["pay-ahead-summary", "pay-ahead-care"],
        QuoteStatus::Aftercare => &["pay-ahead-tasks", "pay-ahead-review"],
        _ => &[],
    };
    keys.iter().map(|key| chrome.t(key)).collect()
}

fn doors(chrome: &Chrome, seen: &BookingPage) -> Vec<Door> {
    let head = &seen.booking.head;
    let door = |icon, key: &str, href: String| Door {
        icon,
        title: chrome.t(format!("pay-door-{key}-title")),
        text: chrome.t(format!("pay-door-{key}-text")),
        href,
    };
    let mut doors = vec![door("chat", "messages", "/patient/messages".to_owned())];
    if matches!(head.status, QuoteStatus::Inprogress | QuoteStatus::Aftercare | QuoteStatus::Completed) {
        doors.push(door("scan", "treatment", format!("/patient/treatments/{}", head.id)));
    }
    if matches!(head.status, QuoteStatus::Aftercare | QuoteStatus::Completed) {
        doors.push(door("leaf", "aftercare", "/patient/aftercare".to_owned()));
        doors.push(door("star", "review", format!("/patient/bookings/{}/review", head.id)));
    }
    if is_alive(head.status) && head.status != QuoteStatus::Completed {
        doors.push(door("card", "cards", "/patient/payment-methods".to_owned()));
    }
    let waits = |row: &payments::Model| {
        row.payment_type == PaymentType::Refund
            && row.payment_method == PaymentMethod::BankTransfer
            && row.payment_status == PaymentStatus::Pending
    };
    if seen.payments.iter().any(waits) {
        doors.push(door("wallet", "account", "/patient/bank-details".to_owned()));
    }
    doors.push(door("file", "quote", format!("/patient/quotes/{}", head.id)));
    doors.push(door("route", "case", format!("/patient/cases/{}", seen.inquiry)));
    doors
}
