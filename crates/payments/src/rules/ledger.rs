//! Double-entry postings (R-PY-67): every posting balances per currency, and has a key that lets it happen once.

use std::collections::BTreeMap;

use kernel::ids::{AftercarePaymentId, PaymentId, ProviderBillId, QuoteId};
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
    /// The booking, when it is about one.
    pub quote: Option<QuoteId>,
    /// The payment, when one caused it.
    pub payment: Option<PaymentId>,
    /// The charge or refund of aftercare on its own, when one caused it.
    pub charge: Option<AftercarePaymentId>,
    /// The clinic's statement, when one caused it.
    pub bill: Option<ProviderBillId>,
    /// The lines, without empty ones.
    pub lines: Vec<Line>,
}

impl Posting {
    fn new(source_key: String, quote: QuoteId, payment: Option<PaymentId>) -> Self {
        Self { source_key, quote: Some(quote), payment, charge: None, bill: None, lines: Vec::new() }
    }

    fn of_charge(source_key: String, charge: AftercarePaymentId) -> Self {
        Self { source_key, quote: None, payment: None, charge: Some(charge), bill: None, lines: Vec::new() }
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

    /// Debits what is above zero and credits what is below.
    fn settle(self, account: Account, money: Money) -> Self {
        self.debit(account, money).credit(account, Money::new(-money.amount, money.currency))
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
    Posting::new(refunded_key(refund), quote, Some(refund))
        .debit(Account::CustomerFunds, money)
        .credit(Account::Cash, money)
}

/// A cancelled booking is closed: what was kept is the platform's: customer_funds / platform_revenue (R-PY-55).
pub fn cancellation_closed(quote: QuoteId, kept: Money) -> Posting {
    Posting::new(cancelled_key(quote), quote, None)
        .debit(Account::CustomerFunds, kept)
        .credit(Account::PlatformRevenue, kept)
}

/// The key of the posting that closes a cancelled booking.
pub fn cancelled_key(quote: QuoteId) -> String {
    format!("booking:{quote}:cancelled")
}

/// A bank took back what Hairline had kept of a cancelled booking: platform_revenue / cash (R-PY-34). `refund` is the row of
/// the chargeback.
pub fn chargeback_after_closing(quote: QuoteId, refund: PaymentId, money: Money) -> Posting {
    Posting::new(refunded_key(refund), quote, Some(refund))
        .debit(Account::PlatformRevenue, money)
        .credit(Account::Cash, money)
}

/// The key of the posting of money that went back.
pub fn refunded_key(refund: PaymentId) -> String {
    format!("payment:{refund}:refunded")
}

/// The key of the posting that ends a treatment.
pub fn treated_key(quote: QuoteId) -> String {
    format!("booking:{quote}:treated")
}

/// The treatment ended: the held money becomes the clinic's and the platform's.
///
/// `held` is what the patient paid; `provider` and `platform` are the shares in the quote's currency. Between two
/// currencies both sides pass through fx_clearing, whose rest is the platform's exchange result (R-PY-15).
pub fn treatment_ended(quote: QuoteId, held: Money, provider: Money, platform: Amount) -> Posting {
    let posting = Posting::new(treated_key(quote), quote, None).debit(Account::CustomerFunds, held);
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

/// Money went back to a patient after the treatment: provider_payable share + platform_revenue share / cash (R-PY-57).
///
/// `provider` and `platform` are the shares in the quote's currency; between two currencies both sides pass through
/// fx_clearing, as they did when the treatment ended. `refund` is the refund's own row.
pub fn refund_after_treatment(
    quote: QuoteId,
    refund: PaymentId,
    returned: Money,
    provider: Money,
    platform: Amount,
) -> Posting {
    let posting = Posting::new(refunded_key(refund), quote, Some(refund)).debit(Account::ProviderPayable, provider);
    if returned.currency == provider.currency {
        return posting
            .debit(Account::PlatformRevenue, Money::new(returned.amount - provider.amount, returned.currency))
            .credit(Account::Cash, returned);
    }
    posting
        .debit(Account::PlatformRevenue, Money::new(platform, provider.currency))
        .credit(Account::FxClearing, Money::new(provider.amount + platform, provider.currency))
        .debit(Account::FxClearing, returned)
        .credit(Account::Cash, returned)
}

/// A clinic was paid: provider_payable / cash.
///
/// `shares` are what its statement settles in each quote currency, deductions taken off; those in other currencies than
/// the payout's pass through fx_clearing. The key has no attempt in it: a statement is paid once.
pub fn payout_paid(bill: ProviderBillId, paid: Money, shares: &[Money]) -> Posting {
    let mut posting = Posting {
        source_key: format!("bill:{bill}:paid"),
        quote: None,
        payment: None,
        charge: None,
        bill: Some(bill),
        lines: Vec::new(),
    };
    let mut rest = paid.amount;
    for share in shares {
        posting = posting.settle(Account::ProviderPayable, *share);
        if share.currency == paid.currency {
            rest = rest - share.amount;
        } else {
            posting = posting.settle(Account::FxClearing, Money::new(-share.amount, share.currency));
        }
    }
    posting.settle(Account::FxClearing, Money::new(rest, paid.currency)).credit(Account::Cash, paid)
}

/// A charge of aftercare on its own arrived: cash / customer_funds.
pub fn charge_completed(charge: AftercarePaymentId, money: Money) -> Posting {
    Posting::of_charge(format!("aftercare:{charge}:completed"), charge)
        .debit(Account::Cash, money)
        .credit(Account::CustomerFunds, money)
}

/// The key of the posting that shares a charge.
pub fn earned_key(charge: AftercarePaymentId) -> String {
    format!("aftercare:{charge}:earned")
}

/// The service a charge paid for is over: customer_funds / provider_payable share + platform_revenue commission.
///
/// Both are what refunds left of them.
pub fn charge_earned(charge: AftercarePaymentId, provider: Money, platform: Amount) -> Posting {
    let total = Money::new(provider.amount + platform, provider.currency);
    Posting::of_charge(earned_key(charge), charge)
        .debit(Account::CustomerFunds, total)
        .credit(Account::ProviderPayable, provider)
        .credit(Account::PlatformRevenue, Money::new(platform, provider.currency))
}

/// The key of the posting of a refund of aftercare; `refund` is the refund's own row.
pub fn charge_refunded_key(refund: AftercarePaymentId) -> String {
    format!("aftercare:{refund}:refunded")
}

/// A charge of aftercare went back: customer_funds / cash.
pub fn charge_refunded(refund: AftercarePaymentId, money: Money) -> Posting {
    Posting::of_charge(charge_refunded_key(refund), refund)
        .debit(Account::CustomerFunds, money)
        .credit(Account::Cash, money)
}

/// A bank took a charge back whose service is over: provider_payable share + platform_revenue commission / cash.
pub fn charge_refunded_after(refund: AftercarePaymentId, provider: Money, platform: Amount) -> Posting {
    let total = Money::new(provider.amount + platform, provider.currency);
    Posting::of_charge(charge_refunded_key(refund), refund)
        .debit(Account::ProviderPayable, provider)
        .debit(Account::PlatformRevenue, Money::new(platform, provider.currency))
        .credit(Account::Cash, total)
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

    #[test]
    fn g6_a_refund_after_the_treatment_and_a_payout() {
        let (quote, bill) = (QuoteId::new(), ProviderBillId::new());
        let back = refund_after_treatment(quote, PaymentId::new(), eur("1000.00"), eur("800.00"), Amount::ZERO);
        assert_eq!(
            sides(&back),
            ["ProviderPayable EUR 800.00/0.00", "PlatformRevenue EUR 200.00/0.00", "Cash EUR 0.00/1000.00",]
        );
        let across =
            refund_after_treatment(quote, PaymentId::new(), gbp("901.63"), eur("800.00"), "200.00".parse().unwrap());
        assert_eq!(
            sides(&across),
            [
                "ProviderPayable EUR 800.00/0.00",
                "PlatformRevenue EUR 200.00/0.00",
                "FxClearing EUR 0.00/1000.00",
                "FxClearing GBP 901.63/0.00",
                "Cash GBP 0.00/901.63",
            ]
        );
        let paid = payout_paid(bill, eur("3437.41"), &[eur("3437.41")]);
        assert_eq!(sides(&paid), ["ProviderPayable EUR 3437.41/0.00", "Cash EUR 0.00/3437.41"]);
        assert_eq!((paid.bill, paid.quote), (Some(bill), None));
    }

    #[test]
    fn g6_a_payout_in_another_currency_passes_through_clearing() {
        let lira = |text: &str| Money::new(text.parse().unwrap(), Currency::TRY);
        let paid = payout_paid(ProviderBillId::new(), lira("72000.00"), &[eur("1920.00")]);
        assert_eq!(
            sides(&paid),
            [
                "ProviderPayable EUR 1920.00/0.00",
                "FxClearing EUR 0.00/1920.00",
                "FxClearing TRY 72000.00/0.00",
                "Cash TRY 0.00/72000.00",
            ]
        );
        // Deductions of one currency may be more than its earnings.
        let mixed = payout_paid(ProviderBillId::new(), lira("100.00"), &[eur("-10.00"), lira("475.00")]);
        assert!(mixed.is_balanced() && mixed.lines.len() == 5, "{:?}", sides(&mixed));
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
            let back = |money| refund_after_treatment(quote, payment, money, provider, commission);
            prop_assert!(back(Money::new(held, Currency::GBP)).is_balanced());
            prop_assert!(back(Money::new(total, Currency::EUR)).is_balanced());
            let shares = [provider, Money::new(commission, Currency::GBP)];
            prop_assert!(chargeback_after_closing(quote, payment, Money::new(held, Currency::GBP)).is_balanced());
            prop_assert!(payout_paid(ProviderBillId::new(), Money::new(held, Currency::GBP), &shares).is_balanced());
        }
    }
}
