//! "Confirm it is you": the page in front of what needs a fresh proof of identity (R-ID-29).
//!
//! A handler calls [`ask`] first. It answers the page while the proof is missing; the page sends the same form again with
//! the proof added, so nothing that was typed is lost and one press does both.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use kernel::{AppError, ErrorKind, Secret};
use platform::web::{ApiResult, status_of};
use ui::{Chrome, Ctx, Form, Html, Posted, is_secret, page};

use crate::reauth::{self, Needs, Proof};
use crate::service::mfa::Factor;

/// The names of the page's own fields.
const PASSWORD: &str = "confirm_password";
const CODE: &str = "confirm_code";
const SEND: &str = "confirm_send";

#[derive(Template)]
#[template(path = "confirm_identity.html")]
struct ConfirmPage {
    chrome: Chrome,
    action: String,
    leave: String,
    form: Form,
    fields: Vec<(String, String)>,
    needs: Needs,
    by_code: bool,
    /// When the next code may be asked for.
    wait: Html,
}

/// The page that asks for a proof, or nothing when the session is fresh or the form carries a right proof.
///
/// `leave` is where somebody goes who thinks better of it. Passwords in the form do not come back: a form that carries
/// them proves its sender by the current one.
pub async fn ask(ctx: &Ctx, posted: &Posted, leave: &str) -> ApiResult<Option<Response>> {
    if reauth::is_fresh(ctx.app.db.conn(), &ctx.app, &ctx.actor).await? {
        return Ok(None);
    }
    let needs = reauth::needs(&ctx.app, &ctx.actor).await?;
    let shown = async |form: Form, by_code: bool, status: StatusCode| -> ApiResult<Option<Response>> {
        let wait = if needs.code_allowed { reauth::wait(&ctx.app, &ctx.actor).await? } else { None };
        let wait = ctx.chrome.code_wait(wait);
        let own = |name: &str| name == CODE || name == SEND || is_secret(name);
        let fields = posted.0.iter().filter(|(name, _)| !own(name)).cloned().collect();
        let (chrome, leave) = (ctx.chrome.clone(), leave.to_owned());
        let action = ctx.chrome.here();
        let mut response = page(&ConfirmPage { chrome, action, leave, form, fields, needs, by_code, wait })?;
        *response.status_mut() = status;
        Ok(Some(response))
    };
    let form = Form::new(&ctx.chrome);
    if needs.code_allowed && posted.ticked(SEND) {
        return match reauth::send_code(&ctx.app, &ctx.actor, ctx.locale()).await {
            Ok(()) => shown(form, true, StatusCode::OK).await,
            Err(error) if error.kind != ErrorKind::Internal => {
                shown(form.refused(&error), true, status_of(error.kind)).await
            }
            Err(error) => Err(error.into()),
        };
    }
    let password = posted.0.iter().find(|(name, value)| name == PASSWORD && !value.is_empty());
    let code: String = posted.get(CODE).chars().filter(|c| !c.is_whitespace()).collect();
    let proof = match password {
        Some((_, password)) => {
            let factor = match code.as_str() {
                "" => None,
                code if code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit()) => {
                    Some(Factor::Totp(code.to_owned()))
                }
                code => Some(Factor::Recovery(code.to_owned())),
            };
            Proof::Password(Secret::new(password.clone()), factor)
        }
        None if needs.code_allowed && !code.is_empty() => Proof::Code(code),
        None => return shown(form, false, StatusCode::OK).await,
    };
    let by_code = matches!(proof, Proof::Code(_));
    match reauth::prove(&ctx.app, &ctx.actor, &proof).await {
        Ok(_) => Ok(None),
        Err(error) if error.kind != ErrorKind::Internal => {
            shown(form.refused(&fault(error, by_code)), by_code, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(error) => Err(error.into()),
    }
}

fn fault(error: AppError, by_code: bool) -> AppError {
    if error.code == "proof_invalid" { error.on_field(if by_code { CODE } else { PASSWORD }) } else { error }
}
