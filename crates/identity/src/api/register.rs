//! Registration of patients over HTTP.

use axum::extract::State;
use axum::http::StatusCode;
use kernel::Secret;
use platform::App;
use platform::web::{ApiResult, Json, Lang, ProblemDocument, Who};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::consents::{Given, PatientConsentChannel};
use crate::service::profile::refuse_protected;
use crate::service::register::{self, Registration};
use crate::service::sessions::{Carrier, Tokens};

/// What a visitor fills in.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct RegisterBody {
    /// 2 to 50 letters.
    #[schema(example = "Elif")]
    pub first_name: String,
    /// 2 to 50 letters.
    #[schema(example = "Demir")]
    pub last_name: String,
    /// Address; the login.
    #[schema(example = "elif.demir@example.com")]
    pub email: String,
    /// A login name of one's own choice, 3 to 30 of `a-z0-9._-`.
    #[schema(example = "elif.demir")]
    pub username: Option<String>,
    /// At least 12 characters: upper and lower case, a digit, a special character.
    #[schema(example = "Correct!Horse7Battery")]
    pub password: Secret<String>,
    /// The same again.
    #[schema(example = "Correct!Horse7Battery")]
    pub password_confirmation: Secret<String>,
    /// Terms and privacy policy.
    #[serde(default)]
    #[schema(example = true)]
    pub terms_accepted: bool,
    /// Where the consents are given; web when absent.
    pub channel: Option<PatientConsentChannel>,
    /// Members that nobody may set are refused, others ignored.
    #[serde(flatten)]
    #[schema(ignore)]
    pub other: Map<String, Value>,
}

/// The first half of what opens the account; the other half is mailed.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Registered {
    /// Good for 24 hours.
    #[schema(example = "Jm4xT9w2bYv7nQj5cLd0sHf3aUeGp1Zk")]
    pub registration_token: String,
    /// What to do now, in the caller's language.
    #[schema(example = "We sent a code to this address. It is good for 15 minutes.")]
    pub message: String,
}

/// Registers a patient. A known address is answered like a new one.
#[utoipa::path(post, path = "/patient/auth/register", tag = "identity", operation_id = "register_patient", security(()),
    request_body = RegisterBody, responses((status = 202, body = Registered), (status = 422, body = ProblemDocument),
        (status = 429, body = ProblemDocument)))]
pub async fn register_patient(
    State(app): State<App>,
    Who(actor): Who,
    Lang(locale): Lang,
    Json(body): Json<RegisterBody>,
) -> ApiResult<(StatusCode, Json<Registered>)> {
    refuse_protected(&body.other)?;
    let given = Given { locale, channel: body.channel.unwrap_or(PatientConsentChannel::Web) };
    let form = Registration {
        first_name: body.first_name,
        last_name: body.last_name,
        email: body.email,
        username: body.username,
        password: body.password,
        password_confirmation: body.password_confirmation,
        terms_accepted: body.terms_accepted,
        given,
    };
    let registration_token = register::register(&app, &actor, form).await?;
    let message = platform::locale::t(locale, "api-registered");
    Ok((StatusCode::ACCEPTED, Json(Registered { registration_token, message })))
}

/// A registration token.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct ResendBody {
    /// As answered to the registration.
    #[schema(example = "Jm4xT9w2bYv7nQj5cLd0sHf3aUeGp1Zk")]
    pub registration_token: String,
}

/// Mails a new code; the earlier one dies.
#[utoipa::path(post, path = "/patient/auth/register/resend", tag = "identity", operation_id = "resend_code", security(()),
    request_body = ResendBody, responses((status = 202), (status = 429, body = ProblemDocument)))]
pub async fn resend_code(
    State(app): State<App>,
    Lang(locale): Lang,
    Json(body): Json<ResendBody>,
) -> ApiResult<StatusCode> {
    register::resend(&app, &body.registration_token, locale).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Token and code.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct VerifyBody {
    /// As answered to the registration.
    #[schema(example = "Jm4xT9w2bYv7nQj5cLd0sHf3aUeGp1Zk")]
    pub registration_token: String,
    /// The six digits of the mail, as a string.
    #[schema(example = "492817")]
    pub code: String,
    /// What the device calls itself.
    #[schema(example = "Emma's phone")]
    pub device: Option<String>,
}

/// Opens the account and its first session.
#[utoipa::path(post, path = "/patient/auth/register/verify", tag = "identity", operation_id = "verify_registration", security(()),
    request_body = VerifyBody, responses((status = 200, body = Tokens), (status = 422, body = ProblemDocument)))]
pub async fn verify_registration(
    State(app): State<App>,
    Who(actor): Who,
    Json(body): Json<VerifyBody>,
) -> ApiResult<Json<Tokens>> {
    let proof = (body.registration_token.as_str(), body.code.as_str());
    Ok(Json(register::verify(&app, &actor, proof, (Carrier::Bearer, body.device)).await?))
}
