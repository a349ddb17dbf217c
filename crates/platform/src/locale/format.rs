//! Money, dates and times as readers of a language write them.

use chrono::{Datelike, NaiveDate, Offset, TimeDelta};
use chrono_tz::Tz;
use kernel::{Currency, Money, MoneySum, Timestamp};
use rust_decimal::Decimal;

use super::{Locale, t, tr};

/// An amount with its currency: `£8,950.00` in English, `8.950,00 £` in Turkish.
pub fn money(locale: Locale, money: Money) -> String {
    of_currency(locale, money.amount.get(), money.currency)
}

/// A sum of many amounts, as an amount is written.
pub fn total(locale: Locale, total: MoneySum, currency: Currency) -> String {
    of_currency(locale, total.get(), currency)
}

fn of_currency(locale: Locale, value: Decimal, currency: Currency) -> String {
    let digits = currency.minor_digits() as usize;
    let plain = format!("{:.*}", digits, value.abs());
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let (thousands, point) = match locale {
        Locale::En => (',', '.'),
        Locale::Tr => ('.', ','),
    };
    let mut number = grouped(whole, thousands);
    if !fraction.is_empty() {
        number.push(point);
        number.push_str(fraction);
    }
    let sign = if value.is_sign_negative() && !value.is_zero() { "-" } else { "" };
    let code = currency.code();
    match (locale, symbol(code)) {
        (Locale::En, Some(symbol)) => format!("{sign}{symbol}{number}"),
        (Locale::En, None) => format!("{sign}{code} {number}"),
        (Locale::Tr, symbol) => format!("{sign}{number} {}", symbol.unwrap_or(code)),
    }
}

fn symbol(code: &str) -> Option<&'static str> {
    Some(match code {
        "GBP" => "£",
        "USD" => "$",
        "EUR" => "€",
        "TRY" => "₺",
        "JPY" => "¥",
        _ => return None,
    })
}

fn grouped(digits: &str, separator: char) -> String {
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(separator);
        }
        out.push(digit);
    }
    out
}

/// A day: `2 March 2026`, `2 Mart 2026`.
pub fn date(locale: Locale, day: NaiveDate) -> String {
    let month = t(locale, &format!("month-{}", day.month()));
    let args =
        [("day", day.day().to_string().into()), ("month", month.into()), ("year", day.year().to_string().into())];
    tr(locale, "time-date", &args)
}

/// An instant on the clocks of a zone: `2 March 2026, 13:00`.
pub fn datetime(locale: Locale, at: Timestamp, zone: Tz) -> String {
    let local = at.with_timezone(&zone);
    let args = [("date", date(locale, local.date_naive()).into()), ("time", local.format("%H:%M").to_string().into())];
    tr(locale, "time-datetime", &args)
}

/// What a zone is called at an instant: its letters where it has some, else its distance (R-CM-96): `BST`, `UTC+3`.
pub fn zone_name(at: Timestamp, zone: Tz) -> String {
    let name = at.with_timezone(&zone).format("%Z").to_string();
    if name.starts_with(|c: char| c.is_ascii_alphabetic()) { name } else { zone_distance(at, zone) }
}

/// How far the clocks of a zone are from UTC at an instant: `UTC+3`, `UTC-3:30`, `UTC`.
pub fn zone_distance(at: Timestamp, zone: Tz) -> String {
    let minutes = at.with_timezone(&zone).offset().fix().local_minus_utc() / 60;
    let sign = if minutes < 0 { '-' } else { '+' };
    match (minutes.abs() / 60, minutes.abs() % 60) {
        (0, 0) => "UTC".to_owned(),
        (hours, 0) => format!("UTC{sign}{hours}"),
        (hours, rest) => format!("UTC{sign}{hours}:{rest:02}"),
    }
}

/// How far an instant lies from now: `5 minutes ago`, `in 3 days`. Parts of a unit are dropped.
pub fn relative(locale: Locale, at: Timestamp, now: Timestamp) -> String {
    let distance = at - now;
    let (past, distance) = (distance < TimeDelta::zero(), distance.abs());
    if distance < TimeDelta::minutes(1) {
        return t(locale, "time-now");
    }
    let (count, ago, ahead) = if distance < TimeDelta::hours(1) {
        (distance.num_minutes(), "time-minutes-ago", "time-in-minutes")
    } else if distance < TimeDelta::days(1) {
        (distance.num_hours(), "time-hours-ago", "time-in-hours")
    } else {
        (distance.num_days(), "time-days-ago", "time-in-days")
    };
    tr(locale, if past { ago } else { ahead }, &[("count", count.into())])
}

#[cfg(test)]
mod tests {
    use kernel::{Amount, Currency};

    use super::*;

    fn of(amount: &str, currency: &str) -> Money {
        Money::new(amount.parse::<Amount>().unwrap(), currency.parse::<Currency>().unwrap())
    }

    #[test]
    fn money_is_written_as_readers_expect() {
        for (money_, en, tr) in [
            (of("8950", "GBP"), "£8,950.00", "8.950,00 £"),
            (of("0.05", "USD"), "$0.05", "0,05 $"),
            (of("99999999.99", "TRY"), "₺99,999,999.99", "99.999.999,99 ₺"),
            (of("-1234.5", "EUR"), "-€1,234.50", "-1.234,50 €"),
            (of("1235", "JPY"), "¥1,235", "1.235 ¥"),
            (of("100", "CHF"), "CHF 100.00", "100,00 CHF"),
        ] {
            assert_eq!(money(Locale::En, money_), en);
            assert_eq!(money(Locale::Tr, money_), tr);
        }
    }

    #[test]
    fn times_follow_the_zone() {
        let at: Timestamp = "2026-03-02T22:30:00Z".parse().unwrap();
        assert_eq!(datetime(Locale::En, at, chrono_tz::Europe::Istanbul), "3 March 2026, 01:30");
        assert_eq!(datetime(Locale::Tr, at, chrono_tz::Europe::London), "2 Mart 2026 22:30");
    }

    #[test]
    fn r_cm_96_zones_have_names() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let (winter, summer) = (at("2026-01-02T22:30:00Z"), at("2026-07-02T22:30:00Z"));
        assert_eq!(zone_name(winter, chrono_tz::Europe::London), "GMT");
        assert_eq!(zone_name(summer, chrono_tz::Europe::London), "BST");
        assert_eq!(zone_name(winter, chrono_tz::Europe::Istanbul), "UTC+3");
        assert_eq!(zone_distance(summer, chrono_tz::America::St_Johns), "UTC-2:30");
        assert_eq!(zone_distance(winter, chrono_tz::UTC), "UTC");
    }

    #[test]
    fn distances_drop_parts_of_a_unit() {
        let now: Timestamp = "2026-03-02T12:00:00Z".parse().unwrap();
        for (seconds, en) in [
            (-59, "just now"),
            (-60, "1 minute ago"),
            (-7199, "1 hour ago"),
            (-86_400, "yesterday"),
            (-300_000, "3 days ago"),
            (7200, "in 2 hours"),
            (86_399, "in 23 hours"),
            (172_800, "in 2 days"),
        ] {
            assert_eq!(relative(Locale::En, now + TimeDelta::seconds(seconds), now), en);
        }
        assert_eq!(relative(Locale::Tr, now - TimeDelta::days(1), now), "dün");
    }
}
