//! Turning a quote's content into money with the clinic's price list and the platform's rates.

use catalogue::entity::packages;
use catalogue::entity::provider_treatment_pricing as price_list;
use catalogue::fx;
use catalogue::packages::Package;
use kernel::ids::PackageId;
use kernel::{Amount, AppError, AppResult, Currency};
use rust_decimal::Decimal;
use sea_orm::ConnectionTrait;

use super::discounts::{self, Terms};
use crate::entity::quote_packages;
use crate::rules::content::Content;
use crate::rules::discount::Why;
use crate::rules::price::{Breakdown, Commission, PackageLine, PriceFault, PriceInput, price, treatment_price};

/// A package as it stands in a quote: frozen by an earlier submission or read from the catalogue now.
#[derive(Clone, Debug)]
pub struct ChosenPackage {
    /// Which.
    pub id: PackageId,
    /// List price and its currency.
    pub line: PackageLine,
    /// Name, category, description, items, version.
    pub snapshot: serde_json::Value,
}

impl ChosenPackage {
    /// From a row whose content was frozen at submission: later catalogue changes do not matter (R-IQ-37).
    pub fn frozen(row: &quote_packages::Model) -> Option<Self> {
        let snapshot = row.package_snapshot.clone()?;
        let line =
            PackageLine { list_price: row.list_price, list_currency: row.list_currency, rate: Some(row.fx_rate) };
        Some(Self { id: row.package_id, line, snapshot })
    }

    /// From the catalogue, with today's rate.
    pub async fn fresh(conn: &impl ConnectionTrait, package: &Package, currency: Currency) -> AppResult<Self> {
        let row = &package.row;
        let rate = fx::rate(conn, row.currency, currency).await?;
        let line = PackageLine { list_price: row.package_price, list_currency: row.currency, rate };
        Ok(Self { id: row.id, line, snapshot: snapshot(row, package) })
    }
}

fn snapshot(row: &packages::Model, package: &Package) -> serde_json::Value {
    let items: Vec<_> = package
        .items
        .iter()
        .map(|item| serde_json::json!({ "name": item.item_name, "value": item.item_value }))
        .collect();
    serde_json::json!({
        "name": row.package_name,
        "category": row.package_category,
        "description": row.package_description,
        "duration": row.duration,
        "terms": row.terms,
        "version": row.version,
        "items": items,
    })
}

/// Fills in the price of every date that nobody typed (R-IQ-40).
pub fn fill_dates(content: &mut Content, prices: &price_list::Model) {
    let grafts = content.grafts;
    for date in content.dates.iter_mut().filter(|date| !date.typed) {
        date.price = grafts.and_then(|grafts| {
            treatment_price(prices.currency, prices.base_price, prices.price_per_graft, grafts, None)
        });
    }
}

/// The price of a quote at its slot's date; before it has one, at its first date; before that, at the list price.
pub fn breakdown(
    content: &Content,
    prices: &price_list::Model,
    packages: &[ChosenPackage],
    discount: Option<&Terms>,
    commission: Commission,
) -> AppResult<Breakdown> {
    let at_slot = content.slot.and_then(|slot| content.dates.iter().find(|date| date.date == slot.date));
    let priced = at_slot.or(content.dates.first()).and_then(|date| date.price);
    let treatment = match priced {
        Some(price) => Some(price),
        None => content.grafts.and_then(|grafts| {
            treatment_price(prices.currency, prices.base_price, prices.price_per_graft, grafts, None)
        }),
    };
    let input = PriceInput {
        currency: prices.currency,
        treatment: treatment.unwrap_or(Amount::ZERO),
        grafts: content.grafts,
        packages: packages.iter().map(|package| package.line).collect(),
        extras: content.services.iter().map(|line| line.price).collect(),
        fees: content.fees.iter().map(|line| line.price).collect(),
        discount: discount.map(|terms| terms.discount(prices.currency)),
        commission,
    };
    let price = price(&input).map_err(AppError::from)?;
    // A whole unit of money is left to pay, or the discount does not apply (R-PY-47).
    if discount.is_some() && price.total.get() < Decimal::ONE {
        return Err(discounts::refuse(Why::TooLarge));
    }
    Ok(price)
}

/// The rate written beside a package: one for its own currency.
pub fn rate_of(packages: &Breakdown, index: usize) -> (Amount, Decimal) {
    packages.package_prices.get(index).copied().unwrap_or((Amount::ZERO, Decimal::ONE))
}

impl From<PriceFault> for AppError {
    fn from(fault: PriceFault) -> Self {
        match fault {
            PriceFault::RateUnavailable(currency) => rate_unavailable(currency),
            PriceFault::DiscountCurrency => {
                Self::invalid("discount_not_applicable", "The discount is in another currency.")
            }
            PriceFault::NotPositive => {
                Self::invalid("quote_amount_not_positive", "The total must be above zero and at most 99,999,999.99.")
            }
        }
    }
}

/// 409: amounts stand in another currency than prices are in now. None is ever read as money of the other one.
pub fn currency_changed(was: Currency, now: Currency) -> AppError {
    let sentence = format!("Prices are in {now} now, the amounts of this quote in {was}. Enter each of them again.");
    AppError::conflict("quote_currency_changed", sentence).with("was", was).with("currency", now)
}

/// 422: money of this currency cannot be quoted or converted (R-IQ-41).
pub fn rate_unavailable(currency: Currency) -> AppError {
    AppError::invalid("fx_rate_unavailable", format!("There is no exchange rate for {currency} at the moment."))
}
