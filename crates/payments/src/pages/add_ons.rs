//! Taking add-ons out of a confirmed booking (R-PY-56): what they are, what it would mean, and doing it.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use identity::confirm;
use kernel::ids::{QuoteId, QuotePackageId};
use kernel::{Amount, AppError, AppResult, ErrorKind, Money};
use platform::web::{ApiResult, Path, status_of};
use ui::{Choice, Chrome, Ctx, Form, Inside, Posted, page};

use crate::service::cancellation::{self, PartialFigures, PartialRefund};

const LIST: &str = "/admin/bookings";

/// What it would mean.
struct Effect {
    taken: Vec<QuotePackageId>,
    before: String,
    after: String,
    paid: String,
    refund: String,
    gives: bool,
    currency: String,
}

#[derive(Template)]
#[template(path = "pay_add_ons.html")]
struct AddOnsPage {
    chrome: Chrome,
    form: Form,
    reference: String,
    back: String,
    here: String,
    choices: Vec<Choice>,
    effect: Option<Effect>,
    /// What the gateway refused to send back and is to be sent once more.
    again: Option<String>,
}

fn taken(values: Vec<&str>) -> AppResult<Vec<QuotePackageId>> {
    let unknown = |_| AppError::field("packages", "unknown_value", "The booking does not have this add-on.");
    values.into_iter().map(|text| text.parse().map_err(unknown)).collect()
}

fn add_ons_page(
    ctx: &Ctx,
    seen: &PartialFigures,
    chosen: Vec<QuotePackageId>,
    form: Form,
    status: StatusCode,
) -> ApiResult<Response> {
    let chrome = &ctx.chrome;
    let terms = &seen.before;
    let money = |amount| chrome.money(Money::new(amount, terms.payment_currency));
    let choice = |row: &quoting::entity::quote_packages::Model| {
        let named = row.package_snapshot.as_ref().and_then(|snapshot| snapshot.get("name")?.as_str());
        let price = chrome.money(Money::new(row.price, terms.quote_currency));
        Choice::new(row.id.to_string(), named.unwrap_or_default()).hint(price)
    };
    let effect = seen.after.as_ref().map(|after| Effect {
        taken: chosen,
        before: money(terms.payment_total),
        after: money(after.payment_total),
        paid: chrome.money(seen.paid),
        refund: chrome.money(seen.refund),
        gives: seen.refund.amount.is_positive(),
        currency: terms.payment_currency.code().to_owned(),
    });
    let mut response = page(&AddOnsPage {
        reference: terms.booking_reference.clone(),
        back: format!("{LIST}/{}", seen.quote.id),
        here: format!("{LIST}/{}/add-ons", seen.quote.id),
        choices: seen.add_ons.iter().map(choice).collect(),
        again: (seen.after.is_none() && seen.refund.amount.is_positive()).then(|| chrome.money(seen.refund)),
        effect,
        form,
        chrome: chrome.clone(),
    })?;
    *response.status_mut() = status;
    Ok(response)
}

pub(super) async fn show(Inside(ctx): Inside, Path(id): Path<QuoteId>) -> ApiResult<Response> {
    // Ids have no letters an address would write otherwise.
    let asked: Vec<&str> = ctx.chrome.query.split('&').filter_map(|pair| pair.strip_prefix("packages=")).collect();
    let form = asked.iter().fold(Form::new(&ctx.chrome), |form, value| form.with("packages", *value));
    let seen = match taken(asked) {
        Ok(chosen) => {
            let seen = cancellation::preview_partial(&ctx.app, &ctx.actor, id, &chosen).await;
            seen.map(|seen| (seen, chosen))
        }
        Err(error) => Err(error),
    };
    match seen {
        Ok((seen, chosen)) => add_ons_page(&ctx, &seen, chosen, form, StatusCode::OK),
        Err(error) if error.kind == ErrorKind::Invalid => {
            let seen = cancellation::preview_partial(&ctx.app, &ctx.actor, id, &[]).await?;
            add_ons_page(&ctx, &seen, Vec::new(), form.refused(&error), status_of(error.kind))
        }
        Err(error) => Err(error.into()),
    }
}

fn typed(posted: &Posted) -> AppResult<Option<Amount>> {
    let wrong = |_| AppError::field("confirm_amount", "invalid", "Write it as 486.88.");
    posted.given("confirm_amount").map(|text| text.replace(',', ".").parse().map_err(wrong)).transpose()
}

async fn submitted(ctx: &Ctx, id: QuoteId, posted: &Posted) -> AppResult<()> {
    let ask = PartialRefund {
        packages: taken(posted.all("packages"))?,
        reason: posted.get("reason").to_owned(),
        confirm_amount: typed(posted)?,
    };
    cancellation::take_out(&ctx.app, &ctx.actor, id, &ask).await.map(drop)
}

pub(super) async fn submit(Inside(ctx): Inside, Path(id): Path<QuoteId>, posted: Posted) -> ApiResult<Response> {
    // Whose it is, and whether anything can be taken out at all, comes before what was sent.
    let standing = cancellation::preview_partial(&ctx.app, &ctx.actor, id, &[]).await?;
    if let Some(question) = confirm::ask(&ctx, &posted, &format!("{LIST}/{id}/add-ons")).await? {
        return Ok(question);
    }
    match submitted(&ctx, id, &posted).await {
        Ok(()) => Ok(ctx.done(&format!("{LIST}/{id}"), "add-ons-out")),
        Err(error) if matches!(error.kind, ErrorKind::Invalid | ErrorKind::Conflict | ErrorKind::TooMany) => {
            let form = Form::posted(&ctx.chrome, &posted).refused(&error);
            let chosen = taken(posted.all("packages")).unwrap_or_default();
            let seen = cancellation::preview_partial(&ctx.app, &ctx.actor, id, &chosen).await.unwrap_or(standing);
            add_ons_page(&ctx, &seen, chosen, form, status_of(error.kind))
        }
        Err(error) => Err(error.into()),
    }
}
