//! The body of a webhook, in the shape Stripe sends: only the parts this program reads.

use std::collections::BTreeMap;

use chrono::DateTime;
use kernel::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Card, SavedCard};
use crate::rules::attempt::Fact;

/// A webhook's body.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Envelope {
    /// The event's id, unique per account.
    pub id: String,
    /// Such as `payment_intent.succeeded`.
    #[serde(rename = "type")]
    pub kind: String,
    /// When it happened, unix seconds.
    pub created: i64,
    /// Whether real money moved.
    pub livemode: bool,
    /// What it is about.
    pub data: Data,
}

/// The wrapper around an event's object.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Data {
    /// The object as it stood then.
    pub object: Object,
}

/// An intent inside an event. Other objects leave most of it out.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Object {
    /// The object's id.
    #[serde(default)]
    pub id: String,
    /// `payment_intent`, `refund`, ...
    #[serde(default)]
    pub object: String,
    /// In minor units.
    #[serde(default)]
    pub amount: Option<i64>,
    /// What arrived, in minor units.
    #[serde(default)]
    pub amount_received: Option<i64>,
    /// Lower case, as gateways write it.
    #[serde(default)]
    pub currency: Option<String>,
    /// `succeeded`, `processing`, ...
    #[serde(default)]
    pub status: Option<String>,
    /// What we gave the gateway to remember.
    #[serde(default, deserialize_with = "or_default")]
    pub metadata: BTreeMap<String, String>,
    /// Why the last try failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_payment_error: Option<Failure>,
    /// The card that was tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_method_details: Option<MethodDetails>,
    /// The gateway's id of the payer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<String>,
    /// The gateway's id of the card.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_method: Option<String>,
    /// The intent a dispute is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_intent: Option<String>,
    /// Of a transfer: whether all of it came back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reversed: Option<bool>,
}

/// What an event says of a payment its cardholder disputes at the bank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dispute<'a> {
    /// The gateway's id of the dispute.
    pub id: &'a str,
    /// The intent whose money is disputed.
    pub intent: &'a str,
    /// How much of it, in minor units.
    pub amount_minor: Option<i64>,
    /// In lower or upper case.
    pub currency: Option<&'a str>,
    /// How it stands.
    pub stage: Stage,
}

/// How a dispute stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The bank asks, and may take the money back.
    Opened,
    /// The money stays.
    Won,
    /// The bank took the money back.
    Lost,
}

fn or_default<'de, D: serde::Deserializer<'de>>(d: D) -> Result<BTreeMap<String, String>, D::Error> {
    Ok(Option::deserialize(d)?.unwrap_or_default())
}

/// Not every failure has a code; what it means for us is the same.
fn declined() -> String {
    "card_declined".to_owned()
}

/// Why a try failed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Failure {
    /// Such as `card_declined`.
    #[serde(default = "declined")]
    pub code: String,
    /// The bank's reason, such as `insufficient_funds`.
    #[serde(default)]
    pub decline_code: Option<String>,
}

/// How the money was to be moved.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MethodDetails {
    /// The card.
    pub card: CardDetails,
}

/// A card as an event names it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CardDetails {
    /// `visa`, `mastercard`.
    pub brand: String,
    /// The last four digits.
    pub last4: String,
    /// Month its validity ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exp_month: Option<i16>,
    /// And the year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exp_year: Option<i16>,
}

impl Failure {
    /// The most telling word of it, at most the 64 characters its column holds.
    pub fn telling(&self) -> String {
        self.decline_code.as_deref().unwrap_or(&self.code).chars().take(64).collect()
    }
}

impl Envelope {
    /// When it happened; the beginning of time when the gateway wrote nonsense.
    pub fn created_at(&self) -> Timestamp {
        DateTime::from_timestamp(self.created, 0).unwrap_or_default()
    }

    /// What the event says of an intent; `None` for events that are about something else.
    pub fn fact(&self) -> Option<Fact> {
        match self.kind.as_str() {
            "payment_intent.succeeded" => Some(Fact::Succeeded),
            "payment_intent.payment_failed" => Some(Fact::Failed { code: self.data.object.failure_code() }),
            "payment_intent.canceled" => Some(Fact::Canceled),
            "payment_intent.processing" => Some(Fact::Processing),
            "payment_intent.requires_action" => Some(Fact::ActionRequired),
            _ => None,
        }
    }
}

impl Envelope {
    /// What the event says of a dispute; `None` for events about something else, and for disputes that only change hands.
    pub fn dispute(&self) -> Option<Dispute<'_>> {
        let object = &self.data.object;
        let stage = match (self.kind.as_str(), object.status.as_deref()) {
            // An inquiry of the bank takes no money yet.
            ("charge.dispute.created", Some(status)) if status.starts_with("warning_") => return None,
            // The second comes alone where an inquiry becomes a dispute.
            ("charge.dispute.created" | "charge.dispute.funds_withdrawn", _) => Stage::Opened,
            ("charge.dispute.closed", Some("lost")) => Stage::Lost,
            ("charge.dispute.closed", Some("won")) => Stage::Won,
            _ => return None,
        };
        Some(Dispute {
            id: &object.id,
            intent: object.payment_intent.as_deref()?,
            amount_minor: object.amount,
            currency: object.currency.as_deref(),
            stage,
        })
    }
}

/// What an event says of money that was sent: to a connected account, or from there to a bank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sent<'a> {
    /// The gateway's id of the transfer or the payout.
    pub id: &'a str,
    /// The key a transfer was made with, as we told the gateway.
    pub key: Option<&'a str>,
    /// What became of it.
    pub what: SentStage,
    /// How much, in minor units, where the event says so.
    pub amount_minor: Option<i64>,
    /// In lower or upper case.
    pub currency: Option<&'a str>,
}

/// What became of money that was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SentStage {
    /// The transfer was made.
    Made,
    /// All of its money came back.
    Reversed,
    /// A part of it did.
    PartlyReversed,
    /// A connected account was paid out to its bank.
    PaidOut,
    /// Its bank refused.
    PayoutFailed,
}

impl SentStage {
    const ALL: [Self; 5] = [Self::Made, Self::Reversed, Self::PartlyReversed, Self::PaidOut, Self::PayoutFailed];

    /// What a word of an event means.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.word() == word)
    }

    /// Its word in events.
    pub fn word(self) -> &'static str {
        match self {
            Self::Made => "made",
            Self::Reversed => "reversed",
            Self::PartlyReversed => "partly_reversed",
            Self::PaidOut => "paid_out",
            Self::PayoutFailed => "payout_failed",
        }
    }
}

impl Envelope {
    /// What the event says of money that was sent; `None` for events about something else. Two names of earlier documents
    /// mean the same as those of payouts.
    pub fn sent(&self) -> Option<Sent<'_>> {
        let what = match self.kind.as_str() {
            "transfer.created" => SentStage::Made,
            "transfer.reversed" if self.data.object.reversed == Some(false) => SentStage::PartlyReversed,
            "transfer.reversed" => SentStage::Reversed,
            "payout.paid" | "transfer.paid" => SentStage::PaidOut,
            "payout.failed" | "transfer.failed" => SentStage::PayoutFailed,
            _ => return None,
        };
        let object = &self.data.object;
        Some(Sent {
            id: &object.id,
            key: object.metadata.get("key").map(String::as_str),
            what,
            amount_minor: object.amount,
            currency: object.currency.as_deref(),
        })
    }
}

impl Object {
    /// The most telling reason of a failure.
    pub fn failure_code(&self) -> String {
        self.last_payment_error.as_ref().map_or_else(|| "card_declined".to_owned(), Failure::telling)
    }

    /// The card as the gateway keeps it, where it says so.
    pub fn saved(&self) -> Option<SavedCard> {
        let details = &self.payment_method_details.as_ref()?.card;
        Some(SavedCard {
            customer: self.customer.clone()?,
            method: self.payment_method.clone()?,
            card: self.card()?,
            exp_month: details.exp_month?,
            exp_year: details.exp_year?,
        })
    }

    /// The card that was tried.
    pub fn card(&self) -> Option<Card> {
        let card = &self.payment_method_details.as_ref()?.card;
        Some(Card { brand: card.brand.clone(), last4: card.last4.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_stripe_sends() {
        let body = r#"{"id":"evt_1","object":"event","api_version":"2025-01-27","created":1772445600,"livemode":false,
            "pending_webhooks":1,"type":"payment_intent.payment_failed","data":{"object":{"id":"pi_1",
            "object":"payment_intent","amount":54098,"currency":"gbp","status":"requires_payment_method",
            "metadata":{"payment_id":"x"},"last_payment_error":{"code":"card_declined",
            "decline_code":"insufficient_funds","message":"..."}}}}"#;
        let event: Envelope = serde_json::from_str(body).unwrap();
        assert_eq!(event.fact(), Some(Fact::Failed { code: "insufficient_funds".into() }));
        assert_eq!(event.created_at().to_rfc3339(), "2026-03-02T10:00:00+00:00");
        assert_eq!(event.data.object.amount, Some(54098));
    }

    #[test]
    fn reads_disputes_as_stripe_sends_them() {
        let body = |kind: &str, status: &str| {
            format!(
                r#"{{"id":"evt_3","object":"event","created":1772445600,"livemode":false,"type":"charge.dispute.{kind}",
                "data":{{"object":{{"id":"dp_1","object":"dispute","amount":54098,"charge":"ch_1","currency":"gbp",
                "evidence_details":{{"due_by":1773445600}},"payment_intent":"pi_1","reason":"fraudulent",
                "metadata":{{}},"status":"{status}"}}}}}}"#
            )
        };
        let stage = |kind: &str, status: &str| {
            let event: Envelope = serde_json::from_str(&body(kind, status)).unwrap();
            event.dispute().map(|dispute| {
                assert_eq!((dispute.id, dispute.intent, dispute.amount_minor), ("dp_1", "pi_1", Some(54098)));
                dispute.stage
            })
        };
        assert_eq!(stage("created", "needs_response"), Some(Stage::Opened));
        assert_eq!(stage("created", "warning_needs_response"), None);
        assert_eq!(stage("updated", "under_review"), None);
        assert_eq!(stage("funds_withdrawn", "needs_response"), Some(Stage::Opened), "an inquiry that became a dispute");
        assert_eq!(stage("closed", "won"), Some(Stage::Won));
        assert_eq!(stage("closed", "lost"), Some(Stage::Lost));
        assert_eq!(stage("closed", "warning_closed"), None);
    }

    #[test]
    fn other_events_say_nothing_of_intents() {
        let body = r#"{"id":"evt_2","created":1,"livemode":false,"type":"customer.created",
            "data":{"object":{"id":"cus_1","metadata":null}}}"#;
        let event: Envelope = serde_json::from_str(body).unwrap();
        assert_eq!(event.fact(), None);
    }
}
