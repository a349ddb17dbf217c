//! What `payments.metadata` may hold. Never card numbers, codes or client secrets.

use kernel::ids::BankingDetailId;
use kernel::{Amount, AppResult};
use serde::{Deserialize, Serialize};

use crate::entity::{aftercare_payments, payments};
use crate::gateway::Card;

/// What `gateway_status` says while a dispute is open.
pub const DISPUTED: &str = "disputed";
/// What it says when the money stayed.
pub const DISPUTE_WON: &str = "dispute_won";
/// What it says when the bank took it back.
pub const CHARGED_BACK: &str = "charged_back";

/// Why a row exists that no patient asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Money above the price goes back (R-PY-23).
    Surplus,
    /// Money for a slot that could not be had any more goes back (R-PY-34).
    AutoRefund,
    /// Staff give something back after the treatment although no policy asks for it (R-PY-55).
    Discretionary,
    /// Staff took add-ons out of the booking, and more is paid than it costs now (R-PY-56).
    AddOns,
    /// The cardholder's bank took it back, and a dispute was lost (R-PY-34).
    Chargeback,
}

/// The keys of `payments.metadata` this program reads.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metadata {
    /// The intent's status in the gateway's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gateway_status: Option<String>,
    /// Why the last try failed, in the gateway's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gateway_error: Option<String>,
    /// Brand of the card.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card_brand: Option<String>,
    /// Its last four digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card_last4: Option<String>,
    /// Month its validity ends, of a card that is kept for later payments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card_exp_month: Option<i16>,
    /// And its year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card_exp_year: Option<i16>,
    /// Charged by the clock, without its patient there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auto: Option<bool>,
    /// Numbers of the planned payments this one pays off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settles_items: Option<Vec<i32>>,
    /// What the patient writes into a bank transfer: `HL-7K3MP2QX`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bank_reference: Option<String>,
    /// The day the bank booked a transfer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value_date: Option<chrono::NaiveDate>,
    /// Set on refunds nobody asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    /// The gateway's id of the dispute about this payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dispute_id: Option<String>,
    /// Of a refund by transfer that was given to the gateway: to which account, until it is known what became of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sending_to: Option<BankingDetailId>,
    /// What a bank took back and could not be booked, because that money was on its way back already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chargeback_rest: Option<Amount>,
    /// Set on a chargeback that came when the treatment had begun: nobody is asked for that money again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_start: Option<bool>,
    /// The last day of the service, once the subscription it is paid by was stopped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_ends: Option<chrono::NaiveDate>,
    /// The reference of a request for aftercare: `SR2611-0001`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The key a kept card was last charged with, as the simulator remembers it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub charged_with: Option<String>,
    /// The whole price at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub full_payment: Option<bool>,
    /// Keys of other parts of the program, kept as they are.
    #[serde(flatten)]
    pub rest: serde_json::Map<String, serde_json::Value>,
}

impl Metadata {
    /// The metadata of a row; unreadable ones count as empty.
    pub fn of(row: &payments::Model) -> Self {
        Self::read(row.metadata.as_ref())
    }

    /// The metadata of a charge of aftercare or its refund.
    pub fn of_charge(row: &aftercare_payments::Model) -> Self {
        Self::read(row.metadata.as_ref())
    }

    fn read(json: Option<&serde_json::Value>) -> Self {
        json.cloned().and_then(|json| serde_json::from_value(json).ok()).unwrap_or_default()
    }

    /// As the column holds it.
    pub fn to_json(&self) -> AppResult<serde_json::Value> {
        Ok(serde_json::to_value(self)?)
    }

    /// Whether money that went back is not owed again: staff gave it, or the bank took it when the treatment had begun
    /// (R-PY-55). It lowers the shares of clinic and Hairline instead (R-PY-57).
    pub fn is_forgiven(&self) -> bool {
        match self.kind {
            Some(Kind::Discretionary) => true,
            Some(Kind::Chargeback) => self.after_start == Some(true),
            _ => false,
        }
    }

    /// Whether the gateway has the money, or had it: whatever was said of it since.
    pub fn is_taken(&self) -> bool {
        let taken = ["succeeded", DISPUTED, DISPUTE_WON, CHARGED_BACK];
        self.gateway_status.as_deref().is_some_and(|status| taken.contains(&status))
    }

    /// Whether the cardholder disputes the payment, and nothing is decided.
    pub fn is_disputed(&self) -> bool {
        self.gateway_status.as_deref() == Some(DISPUTED)
    }

    /// The card, when one was tried.
    pub fn card(&self) -> Option<Card> {
        Some(Card { brand: self.card_brand.clone()?, last4: self.card_last4.clone()? })
    }

    /// Remembers the card.
    pub fn set_card(&mut self, card: &Card) {
        self.card_brand = Some(card.brand.clone());
        self.card_last4 = Some(card.last4.clone());
    }
}
