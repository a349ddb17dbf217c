//! Double-entry postings (R-PY-67): every posting balances per currency, and has a key that lets it happen once.

use std::collections::BTreeMap;

use kernel::ids::{PaymentId, QuoteId};
use kernel::{Amount, Currency, Money};

use crate::entity::ledger_entries::LedgerEntryAccount as Account;

/// One line: either side may be zero, never both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// Which account.
    pub account: Account,
    /// In which currency.
    pub currency: Currency,
    /// Left side.
    pub debit: Amount,
    /// Right side.
    pub credit: Amount,
}

/// The lines one cause writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posting {
    /// What caused it; unique with the line number, so that it is written once.
    pub source_key: String,
    /// The booking.
    pub quote: QuoteId,
    /// The payment, when one caused it.
    pub payment: Option<PaymentId>,
    /// The lines, without empty ones.
    pub lines: Vec<Line>,
}

impl Posting {
    fn new(source_key: String, quote: QuoteId, payment: Option<PaymentId>) -> Self {
        Self { source_key, quote, payment, lines: Vec::new() }
    }

    fn debit(mut self, account: Account, money: Money) -> Self {
        if money.amount.is_positive() {
            let Money { amount, currency } = money;
            self.lines.push(Line { account, currency, debit: amount, credit: Amount::ZERO });
        }
        self
    }

    fn credit(mut self, account: Account, money: Money) -> Self {
        if money.amount.is_positive() {
            let Money { amount, currency } = money;
            self.lines.push(Line { account, currency, debit: Amount::ZERO, credit: amount });
        }
        self
    }

    /// Whether debits equal credits in every currency.
    pub fn is_balanced(&self) -> bool {
        is_balanced(&self.lines)
    }
}

/// Whether debits equal credits in every currency.
pub fn is_balanced<'a>(lines: impl IntoIterator<Item = &'a Line>) -> bool {
    let mut sums: BTreeMap<Currency, Amount> = BTreeMap::new();
    for line in lines {
        let sum = sums.entry(line.currency).or_default();
        *sum = *sum + line.debit - line.credit;
    }
    sums.values().all(|sum| sum.is_zero())
}

/// Money of a patient arrived: cash / customer_funds.
pub fn payment_completed(quote: QuoteId, payment: PaymentId, money: Money) -> Posting {
    Posting::new(format!("payment:{payment}:completed"), quote, Some(payment))
        .debit(Account::Cash, money)
        .credit(Account::CustomerFunds, money)
}

/// Money went back to a patient: customer_funds / cash. `refund` is the refund's own row.
pub fn refund_completed(quote: QuoteId, refund: PaymentId, money: Money) -> Posting {
    Posting::new(format!("payment:{refund}:refunded"), quote, Some(refund))
        .debit(Account::CustomerFunds, money)
        .credit(Account::Cash, money)
}

/// A cancelled booking is closed: what was kept is the platform's: customer_funds / platform_revenue (R-PY-55).
pub fn cancellation_closed(quote: QuoteId, kept: Money) -> Posting {
    Posting::new(format!("booking:{quote}:cancelled"), quote, None)
        .debit(Account::CustomerFunds, kept)
        .credit(Account::PlatformRevenue, kept)
}

/// The treatment ended: the held money becomes the clinic's and the platform's.
///
/// `held` is what the patient paid; `provider` and `platform` are the shares in the quote's currency. Between two
/// currencies both sides pass through fx_clearing, whose rest is the platform's exchange result (R-PY-15).
pub fn treatment_ended(quote: QuoteId, held: Money, provider: Money, platform: Amount) -> Posting {
    let posting = Posting::new(format!("booking:{quote}:treated"), quote, None).debit(Account::CustomerFunds, held);
    let revenue = Money::new(platform, provider.currency);
    if held.currency == provider.currency {
        return posting
            .credit(Account::ProviderPayable, provider)
            .credit(Account::PlatformRevenue, Money::new(held.amount - provider.amount, held.currency));
    }
    let total = Money::new(provider.amount + platform, provider.currency);
    posting
        .credit(Account::FxClearing, held)
        .debit(Account::FxClearing, total)
        .credit(Account::ProviderPayable, provider)
        .credit(Account::PlatformRevenue, revenue)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal::Decimal;

    use super::*;

    fn eur(s: &str) -> Money {
        Money::new(s.parse().unwrap(), Currency::EUR)
    }

    fn gbp(s: &str) -> Money {
        Money::new(s.parse().unwrap(), Currency::GBP)
    }

    fn sides(posting: &Posting) -> Vec<String> {
        let side = |l: &Line| format!("{:?} {} {}/{}", l.account, l.currency, l.debit, l.credit);
        posting.lines.iter().map(side).collect()
    }

    #[test]
    fn g1_treatment_across_two_currencies() {
        let posting = treatment_ended(QuoteId::new(), gbp("2163.91"), eur("1920.00"), "480.00".parse().unwrap());
        assert_eq!(
            sides(&posting),
            [
                "CustomerFunds GBP 2163.91/0.00",
                "FxClearing GBP 0.00/2163.91",
                "FxClearing EUR 2400.00/0.00",
                "ProviderPayable EUR 0.00/1920.00",
                "PlatformRevenue EUR 0.00/480.00",
            ]
        );
        assert!(posting.is_balanced());
    }

    #[test]
    fn one_currency_needs_no_clearing() {
        let posting = treatment_ended(QuoteId::new(), eur("2400.00"), eur("1920.00"), "480.00".parse().unwrap());
        assert_eq!(
            sides(&posting),
            ["CustomerFunds EUR 2400.00/0.00", "ProviderPayable EUR 0.00/1920.00", "PlatformRevenue EUR 0.00/480.00"]
        );
    }

    #[test]
    fn an_unbalanced_posting_is_noticed() {
        let mut posting = payment_completed(QuoteId::new(), PaymentId::new(), gbp("540.98"));
        assert!(posting.is_balanced());
        posting.lines[1].credit = "540.97".parse().unwrap();
        assert!(!posting.is_balanced());
        posting.lines[1] = Line { currency: Currency::EUR, credit: "540.98".parse().unwrap(), ..posting.lines[1] };
        assert!(!posting.is_balanced(), "equal numbers of two currencies do not balance");
    }

    proptest! {
        #[test]
        fn every_posting_balances(cents in 1i64..9_999_999_999, percent in 15i64..=25, rate in 1i64..100_000) {
            let total = Amount::new(Decimal::new(cents, 2)).unwrap();
            let commission = total.percent(Decimal::from(percent)).unwrap();
            let held = Amount::new(Decimal::new(cents, 2) * Decimal::new(rate, 4)).unwrap_or(total);
            let (quote, payment) = (QuoteId::new(), PaymentId::new());
            let provider = Money::new(total - commission, Currency::EUR);
            prop_assert!(payment_completed(quote, payment, Money::new(held, Currency::GBP)).is_balanced());
            prop_assert!(refund_completed(quote, payment, Money::new(held, Currency::GBP)).is_balanced());
            prop_assert!(treatment_ended(quote, Money::new(held, Currency::GBP), provider, commission).is_balanced());
            prop_assert!(treatment_ended(quote, Money::new(total, Currency::EUR), provider, commission).is_balanced());
        }
    }
}
