//! What the simulator remembers of an intent, and where: in the metadata of the row the intent pays.

use kernel::ids::{AftercarePaymentId, GatewayAccountId, PatientId, PaymentId};
use kernel::{AppError, AppResult, Money, Timestamp};
use platform::App;
use platform::db::Txn;
use sea_orm::ActiveValue::Set;
use sea_orm::prelude::Uuid;
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, QuerySelect};

use crate::entity::aftercare_payments::{self as charges, AftercarePaymentPricingModel, AftercarePaymentType};
use crate::entity::payments::{self, PaymentType};
use crate::gateway::Purpose;
use crate::metadata::Metadata;

const PREFIX: &str = "pi_sim_";
const OF_AFTERCARE: &str = "pi_sim_ac_";

/// The id of an intent follows from what it pays, so the same key gives the same intent.
pub fn intent_id(purpose: Purpose) -> String {
    match purpose {
        Purpose::Booking { payment, .. } => format!("{PREFIX}{}", payment.0.simple()),
        Purpose::Aftercare { charge, .. } => format!("{OF_AFTERCARE}{}", charge.0.simple()),
    }
}

/// Which row an intent pays.
enum Named {
    Attempt(PaymentId),
    Charge(AftercarePaymentId),
}

fn named(intent: &str) -> AppResult<Named> {
    let charge = intent.strip_prefix(OF_AFTERCARE).and_then(|id| id.parse().ok()).map(Named::Charge);
    let attempt = || intent.strip_prefix(PREFIX).and_then(|id| id.parse().ok()).map(Named::Attempt);
    charge.or_else(attempt).ok_or_else(AppError::not_found)
}

/// Whether the simulator made an intent of that id.
pub(super) fn is_ours(intent: &str) -> bool {
    named(intent).is_ok()
}

/// A row an intent pays, or a refund of one.
#[derive(Clone)]
pub(super) enum Row {
    /// Of a booking.
    Attempt(Box<payments::Model>),
    /// Of aftercare on its own.
    Charge(Box<charges::Model>),
}

impl Row {
    /// The row an intent pays.
    pub async fn find(conn: &impl ConnectionTrait, intent: &str) -> AppResult<Self> {
        Self::read(conn, named(intent)?, false).await
    }

    /// The row something is paid by.
    pub async fn paying(conn: &impl ConnectionTrait, purpose: Purpose) -> AppResult<Self> {
        Self::find(conn, &intent_id(purpose)).await
    }

    /// The same under lock.
    pub async fn lock_paying(txn: &Txn, purpose: Purpose) -> AppResult<Self> {
        Self::read(txn, named(&intent_id(purpose))?, true).await
    }

    /// The row an intent pays, under lock, where that intent was really made.
    pub async fn lock(txn: &Txn, intent: &str) -> AppResult<Self> {
        let row = Self::read(txn, named(intent)?, true).await?;
        let made = match &row {
            Self::Attempt(row) => row.stripe_payment_intent_id.as_deref(),
            Self::Charge(row) => row.stripe_payment_intent_id.as_deref(),
        };
        if made == Some(intent) { Ok(row) } else { Err(AppError::not_found()) }
    }

    async fn read(conn: &impl ConnectionTrait, named: Named, locks: bool) -> AppResult<Self> {
        let found = match named {
            Named::Attempt(id) => {
                let mut find = payments::Entity::find_by_id(id);
                if locks {
                    find = find.lock_exclusive();
                }
                find.one(conn).await?.map(|row| Self::Attempt(Box::new(row)))
            }
            Named::Charge(id) => {
                let mut find = charges::Entity::find_by_id(id);
                if locks {
                    find = find.lock_exclusive();
                }
                find.one(conn).await?.map(|row| Self::Charge(Box::new(row)))
            }
        };
        found.ok_or_else(AppError::not_found)
    }

    /// What is remembered.
    pub fn memory(&self) -> Metadata {
        match self {
            Self::Attempt(row) => Metadata::of(row),
            Self::Charge(row) => Metadata::of_charge(row),
        }
    }

    /// Remembers.
    pub async fn remember(self, txn: &Txn, app: &App, memory: &Metadata) -> AppResult<Self> {
        let (words, now) = (Some(memory.to_json()?), app.now());
        Ok(match self {
            Self::Attempt(row) => {
                let mut row: payments::ActiveModel = (*row).into();
                row.metadata = Set(words);
                row.updated_at = Set(now);
                Self::Attempt(Box::new(row.update(txn).await?))
            }
            Self::Charge(row) => {
                let mut row: charges::ActiveModel = (*row).into();
                row.metadata = Set(words);
                row.updated_at = Set(now);
                Self::Charge(Box::new(row.update(txn).await?))
            }
        })
    }

    /// What an intent of it pays.
    pub fn purpose(&self) -> Purpose {
        match self {
            Self::Attempt(row) => Purpose::Booking { payment: row.id, quote: row.quote_id },
            Self::Charge(row) => Purpose::Aftercare { charge: row.id, request: row.standalone_request_id },
        }
    }

    /// The id of an intent of it.
    pub fn intent(&self) -> String {
        intent_id(self.purpose())
    }

    /// Its own number, for what else is named after it.
    pub fn number(&self) -> Uuid {
        match self {
            Self::Attempt(row) => row.id.0,
            Self::Charge(row) => row.id.0,
        }
    }

    /// How much.
    pub fn money(&self) -> Money {
        match self {
            Self::Attempt(row) => Money::new(row.amount, row.currency),
            Self::Charge(row) => Money::new(row.amount, row.currency),
        }
    }

    /// Whose money box.
    pub fn account(&self) -> Option<GatewayAccountId> {
        match self {
            Self::Attempt(row) => row.gateway_account_id,
            Self::Charge(row) => row.gateway_account_id,
        }
    }

    /// Who pays.
    pub fn patient(&self) -> PatientId {
        match self {
            Self::Attempt(row) => row.patient_id,
            Self::Charge(row) => row.patient_id,
        }
    }

    /// Whether the card is kept for later payments.
    pub fn keeps_card(&self) -> bool {
        match self {
            Self::Attempt(row) => row.is_installment,
            Self::Charge(row) => row.pricing_model == AftercarePaymentPricingModel::MonthlySubscription,
        }
    }

    /// Whether it is money that goes back.
    pub fn is_refund(&self) -> bool {
        match self {
            Self::Attempt(row) => row.payment_type == PaymentType::Refund,
            Self::Charge(row) => row.payment_type == AftercarePaymentType::Refund,
        }
    }

    /// Whether an intent was made for it.
    pub fn has_intent(&self) -> bool {
        match self {
            Self::Attempt(row) => row.stripe_payment_intent_id.is_some(),
            Self::Charge(row) => row.stripe_payment_intent_id.is_some(),
        }
    }

    /// The gateway's id of a refund.
    pub fn transaction(&self) -> Option<&String> {
        match self {
            Self::Attempt(row) => row.transaction_id.as_ref(),
            Self::Charge(row) => row.transaction_id.as_ref(),
        }
    }

    /// When it was written down, when it was changed, when the money moved.
    pub fn times(&self) -> (Timestamp, Timestamp, Option<Timestamp>) {
        match self {
            Self::Attempt(row) => (row.created_at, row.updated_at, row.paid_at),
            Self::Charge(row) => (row.created_at, row.updated_at, row.paid_at),
        }
    }
}

#[cfg(test)]
mod tests {
    use kernel::ids::{QuoteId, StandaloneAftercareRequestId};

    use super::*;

    #[test]
    fn an_intent_names_the_row_it_pays() {
        let (payment, charge) = (PaymentId::new(), AftercarePaymentId::new());
        let booked = intent_id(Purpose::Booking { payment, quote: QuoteId::new() });
        let alone = intent_id(Purpose::Aftercare { charge, request: StandaloneAftercareRequestId::new() });
        assert!(matches!(named(&booked), Ok(Named::Attempt(id)) if id == payment));
        assert!(matches!(named(&alone), Ok(Named::Charge(id)) if id == charge));
        for other in ["", "pi_sim_", "pi_sim_ac_x", "pi_3MtwBw", "re_sim_1"] {
            assert!(!is_ours(other), "{other}");
        }
    }
}
