//! The card of an attempt. With the simulator its form is here; a real gateway brings its own.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::ids::{PaymentId, QuoteId};
use kernel::{AppError, ErrorKind, Money, Timestamp};
use platform::web::{ApiResult, Embeds, Path, status_of};
use ui::{Chrome, Ctx, Form, Inside, Posted, page};

use super::TestCard;
use super::words::{self, Outcome};
use crate::entity::payments;
use crate::gateway::simulator::CardInput;
use crate::queries::page as query;
use crate::service::card::{self, Element, Taker};
use crate::service::transfer::{self, Instructions};

/// Test cards with what each of them does.
const TEST_CARDS: [(&str, &str); 6] = [
    ("4242 4242 4242 4242", "pay-test-succeeds"),
    ("4000 0000 0000 0002", "pay-test-declined"),
    ("4000 0000 0000 9995", "pay-test-funds"),
    ("4000 0025 0000 3155", "pay-test-question"),
    ("4000 0000 0000 1000", "pay-test-slow"),
    ("4000 0000 0000 0341", "pay-test-later"),
];

#[derive(Template)]
#[template(path = "pay_card.html")]
pub(super) struct CardView {
    pub(super) chrome: Chrome,
    pub(super) form: Form,
    pub(super) back: String,
    pub(super) action: String,
    pub(super) purpose: String,
    pub(super) amount: Money,
    /// The gateway's own form; ours where there is none.
    pub(super) element: Option<Element>,
    /// Where the gateway's form leads to.
    pub(super) come_back: String,
    /// Later parts are charged to it.
    pub(super) is_kept: bool,
    pub(super) tests: Vec<TestCard>,
}

#[derive(Template)]
#[template(path = "pay_question.html")]
pub(super) struct QuestionView {
    pub(super) chrome: Chrome,
    pub(super) form: Form,
    pub(super) back: String,
    pub(super) action: String,
    pub(super) amount: Money,
    pub(super) card: String,
}

pub(super) async fn show(Inside(ctx): Inside, Path((quote, id)): Path<(QuoteId, PaymentId)>) -> ApiResult<Response> {
    let row = query::attempt(&ctx.app, &ctx.actor, quote, id).await?;
    let form = Form::new(&ctx.chrome);
    match Outcome::of(&row) {
        Outcome::Card | Outcome::Declined(_) if is_open(&row) => card_page(&ctx, &row, form, StatusCode::OK).await,
        Outcome::Question => question_page(&ctx, &row, form, StatusCode::OK),
        Outcome::Transfer => transfer_page(&ctx, &row).await,
        _ => Ok(Redirect::to(&words::result_path(quote, id)).into_response()),
    }
}

/// Where a transfer goes, to be copied into the bank's own form.
#[derive(Template)]
#[template(path = "pay_transfer.html")]
struct TransferView {
    chrome: Chrome,
    back: String,
    checkout: String,
    purpose: String,
    amount: Money,
    to: Instructions,
    /// In groups of four.
    iban: String,
    hold: Option<Timestamp>,
}

async fn transfer_page(ctx: &Ctx, row: &payments::Model) -> ApiResult<Response> {
    let to = transfer::instructions(&ctx.app, row).await?;
    let seen = query::booking(&ctx.app, &ctx.actor, row.quote_id).await?;
    let hold = seen.booking.head.appointment.and_then(|seen| seen.hold_expires_at);
    let letters: Vec<char> = to.iban.chars().collect();
    page(&TransferView {
        back: words::booking_path(row.quote_id),
        checkout: words::checkout_path(row.quote_id),
        purpose: words::purpose(&ctx.chrome, row),
        amount: to.money,
        iban: letters.chunks(4).map(String::from_iter).collect::<Vec<_>>().join(" "),
        to,
        hold: hold.filter(|end| *end > ctx.chrome.now),
        chrome: ctx.chrome.clone(),
    })
}

/// The test cards in the reader's language.
pub(super) fn test_cards(chrome: &Chrome) -> Vec<TestCard> {
    TEST_CARDS.iter().map(|(number, key)| TestCard { number, text: chrome.t(key) }).collect()
}

/// The card of a form.
pub(super) fn card_input(posted: &Posted) -> CardInput {
    let (exp_month, exp_year) = expiry(posted.get("card.exp_month"));
    CardInput {
        number: posted.get("card.number").to_owned(),
        exp_month,
        exp_year,
        cvc: posted.get("card.cvc").to_owned(),
    }
}

fn is_open(row: &payments::Model) -> bool {
    row.payment_status == payments::PaymentStatus::Pending
}

async fn card_page(ctx: &Ctx, row: &payments::Model, form: Form, status: StatusCode) -> ApiResult<Response> {
    let chrome = &ctx.chrome;
    let element = match card::taker(&ctx.app, row).await? {
        Taker::Ours => None,
        Taker::Stripe(element) => Some(element),
    };
    let embeds = element.is_some();
    let mut response = page(&CardView {
        form,
        back: words::checkout_path(row.quote_id),
        action: words::card_path(row.quote_id, row.id),
        purpose: words::purpose(chrome, row),
        amount: Money::new(row.amount, row.currency),
        come_back: absolute(ctx, &words::result_path(row.quote_id, row.id)),
        element,
        is_kept: row.is_installment,
        tests: test_cards(chrome),
        chrome: chrome.clone(),
    })?;
    *response.status_mut() = status;
    if embeds {
        response.extensions_mut().insert(STRIPE);
    }
    Ok(response)
}

/// Where Stripe's own form comes from, as its documentation of policies lists it.
pub(super) const STRIPE: Embeds = Embeds {
    scripts: "https://js.stripe.com https://*.js.stripe.com",
    frames: "https://js.stripe.com https://*.js.stripe.com https://hooks.stripe.com",
    connects: "https://api.stripe.com",
};

/// A path of ours as the whole address a gateway sends the payer back to.
pub(super) fn absolute(ctx: &Ctx, path: &str) -> String {
    format!("{}{path}", ctx.app.config.http.public_url.trim_end_matches('/'))
}

fn question_page(ctx: &Ctx, row: &payments::Model, form: Form, status: StatusCode) -> ApiResult<Response> {
    let mut response = page(&QuestionView {
        form,
        back: words::booking_path(row.quote_id),
        action: format!("{}/authenticate", words::card_path(row.quote_id, row.id)),
        amount: Money::new(row.amount, row.currency),
        card: words::card(&ctx.chrome, row),
        chrome: ctx.chrome.clone(),
    })?;
    *response.status_mut() = status;
    Ok(response)
}

/// `03 / 30`, `03/2030`, `0330` as month and year; what cannot be read is no month.
fn expiry(text: &str) -> (u32, i32) {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let (month, year) = match text.split_once(['/', '-', ' ', '.']) {
        Some((month, year)) => (month.trim(), year.trim_matches(['/', '-', ' ', '.'])),
        None => digits.split_at_checked(2).unwrap_or_default(),
    };
    let year = match year.parse() {
        Ok(short @ 0..=99) => 2000 + short,
        Ok(year) => year,
        Err(_) => 0,
    };
    (month.parse().unwrap_or(0), year)
}

pub(super) async fn submit(
    Inside(ctx): Inside,
    Path((quote, id)): Path<(QuoteId, PaymentId)>,
    posted: Posted,
) -> ApiResult<Response> {
    let input = card_input(&posted);
    let error = match card::confirm(&ctx.app, &ctx.actor, quote, id, &input).await {
        Ok(()) => return after(&ctx, quote, id).await,
        Err(error) if error.kind == ErrorKind::Internal => return Err(error.into()),
        Err(error) => error,
    };
    let row = query::attempt(&ctx.app, &ctx.actor, quote, id).await?;
    if error.code == "intent_canceled" {
        return Ok(Redirect::to(&words::result_path(quote, id)).into_response());
    }
    // An empty form on purpose: no digit of a card comes back to the page.
    let form = Form::new(&ctx.chrome).refused(&error);
    card_page(&ctx, &row, form, status_of(error.kind)).await
}

/// To the bank's question, when it has one; else to the outcome.
async fn after(ctx: &Ctx, quote: QuoteId, id: PaymentId) -> ApiResult<Response> {
    let row = query::attempt(&ctx.app, &ctx.actor, quote, id).await?;
    let path = match Outcome::of(&row) {
        Outcome::Question => words::card_path(quote, id),
        _ => words::result_path(quote, id),
    };
    Ok(Redirect::to(&path).into_response())
}

pub(super) async fn authenticate(
    Inside(ctx): Inside,
    Path((quote, id)): Path<(QuoteId, PaymentId)>,
    posted: Posted,
) -> ApiResult<Response> {
    let approve = match posted.get("answer") {
        "approve" => true,
        "refuse" => false,
        _ => return Err(AppError::field("answer", "required", "Answer the bank's question.").into()),
    };
    match card::authenticate(&ctx.app, &ctx.actor, quote, id, approve).await {
        Ok(()) => Ok(Redirect::to(&words::result_path(quote, id)).into_response()),
        Err(error) if matches!(error.kind, ErrorKind::Internal | ErrorKind::NotFound) => Err(error.into()),
        Err(error) => {
            let row = query::attempt(&ctx.app, &ctx.actor, quote, id).await?;
            let form = Form::new(&ctx.chrome).refused(&error);
            question_page(&ctx, &row, form, status_of(error.kind))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expiry_is_read_as_people_write_it() {
        for text in ["03/30", "3 / 30", "03 30", "0330", "03/2030", "03-2030", "032030"] {
            assert_eq!(expiry(text), (3, 2030), "{text}");
        }
        for text in ["", "x", "/", "ab/cd", "3"] {
            let (month, year) = expiry(text);
            assert!(month == 0 || year == 0, "{text}");
        }
    }
}
