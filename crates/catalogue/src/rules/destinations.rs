//! The order of destinations (R-IQ-80) and the price shown beside each (R-IQ-81).

use std::collections::HashMap;

use kernel::{Amount, Currency};
use rust_decimal::Decimal;

use super::world::COUNTRIES;

/// A "from" price in effect for a country.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PriceRow {
    /// The price.
    pub price: Amount,
    /// Its currency.
    pub currency: Currency,
    /// Whether it stands in where the reader's currency has none.
    pub is_fallback: bool,
}

/// A "from" price as shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShownPrice {
    /// The price in the reader's currency.
    pub price: Amount,
    /// Whether it was converted at today's rate.
    pub approximate: bool,
}

/// The price to show in `currency`: an exact row, a fallback row in it, a fallback or dollar row converted, else
/// nothing ("price on request"). `rates` holds units of `currency` per unit of each other one.
pub fn shown_price(rows: &[PriceRow], currency: Currency, rates: &HashMap<Currency, Decimal>) -> Option<ShownPrice> {
    let in_currency = |fallback: bool| {
        rows.iter().find(|row| row.currency == currency && row.is_fallback == fallback).map(|row| row.price)
    };
    if let Some(price) = in_currency(false).or_else(|| in_currency(true)) {
        return Some(ShownPrice { price, approximate: false });
    }
    let foreign = rows.iter().filter(|row| row.is_fallback);
    let dollars = rows.iter().filter(|row| !row.is_fallback && row.currency == Currency::USD);
    foreign.chain(dollars).find_map(|row| {
        let price = currency.round(row.price.get().checked_mul(*rates.get(&row.currency)?)?)?;
        Some(ShownPrice { price, approximate: true })
    })
}

/// The middle of a country in degrees north and east, for those patients and clinics are likely to be in.
pub fn centre(country: &str) -> Option<(f64, f64)> {
    let known = COUNTRIES.iter().find(|known| known.code == country)?;
    Some((known.north, known.east))
}

/// Great-circle distance in kilometres between two countries' middles.
pub fn distance_km(from: &str, to: &str) -> Option<f64> {
    let ((lat1, lon1), (lat2, lon2)) = (centre(from)?, centre(to)?);
    let (phi1, phi2) = (lat1.to_radians(), lat2.to_radians());
    let half = ((phi2 - phi1) / 2.0).sin().powi(2)
        + phi1.cos() * phi2.cos() * ((lon2 - lon1).to_radians() / 2.0).sin().powi(2);
    Some(2.0 * 6371.0 * half.sqrt().asin())
}

/// Orders country codes for a reader: the region's list first, the rest by distance; where the distance is not known,
/// places with more clinics come first. Ordering never leaves a country out.
pub fn ordered(mut countries: Vec<(String, u64)>, region: &[String], home: Option<&str>) -> Vec<String> {
    let place = |code: &str| region.iter().position(|listed| listed == code).unwrap_or(usize::MAX);
    let away = |code: &str| home.and_then(|home| distance_km(home, code)).unwrap_or(f64::MAX);
    countries.sort_by(|(a, many_a), (b, many_b)| {
        place(a)
            .cmp(&place(b))
            .then_with(|| away(a).total_cmp(&away(b)))
            .then_with(|| many_b.cmp(many_a))
            .then_with(|| a.cmp(b))
    });
    countries.into_iter().map(|(code, _)| code).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(price: &str, currency: Currency, is_fallback: bool) -> PriceRow {
        PriceRow { price: price.parse().unwrap(), currency, is_fallback }
    }

    #[test]
    fn the_price_shown_follows_the_lookup_order() {
        let rates = HashMap::from([(Currency::USD, "0.84".parse().unwrap()), (Currency::EUR, "0.9".parse().unwrap())]);
        let exact = row("1500", Currency::GBP, false);
        let stand_in = row("1600", Currency::GBP, true);
        let euro = row("1000", Currency::EUR, true);
        let dollar = row("1000", Currency::USD, false);
        let shown = |rows: &[PriceRow]| {
            shown_price(rows, Currency::GBP, &rates).map(|shown| (shown.price.to_string(), shown.approximate))
        };
        assert_eq!(shown(&[euro, stand_in, exact]), Some(("1500.00".to_owned(), false)));
        assert_eq!(shown(&[euro, stand_in]), Some(("1600.00".to_owned(), false)));
        assert_eq!(shown(&[dollar, euro]), Some(("900.00".to_owned(), true)));
        assert_eq!(shown(&[dollar]), Some(("840.00".to_owned(), true)));
        assert_eq!(shown(&[row("9", Currency::TRY, true)]), None, "no rate: price on request");
        assert_eq!(shown(&[row("9", Currency::EUR, false)]), None, "only fallbacks and dollars are converted");
    }

    #[test]
    fn a_region_comes_first_and_then_the_nearest() {
        let all = || ["ES", "PL", "TR", "XX"].map(|code| (code.to_owned(), 1)).to_vec();
        assert_eq!(ordered(all(), &[], Some("GB")), ["PL", "ES", "TR", "XX"]);
        assert_eq!(ordered(all(), &["TR".to_owned()], Some("GB")), ["TR", "PL", "ES", "XX"]);
        let busy = vec![("ES".to_owned(), 1), ("TR".to_owned(), 6)];
        assert_eq!(ordered(busy, &[], None), ["TR", "ES"], "an unknown reader sees the busiest first");
    }
}
