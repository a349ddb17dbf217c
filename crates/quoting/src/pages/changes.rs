//! What a version of a quote changed, in words: what stood there and what stands there now.

use kernel::{Currency, Money, Timestamp};
use serde_json::Value;
use ui::{Chrome, Html};

use crate::views::VersionView;

/// A version with what it changed.
pub(super) struct VersionCard {
    pub(super) title: String,
    pub(super) total: String,
    pub(super) at: Html,
    pub(super) by: String,
    pub(super) reason: String,
    pub(super) changes: Vec<Changed>,
}

/// One field.
pub(super) struct Changed {
    pub(super) label: String,
    pub(super) before: Vec<String>,
    pub(super) after: Vec<String>,
}

/// All versions, newest first.
pub(super) fn cards(chrome: &Chrome, versions: &[VersionView]) -> Vec<VersionCard> {
    versions.iter().map(|version| card(chrome, version)).collect()
}

fn card(chrome: &Chrome, version: &VersionView) -> VersionCard {
    let currency = version.total.currency;
    VersionCard {
        title: chrome.tn("pq-version", "number", i64::from(version.version)),
        total: chrome.money(version.total),
        at: chrome.when(version.created_at),
        by: chrome.t(if version.by_staff { "pq-by-staff" } else { "pq-by-clinic" }),
        reason: version.reason.clone().unwrap_or_default(),
        changes: version
            .changes
            .iter()
            .map(|change| Changed {
                label: chrome.word("pq-changed", &change.field),
                before: said(chrome, &change.field, &change.before, currency),
                after: said(chrome, &change.field, &change.after, currency),
            })
            .filter(|change| change.before != change.after)
            .collect(),
    }
}

fn money(chrome: &Chrome, value: &Value, currency: Currency) -> Option<String> {
    let amount = value.as_str().map(str::to_owned).or_else(|| value.as_number().map(ToString::to_string))?;
    Some(chrome.money(Money::new(amount.parse().ok()?, currency)))
}

fn day(chrome: &Chrome, value: &Value) -> Option<String> {
    Some(chrome.date(value.as_str()?.parse::<chrono::NaiveDate>().ok()?))
}

fn text(value: &Value, name: &str) -> Option<String> {
    value.get(name)?.as_str().map(str::to_owned)
}

/// A field of a snapshot as lines people can compare.
fn said(chrome: &Chrome, field: &str, value: &Value, currency: Currency) -> Vec<String> {
    let all = |line: &dyn Fn(&Value) -> Option<String>| {
        value.as_array().map(Vec::as_slice).unwrap_or_default().iter().filter_map(line).collect::<Vec<_>>()
    };
    let priced = |entry: &Value| {
        let price = entry.get("price").and_then(|price| money(chrome, price, currency));
        Some(format!("{} · {}", text(entry, "name")?, price.unwrap_or_default()))
    };
    match field {
        "grafts" => value.as_i64().map(|grafts| chrome.tn("pq-grafts", "count", grafts)).into_iter().collect(),
        "dates" => all(&|entry| {
            let price = entry.get("price").and_then(|price| money(chrome, price, currency)).unwrap_or_default();
            Some(format!("{} · {price}", day(chrome, entry.get("date")?)?))
        }),
        "packages" => all(&|entry| text(entry.get("content")?, "name")),
        "services" | "fees" => all(&priced),
        "inclusions" => all(&|entry| text(entry, "name")),
        "clinician" | "discount" => text(value, "name").into_iter().collect(),
        "slot" => slot(chrome, value).into_iter().collect(),
        "plan" => all(&|entry| Some(format!("{}: {}", day(chrome, entry.get("date")?)?, text(entry, "description")?))),
        "included_services" => all(&|entry| Some(chrome.word("pq-included", entry.as_str()?))),
        "price" => prices(chrome, value, currency),
        "expires_at" => {
            let at = value.as_str().and_then(|at| at.parse::<Timestamp>().ok());
            at.map(|at| chrome.datetime(at, chrono_tz::UTC)).into_iter().collect()
        }
        // A treatment is an id in a snapshot: its name stands above the versions.
        "treatment" => Vec::new(),
        _ => value.as_str().map(str::to_owned).into_iter().collect(),
    }
}

fn slot(chrome: &Chrome, value: &Value) -> Option<String> {
    let time: String = text(value, "time")?.chars().take(5).collect();
    let zone = text(value, "timezone").unwrap_or_default();
    Some(format!("{}, {time} ({zone})", day(chrome, value.get("date")?)?))
}

fn prices(chrome: &Chrome, value: &Value, currency: Currency) -> Vec<String> {
    ["treatment", "packages", "services", "fees", "discount", "total"]
        .iter()
        .filter_map(|part| {
            let price = money(chrome, value.get(part)?, currency)?;
            Some(format!("{} · {price}", chrome.word("pq-part", part)))
        })
        .collect()
}
