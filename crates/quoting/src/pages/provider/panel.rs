//! The price beside the editor: what is typed, in money.

use askama::Template;
use kernel::error::{ErrorKind, FieldError};
use kernel::{AppError, AppResult, DateRange, Money};
use platform::locale;
use ui::{Chrome, Ctx};

use super::sheet::Sheet;
use crate::desk::Options;
use crate::rules::price::Breakdown;
use crate::service::editor::{self, Opened, Priced};

/// The price panel; also an answer of its own while somebody types.
#[derive(Template)]
#[template(path = "quote_provider_price.html")]
pub(super) struct PricePanel {
    chrome: Chrome,
    lines: Vec<(String, String)>,
    total: Option<Total>,
    /// The clinician is elsewhere at that time.
    conflict: bool,
    /// Why there is no price.
    refusal: String,
    /// What keeps it from being sent.
    missing: Vec<String>,
}

struct Total {
    amount: Money,
    per_graft: Option<Money>,
    percent: i64,
    commission: Money,
    net: Money,
}

/// What the panel is computed from.
pub(super) struct Typed<'a> {
    pub(super) ranges: &'a [DateRange],
    pub(super) sheet: &'a Sheet,
    pub(super) options: &'a Options,
    pub(super) opened: Option<&'a Opened>,
    pub(super) fallback: Option<chrono::NaiveDate>,
}

impl PricePanel {
    /// The panel for what is typed. What cannot be read is said in the panel; only our own failures are errors.
    pub(super) async fn new(ctx: &Ctx, typed: &Typed<'_>) -> AppResult<Self> {
        let chrome = &ctx.chrome;
        if typed.sheet.value("treatment_id").is_empty() && typed.opened.is_none() {
            return Ok(Self::without(chrome, chrome.t("pq-price-choose")));
        }
        let currency = typed.sheet.currency(typed.options, typed.opened);
        if typed.sheet.typed_elsewhere(currency).is_some() {
            return Ok(Self::without(chrome, chrome.tw("pq-money-title", "currency", currency.to_string())));
        }
        let priced = match typed.sheet.input(currency, typed.opened, typed.fallback) {
            Ok(input) => editor::price(&ctx.app, &ctx.actor, typed.ranges, typed.options, typed.opened, &input).await,
            Err(error) => Err(error),
        };
        match priced {
            Ok(priced) => Ok(Self::of(chrome, &priced)),
            Err(error) if matches!(error.kind, ErrorKind::Invalid | ErrorKind::Conflict) => {
                Ok(Self::without(chrome, sentence(chrome, &error)))
            }
            Err(error) => Err(error),
        }
    }

    fn without(chrome: &Chrome, refusal: String) -> Self {
        Self { chrome: chrome.clone(), lines: Vec::new(), total: None, conflict: false, refusal, missing: Vec::new() }
    }

    fn of(chrome: &Chrome, priced: &Priced) -> Self {
        let refusal = match (&priced.price, &priced.refusal) {
            (Some(_), _) => String::new(),
            (None, Some(error)) => locale::error_sentence(chrome.locale, error),
            (None, None) => chrome.t("pq-price-grafts"),
        };
        Self {
            lines: priced.price.as_ref().map(|price| lines(chrome, priced, price)).unwrap_or_default(),
            total: priced.price.as_ref().map(|price| Total {
                amount: Money::new(price.total, price.currency),
                per_graft: price.per_graft.map(|amount| Money::new(amount, price.currency)),
                percent: i64::from(priced.commission_percent),
                commission: Money::new(price.commission, price.currency),
                net: Money::new(price.provider_net, price.currency),
            }),
            conflict: priced.conflict,
            missing: missing(chrome, priced),
            chrome: chrome.clone(),
            refusal,
        }
    }
}

fn lines(chrome: &Chrome, priced: &Priced, price: &Breakdown) -> Vec<(String, String)> {
    let money = |amount| chrome.money(Money::new(amount, price.currency));
    let mut lines = Vec::new();
    let (base, per_graft) = priced.list;
    match priced.grafts {
        Some(grafts) if priced.by_list && !per_graft.is_zero() => {
            lines.push((chrome.t("pq-price-base"), money(base)));
            let label = format!("{} × {}", chrome.tn("pq-grafts", "count", i64::from(grafts)), money(per_graft));
            lines.push((label, money(price.treatment - base)));
        }
        _ if priced.by_list => lines.push((chrome.t("pq-price-base"), money(price.treatment))),
        _ => lines.push((chrome.t("pq-price-day"), money(price.treatment))),
    }
    lines.extend(priced.packages.iter().map(|(name, price)| (name.clone(), chrome.money(price))));
    for (key, amount) in [("pq-price-services", price.extras), ("pq-price-fees", price.fees)] {
        if !amount.is_zero() {
            lines.push((chrome.t(key), money(amount)));
        }
    }
    if !price.discount.is_zero() {
        lines.push((chrome.t("pq-price-discount"), format!("− {}", money(price.discount))));
    }
    lines
}

/// One sentence for each thing that is missing, none twice.
fn missing(chrome: &Chrome, priced: &Priced) -> Vec<String> {
    let mut sentences: Vec<String> = Vec::new();
    for fault in priced.missing.0.values().flatten() {
        let sentence = of_fault(chrome, fault);
        if !sentences.contains(&sentence) {
            sentences.push(sentence);
        }
    }
    sentences
}

/// The first thing a refusal says, in the reader's language.
pub(super) fn sentence(chrome: &Chrome, error: &AppError) -> String {
    let fault = error.fields.0.values().flatten().next();
    fault.map_or_else(|| locale::error_sentence(chrome.locale, error), |fault| of_fault(chrome, fault))
}

fn of_fault(chrome: &Chrome, fault: &FieldError) -> String {
    let text = |kind: &str| locale::find_text(chrome.locale, &format!("{kind}-{}", fault.code));
    text("error").or_else(|| text("field")).unwrap_or_else(|| fault.message.clone())
}
