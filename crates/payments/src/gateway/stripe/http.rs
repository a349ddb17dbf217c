//! One call of Stripe's API: form in, JSON out, sent again where nobody knows whether it arrived.

use std::borrow::Cow;
use std::sync::OnceLock;
use std::time::Duration;

use kernel::{AppError, AppResult};
use platform::App;
use platform::config::Gateway;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::API_VERSION;
use super::objects::PaymentIntent;

/// How long a call may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often a call is sent again, and after how many times the first pause (R-PY-26: 1 s, 4 s, 16 s).
const PAUSES: [u32; 3] = [1, 4, 16];

/// A call to be made.
#[derive(Clone, Debug)]
pub struct Call {
    path: String,
    /// Present on everything that writes.
    key: Option<String>,
    fields: Vec<(Cow<'static, str>, String)>,
}

impl Call {
    /// Reads.
    pub fn get(path: String) -> Self {
        Self { path, key: None, fields: Vec::new() }
    }

    /// Writes: the same key always does the same thing, once.
    pub fn post(path: impl Into<String>, key: impl Into<String>) -> Self {
        Self { path: path.into(), key: Some(key.into()), fields: Vec::new() }
    }

    /// One field more.
    pub fn with(mut self, name: impl Into<Cow<'static, str>>, value: impl ToString) -> Self {
        self.fields.push((name.into(), value.to_string()));
        self
    }
}

/// Why a call brought nothing.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Refusal {
    /// The bank refused the card.
    #[error("the card was refused: {code}")]
    Card {
        /// The bank's reason, else the gateway's code.
        code: String,
        /// The intent it was for.
        intent: Option<Box<PaymentIntent>>,
    },
    /// The gateway refused the call.
    #[error("refused with {status} {code}: {message}")]
    Request {
        /// HTTP.
        status: u16,
        /// The gateway's code, else its type.
        code: String,
        /// For people who read logs.
        message: String,
    },
    /// Nobody knows whether it was done.
    #[error("no answer: {0}")]
    Unknown(String),
}

/// Calls with one account's key.
pub struct Client {
    http: reqwest::Client,
    base: String,
    key: String,
    pause: Duration,
}

/// Connections are kept for the whole process.
fn shared() -> AppResult<reqwest::Client> {
    static CLIENT: OnceLock<reqwest::Client> = OnceLock::new();
    if let Some(client) = CLIENT.get() {
        return Ok(client.clone());
    }
    #[expect(clippy::disallowed_methods, reason = "this is the one")]
    let made = reqwest::Client::builder()
        .timeout(PATIENCE)
        .connect_timeout(Duration::from_secs(10))
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .map_err(AppError::internal)?;
    Ok(CLIENT.get_or_init(|| made).clone())
}

impl Client {
    /// A client with an account's secret key.
    pub fn new(app: &App, key: String) -> AppResult<Self> {
        let (base, pause) = match &app.config.payments.gateway {
            Gateway::Stripe(options) => (options.api_base.clone(), options.retry_pause),
            // An account of before: refunds still go where the money is.
            Gateway::Simulator => (platform::config::STRIPE_API.to_owned(), Duration::from_secs(1)),
        };
        Ok(Self { http: shared()?, base: base.trim_end_matches('/').to_owned(), key, pause })
    }

    /// Makes a call. What failed on the way, or at the gateway, is sent again with the same key; a refusal is not.
    pub async fn send<T: DeserializeOwned>(&self, app: &App, call: &Call) -> Result<T, Refusal> {
        let mut tried = 0;
        loop {
            let refusal = match self.once(call).await {
                Ok(body) => {
                    let read = serde_json::from_slice(&body);
                    return read.map_err(|error| Refusal::Unknown(format!("an answer that cannot be read: {error}")));
                }
                Err((refusal, Again::No)) => return Err(refusal),
                Err((refusal, Again::Yes)) => refusal,
            };
            let Some(times) = PAUSES.get(tried) else { return Err(refusal) };
            tried += 1;
            tracing::warn!(%refusal, path = call.path, tried, "a call to the payment provider is made again");
            // Within a fifth of the pause, so that many callers do not come back together.
            let percent = 80 + app.random.below(41);
            #[expect(clippy::disallowed_methods, reason = "the other side asks for pauses")]
            tokio::time::sleep(self.pause * *times * percent / 100).await;
        }
    }

    async fn once(&self, call: &Call) -> Result<Vec<u8>, (Refusal, Again)> {
        let lost = |error: reqwest::Error| {
            // Without the address: a client secret may stand in it.
            (Refusal::Unknown(error.without_url().to_string()), Again::Yes)
        };
        let url = format!("{}{}", self.base, call.path);
        let request = match &call.key {
            None => self.http.get(url).query(&call.fields),
            Some(key) => self.http.post(url).header("idempotency-key", key).form(&call.fields),
        };
        let request = request.bearer_auth(&self.key).header("stripe-version", API_VERSION);
        let answer = request.send().await.map_err(lost)?;
        let status = answer.status().as_u16();
        let body = answer.bytes().await.map_err(lost)?.to_vec();
        match status {
            200..=299 => Ok(body),
            _ => Err(refused(status, &body)),
        }
    }
}

/// Whether a call is worth sending again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Again {
    Yes,
    No,
}

/// The body of a refusal.
#[derive(Deserialize)]
struct Problem {
    error: Details,
}

#[derive(Default, Deserialize)]
struct Details {
    #[serde(default, rename = "type")]
    kind: String,
    #[serde(default)]
    code: Option<String>,
    #[serde(default)]
    decline_code: Option<String>,
    #[serde(default)]
    message: Option<String>,
    #[serde(default)]
    payment_intent: Option<Box<PaymentIntent>>,
}

fn refused(status: u16, body: &[u8]) -> (Refusal, Again) {
    let error = serde_json::from_slice::<Problem>(body).map(|problem| problem.error).unwrap_or_default();
    let code = error.code.clone().unwrap_or_else(|| error.kind.clone());
    if error.kind == "card_error" {
        // Of a question of the bank the code tells; of a decline the bank's own word does.
        let told = error.decline_code.filter(|_| code != "authentication_required").unwrap_or(code);
        return (Refusal::Card { code: told, intent: error.payment_intent }, Again::No);
    }
    // 409: the same key is at work on another connection.
    let again = if matches!(status, 409 | 429 | 500..=599) { Again::Yes } else { Again::No };
    (Refusal::Request { status, code, message: error.message.unwrap_or_default() }, again)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_again_and_what_is_not() {
        for (status, again) in [
            (400, Again::No),
            (401, Again::No),
            (404, Again::No),
            (409, Again::Yes),
            (429, Again::Yes),
            (500, Again::Yes),
            (503, Again::Yes),
        ] {
            let (refusal, said) =
                refused(status, b"{\"error\":{\"type\":\"invalid_request_error\",\"code\":\"resource_missing\"}}");
            assert_eq!(said, again, "{status}");
            assert!(matches!(refusal, Refusal::Request { code, .. } if code == "resource_missing"));
        }
        let (refusal, said) = refused(502, b"<html>Bad gateway</html>");
        assert!(matches!(refusal, Refusal::Request { status: 502, .. }) && said == Again::Yes);
    }

    #[test]
    fn a_decline_tells_the_bank_s_reason() {
        let body = br#"{"error":{"charge":"ch_1","code":"card_declined","decline_code":"insufficient_funds","message":"Your card has insufficient funds.",
            "payment_intent":{"id":"pi_1","object":"payment_intent","amount":62500,"currency":"usd","status":"requires_payment_method"},"type":"card_error"}}"#;
        let (Refusal::Card { code, intent }, Again::No) = refused(402, body) else { panic!("a decline") };
        assert_eq!((code.as_str(), intent.unwrap().id.as_str()), ("insufficient_funds", "pi_1"));
        let body = br#"{"error":{"code":"authentication_required","decline_code":"authentication_required","type":"card_error"}}"#;
        assert!(matches!(refused(402, body), (Refusal::Card { code, .. }, _) if code == "authentication_required"));
    }
}
