//! The card of a charge of aftercare: the forms of bookings, for another purpose.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::ids::{AftercarePaymentId, StandaloneAftercareRequestId};
use kernel::{AppError, ErrorKind, Money};
use platform::locale;
use platform::web::{ApiResult, Path, status_of};
use ui::{Ctx, Form, Inside, Posted, page};

use super::card::{CardView, QuestionView, STRIPE, absolute, card_input, test_cards};
use super::words;
use crate::entity::aftercare_payments::{
    self as charges, AftercarePaymentPricingModel, AftercarePaymentStatus as Status,
};
use crate::metadata::Metadata;
use crate::queries::aftercare as query;
use crate::service::aftercare;
use crate::service::card::Taker;

fn path(id: AftercarePaymentId) -> String {
    format!("/patient/aftercare-payments/{id}")
}

/// Where the request of a charge is shown, with what became of it.
fn back(request: StandaloneAftercareRequestId) -> String {
    format!("/patient/aftercare/requests/{request}")
}

fn asks(row: &charges::Model) -> bool {
    Metadata::of_charge(row).gateway_status.as_deref() == Some("requires_action")
}

pub(super) async fn show(Inside(ctx): Inside, Path(id): Path<AftercarePaymentId>) -> ApiResult<Response> {
    let row = query::own(&ctx.app, &ctx.actor, id).await?;
    let form = Form::new(&ctx.chrome);
    match row.payment_status {
        Status::Pending if asks(&row) => question_page(&ctx, &row, form, StatusCode::OK),
        Status::Pending if row.stripe_payment_intent_id.is_some() => card_page(&ctx, &row, form, StatusCode::OK).await,
        _ => Ok(Redirect::to(&back(row.standalone_request_id)).into_response()),
    }
}

async fn card_page(ctx: &Ctx, row: &charges::Model, form: Form, status: StatusCode) -> ApiResult<Response> {
    let chrome = &ctx.chrome;
    let element = match aftercare::taker(&ctx.app, row).await? {
        Taker::Ours => None,
        Taker::Stripe(element) => Some(element),
    };
    let embeds = element.is_some();
    let [number, of] = [row.installment_number, row.total_installments].map(|it| it.unwrap_or(1).to_string());
    let purpose = match row.pricing_model {
        AftercarePaymentPricingModel::Fixed => chrome.t("pay-purpose-aftercare"),
        AftercarePaymentPricingModel::MonthlySubscription => {
            locale::tr(chrome.locale, "pay-purpose-aftercare-month", &[("number", number.into()), ("of", of.into())])
        }
    };
    let mut response = page(&CardView {
        form,
        back: back(row.standalone_request_id),
        action: path(row.id),
        purpose,
        amount: Money::new(row.amount, row.currency),
        come_back: absolute(ctx, &format!("{}/result", path(row.id))),
        element,
        is_kept: row.pricing_model == AftercarePaymentPricingModel::MonthlySubscription,
        tests: test_cards(chrome),
        chrome: chrome.clone(),
    })?;
    *response.status_mut() = status;
    if embeds {
        response.extensions_mut().insert(STRIPE);
    }
    Ok(response)
}

fn question_page(ctx: &Ctx, row: &charges::Model, form: Form, status: StatusCode) -> ApiResult<Response> {
    let mut response = page(&QuestionView {
        form,
        back: back(row.standalone_request_id),
        action: format!("{}/authenticate", path(row.id)),
        amount: Money::new(row.amount, row.currency),
        card: words::card_of(&ctx.chrome, &Metadata::of_charge(row)),
        chrome: ctx.chrome.clone(),
    })?;
    *response.status_mut() = status;
    Ok(response)
}

pub(super) async fn submit(
    Inside(ctx): Inside,
    Path(id): Path<AftercarePaymentId>,
    posted: Posted,
) -> ApiResult<Response> {
    let error = match aftercare::confirm_card(&ctx.app, &ctx.actor, id, &card_input(&posted)).await {
        Ok(()) => return after(&ctx, id).await,
        Err(error) if matches!(error.kind, ErrorKind::Internal | ErrorKind::NotFound) => return Err(error.into()),
        Err(error) => error,
    };
    let row = query::own(&ctx.app, &ctx.actor, id).await?;
    // An empty form on purpose: no digit of a card comes back to the page.
    let form = Form::new(&ctx.chrome).refused(&error);
    card_page(&ctx, &row, form, status_of(error.kind)).await
}

/// To the bank's question, when it has one; else to where the charge stands.
async fn after(ctx: &Ctx, id: AftercarePaymentId) -> ApiResult<Response> {
    let row = query::own(&ctx.app, &ctx.actor, id).await?;
    let to = match row.payment_status == Status::Pending && asks(&row) {
        true => path(id),
        false => back(row.standalone_request_id),
    };
    Ok(Redirect::to(&to).into_response())
}

pub(super) async fn authenticate(
    Inside(ctx): Inside,
    Path(id): Path<AftercarePaymentId>,
    posted: Posted,
) -> ApiResult<Response> {
    let approve = match posted.get("answer") {
        "approve" => true,
        "refuse" => false,
        _ => return Err(AppError::field("answer", "required", "Answer the bank's question.").into()),
    };
    match aftercare::authenticate(&ctx.app, &ctx.actor, id, approve).await {
        Ok(()) => after(&ctx, id).await,
        Err(error) if matches!(error.kind, ErrorKind::Internal | ErrorKind::NotFound) => Err(error.into()),
        Err(error) => {
            let row = query::own(&ctx.app, &ctx.actor, id).await?;
            let form = Form::new(&ctx.chrome).refused(&error);
            question_page(&ctx, &row, form, status_of(error.kind))
        }
    }
}

/// Back from the gateway's own form: it knows by now, its webhook may still be on the way.
pub(super) async fn result(Inside(ctx): Inside, Path(id): Path<AftercarePaymentId>) -> ApiResult<Response> {
    let row = query::own(&ctx.app, &ctx.actor, id).await?;
    if let Err(error) = aftercare::sync(&ctx.app, &ctx.actor, id).await {
        tracing::warn!(charge.id = %id, %error, "the outcome is not known yet, its webhook will tell");
    }
    Ok(Redirect::to(&back(row.standalone_request_id)).into_response())
}
