//! The end of the treatment: the held money becomes the clinic's and the platform's (R-PY-67).

use kernel::ids::QuoteId;
use kernel::{Amount, AppError, AppResult, Money};
use platform::App;
use quoting::case;
use quoting::entity::booking_terms::{self, BookingTermsDiscountFunding};
use quoting::entity::quotes::{self, QuoteDiscountFunding};
use quoting::rules::price::{self, Split};

use crate::entity::payments::{self, PaymentStatus, PaymentType};
use crate::metadata::Metadata;
use crate::rules::{ledger, refund};
use crate::store::{self, Sums};

/// Books the end of a treatment, once per booking.
pub async fn treated(app: &App, quote: QuoteId) -> AppResult<()> {
    platform::write_txn!(app.db, |txn| {
        let case = case::lock(txn, quote).await?;
        let rows = store::lock_payments(txn, quote).await?;
        let terms = case.require_terms()?;
        let split = split(&case.quote, terms)?;
        let (mut provider, mut platform) = (split.provider_net, split.platform);
        // What staff gave back before the end lowers both shares: it is not there to be shared any more.
        for row in rows.iter().filter(|row| is_given_back(row)) {
            let part = shares_of(&case.quote, terms, row.amount)?;
            (provider, platform) = (provider - part.provider.amount, platform - part.platform);
        }
        let held = Money::new(Sums::of(&rows).paid(), terms.payment_currency);
        let provider = Money::new(provider, terms.quote_currency);
        let posting = ledger::treatment_ended(quote, held, provider, platform);
        if store::is_posted(txn, &posting.source_key).await? {
            return Ok(());
        }
        store::post(txn, app.now(), &posting).await
    })
}

/// Who gets which part of a booking, at the terms it was confirmed with.
pub fn split(quote: &quotes::Model, terms: &booking_terms::Model) -> AppResult<Split> {
    let funding = terms.discount_funding.map(|funding| match funding {
        BookingTermsDiscountFunding::Provider => QuoteDiscountFunding::Provider,
        BookingTermsDiscountFunding::Both => QuoteDiscountFunding::Both,
        BookingTermsDiscountFunding::Platform => QuoteDiscountFunding::Platform,
    });
    let (list, discount) = (terms.list_amount, terms.discount_amount);
    let kept = terms.commission_amount.unwrap_or_default();
    price::settled(terms.quote_currency, list, discount, funding, quote.commission, kept)
        .ok_or_else(|| AppError::internal("commission out of range"))
}

/// Whether a row is money that is back and that nobody is asked for again (R-PY-34, R-PY-55).
pub fn is_given_back(row: &payments::Model) -> bool {
    row.payment_type == PaymentType::Refund
        && row.payment_status == PaymentStatus::Completed
        && Metadata::of(row).is_forgiven()
}

/// Who bears a refund, in the quote's currency.
pub(crate) struct Shares {
    /// The clinic.
    pub provider: Money,
    /// Hairline.
    pub platform: Amount,
}

/// Who bears a refund of so much, in the payment currency (R-PY-57).
pub(crate) fn shares_of(quote: &quotes::Model, terms: &booking_terms::Model, returned: Amount) -> AppResult<Shares> {
    let split = split(quote, terms)?;
    let currency = terms.quote_currency;
    let part = |whole| {
        refund::share(whole, returned, terms.payment_total, currency)
            .ok_or_else(|| AppError::internal("a refund of a booking without a price"))
    };
    Ok(Shares { provider: Money::new(part(split.provider_net)?, currency), platform: part(split.platform)? })
}
