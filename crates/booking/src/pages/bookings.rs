//! The list of a clinic's bookings.

use askama::Template;
use axum::response::Response;
use platform::web::ApiResult;
use quoting::entity::quotes::QuoteStatus;
use sea_orm::ActiveEnum;
use ui::{Badge, Choice, Chrome, Html, Inside, ListView, Tone, page};

use super::{patient_name, state, word};
use crate::desk::{self, Order, Payment, Search};

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
    patient: String,
    reference: String,
    treatment: String,
    day: String,
    length: String,
    hold: Html,
    state: Badge,
    payment: Option<Badge>,
    /// The price, what is paid and what is missing; empty for those who may not see them.
    total: String,
    paid: String,
    due: String,
}

#[derive(Template)]
#[template(path = "booking_list.html")]
struct BookingsPage {
    chrome: Chrome,
    list: ListView,
    states: Vec<Choice>,
    payments: Vec<Choice>,
    lines: Vec<Line>,
}

pub(super) async fn show(Inside(ctx): Inside) -> ApiResult<Response> {
    // A word the list does not know shows everything, as an empty choice does.
    let status = QuoteStatus::try_from_value(&ctx.asked("status")).ok().filter(|status| STATES.contains(status));
    let order = match ctx.asked("sort").as_str() {
        "day" => Order::DayUp,
        "-day" => Order::DayDown,
        _ => Order::Newest,
    };
    let payment = Payment::from_word(&ctx.asked("payment"));
    let search = Search { status, payment, text: ctx.asked("q"), order };
    let found = desk::list(&ctx.app, &ctx.actor, &search, ctx.page_query()).await?;
    let chrome = ctx.chrome;
    page(&BookingsPage {
        list: ListView::new(&chrome, &found.meta),
        states: STATES.iter().map(|it| Choice::new(word(it), chrome.word("booking-state", word(it)))).collect(),
        payments: Payment::ALL
            .into_iter()
            .map(|it| Choice::new(it.word(), chrome.word("booking-paid", it.word())))
            .collect(),
        lines: found.data.iter().map(|booking| line(&chrome, booking)).collect(),
        chrome,
    })
}

fn line(chrome: &Chrome, booking: &desk::Line) -> Line {
    let money = booking.money;
    let due = money.map(|money| money.due).filter(|due| due.amount.is_positive());
    Line {
        href: super::opened(booking.id, booking.status),
        patient: patient_name(chrome, &booking.patient),
        reference: booking.reference.clone().unwrap_or_default(),
        treatment: booking.treatment.clone(),
        day: booking.day.map(|day| chrome.date(day)).unwrap_or_default(),
        length: match booking.day_count {
            ..=1 => String::new(),
            days => chrome.tn("booking-days", "count", i64::from(days)),
        },
        hold: booking.hold_ends.map(|at| chrome.when(at)).unwrap_or_default(),
        state: state(chrome, booking.status),
        payment: payment(chrome, booking),
        total: money.map(|money| chrome.money(money.total)).unwrap_or_default(),
        paid: money.map(|money| chrome.money(money.paid)).unwrap_or_default(),
        due: due.map(|due| chrome.money(due)).unwrap_or_default(),
    }
}

/// Where the money stands, in a word; nothing for a booking that ended.
fn payment(chrome: &Chrome, booking: &desk::Line) -> Option<Badge> {
    let payment = Payment::of(booking.status, booking.is_paid)?;
    let tone = if payment == Payment::Whole { Tone::Good } else { Tone::Warn };
    Some(Badge::new(tone, chrome.word("booking-paid", payment.word())))
}
