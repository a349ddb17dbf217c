//! The account a clinic is paid to.

use axum::extract::State;
use axum::http::StatusCode;
use kernel::ids::{BankingDetailId, PaymentId};
use platform::App;
use platform::web::{ApiResult, Json, Path, ProblemDocument, Who};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::rules::account::Typed;
use crate::service::{account, refund_account};
use crate::views::BankAccount;

/// The clinic's account.
#[derive(Debug, Serialize, ToSchema)]
pub struct BankDetails {
    /// Without its number; none where the clinic has given none.
    pub account: Option<BankAccount>,
}

/// Shows the clinic's account; of its number only the last four characters.
#[utoipa::path(get, path = "/provider/banking-details", tag = "payouts", operation_id = "show_bank_details",
    responses((status = 200, body = BankDetails), (status = 403, body = ProblemDocument)))]
pub async fn show_bank_details(State(app): State<App>, Who(actor): Who) -> ApiResult<Json<BankDetails>> {
    let account = account::own(&app, &actor).await?;
    Ok(Json(BankDetails { account: account.as_ref().map(BankAccount::from) }))
}

/// An account as its owner types it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GiveBankDetails {
    /// Whose account: letters, digits, spaces and . , ' & -
    #[schema(example = "Bosphorus Hair Ltd.")]
    pub account_holder_name: String,
    /// Which bank.
    #[schema(example = "Rhein Bank")]
    pub bank_name: String,
    /// Where, as two letters.
    #[schema(example = "DE")]
    pub bank_country: String,
    /// What is paid out, as three letters.
    #[schema(example = "EUR")]
    pub currency: String,
    /// The international number; this or `account_number`.
    #[schema(example = "DE75512108001245126199")]
    pub iban: Option<String>,
    /// The number where there is no international one.
    pub account_number: Option<String>,
    /// The bank's international code; this or `routing_number`.
    #[schema(example = "SOGEDEFF")]
    pub swift_code: Option<String>,
    /// The bank's number in the United States.
    pub routing_number: Option<String>,
    /// The clinic's account at the payment gateway, where payouts go to such accounts. Patients have none.
    #[schema(example = "acct_1Hfs81CcMWPWDsVr")]
    pub gateway_destination_id: Option<String>,
}

impl From<GiveBankDetails> for Typed {
    fn from(body: GiveBankDetails) -> Self {
        Self {
            holder: body.account_holder_name,
            bank: body.bank_name,
            country: body.bank_country,
            currency: body.currency,
            iban: body.iban.unwrap_or_default(),
            number: body.account_number.unwrap_or_default(),
            swift: body.swift_code.unwrap_or_default(),
            routing: body.routing_number.unwrap_or_default(),
            connected: body.gateway_destination_id.unwrap_or_default(),
        }
    }
}

/// Gives the clinic another account. A replacement can be paid to after a day.
#[utoipa::path(put, path = "/provider/banking-details", tag = "payouts", operation_id = "replace_bank_details",
    request_body = GiveBankDetails,
    responses((status = 200, body = BankDetails), (status = 403, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn replace_bank_details(
    State(app): State<App>,
    Who(actor): Who,
    Json(body): Json<GiveBankDetails>,
) -> ApiResult<Json<BankDetails>> {
    let row = account::replace(&app, &actor, &body.into()).await?;
    Ok(Json(BankDetails { account: Some(BankAccount::from(&row)) }))
}

/// Why a shared account is right.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClearBankDetails {
    /// 20 to 500 characters.
    #[schema(example = "Both clinics belong to the same company.")]
    pub reason: String,
}

/// Lets payees be paid who have the same account.
#[utoipa::path(post, path = "/admin/banking-details/{id}/clear", tag = "payouts", operation_id = "clear_bank_details",
    params(("id" = BankingDetailId, Path)), request_body = ClearBankDetails,
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn clear_bank_details(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<BankingDetailId>,
    Json(body): Json<ClearBankDetails>,
) -> ApiResult<StatusCode> {
    account::clear(&app, &actor, id, &body.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Shows the account the asking patient's refunds go to that were paid by transfer; of its number only the last four.
#[utoipa::path(get, path = "/patient/banking-details", tag = "payments", operation_id = "show_refund_account",
    responses((status = 200, body = BankDetails), (status = 403, body = ProblemDocument)))]
pub async fn show_refund_account(State(app): State<App>, Who(actor): Who) -> ApiResult<Json<BankDetails>> {
    let account = refund_account::own(&app, &actor).await?;
    Ok(Json(BankDetails { account: account.as_ref().map(BankAccount::from) }))
}

/// Gives the asking patient another account for refunds. A replacement is used after a day.
#[utoipa::path(put, path = "/patient/banking-details", tag = "payments", operation_id = "replace_refund_account",
    request_body = GiveBankDetails,
    responses((status = 200, body = BankDetails), (status = 403, body = ProblemDocument),
        (status = 422, body = ProblemDocument)))]
pub async fn replace_refund_account(
    State(app): State<App>,
    Who(actor): Who,
    Json(body): Json<GiveBankDetails>,
) -> ApiResult<Json<BankDetails>> {
    let row = refund_account::replace(&app, &actor, &body.into()).await?;
    Ok(Json(BankDetails { account: Some(BankAccount::from(&row)) }))
}

/// Shows the account a refund by transfer goes to; of its number only the last four.
#[utoipa::path(get, path = "/admin/bank-transfers/{id}/account", tag = "payments",
    operation_id = "show_account_of_refund", params(("id" = PaymentId, Path)),
    responses((status = 200, body = BankDetails), (status = 403, body = ProblemDocument),
        (status = 404, body = ProblemDocument)))]
pub async fn show_account_of_refund(
    State(app): State<App>,
    Who(actor): Who,
    Path(id): Path<PaymentId>,
) -> ApiResult<Json<BankDetails>> {
    let owed = refund_account::owed(&app, &actor, id).await?;
    Ok(Json(BankDetails { account: owed.account.as_ref().map(BankAccount::from) }))
}

/// Sends a refund by transfer to the patient's account and records it.
#[utoipa::path(post, path = "/admin/bank-transfers/{id}/send", tag = "payments", operation_id = "send_refund",
    params(("id" = PaymentId, Path)),
    responses((status = 204), (status = 403, body = ProblemDocument), (status = 404, body = ProblemDocument),
        (status = 409, body = ProblemDocument)))]
pub async fn send_refund(State(app): State<App>, Who(actor): Who, Path(id): Path<PaymentId>) -> ApiResult<StatusCode> {
    refund_account::send(&app, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
