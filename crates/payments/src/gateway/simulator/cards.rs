//! The simulator's test cards: the numbers Stripe documents, and one of our own for banks that take their time.

use chrono::Datelike;
use kernel::{AppResult, FieldErrors, Timestamp};
use serde::Deserialize;

use crate::gateway::Card;

/// A card as the payer types it. It is read, judged and dropped; nothing but brand and last four digits is kept.
#[derive(Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CardInput {
    /// The number; spaces are ignored.
    #[schema(example = "4242 4242 4242 4242")]
    pub number: String,
    /// 1 to 12.
    pub exp_month: u32,
    /// Four digits.
    pub exp_year: i32,
    /// Three or four digits.
    pub cvc: String,
}

/// What the simulated bank says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Yes.
    Succeed,
    /// No, and why.
    Decline(&'static str),
    /// Ask the cardholder first (3-D Secure).
    Authenticate,
    /// Later.
    Process,
    /// Yes; and an hour later the cardholder disputes it, which is decided after ten days.
    Dispute {
        /// Whether the bank takes the money back.
        is_lost: bool,
    },
}

impl CardInput {
    /// The card and the bank's answer, or every fault of the input.
    pub fn read(&self, now: Timestamp) -> AppResult<(Card, Outcome)> {
        let number: String = self.number.chars().filter(|c| !c.is_whitespace()).collect();
        let mut faults = FieldErrors::new();
        if !luhn(&number) {
            faults.add("card.number", "invalid_number", "This is not a card number.");
        }
        let this_month = (now.year(), now.month());
        if !(1..=12).contains(&self.exp_month) || (self.exp_year, self.exp_month) < this_month {
            faults.add("card.exp_month", "invalid_expiry", "The card has expired.");
        }
        if !(3..=4).contains(&self.cvc.len()) || !self.cvc.bytes().all(|b| b.is_ascii_digit()) {
            faults.add("card.cvc", "invalid_cvc", "The security code has 3 or 4 digits.");
        }
        faults.check()?;
        let last4 = number.get(number.len().saturating_sub(4)..).unwrap_or_default().to_owned();
        Ok((Card { brand: brand(&number).to_owned(), last4 }, outcome(&number)))
    }
}

fn outcome(number: &str) -> Outcome {
    match number {
        "4000000000000002" => Outcome::Decline("generic_decline"),
        "4000000000009995" => Outcome::Decline("insufficient_funds"),
        "4000000000009987" => Outcome::Decline("lost_card"),
        "4000000000000069" => Outcome::Decline("expired_card"),
        "4000000000000127" => Outcome::Decline("incorrect_cvc"),
        "4000000000000119" => Outcome::Decline("processing_error"),
        "4000002500003155" | "4000002760003184" | "4000000000003220" => Outcome::Authenticate,
        "4000000000001000" => Outcome::Process,
        "4000000000000259" => Outcome::Dispute { is_lost: true },
        "4000000000002685" => Outcome::Dispute { is_lost: false },
        _ => Outcome::Succeed,
    }
}

/// What the bank of a kept card says while its holder is away, by its last digits: `0341` was kept without trouble and is
/// refused later, and whoever would be asked is refused too.
pub fn away(last4: &str) -> Outcome {
    match last4 {
        "0341" => Outcome::Decline("generic_decline"),
        "9995" => Outcome::Decline("insufficient_funds"),
        "3155" | "3184" | "3220" => Outcome::Decline("authentication_required"),
        _ => Outcome::Succeed,
    }
}

fn brand(number: &str) -> &'static str {
    match number.as_bytes() {
        [b'4', ..] => "visa",
        [b'5', b'1'..=b'5', ..] | [b'2', b'2'..=b'7', ..] => "mastercard",
        [b'3', b'4' | b'7', ..] => "amex",
        [b'6', ..] => "discover",
        _ => "unknown",
    }
}

fn luhn(number: &str) -> bool {
    if !(12..=19).contains(&number.len()) || !number.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    let digit = |(place, byte): (usize, u8)| {
        let value = u32::from(byte - b'0');
        if place % 2 == 0 { value } else { value * 2 / 10 + value * 2 % 10 }
    };
    number.bytes().rev().enumerate().map(digit).sum::<u32>() % 10 == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(number: &str) -> Option<(Card, Outcome)> {
        let card = CardInput { number: number.into(), exp_month: 3, exp_year: 2026, cvc: "123".into() };
        card.read("2026-03-31T10:00:00Z".parse().unwrap()).ok()
    }

    #[test]
    fn test_cards_answer_as_documented() {
        let (card, outcome) = read("4242 4242 4242 4242").unwrap();
        assert_eq!((card.brand.as_str(), card.last4.as_str(), outcome), ("visa", "4242", Outcome::Succeed));
        assert_eq!(read("5555555555554444").unwrap().0.brand, "mastercard");
        assert_eq!(read("4000000000000002").unwrap().1, Outcome::Decline("generic_decline"));
        assert_eq!(read("4000000000009995").unwrap().1, Outcome::Decline("insufficient_funds"));
        assert_eq!(read("4000002500003155").unwrap().1, Outcome::Authenticate);
        assert_eq!(read("4000000000001000").unwrap().1, Outcome::Process);
        assert_eq!(read("4000000000000259").unwrap().1, Outcome::Dispute { is_lost: true });
        assert_eq!(read("4000000000002685").unwrap().1, Outcome::Dispute { is_lost: false });
        let (kept, outcome) = read("4000000000000341").unwrap();
        assert_eq!((outcome, away(&kept.last4)), (Outcome::Succeed, Outcome::Decline("generic_decline")));
        assert_eq!(away("3155"), Outcome::Decline("authentication_required"));
    }

    #[test]
    fn faults_come_together() {
        let card = CardInput { number: "4242424242424241".into(), exp_month: 2, exp_year: 2026, cvc: "12a".into() };
        let error = card.read("2026-03-31T10:00:00Z".parse().unwrap()).unwrap_err();
        assert_eq!(error.fields.0.keys().collect::<Vec<_>>(), ["card.cvc", "card.exp_month", "card.number"]);
        assert!(read("4242").is_none() && read("").is_none() && read("４２４２４２４２４２４２４２４２").is_none());
    }
}
