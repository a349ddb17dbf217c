//! What a program sends: parameters once each, and the proof of who it is.

use axum::Form;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kernel::Actor;
use kernel::actor::Origin;
use kernel::ids::OauthClientId;
use platform::App;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter};
use subtle::ConstantTimeEq;

use super::error::{OauthError, OauthResult};
use crate::digest::sha256;
use crate::entity::oauth_clients;
use crate::service::throttles;

/// Nobody yet, asking from there.
pub(crate) struct Caller(pub Actor);

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let origin = parts.extensions.get::<Origin>().cloned().unwrap_or_default();
        Ok(Self(Actor::anonymous().from_origin(origin)))
    }
}

/// Parameters by name; none comes twice (RFC 6749, 3.1 and 3.2).
#[derive(Clone, Debug, Default)]
pub(crate) struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// Takes the parameters; one that is repeated is refused with its name.
    pub fn once(pairs: Vec<(String, String)>) -> Result<Self, String> {
        for (place, (name, _)) in pairs.iter().enumerate() {
            if pairs.iter().skip(place + 1).any(|(other, _)| other == name) {
                return Err(name.clone());
            }
        }
        Ok(Self(pairs))
    }

    /// The value; one without content counts as left out.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(own, value)| own == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    /// The value, or a refusal that names it.
    pub fn need(&self, name: &str) -> OauthResult<&str> {
        self.get(name).ok_or_else(|| OauthError::invalid_request(format!("The parameter {name} is missing.")))
    }
}

/// A form posted to an endpoint, with the headers that may carry the client's proof. Parameters in the address do not
/// count: addresses are logged.
pub(crate) struct Ask {
    pub parameters: Parameters,
    headers: HeaderMap,
}

impl<S: Send + Sync> FromRequest<S> for Ask {
    type Rejection = OauthError;

    async fn from_request(request: Request, state: &S) -> OauthResult<Self> {
        let headers = request.headers().clone();
        let body = request.headers().contains_key(header::CONTENT_TYPE);
        let pairs = match Form::<Vec<(String, String)>>::from_request(request, state).await {
            Ok(Form(pairs)) if body => pairs,
            _ => return Err(OauthError::invalid_request("Send a form: application/x-www-form-urlencoded.")),
        };
        let repeated = |name| OauthError::invalid_request(format!("The parameter {name} comes twice."));
        Ok(Self { parameters: Parameters::once(pairs).map_err(repeated)?, headers })
    }
}

impl Ask {
    /// The client behind the request: by HTTP Basic, by `client_secret` in the body, or by its id alone when it is a
    /// public one. A wrong secret counts as a failed login of its address (R-ID-25).
    pub async fn client(&self, app: &App, origin: &Actor) -> OauthResult<oauth_clients::Model> {
        let (id, secret, basic) = self.credentials()?;
        let refusal = || OauthError::invalid_client(basic);
        let id: OauthClientId = id.parse().map_err(|_| refusal())?;
        let client = oauth_clients::Entity::find_by_id(id).one(app.db.conn()).await?;
        let client = client.filter(|client| !client.revoked && !client.personal_access_client);
        let proven = client.filter(|client| match (&client.secret, &secret) {
            (Some(stored), Some(given)) => bool::from(stored.as_bytes().ct_eq(sha256(given).as_bytes())),
            (None, None) => true,
            _ => false,
        });
        let Some(client) = proven else {
            platform::write_txn!(app.db, |txn| { throttles::count_address(txn, app, origin).await })?;
            return Err(refusal());
        };
        note_use(app, &client).await;
        Ok(client)
    }

    fn credentials(&self) -> OauthResult<(String, Option<String>, bool)> {
        let in_body = (self.parameters.get("client_id"), self.parameters.get("client_secret"));
        let Some(value) = self.headers.get(header::AUTHORIZATION) else {
            let id = in_body.0.ok_or_else(|| OauthError::invalid_client(false))?;
            return Ok((id.to_owned(), in_body.1.map(str::to_owned), false));
        };
        let pair = value
            .to_str()
            .ok()
            .and_then(|text| text.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("basic"))
            .and_then(|(_, encoded)| STANDARD.decode(encoded.trim()).ok())
            .and_then(|bytes| String::from_utf8(bytes).ok());
        let Some((id, secret)) = pair.as_deref().and_then(|pair| pair.split_once(':')) else {
            return Err(OauthError::invalid_client(true));
        };
        let id = decoded(id);
        // One way of proving oneself per request, and one client.
        if in_body.1.is_some() || in_body.0.is_some_and(|other| other != id) {
            return Err(OauthError::invalid_request("The client names itself twice."));
        }
        Ok((id, Some(decoded(secret)).filter(|secret| !secret.is_empty()), true))
    }
}

/// Notes that the client works, at most once a minute; a failure to note it refuses nobody.
async fn note_use(app: &App, client: &oauth_clients::Model) {
    let now = app.now();
    if client.last_used_at.is_some_and(|at| now - at < chrono::Duration::minutes(1)) {
        return;
    }
    let stale = Condition::any()
        .add(oauth_clients::Column::LastUsedAt.is_null())
        .add(oauth_clients::Column::LastUsedAt.lt(now));
    let noted = oauth_clients::Entity::update_many()
        .col_expr(oauth_clients::Column::LastUsedAt, Expr::value(now))
        .filter(oauth_clients::Column::Id.eq(client.id))
        .filter(stale)
        .exec(app.db.conn())
        .await;
    if let Err(error) = noted {
        tracing::warn!(%error, "the use of a client could not be noted");
    }
}

/// Text of a form: `+` is a blank, `%41` a byte (RFC 6749, 2.3.1).
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = after.get(..2).filter(|_| *first == b'%').and_then(|two| hex::decode(two).ok());
        match hex {
            Some(byte) => {
                bytes.extend(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(if *first == b'+' { b' ' } else { *first });
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_forms_is_read() {
        assert_eq!(decoded("a%3Ab+c%25"), "a:b c%");
        assert_eq!(decoded("100%"), "100%");
        assert_eq!(decoded("%zz"), "%zz");
    }

    #[test]
    fn nothing_comes_twice() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(Parameters::once(vec![pair("a", "1"), pair("b", "2"), pair("a", "1")]).unwrap_err(), "a");
        let once = Parameters::once(vec![pair("a", "1"), pair("b", "")]).unwrap();
        assert_eq!((once.get("a"), once.get("b"), once.get("c")), (Some("1"), None, None));
    }
}
