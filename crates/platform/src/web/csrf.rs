//! Forms that only our own pages can send.

use axum::extract::{FromRef, FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use kernel::AppError;
use serde::de::DeserializeOwned;

use super::extract::form_fields;
use super::problem::Problem;
use crate::App;

/// The name of the hidden field in every form.
const FIELD: &str = "_csrf";

/// The secret of this browser, from its cookie; the server's middleware puts it into the request's extensions.
#[derive(Clone, Debug)]
pub struct CsrfToken(pub String);

impl CsrfToken {
    /// The value of the hidden field for this browser.
    pub fn field(&self, app: &App) -> String {
        app.keys.mac("csrf", &self.0)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for CsrfToken {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| refused().into())
    }
}

/// A form whose hidden field proves that one of our pages in this browser sent it.
#[derive(Debug)]
pub struct CsrfForm<T>(pub T);

fn refused() -> AppError {
    AppError::denied("csrf_failed", "This page was open too long. Load it again and repeat what you did.")
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for CsrfForm<T>
where
    App: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request(req: Request, state: &S) -> Result<Self, Problem> {
        let app = App::from_ref(state);
        let token = req.extensions().get::<CsrfToken>().cloned().ok_or_else(refused)?;
        let body = form_fields(req, state).await?;
        let pairs: Vec<(String, String)> =
            serde_html_form::from_bytes(&body).map_err(|_| AppError::malformed("The form could not be read."))?;
        let given = pairs.iter().find(|(name, _)| name == FIELD).map(|(_, value)| value.as_str());
        if !given.is_some_and(|given| app.keys.verify_mac("csrf", &token.0, given)) {
            return Err(refused().into());
        }
        serde_html_form::from_bytes(&body)
            .map(Self)
            .map_err(|err| AppError::field("form", "invalid", err.to_string()).into())
    }
}
