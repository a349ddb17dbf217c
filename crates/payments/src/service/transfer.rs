//! Paying by bank transfer: where the money goes and what is written into it (R-PY-06, 35).
//!
//! Staff enter the account under Settings; while it is empty, nobody is offered to pay this way.

use chrono::Duration;
use iban::{Iban, IbanLike};
use kernel::ids::QuoteId;
use kernel::{Actor, AppError, AppResult, Money};
use platform::App;
use platform::settings::Setting;
use quoting::case;
use quoting::entity::quotes::QuoteStatus;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};

use crate::entity::payments::{self, PaymentMethod, PaymentStatus, PaymentType};
use crate::metadata::{Kind, Metadata};
use crate::service::refund::{self, Why};
use crate::service::{poll, redemptions};
use crate::store;

/// Whose account takes transfers.
pub const HOLDER: Setting<String> = Setting::new("bank", "holder", "");
/// Its number, without spaces.
pub const IBAN: Setting<String> = Setting::new("bank", "iban", "");
/// Its bank's international code.
pub const BIC: Setting<String> = Setting::new("bank", "bic", "");
/// Its bank's name.
pub const BANK: Setting<String> = Setting::new("bank", "bank", "");
/// How long a date is held for a transfer, in hours (R-PY-06).
pub const HOLD_HOURS: Setting<i64> = Setting::new("bank", "transfer_hold_hours", 120);

/// Letters and digits nobody takes for another.
const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
/// A transfer nobody saw is given up after this time; one that a hold waits for ends with the hold.
const PATIENCE: Duration = Duration::days(14);
const BATCH: u64 = 100;

/// Where a transfer goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Instructions {
    /// Whose account.
    pub holder: String,
    /// Its number.
    #[schema(example = "DE75512108001245126199")]
    pub iban: String,
    /// Its bank's international code.
    pub bic: String,
    /// Its bank.
    pub bank: String,
    /// What to write into the transfer.
    #[schema(example = "HL-7K3MP2QX")]
    pub reference: String,
    /// How much.
    pub money: Money,
}

/// A reference of its own for one attempt.
pub fn reference(app: &App) -> String {
    let letter = |_| usize::try_from(app.random.below(32)).ok().and_then(|n| ALPHABET.get(n)).map(|c| char::from(*c));
    format!("HL-{}", (0..8).filter_map(letter).collect::<String>())
}

/// Whether transfers are taken at all.
pub async fn is_offered(app: &App) -> AppResult<bool> {
    Ok(!IBAN.get(app).await?.is_empty() && !HOLDER.get(app).await?.is_empty())
}

/// Refuses where transfers are not taken.
pub async fn require_offered(app: &App) -> AppResult<()> {
    if is_offered(app).await? {
        return Ok(());
    }
    Err(AppError::field("method", "method_unavailable", "Transfers are not taken at the moment. Pay by card."))
}

/// Where the money of an attempt goes.
pub async fn instructions(app: &App, row: &payments::Model) -> AppResult<Instructions> {
    let reference = Metadata::of(row).bank_reference;
    Ok(Instructions {
        holder: HOLDER.get(app).await?,
        iban: IBAN.get(app).await?,
        bic: BIC.get(app).await?,
        bank: BANK.get(app).await?,
        reference: reference.ok_or_else(|| AppError::internal("a transfer without a reference"))?,
        money: Money::new(row.amount, row.currency),
    })
}

/// An account number as it is stored: checked, in capitals and without spaces; empty stays empty.
///
/// Errors: 422 on `iban`.
pub fn iban(text: &str) -> AppResult<String> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_uppercase();
    if plain.is_empty() {
        return Ok(plain);
    }
    let read: Iban = plain.parse().map_err(|_| AppError::field("iban", "invalid_iban", "This is no valid IBAN."))?;
    Ok(read.electronic_str().to_owned())
}

/// A bank's international code as it is stored; empty stays empty.
///
/// Errors: 422 on `bic`.
pub fn bic(text: &str) -> AppResult<String> {
    let plain = text.trim().to_ascii_uppercase();
    let letters = |part: &str| part.bytes().all(|b| b.is_ascii_uppercase());
    let fits = plain.is_empty()
        || (matches!(plain.len(), 8 | 11)
            && plain.get(..6).is_some_and(letters)
            && plain.bytes().all(|b| b.is_ascii_alphanumeric()));
    if fits { Ok(plain) } else { Err(AppError::field("bic", "invalid_bic", "This is no valid BIC.")) }
}

/// Gives up transfers that never came (spec 4.3). A batch per run.
pub async fn give_up_old(app: &App) -> AppResult<()> {
    let old = payments::Entity::find()
        .filter(payments::Column::PaymentStatus.eq(PaymentStatus::Pending))
        .filter(payments::Column::PaymentType.ne(PaymentType::Refund))
        .filter(payments::Column::PaymentMethod.eq(PaymentMethod::BankTransfer))
        .filter(payments::Column::CreatedAt.lt(app.now() - PATIENCE))
        .order_by_asc(payments::Column::CreatedAt)
        .limit(BATCH)
        .all(app.db.conn())
        .await?;
    for row in old {
        if let Err(error) = poll::cancel(app, &row, "abandoned").await {
            tracing::error!(payment.id = %row.id, %error, "an old transfer could not be given up");
        }
    }
    Ok(())
}

/// R-PY-36: a hold ended while only a part of the money was there: all of it goes back. Safe to run twice.
pub async fn hold_released(app: &App, quote: QuoteId) -> AppResult<()> {
    let actor = Actor::system();
    platform::write_txn!(app.db, |txn| {
        let case = case::lock(txn, quote).await?;
        if case.quote.status != QuoteStatus::Quote {
            return Ok(());
        }
        let rows = store::lock_payments(txn, quote).await?;
        // Nothing was bought: the use of a code is given back with the money (R-PY-48).
        redemptions::release(txn, app, quote).await?;
        let there = rows
            .iter()
            .filter(|row| row.payment_type != PaymentType::Refund && row.payment_status == PaymentStatus::Completed);
        for paid in there {
            let open = store::open_amount(&rows, paid);
            if open.is_positive() {
                let why = Why::kind(Kind::AutoRefund);
                refund::begin(txn, app, &actor, paid, open, why).await?;
            }
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn account_numbers_are_checked_and_stored_plainly() {
        assert_eq!(iban("de75 5121 0800 1245 1261 99").unwrap(), "DE75512108001245126199");
        assert_eq!(iban("  ").unwrap(), "");
        for wrong in ["DE75512108001245126198", "DE7551210800", "hello"] {
            assert!(iban(wrong).unwrap_err().fields.0.contains_key("iban"), "{wrong}");
        }
        assert_eq!(bic("sogedeff ").unwrap(), "SOGEDEFF");
        assert_eq!(bic("SOGEDEFFXXX").unwrap(), "SOGEDEFFXXX");
        assert!(bic("SOGE").is_err() && bic("12345678").is_err());
    }
}
