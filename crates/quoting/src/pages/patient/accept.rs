//! The sheet on which an offer is accepted: what is held, what happens next, and any refusal where it is read.

use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{Days, NaiveDate};
use kernel::ids::QuoteId;
use kernel::{Amount, AppError, Currency, ErrorKind, Money};
use platform::web::{ApiResult, Path, status_of};
use ui::{Chrome, Ctx, Form, Html, Inside, Posted, page};

use super::{Revised, at_clinic, is_open, is_taken, reason};
use crate::offers;
use crate::rules::accept::Ask;
use crate::rules::terms::{self, RefundTier, refund_tiers};
use crate::service::accept;
use crate::settings;

#[derive(Template)]
#[template(path = "quote_patient_accept.html")]
struct AcceptSheet {
    chrome: Chrome,
    clinic: String,
    treatment: String,
    when: String,
    until: Html,
    total: String,
    estimate: String,
    deposit: String,
    deposit_percent: String,
    hold_hours: i64,
    balance_days: i64,
    tiers: Vec<(String, String)>,
    revised: Option<Revised>,
    reason: String,
    back: String,
    offers: String,
    action: String,
    form: Form,
    version: i32,
    amount: String,
    currency: String,
    open: bool,
}

pub(super) async fn sheet(Inside(ctx): Inside, Path(id): Path<QuoteId>) -> ApiResult<Response> {
    let form = Form::new(&ctx.chrome);
    draw(&ctx, id, form).await
}

async fn draw(ctx: &Ctx, id: QuoteId, form: Form) -> ApiResult<Response> {
    let offer = offers::show(&ctx.app, &ctx.actor, id).await?;
    let quote = &offer.quote;
    let summary = &quote.summary;
    if is_taken(summary.status) {
        // What is left to do stands with the booking.
        return Ok(Redirect::to(&format!("/patient/bookings/{id}")).into_response());
    }
    let percent = settings::DEPOSIT_PERCENT.get(&ctx.app).await?;
    let chrome = ctx.chrome.clone();
    let total = quote.price.total;
    let deposit = terms::deposit(total.amount, percent, total.currency);
    let deposit = deposit.map(|amount| chrome.money(Money::new(amount, total.currency)));
    let open = is_open(summary);
    let policy = refund_tiers(&settings::REFUND_TIERS.get(&ctx.app).await?)?;
    page(&AcceptSheet {
        clinic: summary.clinic.name.clone(),
        treatment: summary.treatment_name.clone(),
        when: at_clinic(&chrome, summary.slot_at, summary.timezone.as_deref()),
        until: summary.expires_at.map(|at| chrome.when(at)).unwrap_or_default(),
        total: chrome.money(total),
        estimate: offer.estimate.map(|money| chrome.money(money)).unwrap_or_default(),
        deposit: deposit.unwrap_or_default(),
        deposit_percent: percent.normalize().to_string(),
        hold_hours: settings::HOLD_HOURS.get(&ctx.app).await?,
        balance_days: settings::BALANCE_DUE_DAYS.get(&ctx.app).await?,
        tiers: tiers(&chrome, &policy, quote.slot.as_ref().map(|slot| slot.date)),
        revised: offer.change.as_ref().filter(|_| open).map(|change| Revised::new(&chrome, change)),
        reason: reason(&chrome, summary),
        back: format!("/patient/quotes/{id}"),
        offers: format!("/patient/cases/{}/quotes", summary.inquiry_id),
        action: format!("/patient/quotes/{id}/accept"),
        // After a change by the clinic the sheet shows, and sends, the new version.
        version: summary.version,
        amount: total.amount.to_string(),
        currency: total.currency.code().to_owned(),
        open,
        form,
        chrome,
    })
}

/// The cancellation policy on the calendar of this appointment.
fn tiers(chrome: &Chrome, policy: &[RefundTier], day: Option<NaiveDate>) -> Vec<(String, String)> {
    let tier = |tier: &RefundTier| {
        let RefundTier { from_days, percent } = *tier;
        let last = day.and_then(|day| day.checked_sub_days(Days::new(u64::from(from_days))));
        let until = match last.filter(|_| from_days > 0) {
            Some(last) => chrome.tw("offer-tier-until", "day", chrome.date(last)),
            None if from_days > 0 => chrome.tn("offer-tier-days", "days", i64::from(from_days)),
            None => chrome.t("offer-tier-later"),
        };
        let back = match percent {
            0 => chrome.t("offer-tier-nothing"),
            _ => chrome.tw("offer-tier-back", "percent", percent.to_string()),
        };
        (until, back)
    };
    policy.iter().map(tier).collect()
}

fn ask(posted: &Posted) -> Result<Ask, AppError> {
    let amount: Amount = posted.parse("amount")?;
    let currency: Currency = posted.parse("currency")?;
    let expected_total = Money::new(amount, currency);
    Ok(Ask { version: posted.parse("version")?, expected_total, terms: posted.ticked("terms") })
}

pub(super) async fn submit(Inside(ctx): Inside, Path(id): Path<QuoteId>, posted: Posted) -> ApiResult<Response> {
    let outcome = match ask(&posted) {
        Ok(ask) => accept::accept(&ctx.app, &ctx.actor, id, ask).await,
        Err(error) => Err(error),
    };
    match outcome {
        // Sent twice it says the same: the second acceptance changes nothing.
        Ok(()) => Ok(ctx.done(&format!("/patient/bookings/{id}/pay"), "offer-accepted")),
        Err(error) if !matches!(error.kind, ErrorKind::Internal | ErrorKind::NotFound) => {
            // Nothing typed is kept: what was ticked was for the offer as it was, and may have changed.
            let form = Form::new(&ctx.chrome).refused(&error);
            let mut response = draw(&ctx, id, form).await?;
            if response.status().is_success() {
                *response.status_mut() = status_of(error.kind);
            }
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use kernel::{Actor, Timestamp};
    use platform::locale::Locale;

    use super::*;

    #[test]
    fn the_policy_is_told_in_days_of_the_calendar() {
        let now = Timestamp::default();
        let chrome = Chrome::new(Locale::En, &Actor::anonymous(), "/patient", String::new(), now);
        let policy = refund_tiers("31:90, 15:50, 0:0").unwrap();
        let told = tiers(&chrome, &policy, "2026-06-15".parse().ok());
        assert!(told[0].0.contains("15 May 2026") && told[0].1.contains("90"), "{:?}", told[0]);
        assert_eq!(told.len(), 3);
        assert!(tiers(&chrome, &policy, None)[1].0.contains("15"));
    }
}
