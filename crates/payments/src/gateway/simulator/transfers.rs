//! Accounts that answer transfers as documented, by the last digits of their number.
//!
//! The answer follows from the key, the account and the time alone, so the same key gives the same transfer without a
//! memory of its own.

use chrono::Duration;
use kernel::{AppResult, Currency, Timestamp};
use platform::App;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::entity::payments::{self, PaymentMethod, PaymentType};
use crate::gateway::{ListedTransfer, NewTransfer, Transferred};
use crate::rules::minor;
use crate::rules::transfer_key::TransferKey;

/// How its transfers begin.
const PREFIX: &str = "tr_sim_";

/// How long the bank of a slow account says nothing.
const SLOW: Duration = Duration::minutes(30);

/// What became of a transfer: `0002` is always refused, `0341` is refused the first time, `1000` says nothing for half an
/// hour, everything else takes the money.
pub(super) fn answer(ask: &NewTransfer, now: Timestamp) -> Transferred {
    let is_first = ask.idempotency_key.ends_with(":1");
    let number = ask.to.number.expose();
    if !ask.money.amount.is_positive() {
        return Transferred::Failed("amount_too_small".into());
    }
    if number.ends_with("0002") {
        return Transferred::Failed("account_closed".into());
    }
    if number.ends_with("0341") && is_first {
        return Transferred::Failed("bank_refused".into());
    }
    if number.ends_with("1000") && now - ask.since < SLOW {
        return Transferred::Unknown;
    }
    let key: String = ask.idempotency_key.chars().filter(char::is_ascii_alphanumeric).collect();
    Transferred::Succeeded(format!("{PREFIX}{key}"))
}

/// `provider_bills`: what was sent for them. Read only.
mod bills {
    use kernel::ids::ProviderBillId;
    use kernel::{Amount, Currency, Timestamp};
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "provider_bills")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: ProviderBillId,
        pub net_amount: Amount,
        pub currency: Currency,
        pub processed_at: Option<Timestamp>,
        pub transfer_id: Option<String>,
        pub transfer_attempt: i32,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What it sent between two moments. It has no memory of its own: what it answered is what our rows say, so only a real
/// gateway's list can differ from them.
pub(super) async fn listed(app: &App, from: Timestamp, until: Timestamp) -> AppResult<Vec<ListedTransfer>> {
    let conn = app.db.conn();
    let sent = bills::Entity::find()
        .filter(bills::Column::TransferId.starts_with(PREFIX))
        .filter(bills::Column::ProcessedAt.gte(from))
        .filter(bills::Column::ProcessedAt.lt(until))
        .all(conn)
        .await?;
    let back = payments::Entity::find()
        .filter(payments::Column::PaymentMethod.eq(PaymentMethod::BankTransfer))
        .filter(payments::Column::PaymentType.eq(PaymentType::Refund))
        .filter(payments::Column::TransactionId.starts_with(PREFIX))
        .filter(payments::Column::PaidAt.gte(from))
        .filter(payments::Column::PaidAt.lt(until))
        .all(conn)
        .await?;
    let entry = |id: String, amount, currency: Currency, key, created| {
        Some(ListedTransfer {
            id,
            amount_minor: minor::to_minor(amount, currency)?,
            currency: currency.code().to_lowercase(),
            key: Some(key),
            is_reversed: false,
            created,
        })
    };
    let of_bill = |row: bills::Model| {
        let key = TransferKey::Payout { bill: row.id, attempt: row.transfer_attempt }.to_string();
        entry(row.transfer_id?, row.net_amount, row.currency, key, row.processed_at?)
    };
    let of_refund = |row: payments::Model| {
        entry(row.transaction_id?, row.amount, row.currency, TransferKey::Refund(row.id).to_string(), row.paid_at?)
    };
    Ok(sent.into_iter().filter_map(of_bill).chain(back.into_iter().filter_map(of_refund)).collect())
}

#[cfg(test)]
mod tests {
    use kernel::{Currency, Money, Secret};

    use super::*;
    use crate::gateway::Destination;

    fn ask(number: &str, key: &str) -> Transferred {
        let since = "2026-06-26T06:00:00Z".parse().unwrap();
        let to = Destination {
            holder: "Bosphorus Hair".into(),
            country: "TR".into(),
            number: Secret::new(number.to_owned()),
            swift: None,
            routing: None,
            connected: None,
        };
        let money = Money::new("1.00".parse().unwrap(), Currency::EUR);
        let ask = NewTransfer { money, to, idempotency_key: key.into(), since };
        let first = answer(&ask, since);
        assert_eq!(first, answer(&ask, since), "the same key, the same transfer");
        if first == Transferred::Unknown { answer(&ask, since + SLOW) } else { first }
    }

    #[test]
    fn accounts_answer_as_documented() {
        assert_eq!(ask("4242", "po:7:1"), Transferred::Succeeded("tr_sim_po71".into()));
        assert_ne!(ask("4242", "po:7:1"), ask("4242", "po:7:2"));
        assert_eq!(ask("0002", "po:7:2"), Transferred::Failed("account_closed".into()));
        assert_eq!(ask("0341", "po:7:1"), Transferred::Failed("bank_refused".into()));
        assert!(matches!(ask("0341", "po:7:2"), Transferred::Succeeded(_)));
        assert!(matches!(ask("1000", "po:7:1"), Transferred::Succeeded(_)), "half an hour later");
    }
}
