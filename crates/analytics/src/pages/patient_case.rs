//! A patient's case: where it stands, what was offered and booked, what happened.

use std::collections::HashMap;

use askama::Template;
use axum::response::Response;
use inquiry::entity::inquiries::InquiryStatus;
use inquiry::entity::workflow_timelines;
use kernel::ids::InquiryId;
use platform::locale;
use platform::web::{ApiResult, Path};
use quoting::entity::quotes::QuoteStatus;
use ui::{Badge, Chrome, Html, Inside, TimelineEntry, Tone, page};

use super::patient_home::{NextCard, PlanCard, address, appointment, next_card, pipeline_of, plan_card, stage_badge};
use super::word;
use crate::patient_view::{self, Booked, Offer, PatientCase};

struct OfferRow {
    href: String,
    clinic: String,
    place: String,
    total: String,
    grafts: String,
    badge: Badge,
}

struct Booking {
    href: String,
    reference: String,
    clinic: String,
    appointment: String,
    zone: String,
    total: String,
    paid: String,
    due: String,
    due_on: String,
}

#[derive(Template)]
#[template(path = "case_patient.html")]
struct CasePage {
    chrome: Chrome,
    code: String,
    badge: Badge,
    pipeline: Html,
    next: NextCard,
    offers: Vec<OfferRow>,
    /// Where the offers are, once there are some.
    quotes_href: Option<String>,
    booking: Option<Booking>,
    plan: Option<PlanCard>,
    timeline: Option<Html>,
    /// Where the request is read and changed.
    request: String,
}

pub(super) async fn show(Inside(ctx): Inside, Path(id): Path<InquiryId>) -> ApiResult<Response> {
    let (case, history) = patient_view::case(&ctx.app, &ctx.actor, id).await?;
    let chrome = ctx.chrome;
    let home = address(id);
    let live = matches!(case.status, InquiryStatus::Inquiry | InquiryStatus::Quote);
    page(&CasePage {
        code: case.code.clone().unwrap_or_default(),
        badge: stage_badge(&chrome, case.status),
        pipeline: pipeline_of(&chrome, case.status),
        next: next_card(&chrome, &case.next, Some(id)),
        offers: case.offers.iter().map(|offer| offer_row(&chrome, offer)).collect(),
        quotes_href: (live && !case.offers.is_empty()).then(|| format!("{home}/quotes")),
        booking: case.booking.as_ref().map(|booking| booking_card(&chrome, booking, &case)),
        plan: plan_card(&chrome, &case),
        request: format!("{home}/request"),
        timeline: timeline(&chrome, &case, history),
        chrome,
    })
}

fn offer_row(chrome: &Chrome, offer: &Offer) -> OfferRow {
    // An offer that ran out a moment ago says so before the clock's job has noted it.
    let (tone, state) = match offer.status {
        QuoteStatus::Quote if offer.is_live => (Tone::Info, "open".to_owned()),
        QuoteStatus::Quote => (Tone::Calm, "ended".to_owned()),
        QuoteStatus::Rejected | QuoteStatus::Cancelled => (Tone::Calm, word(&offer.status)),
        _ => (Tone::Good, "chosen".to_owned()),
    };
    OfferRow {
        href: format!("/patient/quotes/{}", offer.id),
        clinic: offer.clinic.clone(),
        place: offer.city.clone(),
        total: chrome.money(offer.total),
        grafts: offer.grafts.map(|grafts| chrome.tn("my-grafts", "count", i64::from(grafts))).unwrap_or_default(),
        badge: Badge::new(tone, chrome.word("my-offer", state)),
    }
}

fn booking_card(chrome: &Chrome, booking: &Booked, case: &PatientCase) -> Booking {
    let money = |money: Option<kernel::Money>| money.map(|money| chrome.money(money)).unwrap_or_default();
    let offer = case.offers.iter().find(|offer| offer.id == booking.quote);
    Booking {
        href: format!("/patient/bookings/{}", booking.quote),
        reference: booking.reference.clone().unwrap_or_default(),
        clinic: offer.map(|offer| format!("{}, {}", offer.clinic, offer.city)).unwrap_or_default(),
        appointment: appointment(chrome, booking),
        zone: booking.zone.clone().unwrap_or_default(),
        total: money(booking.total),
        paid: money(booking.paid),
        due: money(booking.due),
        due_on: booking
            .due_on
            .filter(|_| booking.due.is_some_and(|due| due.amount.is_positive()))
            .map_or_else(String::new, |day| chrome.date(day)),
    }
}

/// What concerns the patient, in words; entries without words are for staff.
fn timeline(chrome: &Chrome, case: &PatientCase, history: Vec<workflow_timelines::Model>) -> Option<Html> {
    let clinics: HashMap<String, &str> =
        case.offers.iter().map(|offer| (offer.provider.to_string(), offer.clinic.as_str())).collect();
    let entry = |row: workflow_timelines::Model| {
        let title = locale::find_text(chrome.locale, &format!("my-event-{}", row.event.replace('_', "-")))?;
        let clinic = row.metadata.as_ref().and_then(|facts| facts.get("provider_id")?.as_str());
        Some(TimelineEntry {
            title,
            text: clinic.and_then(|id| clinics.get(id)).map(|name| (*name).to_owned()).unwrap_or_default(),
            at: chrome.when(row.created_at),
            tone: tone_of(&row.event),
            ahead: false,
        })
    };
    let entries: Vec<TimelineEntry> = history.into_iter().filter_map(entry).collect();
    (!entries.is_empty()).then(|| ui::timeline(&entries))
}

fn tone_of(event: &str) -> Tone {
    match event {
        "payment_received" | "quote_accepted" | "treatment_completed" | "aftercare_completed" | "booking_confirmed" => {
            Tone::Good
        }
        "payment_failed" => Tone::Bad,
        "inquiry_cancelled" | "inquiry_expired" | "booking_cancelled" | "hold_lapsed" | "quote_expired" => Tone::Warn,
        _ => Tone::Calm,
    }
}
