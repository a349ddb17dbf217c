//! What patients accepted and what became of it.

use askama::Template;
use axum::response::Response;
use platform::web::ApiResult;
use sea_orm::ActiveEnum;
use ui::{Badge, Choice, Chrome, Html, Inside, ListView, Tone, page};

use crate::oversight::{self, Acceptance, AcceptanceState};

struct Line {
    href: String,
    patient: String,
    case: String,
    case_href: String,
    clinic: String,
    reference: String,
    total: String,
    accepted: Html,
    held: Html,
    state: Badge,
    quote: String,
}

#[derive(Template)]
#[template(path = "quote_admin_acceptances.html")]
struct AcceptancesPage {
    chrome: Chrome,
    list: ListView,
    states: Vec<Choice>,
    lines: Vec<Line>,
}

const STATES: [(&str, AcceptanceState); 3] = [
    ("active", AcceptanceState::Active),
    ("lapsed", AcceptanceState::Lapsed),
    ("superseded", AcceptanceState::Superseded),
];

pub(super) async fn show(Inside(ctx): Inside) -> ApiResult<Response> {
    let asked = ctx.asked("state");
    let state = STATES.iter().find(|(word, _)| *word == asked).map(|(_, state)| *state);
    let found = oversight::acceptances(&ctx.app, &ctx.actor, state, ctx.page_query()).await?;
    let chrome = ctx.chrome;
    page(&AcceptancesPage {
        list: ListView::new(&chrome, &found.meta),
        states: STATES.iter().map(|(word, _)| Choice::new(*word, chrome.word("aa-state", word))).collect(),
        lines: found.data.iter().map(|acceptance| line(&chrome, acceptance)).collect(),
        chrome,
    })
}

fn line(chrome: &Chrome, found: &Acceptance) -> Line {
    let (tone, word) = match found.state {
        AcceptanceState::Active => (Tone::Good, "active"),
        AcceptanceState::Lapsed => (Tone::Calm, "lapsed"),
        AcceptanceState::Superseded => (Tone::Bad, "superseded"),
    };
    Line {
        href: format!("/admin/quotes/{}", found.quote_id),
        patient: found.patient.name.clone(),
        case: found.inquiry_code.clone().unwrap_or_default(),
        case_href: format!("/admin/cases/{}", found.inquiry_id),
        clinic: found.provider_name.clone(),
        reference: found.booking_reference.clone(),
        total: chrome.money(found.total),
        accepted: chrome.when(found.accepted_at),
        held: chrome.when(found.held_until),
        state: Badge::new(tone, chrome.word("aa-state", word)),
        quote: match found.quote_status_reason {
            Some(reason) => chrome.word("qs", reason.to_value()),
            None => chrome.word("qs", found.quote_status.to_value()),
        },
    }
}
