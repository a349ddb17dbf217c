//! What is read of Stripe's objects.

use std::collections::BTreeMap;

use chrono::DateTime;
use kernel::Timestamp;
use serde::Deserialize;

use crate::gateway::event::{CardDetails, Failure};
use crate::gateway::{Card, Intent, Listed, ListedKind, ListedState, ListedTransfer, Refunded, SavedCard};
use crate::rules::attempt::Fact;

/// An object that stands there by its id, or whole where that was asked for.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Expandable<T> {
    /// Its id.
    Id(String),
    /// The object.
    Whole(Box<T>),
}

impl<T> Expandable<T> {
    fn whole(&self) -> Option<&T> {
        match self {
            Self::Id(_) => None,
            Self::Whole(object) => Some(object),
        }
    }
}

/// An object of which only the id matters.
#[derive(Clone, Debug, Deserialize)]
pub struct Named {
    /// Its id.
    pub id: String,
}

impl Expandable<Named> {
    fn id(&self) -> &str {
        match self {
            Self::Id(id) => id,
            Self::Whole(object) => &object.id,
        }
    }
}

/// A payment intent.
#[derive(Clone, Debug, Deserialize)]
pub struct PaymentIntent {
    /// Its id.
    pub id: String,
    /// The right to confirm it.
    #[serde(default)]
    pub client_secret: Option<String>,
    /// In minor units.
    pub amount: i64,
    /// `succeeded`, `requires_action`, ...
    pub status: String,
    /// Why the last try failed.
    #[serde(default)]
    pub last_payment_error: Option<Failure>,
    /// The last try.
    #[serde(default)]
    pub latest_charge: Option<Expandable<Charge>>,
    /// The payer.
    #[serde(default)]
    pub customer: Option<Expandable<Named>>,
    /// The card.
    #[serde(default)]
    pub payment_method: Option<Expandable<Named>>,
    /// Whether the card is kept.
    #[serde(default)]
    pub setup_future_usage: Option<String>,
    /// What arrived, in minor units.
    #[serde(default)]
    pub amount_received: Option<i64>,
    /// Lower case.
    #[serde(default)]
    pub currency: String,
    /// What we gave the gateway to remember.
    #[serde(default)]
    pub metadata: BTreeMap<String, String>,
    /// When it was made, unix seconds.
    #[serde(default)]
    pub created: i64,
}

/// One page of a list.
#[derive(Clone, Debug, Deserialize)]
pub struct Listing<T> {
    /// The objects, the newest first.
    pub data: Vec<T>,
    /// Whether there are older ones.
    #[serde(default)]
    pub has_more: bool,
}

/// An object of a list.
pub trait Identified {
    /// Its id: the next page begins behind it.
    fn id(&self) -> &str;
}

impl Identified for PaymentIntent {
    fn id(&self) -> &str {
        &self.id
    }
}

impl Identified for Refund {
    fn id(&self) -> &str {
        &self.id
    }
}

/// A try to move money.
#[derive(Clone, Debug, Deserialize)]
pub struct Charge {
    /// The card, where it was one.
    #[serde(default)]
    pub payment_method_details: Option<ChargedMethod>,
    /// What it brought to the account, where that was asked for.
    #[serde(default)]
    pub balance_transaction: Option<Expandable<BalanceTransaction>>,
}

/// What a charge brought to the account.
#[derive(Clone, Debug, Deserialize)]
pub struct BalanceTransaction {
    /// What the gateway kept, in minor units.
    pub fee: i64,
    /// Of the account, which may not be the charge's.
    pub currency: String,
}

/// How money was moved.
#[derive(Clone, Debug, Deserialize)]
pub struct ChargedMethod {
    /// The card, where it was one.
    #[serde(default)]
    pub card: Option<CardDetails>,
}

/// A payer.
#[derive(Clone, Debug, Deserialize)]
pub struct Customer {
    /// Its id.
    pub id: String,
}

/// A refund.
#[derive(Clone, Debug, Deserialize)]
pub struct Refund {
    /// Its id.
    pub id: String,
    /// `succeeded`, `pending`, `requires_action`, `failed`, `canceled`.
    #[serde(default)]
    pub status: Option<String>,
    /// Why it failed.
    #[serde(default)]
    pub failure_reason: Option<String>,
    /// In minor units.
    #[serde(default)]
    pub amount: i64,
    /// Lower case.
    #[serde(default)]
    pub currency: String,
    /// When it was made, unix seconds.
    #[serde(default)]
    pub created: i64,
}

/// A card that is kept outside a payment.
#[derive(Clone, Debug, Deserialize)]
pub struct SetupIntent {
    /// Its id.
    pub id: String,
    /// The right to complete it.
    #[serde(default)]
    pub client_secret: Option<String>,
    /// `succeeded` once the card is kept.
    #[serde(default)]
    pub status: String,
    /// The payer.
    #[serde(default)]
    pub customer: Option<Expandable<Named>>,
    /// The card.
    #[serde(default)]
    pub payment_method: Option<Expandable<Method>>,
    /// What we gave the gateway to remember.
    #[serde(default)]
    pub metadata: BTreeMap<String, String>,
}

/// A card as the gateway keeps it.
#[derive(Clone, Debug, Deserialize)]
pub struct Method {
    /// Its id.
    pub id: String,
    /// The card.
    #[serde(default)]
    pub card: Option<CardDetails>,
}

fn saved(customer: Option<&str>, method: Option<&str>, card: &CardDetails) -> Option<SavedCard> {
    Some(SavedCard {
        customer: customer?.to_owned(),
        method: method?.to_owned(),
        card: shown(card),
        exp_month: card.exp_month?,
        exp_year: card.exp_year?,
    })
}

fn shown(card: &CardDetails) -> Card {
    Card { brand: card.brand.clone(), last4: card.last4.clone() }
}

impl PaymentIntent {
    fn fact(&self) -> Option<Fact> {
        match self.status.as_str() {
            "succeeded" => Some(Fact::Succeeded),
            "canceled" => Some(Fact::Canceled),
            "processing" => Some(Fact::Processing),
            "requires_action" => Some(Fact::ActionRequired),
            // Waits for a card: the first one, or another one.
            _ => self.last_payment_error.as_ref().map(|error| Fact::Failed { code: error.telling() }),
        }
    }

    fn card(&self) -> Option<&CardDetails> {
        let charge = self.latest_charge.as_ref()?.whole()?;
        charge.payment_method_details.as_ref()?.card.as_ref()
    }

    /// The intent as the house knows it.
    pub fn into_intent(self) -> Intent {
        let customer = self.customer.as_ref().map(Expandable::id);
        let method = self.payment_method.as_ref().map(Expandable::id);
        let kept = self.setup_future_usage.is_some();
        Intent {
            fact: self.fact(),
            amount_minor: self.amount,
            card: self.card().map(shown),
            saved: self.card().filter(|_| kept).and_then(|card| saved(customer, method, card)),
            client_secret: self.client_secret.clone().unwrap_or_default(),
            id: self.id,
        }
    }

    /// The intent of a charge the bank refused.
    pub fn refused(self, code: String) -> Intent {
        Intent { fact: Some(Fact::Failed { code: code.chars().take(64).collect() }), ..self.into_intent() }
    }
}

fn moment(seconds: i64) -> Timestamp {
    DateTime::from_timestamp(seconds, 0).unwrap_or_default()
}

impl PaymentIntent {
    /// The intent as an entry of the gateway's books.
    pub fn listed(self) -> Listed {
        let state = match self.status.as_str() {
            "succeeded" => ListedState::Paid,
            "canceled" => ListedState::Failed,
            _ => ListedState::Open,
        };
        let charge = self.latest_charge.as_ref().and_then(Expandable::whole);
        let brought = charge.and_then(|charge| charge.balance_transaction.as_ref()?.whole());
        Listed {
            kind: ListedKind::Charge,
            amount_minor: self.amount_received.filter(|_| state == ListedState::Paid).unwrap_or(self.amount),
            // A fee in another currency is no part of this sum.
            fee_minor: brought.filter(|it| it.currency == self.currency).map_or(0, |it| it.fee),
            payment: self.metadata.get("payment_id").or_else(|| self.metadata.get("aftercare_payment_id")).cloned(),
            state,
            created: moment(self.created),
            currency: self.currency,
            id: self.id,
        }
    }
}

impl Refund {
    /// The refund as an entry of the gateway's books: money that is pending is on its way.
    pub fn listed(self) -> Listed {
        let state = match self.status.as_deref() {
            Some("failed" | "canceled") => ListedState::Failed,
            _ => ListedState::Paid,
        };
        Listed {
            kind: ListedKind::Refund,
            amount_minor: self.amount,
            fee_minor: 0,
            payment: None,
            state,
            created: moment(self.created),
            currency: self.currency,
            id: self.id,
        }
    }
}

/// Money sent to a connected account.
#[derive(Clone, Debug, Deserialize)]
pub struct Transfer {
    /// Its id.
    pub id: String,
    /// In minor units.
    pub amount: i64,
    /// Lower case.
    #[serde(default)]
    pub currency: String,
    /// All of it came back.
    #[serde(default)]
    pub reversed: bool,
    /// A part of it came back.
    #[serde(default)]
    pub amount_reversed: i64,
    /// What we gave the gateway to remember.
    #[serde(default)]
    pub metadata: BTreeMap<String, String>,
    /// When it was made, unix seconds.
    #[serde(default)]
    pub created: i64,
}

impl Identified for Transfer {
    fn id(&self) -> &str {
        &self.id
    }
}

impl Transfer {
    /// The transfer as an entry of the gateway's books.
    pub fn listed(self) -> ListedTransfer {
        ListedTransfer {
            amount_minor: self.amount,
            key: self.metadata.get("key").cloned(),
            is_reversed: self.reversed || self.amount_reversed > 0,
            created: moment(self.created),
            currency: self.currency,
            id: self.id,
        }
    }
}

impl SetupIntent {
    /// The card, once it is kept.
    pub fn saved(&self) -> Option<SavedCard> {
        let method = self.payment_method.as_ref().filter(|_| self.status == "succeeded")?.whole()?;
        saved(self.customer.as_ref().map(Expandable::id), Some(&method.id), method.card.as_ref()?)
    }
}

impl Refund {
    /// What became of it: money that is pending is on its way.
    pub fn outcome(self) -> Refunded {
        match self.status.as_deref() {
            Some("failed" | "canceled") => {
                Refunded::Failed(self.failure_reason.unwrap_or_else(|| "refund_failed".to_owned()))
            }
            _ => Refunded::Succeeded(self.id),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As Stripe's reference shows a paid intent with its charge.
    const PAID: &str = r#"{"id":"pi_3MtwBw","object":"payment_intent","amount":54098,"amount_received":54098,"currency":"gbp",
        "client_secret":"pi_3MtwBw_secret_YrKJ","customer":"cus_9s6","payment_method":"pm_1MtwBw","setup_future_usage":"off_session",
        "status":"succeeded","last_payment_error":null,"livemode":false,"metadata":{},
        "latest_charge":{"id":"ch_3MtwBw","object":"charge","payment_method_details":{"type":"card",
        "card":{"brand":"visa","last4":"4242","exp_month":8,"exp_year":2030,"country":"US"}}}}"#;

    #[test]
    fn a_paid_intent_with_the_card_that_stays() {
        let intent = serde_json::from_str::<PaymentIntent>(PAID).unwrap().into_intent();
        assert_eq!((intent.fact, intent.amount_minor), (Some(Fact::Succeeded), 54098));
        assert_eq!(intent.card, Some(Card { brand: "visa".into(), last4: "4242".into() }));
        let saved = intent.saved.unwrap();
        assert_eq!(
            (saved.customer.as_str(), saved.method.as_str(), saved.exp_month, saved.exp_year),
            ("cus_9s6", "pm_1MtwBw", 8, 2030)
        );
        // A card that was only used once is not kept.
        let once = PAID.replace("\"off_session\"", "null");
        assert_eq!(serde_json::from_str::<PaymentIntent>(&once).unwrap().into_intent().saved, None);
        let by_id =
            PAID.split(",\n        \"latest_charge\"").next().unwrap().to_owned() + ",\"latest_charge\":\"ch_1\"}";
        assert_eq!(serde_json::from_str::<PaymentIntent>(&by_id).unwrap().into_intent().card, None);
    }

    #[test]
    fn statuses_as_facts() {
        let fact = |status: &str, error: &str| {
            let json = format!(r#"{{"id":"pi_1","amount":1,"status":"{status}","last_payment_error":{error}}}"#);
            serde_json::from_str::<PaymentIntent>(&json).unwrap().into_intent().fact
        };
        let declined = r#"{"code":"card_declined","decline_code":"lost_card"}"#;
        assert_eq!(fact("requires_payment_method", "null"), None);
        assert_eq!(fact("requires_payment_method", declined), Some(Fact::Failed { code: "lost_card".into() }));
        assert_eq!(fact("requires_action", "null"), Some(Fact::ActionRequired));
        assert_eq!(fact("processing", "null"), Some(Fact::Processing));
        assert_eq!(fact("canceled", declined), Some(Fact::Canceled));
        assert_eq!(fact("succeeded", "null"), Some(Fact::Succeeded));
    }

    #[test]
    fn refunds_and_kept_cards() {
        let refund = |json: &str| serde_json::from_str::<Refund>(json).unwrap().outcome();
        assert_eq!(refund(r#"{"id":"re_1","status":"succeeded"}"#), Refunded::Succeeded("re_1".into()));
        assert_eq!(refund(r#"{"id":"re_1","status":"pending"}"#), Refunded::Succeeded("re_1".into()));
        let failed = refund(r#"{"id":"re_1","status":"failed","failure_reason":"expired_or_canceled_card"}"#);
        assert_eq!(failed, Refunded::Failed("expired_or_canceled_card".into()));
        let setup = r#"{"id":"seti_1","status":"succeeded","customer":"cus_1","metadata":{"patient_id":"x"},
            "payment_method":{"id":"pm_1","card":{"brand":"mastercard","last4":"4444","exp_month":1,"exp_year":2031}}}"#;
        let kept: SetupIntent = serde_json::from_str(setup).unwrap();
        assert_eq!(kept.saved().unwrap().method, "pm_1");
        let open: SetupIntent = serde_json::from_str(&setup.replace("succeeded", "requires_action")).unwrap();
        assert_eq!(open.saved(), None);
    }
}
