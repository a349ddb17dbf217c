//! Affiliates open their account.

use axum::extract::State;
use axum::http::StatusCode;
use kernel::{AppError, Secret};
use platform::App;
use platform::web::{ApiResult, Json, Lang, ProblemDocument, Who};
use serde::Deserialize;

use super::{accepted, no_content};
use crate::activation::{self, Asks, SetUp};
use crate::consents::{Given, PatientConsentChannel};

/// What the affiliate fills in.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({ "token": "9f2c...", "password": "Correct-Horse7!", "password_confirmation": "Correct-Horse7!", "terms_accepted": true }))]
pub struct ActivateBody {
    /// What stands behind `#` in the link.
    #[serde(default)]
    #[schema(example = "Zk3vQ1x8mT0bYw5nRj7cLd2sHf9aUeGp")]
    token: String,
    /// Password.
    #[serde(default)]
    #[schema(example = "Correct!Horse7Battery")]
    password: String,
    /// The same again.
    #[serde(default)]
    #[schema(example = "Correct!Horse7Battery")]
    password_confirmation: String,
    /// The tick under the terms.
    #[serde(default)]
    #[schema(example = true)]
    terms_accepted: bool,
    /// The surface the terms were shown on; `web` when left out.
    channel: Option<PatientConsentChannel>,
}

/// Opens an affiliate's account with the link of its mail. Sign in with the password afterwards.
#[utoipa::path(post, path = "/affiliate/auth/activate", tag = "identity", operation_id = "activate_affiliate", security(()),
    request_body = ActivateBody,
    responses((status = 204), (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument),
        (status = 410, body = ProblemDocument), (status = 422, body = ProblemDocument)))]
pub async fn activate(
    State(app): State<App>,
    Who(actor): Who,
    Lang(locale): Lang,
    Json(body): Json<ActivateBody>,
) -> ApiResult<StatusCode> {
    let form = SetUp {
        password: Secret::new(body.password),
        password_confirmation: Secret::new(body.password_confirmation),
        terms_accepted: body.terms_accepted,
        given: Given { locale, channel: body.channel.unwrap_or(PatientConsentChannel::Web) },
    };
    no_content(activation::activate(&app, &actor, &body.token, &form).await)
}

/// Who wants a new link: one of the two.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({ "email": "ada@travels.example" }))]
pub struct LinkBody {
    /// What stands behind `#` in the link that ended.
    #[schema(example = "Zk3vQ1x8mT0bYw5nRj7cLd2sHf9aUeGp")]
    token: Option<String>,
    /// The address the link went to.
    #[schema(example = "elif.demir@example.com")]
    email: Option<String>,
}

/// Sends a new link to an affiliate who has no password yet. The answer is the same for everybody.
#[utoipa::path(post, path = "/affiliate/auth/activate/resend", tag = "identity", operation_id = "resend_activation_link", security(()),
    request_body = LinkBody,
    responses((status = 202), (status = 422, body = ProblemDocument), (status = 429, body = ProblemDocument)))]
pub async fn resend(
    State(app): State<App>,
    Who(actor): Who,
    Lang(locale): Lang,
    Json(body): Json<LinkBody>,
) -> ApiResult<StatusCode> {
    let asks = match (body.token, body.email) {
        (Some(token), _) => Asks::Token(token),
        (None, Some(email)) => Asks::Email(email),
        (None, None) => return Err(AppError::field("email", "required", "This is required.").into()),
    };
    accepted(activation::request_link(&app, &actor, &asks, locale).await)
}
