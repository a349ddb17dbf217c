//! Whether a statement could be paid, and what stands in its way (R-PY-63, R-FN-53, R-FN-55).

use kernel::{Amount, Currency, Timestamp};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::entity::provider_bills::ProviderBillReadiness as Readiness;

/// How many paid statements a new one is compared with.
pub const COMPARED: usize = 6;

/// Why a statement cannot be paid as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// The clinic has given no account.
    NoAccount,
    /// The bank sent money back.
    AccountInvalid,
    /// The account is in another currency than the statement.
    CurrencyDiffers,
    /// The gateway pays into accounts of its own, and the clinic has named none.
    NotConnected,
    /// The account was replaced a short while ago.
    CoolingOff,
    /// Another payee has the same account, and nobody has looked at it.
    SharedAccount,
    /// It is far above what the clinic usually gets.
    AboveAverage,
    /// Its lines do not add up to it.
    LinesDiffer,
}

impl Block {
    /// Every reason.
    pub const ALL: [Self; 8] = [
        Self::NoAccount,
        Self::AccountInvalid,
        Self::CurrencyDiffers,
        Self::NotConnected,
        Self::CoolingOff,
        Self::SharedAccount,
        Self::AboveAverage,
        Self::LinesDiffer,
    ];

    /// As it is stored.
    pub fn word(self) -> &'static str {
        match self {
            Self::NoAccount => "no_account",
            Self::AccountInvalid => "account_invalid",
            Self::CurrencyDiffers => "currency_differs",
            Self::NotConnected => "not_connected",
            Self::CoolingOff => "cooling_off",
            Self::SharedAccount => "shared_account",
            Self::AboveAverage => "above_average",
            Self::LinesDiffer => "lines_differ",
        }
    }

    /// From its stored word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|block| block.word() == word)
    }

    /// What the statement's state says.
    pub fn readiness(self) -> Readiness {
        match self {
            Self::NoAccount | Self::NotConnected => Readiness::MissingBankDetails,
            Self::AccountInvalid | Self::CurrencyDiffers => Readiness::InvalidBankDetails,
            Self::CoolingOff | Self::SharedAccount | Self::AboveAverage | Self::LinesDiffer => Readiness::ManualReview,
        }
    }

    /// Whether somebody who looked at it may approve it all the same.
    pub fn may_be_reviewed(self) -> bool {
        self == Self::AboveAverage
    }
}

/// The account a clinic is paid to.
#[derive(Clone, Copy, Debug)]
pub struct Destination {
    /// What is paid there.
    pub currency: Currency,
    /// Whether money came back from it.
    pub is_invalid: bool,
    /// Whether the gateway reaches it.
    pub is_reached: bool,
    /// Whether another payee has the same one and nobody cleared it.
    pub is_shared: bool,
    /// When it can be paid to.
    pub usable_from: Timestamp,
}

/// What stands in the way of paying a statement now. Nothing is needed to pay nothing.
///
/// `earlier` are the nets of the clinic's last paid statements in this currency, without empty ones.
pub fn block(
    net: Amount,
    currency: Currency,
    destination: Option<&Destination>,
    earlier: &[Amount],
    now: Timestamp,
) -> Option<Block> {
    if net.is_zero() {
        return None;
    }
    let Some(account) = destination else { return Some(Block::NoAccount) };
    if account.is_invalid {
        return Some(Block::AccountInvalid);
    }
    if account.currency != currency {
        return Some(Block::CurrencyDiffers);
    }
    if !account.is_reached {
        return Some(Block::NotConnected);
    }
    if account.usable_from > now {
        return Some(Block::CoolingOff);
    }
    if account.is_shared {
        return Some(Block::SharedAccount);
    }
    is_unusual(net, earlier).then_some(Block::AboveAverage)
}

/// Above twice the average of the last statements (R-PY-63); the first one has nothing to be compared with.
fn is_unusual(net: Amount, earlier: &[Amount]) -> bool {
    let last = earlier.get(..COMPARED).unwrap_or(earlier);
    let sum: Decimal = last.iter().map(|amount| amount.get()).sum();
    let count = Decimal::from(last.len());
    // Without a division: net > 2 x sum / count.
    !last.is_empty() && net.get() * count > sum * Decimal::TWO
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(text: &str) -> Amount {
        text.parse().unwrap()
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn account() -> Destination {
        Destination {
            currency: Currency::EUR,
            is_invalid: false,
            is_reached: true,
            is_shared: false,
            usable_from: at("2026-06-01T10:00:00Z"),
        }
    }

    fn found(change: impl FnOnce(&mut Destination), earlier: &[&str]) -> Option<Block> {
        let mut account = account();
        change(&mut account);
        let earlier: Vec<Amount> = earlier.iter().map(|text| amount(text)).collect();
        block(amount("1000.00"), Currency::EUR, Some(&account), &earlier, at("2026-06-01T10:00:00Z"))
    }

    #[test]
    fn each_reason_by_itself() {
        let now = at("2026-06-01T10:00:00Z");
        assert_eq!(block(amount("1.00"), Currency::EUR, None, &[], now), Some(Block::NoAccount));
        assert_eq!(block(Amount::ZERO, Currency::EUR, None, &[], now), None, "nothing needs no account");
        assert_eq!(found(|_| (), &[]), None);
        assert_eq!(found(|it| it.is_invalid = true, &[]), Some(Block::AccountInvalid));
        assert_eq!(found(|it| it.currency = Currency::TRY, &[]), Some(Block::CurrencyDiffers));
        assert_eq!(found(|it| it.is_reached = false, &[]), Some(Block::NotConnected));
        assert_eq!(found(|it| it.usable_from = at("2026-06-01T10:00:01Z"), &[]), Some(Block::CoolingOff));
        assert_eq!(found(|it| it.is_shared = true, &[]), Some(Block::SharedAccount));
    }

    #[test]
    fn r_py_63_twice_the_average_of_the_last_six() {
        assert_eq!(found(|_| (), &["500.00"]), None, "exactly twice");
        assert_eq!(found(|_| (), &["499.99"]), Some(Block::AboveAverage));
        let six = ["400.00", "400.00", "400.00", "400.00", "400.00", "400.00"];
        assert_eq!(found(|_| (), &six), Some(Block::AboveAverage));
        let older = [&six[..], &["9000.00"]].concat();
        assert_eq!(found(|_| (), &older), Some(Block::AboveAverage), "the seventh does not count");
    }

    #[test]
    fn words_lead_back() {
        for reason in Block::ALL {
            assert_eq!(Block::from_word(reason.word()), Some(reason));
        }
        assert_eq!(Block::from_word("else"), None);
    }
}
