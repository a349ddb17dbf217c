//! Where exchange rates come from: a feed over HTTP, or the simulator's own, which needs no network (R-PY-17).

use std::collections::HashMap;
use std::sync::OnceLock;
use std::time::Duration;

use chrono::Datelike;
use kernel::{AppError, AppResult, Currency, Timestamp};
use platform::App;
use platform::config::Gateway;
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::Value;

/// How long a feed may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// More than any list of rates.
const LARGEST: usize = 256 * 1024;
/// Decimals a rate is kept with.
const DECIMALS: u32 = 6;

/// A source of rates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The address `payments.rates_url` names.
    Feed,
    /// Rates of the simulator: the same on one day, a little different on the next.
    Simulator,
}

impl Source {
    /// Its word, as a pair keeps it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Feed => "feed",
            Self::Simulator => "simulator",
        }
    }

    /// The sources of this installation: what is configured, and the simulator where money is simulated.
    pub fn all(app: &App) -> Vec<Self> {
        let feed = app.config.payments.rates_url.as_ref().map(|_| Self::Feed);
        let simulated = matches!(app.config.payments.gateway, Gateway::Simulator).then_some(Self::Simulator);
        feed.into_iter().chain(simulated).collect()
    }

    /// The one with that word, while this installation has it.
    pub fn from_word(app: &App, word: &str) -> Option<Self> {
        Self::all(app).into_iter().find(|source| source.word() == word)
    }
}

/// Units of each currency for one US dollar.
pub type Sheet = HashMap<Currency, Decimal>;

/// What a feed says: `{"base": "USD", "rates": {"EUR": 0.92}}`.
#[derive(Deserialize)]
struct Told {
    base: String,
    rates: HashMap<String, Value>,
}

fn failed(why: impl std::fmt::Display) -> AppError {
    tracing::warn!(%why, "the source of exchange rates cannot be used");
    AppError::conflict("fx_source_failed", "The source of exchange rates cannot be read at the moment.")
}

/// Reads a source.
///
/// Errors: 409 `fx_source_failed` for one that does not answer within ten seconds or says something else.
pub async fn fetch(app: &App, source: Source) -> AppResult<Sheet> {
    match source {
        Source::Simulator => Ok(simulated(app.now())),
        Source::Feed => {
            let url = app.config.payments.rates_url.as_deref().ok_or_else(|| failed("none is configured"))?;
            let answer = client()?.get(url).send().await.and_then(reqwest::Response::error_for_status);
            let body = answer.map_err(failed)?.bytes().await.map_err(failed)?;
            read(&body)
        }
    }
}

fn client() -> AppResult<&'static reqwest::Client> {
    static CLIENT: OnceLock<reqwest::Client> = OnceLock::new();
    if let Some(client) = CLIENT.get() {
        return Ok(client);
    }
    #[expect(clippy::disallowed_methods, reason = "the one client that reads exchange rates")]
    let made = reqwest::Client::builder().timeout(PATIENCE).build().map_err(AppError::internal)?;
    Ok(CLIENT.get_or_init(|| made))
}

/// The rates in a feed's answer; what is no currency of ours, or no rate, is left out.
fn read(body: &[u8]) -> AppResult<Sheet> {
    if body.len() > LARGEST {
        return Err(failed("the answer is too long"));
    }
    let told: Told = serde_json::from_slice(body).map_err(failed)?;
    if told.base != Currency::USD.code() {
        return Err(failed("its base is not the US dollar"));
    }
    let known = told.rates.into_iter().filter_map(|(code, rate)| Some((code.parse().ok()?, number(&rate)?)));
    let sheet: Sheet = known.filter(|(_, rate)| rate.is_sign_positive() && !rate.is_zero()).collect();
    if sheet.is_empty() { Err(failed("it has no rates")) } else { Ok(sheet) }
}

/// A number, or a text that is one, exactly as it is written.
fn number(value: &Value) -> Option<Decimal> {
    let text = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        _ => return None,
    };
    let read = text.parse().or_else(|_| Decimal::from_scientific(&text));
    read.ok().map(|rate: Decimal| rate.round_dp(DECIMALS))
}

/// Rates near those of 2026 that move by at most one percent from day to day.
fn simulated(now: Timestamp) -> Sheet {
    let usual = [(Currency::EUR, "0.92"), (Currency::GBP, "0.79"), (Currency::TRY, "34.5")];
    let day = i64::from(now.num_days_from_ce());
    let moved = |(place, (currency, rate)): (i64, (Currency, &str))| {
        let rate: Decimal = rate.parse().ok()?;
        let thousandths = (day * 7 + place * 13).rem_euclid(11) - 5;
        Some((currency, (rate * (Decimal::ONE + Decimal::new(thousandths, 3))).round_dp(DECIMALS)))
    };
    (0..).zip(usual).filter_map(moved).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_py_17_what_a_feed_says() {
        let sheet = read(br#"{ "base": "USD", "date": "2026-03-02", "rates": { "EUR": 0.92, "Xxy": 3, "GBP": "0.7900004", "TRY": -1, "SEK": 0 } }"#).unwrap();
        assert_eq!(sheet.len(), 2);
        assert_eq!((sheet[&Currency::EUR], sheet[&Currency::GBP]), ("0.92".parse().unwrap(), "0.79".parse().unwrap()));
        for wrong in
            [&b"<html>"[..], br#"{ "base": "EUR", "rates": { "GBP": 0.85 } }"#, br#"{ "base": "USD", "rates": {} }"#]
        {
            assert_eq!(read(wrong).unwrap_err().code, "fx_source_failed");
        }
        assert!(read(&vec![b' '; LARGEST + 1]).is_err());
    }

    #[test]
    fn the_simulators_rates_move_a_little_from_day_to_day() {
        let at = |text: &str| simulated(text.parse().unwrap());
        let (one, same, next) = (at("2026-03-02T01:00:00Z"), at("2026-03-02T23:00:00Z"), at("2026-03-03T01:00:00Z"));
        assert_eq!(one, same);
        assert_ne!(one, next);
        for (currency, rate) in &one {
            let moved = (next[currency] - rate).abs() / rate;
            assert!(moved <= "0.011".parse().unwrap(), "{currency}: {moved}");
        }
    }
}
