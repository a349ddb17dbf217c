//! The end of the treatment: the held money becomes the clinic's and the platform's (R-PY-67).

use kernel::ids::QuoteId;
use kernel::{AppError, AppResult, Money};
use platform::App;
use quoting::case;
use quoting::entity::booking_terms::BookingTermsDiscountFunding;
use quoting::entity::quotes::QuoteDiscountFunding;
use quoting::rules::price;

use crate::rules::ledger;
use crate::store::{self, Sums};

/// Books the end of a treatment, once per booking.
pub async fn treated(app: &App, quote: QuoteId) -> AppResult<()> {
    platform::write_txn!(app.db, |txn| {
        let case = case::lock(txn, quote).await?;
        let rows = store::lock_payments(txn, quote).await?;
        let terms = case.require_terms()?;
        let funding = terms.discount_funding.map(|funding| match funding {
            BookingTermsDiscountFunding::Provider => QuoteDiscountFunding::Provider,
            BookingTermsDiscountFunding::Both => QuoteDiscountFunding::Both,
            BookingTermsDiscountFunding::Platform => QuoteDiscountFunding::Platform,
        });
        let (list, discount) = (terms.list_amount, terms.discount_amount);
        let kept = terms.commission_amount.unwrap_or_default();
        let split = price::settled(terms.quote_currency, list, discount, funding, case.quote.commission, kept)
            .ok_or_else(|| AppError::internal("commission out of range"))?;
        let held = Money::new(Sums::of(&rows).paid(), terms.payment_currency);
        let provider = Money::new(split.provider_net, terms.quote_currency);
        let posting = ledger::treatment_ended(quote, held, provider, split.platform);
        if store::is_posted(txn, &posting.source_key).await? {
            return Ok(());
        }
        store::post(txn, app.now(), &posting).await
    })
}
