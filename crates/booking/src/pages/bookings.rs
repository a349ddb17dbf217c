//! The list of a clinic's bookings.

use askama::Template;
use axum::response::Response;
use platform::web::ApiResult;
use quoting::entity::quotes::QuoteStatus;
use quoting::views::QuoteView;
use sea_orm::ActiveEnum;
use ui::{Badge, Choice, Chrome, Html, Inside, ListView, page};

use super::{state, word};
use crate::queries;

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
    total: String,
    hold: Html,
    state: Badge,
}

#[derive(Template)]
#[template(path = "booking_list.html")]
struct BookingsPage {
    chrome: Chrome,
    list: ListView,
    states: Vec<Choice>,
    lines: Vec<Line>,
}

pub(super) async fn show(Inside(ctx): Inside) -> ApiResult<Response> {
    ctx.actor.require(kernel::Permission::ViewTreatmentCase)?;
    // A word the list does not know shows everything, as an empty choice does.
    let status = QuoteStatus::try_from_value(&ctx.asked("status")).ok().filter(|status| STATES.contains(status));
    let search = queries::Search { status, text: ctx.asked("q"), earliest_first: ctx.asked("sort") == "day" };
    let found = queries::search(&ctx.app, &ctx.actor, &search, ctx.page_query()).await?;
    let chrome = ctx.chrome;
    let meta = found.meta;
    let mut lines = Vec::with_capacity(found.data.len());
    for view in found.data {
        let QuoteView::Clinic(clinic) = view else { continue };
        let booking = clinic.quote;
        let schedule = booking.schedule.as_ref();
        lines.push(Line {
            href: format!("/provider/treatments/{}", booking.quote.id),
            patient: clinic.patient.display_name.clone(),
            reference: booking.booking_reference.clone().unwrap_or_default(),
            treatment: booking.quote.treatment_name.clone(),
            day: schedule.map(|it| chrome.date(it.date)).unwrap_or_default(),
            total: booking.terms.as_ref().map(|terms| chrome.money(terms.total)).unwrap_or_default(),
            hold: schedule.and_then(|it| it.hold_expires_at).map(|at| chrome.when(at)).unwrap_or_default(),
            state: state(&chrome, booking.quote.status),
        });
    }
    page(&BookingsPage {
        list: ListView::new(&chrome, &meta),
        states: STATES.iter().map(|it| Choice::new(word(it), chrome.word("booking-state", word(it)))).collect(),
        lines,
        chrome,
    })
}
