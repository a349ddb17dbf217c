//! Clinics that want to step back from an accepted offer, the oldest wish first.

use askama::Template;
use axum::response::Response;
use platform::web::ApiResult;
use ui::{Chrome, Html, Inside, ListView, page};

use crate::oversight::{self, WithdrawalLine};

struct Line {
    href: String,
    clinic: String,
    patient: String,
    case: String,
    total: String,
    appointment: String,
    asked: Html,
    reason: String,
}

#[derive(Template)]
#[template(path = "quote_admin_withdrawals.html")]
struct WithdrawalsPage {
    chrome: Chrome,
    list: ListView,
    lines: Vec<Line>,
}

pub(super) async fn show(Inside(ctx): Inside) -> ApiResult<Response> {
    let found = oversight::withdrawals(&ctx.app, &ctx.actor, ctx.page_query()).await?;
    let chrome = ctx.chrome;
    page(&WithdrawalsPage {
        list: ListView::new(&chrome, &found.meta),
        lines: found.data.iter().map(|wish| line(&chrome, wish)).collect(),
        chrome,
    })
}

fn line(chrome: &Chrome, wish: &WithdrawalLine) -> Line {
    Line {
        href: format!("/admin/quotes/{}#withdrawal", wish.quote_id),
        clinic: wish.provider_name.clone(),
        patient: wish.patient.name.clone(),
        case: wish.inquiry_code.clone().unwrap_or_default(),
        total: chrome.money(wish.total),
        appointment: wish.slot_at.map(|at| chrome.datetime(at, chrono_tz::UTC)).unwrap_or_default(),
        asked: wish.requested_at.map(|at| chrome.when(at)).unwrap_or_default(),
        reason: wish.reason.clone().unwrap_or_default(),
    }
}
