//! What a clinic can be paid for: treated bookings on no statement, and deductions that wait (R-PY-57, 60).

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;
use inquiry::entity::workflow_timelines;
use kernel::ids::{AftercarePaymentId, InquiryId, PaymentId, ProviderId, QuoteId};
use kernel::{Amount, AppError, AppResult, Currency, Money, Timestamp};
use payments::entity::aftercare_payments::{self as charges, AftercarePaymentStatus, AftercarePaymentType};
use payments::entity::ledger_entries::{self, LedgerEntryAccount as Account};
use payments::entity::payment_histories::{self, PaymentHistoryEvent};
use payments::entity::payments::{self as money, PaymentStatus, PaymentType};
use payments::queries::desk::DECIDES_DISPUTES;
use payments::rules::ledger;
use payments::service::treated;
use platform::db::Txn;
use quoting::entity::booking_terms::{self, BookingTermsCommissionType};
use quoting::entity::quotes::{self, QuoteStatus};
use quoting::rules::slot;
use rust_decimal::Decimal;
use sea_orm::sea_query::{Query, SelectStatement};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};

use crate::entity::provider_bill_items::{self as items, ProviderBillItemKind as Kind};
use crate::entity::provider_bills;
use crate::rules::bill::{self, Booked, Commission, Deduction, Earning, Facts, Owed, Source, Taken};

/// Bookings one statement takes; what is left goes onto the next one.
const MOST: u64 = 500;

/// Statuses of bookings whose treatment has ended.
pub const TREATED: [QuoteStatus; 2] = [QuoteStatus::Aftercare, QuoteStatus::Completed];

/// The bookings a live statement holds.
pub fn billed() -> SelectStatement {
    Query::select()
        .column(items::Column::QuoteId)
        .from(items::Entity)
        .and_where(items::Column::Kind.eq(Kind::Earning))
        .and_where(items::Column::Active.eq(true))
        .to_owned()
}

/// The newest terms of some bookings.
pub async fn terms_of(
    conn: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = QuoteId>,
) -> AppResult<HashMap<QuoteId, booking_terms::Model>> {
    let rows = booking_terms::Entity::find()
        .filter(booking_terms::Column::QuoteId.is_in(ids))
        .order_by_asc(booking_terms::Column::Version)
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(|row| (row.quote_id, row)).collect())
}

/// A booking in the currency of its quote, as its terms froze it.
///
/// Errors: internal ones, when the terms hold no commission that fits.
pub fn booked(quote: &quotes::Model, terms: &booking_terms::Model) -> AppResult<Booked> {
    let split = treated::split(quote, terms)?;
    let agreed = match (terms.commission_type, terms.commission_value) {
        (Some(BookingTermsCommissionType::Percentage), Some(percent)) => Commission::Percent(percent.get()),
        (Some(BookingTermsCommissionType::Flat), _) => Commission::Flat,
        _ if quote.commission > 0 => Commission::Percent(Decimal::from(quote.commission)),
        _ => Commission::Flat,
    };
    Ok(Booked {
        source: Source::Booking(quote.id),
        currency: terms.quote_currency,
        gross: split.provider_net + split.commission,
        base: split.base,
        commission: split.commission,
        agreed,
    })
}

/// When treatments ended, by their cases.
pub async fn ends(
    conn: &impl ConnectionTrait,
    cases: impl IntoIterator<Item = InquiryId>,
) -> AppResult<HashMap<InquiryId, Timestamp>> {
    let rows = workflow_timelines::Entity::find()
        .filter(workflow_timelines::Column::InquiryId.is_in(cases))
        .filter(workflow_timelines::Column::Event.eq("treatment_completed"))
        .order_by_asc(workflow_timelines::Column::Id)
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(|row| (row.inquiry_id, row.created_at)).collect())
}

/// The day a treatment ended, at the clinic; of a case without a record of it, the day it was planned for.
fn ended_on(quote: &quotes::Model, ends: &HashMap<InquiryId, Timestamp>) -> Option<NaiveDate> {
    let at = ends.get(&quote.inquiry_id).copied().or(quote.appointment_slot_at)?;
    Some(slot::clinic_date(at, slot::clinic_zone(quote.appointment_timezone.as_deref())))
}

/// Bookings whose last word about a payment is that it is disputed.
async fn disputed(conn: &impl ConnectionTrait, ids: &[QuoteId]) -> AppResult<HashSet<QuoteId>> {
    let hit: Vec<PaymentId> = payment_histories::Entity::find()
        .select_only()
        .column(payment_histories::Column::PaymentId)
        .filter(payment_histories::Column::QuoteId.is_in(ids.iter().copied()))
        .filter(payment_histories::Column::Event.eq(PaymentHistoryEvent::Disputed))
        .into_tuple()
        .all(conn)
        .await?;
    if hit.is_empty() {
        return Ok(HashSet::new());
    }
    let all = payment_histories::Entity::find()
        .filter(payment_histories::Column::PaymentId.is_in(hit))
        // What comes late and is put aside decides nothing.
        .filter(
            payment_histories::Column::Event.is_in(DECIDES_DISPUTES.into_iter().chain([PaymentHistoryEvent::Disputed])),
        )
        .order_by_asc(payment_histories::Column::Sequence)
        .all(conn)
        .await?;
    let last: HashMap<PaymentId, (QuoteId, PaymentHistoryEvent)> =
        all.into_iter().map(|row| (row.payment_id, (row.quote_id, row.event))).collect();
    let open = last.into_values().filter(|(_, event)| *event == PaymentHistoryEvent::Disputed);
    Ok(open.map(|(quote, _)| quote).collect())
}

/// Bookings the end of whose treatment is posted.
async fn in_books(conn: &impl ConnectionTrait, ids: &[QuoteId]) -> AppResult<HashSet<QuoteId>> {
    let keys: HashMap<String, QuoteId> = ids.iter().map(|id| (ledger::treated_key(*id), *id)).collect();
    let posted: Vec<String> = ledger_entries::Entity::find()
        .select_only()
        .column(ledger_entries::Column::SourceKey)
        .filter(ledger_entries::Column::SourceKey.is_in(keys.keys().cloned()))
        .into_tuple()
        .all(conn)
        .await?;
    Ok(posted.iter().filter_map(|key| keys.get(key).copied()).collect())
}

/// The rate of a booking to a currency: the one its terms hold, or the unmarked one of the moment they were locked, which is
/// then written into them (R-PY-15, R-PY-59). `None` where there never was one.
async fn rate(txn: &Txn, terms: &booking_terms::Model, to: Currency, now: Timestamp) -> AppResult<Option<Decimal>> {
    if terms.quote_currency == to {
        return Ok(Some(Decimal::ONE));
    }
    if let (Some(currency), Some(rate)) = (terms.payout_currency, terms.payout_rate)
        && currency == to
    {
        return Ok(Some(rate));
    }
    let Some(rate) = catalogue::fx::unmarked_at(txn, terms.quote_currency, to, terms.locked_at).await? else {
        tracing::warn!(quote.id = %terms.quote_id, currency = %to, "a booking cannot be converted for its clinic");
        return Ok(None);
    };
    // Columns of terms go from nothing to a value, once (R-PY-66).
    booking_terms::Entity::update_many()
        .set(booking_terms::ActiveModel {
            payout_currency: Set(Some(to)),
            payout_rate: Set(Some(rate)),
            updated_at: Set(now),
            ..Default::default()
        })
        .filter(booking_terms::Column::Id.eq(terms.id))
        .filter(booking_terms::Column::PayoutCurrency.is_null())
        .filter(booking_terms::Column::PayoutRate.is_null())
        .exec(txn)
        .await?;
    Ok(Some(rate))
}

/// What a clinic has earned up to a day and no statement holds, by the currency it is paid in.
///
/// `account` is the currency of the clinic's account; without one each booking stays in its own.
pub async fn earnings(
    txn: &Txn,
    now: Timestamp,
    provider: ProviderId,
    account: Option<Currency>,
    until: NaiveDate,
) -> AppResult<BTreeMap<Currency, Vec<Earning>>> {
    let rows = quotes::Entity::find()
        .filter(quotes::Column::ProviderId.eq(provider))
        .filter(quotes::Column::Status.is_in(TREATED))
        .filter(quotes::Column::Id.not_in_subquery(billed()))
        .order_by_asc(quotes::Column::Id)
        .limit(MOST)
        .all(txn)
        .await?;
    let mut found = of_aftercare(txn, provider, account, until).await?;
    if rows.is_empty() {
        return Ok(found);
    }
    let ids: Vec<QuoteId> = rows.iter().map(|row| row.id).collect();
    let terms = terms_of(txn, ids.iter().copied()).await?;
    let ends = ends(txn, rows.iter().map(|row| row.inquiry_id)).await?;
    let disputed = disputed(txn, &ids).await?;
    let in_books = in_books(txn, &ids).await?;
    let mut paid: HashMap<QuoteId, Vec<money::Model>> = HashMap::new();
    for row in payments::queries::of_quotes(txn, ids).await? {
        paid.entry(row.quote_id).or_default().push(row);
    }
    for quote in &rows {
        // A treatment that is not in the books yet comes with the next run.
        let Some(terms) = terms.get(&quote.id).filter(|_| in_books.contains(&quote.id)) else { continue };
        let total = Money::new(terms.payment_total, terms.payment_currency);
        let received = paid.get(&quote.id).map(Vec::as_slice).unwrap_or_default();
        let facts = Facts {
            ended_on: ended_on(quote, &ends),
            due: payments::queries::balance_of(total, received).due,
            disputed: disputed.contains(&quote.id),
            billed: false,
        };
        if bill::payable(&facts, until).is_err() {
            continue;
        }
        let to = account.unwrap_or(terms.quote_currency);
        let Some(rate) = rate(txn, terms, to, now).await? else { continue };
        let line = bill::earning(&booked(quote, terms)?, to, rate).ok_or_else(out_of_range)?;
        found.entry(to).or_default().push(line);
    }
    Ok(found)
}

/// The charges of aftercare a live statement holds.
pub fn billed_charges() -> SelectStatement {
    Query::select()
        .column(items::Column::AftercarePaymentId)
        .from(items::Entity)
        .and_where(items::Column::Kind.eq(Kind::Aftercare))
        .and_where(items::Column::Active.eq(true))
        .to_owned()
}

/// What became the clinic's and Hairline's of some charges, as it was booked when their service ended.
pub async fn earned_charges(
    conn: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = AftercarePaymentId>,
) -> AppResult<HashMap<AftercarePaymentId, (Money, Amount)>> {
    let keys: HashMap<String, AftercarePaymentId> = ids.into_iter().map(|id| (ledger::earned_key(id), id)).collect();
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    let posted = ledger_entries::Entity::find()
        .filter(ledger_entries::Column::SourceKey.is_in(keys.keys().cloned()))
        .filter(ledger_entries::Column::Account.is_in([Account::ProviderPayable, Account::PlatformRevenue]))
        .all(conn)
        .await?;
    let mut out: HashMap<AftercarePaymentId, (Money, Amount)> = HashMap::new();
    for entry in posted {
        let Some(id) = keys.get(&entry.source_key) else { continue };
        let (provider, platform) = out.entry(*id).or_insert((Money::new(Amount::ZERO, entry.currency), Amount::ZERO));
        match entry.account {
            Account::ProviderPayable => provider.amount = provider.amount + entry.credit,
            _ => *platform = *platform + entry.credit,
        }
    }
    Ok(out)
}

/// A clinic's shares of aftercare whose paid service is over and that no statement holds (R-FN-52).
async fn of_aftercare(
    txn: &Txn,
    provider: ProviderId,
    account: Option<Currency>,
    until: NaiveDate,
) -> AppResult<BTreeMap<Currency, Vec<Earning>>> {
    let rows = charges::Entity::find()
        .filter(charges::Column::ProviderId.eq(provider))
        .filter(charges::Column::PaymentType.eq(AftercarePaymentType::Charge))
        .filter(charges::Column::PaymentStatus.eq(AftercarePaymentStatus::Completed))
        .filter(charges::Column::ServicePeriodEnd.lte(until))
        .filter(charges::Column::Id.not_in_subquery(billed_charges()))
        .order_by_asc(charges::Column::Id)
        .limit(MOST)
        .all(txn)
        .await?;
    let mut found: BTreeMap<Currency, Vec<Earning>> = BTreeMap::new();
    if rows.is_empty() {
        return Ok(found);
    }
    let earned = earned_charges(txn, rows.iter().map(|row| row.id)).await?;
    // What a cardholder disputes waits for the end of the dispute (R-PY-34).
    for row in rows.into_iter().filter(|row| !payments::service::aftercare::is_disputed(row)) {
        // What is not in the books yet comes with the next run.
        let Some((provider, platform)) = earned.get(&row.id).copied() else { continue };
        let to = account.unwrap_or(row.currency);
        let Some(rate) = charge_rate(txn, &row, to).await? else { continue };
        let gross = provider.amount + platform;
        let booked = Booked {
            source: Source::Aftercare(row.id),
            currency: row.currency,
            gross,
            base: gross,
            commission: platform,
            agreed: Commission::Flat,
        };
        found.entry(to).or_default().push(bill::earning(&booked, to, rate).ok_or_else(out_of_range)?);
    }
    Ok(found)
}

/// The unmarked rate of a charge to a currency, at the moment it was paid; `None` where there never was one.
async fn charge_rate(txn: &Txn, charge: &charges::Model, to: Currency) -> AppResult<Option<Decimal>> {
    if charge.currency == to {
        return Ok(Some(Decimal::ONE));
    }
    let rate = match charge.paid_at {
        Some(at) => catalogue::fx::unmarked_at(txn, charge.currency, to, at).await?,
        None => None,
    };
    if rate.is_none() {
        tracing::warn!(charge.id = %charge.id, currency = %to, "a charge cannot be converted for its clinic");
    }
    Ok(rate)
}

/// The refunds of some charges that took the clinic's share back after it was booked: how much, as it was posted.
pub async fn taken_back(
    conn: &impl ConnectionTrait,
    refunds: impl IntoIterator<Item = AftercarePaymentId>,
) -> AppResult<HashMap<AftercarePaymentId, Money>> {
    let keys: HashMap<String, AftercarePaymentId> =
        refunds.into_iter().map(|id| (ledger::charge_refunded_key(id), id)).collect();
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    let posted = ledger_entries::Entity::find()
        .filter(ledger_entries::Column::SourceKey.is_in(keys.keys().cloned()))
        .filter(ledger_entries::Column::Account.eq(Account::ProviderPayable))
        .all(conn)
        .await?;
    let of =
        |entry: ledger_entries::Model| Some((*keys.get(&entry.source_key)?, Money::new(entry.debit, entry.currency)));
    Ok(posted.into_iter().filter_map(of).collect())
}

fn out_of_range() -> AppError {
    AppError::internal("a statement out of range")
}

/// The deductions a clinic's statement in a currency can absorb, of bookings and then of aftercare, the oldest first: the
/// clinic's share of what went back of what was paid out, or is about to be with this statement.
pub async fn owed(
    txn: &Txn,
    now: Timestamp,
    provider: ProviderId,
    currency: Currency,
    earned: &[Earning],
) -> AppResult<Vec<Owed>> {
    let mut open = owed_of_bookings(txn, now, provider, currency, earned).await?;
    open.extend(owed_of_aftercare(txn, provider, currency, earned).await?);
    Ok(open)
}

async fn owed_of_aftercare(
    txn: &Txn,
    provider: ProviderId,
    currency: Currency,
    earned: &[Earning],
) -> AppResult<Vec<Owed>> {
    let refunds = charges::Entity::find()
        .filter(charges::Column::ProviderId.eq(provider))
        .filter(charges::Column::PaymentType.eq(AftercarePaymentType::Refund))
        .filter(charges::Column::PaymentStatus.eq(AftercarePaymentStatus::Completed))
        .order_by_asc(charges::Column::Id)
        .all(txn)
        .await?;
    let back = taken_back(txn, refunds.iter().map(|row| row.id)).await?;
    if back.is_empty() {
        return Ok(Vec::new());
    }
    let originals: HashSet<AftercarePaymentId> = refunds.iter().filter_map(|row| row.refund_of_id).collect();
    let rows = charges::Entity::find().filter(charges::Column::Id.is_in(originals.iter().copied())).all(txn).await?;
    let rows: HashMap<AftercarePaymentId, charges::Model> = rows.into_iter().map(|row| (row.id, row)).collect();
    let named = originals.into_iter().chain(back.keys().copied());
    let earlier: Vec<(items::Model, Option<provider_bills::Model>)> = items::Entity::find()
        .find_also_related(provider_bills::Entity)
        .filter(items::Column::Active.eq(true))
        .filter(items::Column::AftercarePaymentId.is_in(named))
        .all(txn)
        .await?;
    let mut open = Vec::new();
    for refund in refunds {
        let original = refund.refund_of_id.and_then(|id| rows.get(&id));
        let (Some(share), Some(charge)) = (back.get(&refund.id), original) else { continue };
        let here = earned.iter().find(|line| line.source == Source::Aftercare(charge.id));
        let paid = earlier
            .iter()
            .find(|(line, _)| line.aftercare_payment_id == Some(charge.id) && line.kind == Kind::Aftercare);
        let rate = match (here, paid) {
            (Some(line), _) => Some(line.rate),
            (None, Some((line, Some(bill)))) if bill.currency == currency => Some(line.rate),
            (None, Some(_)) => charge_rate(txn, charge, currency).await?,
            // Nothing of the charge was paid out: what is left of it comes with its own statement.
            (None, None) => None,
        };
        let Some(rate) = rate else { continue };
        let whole = match share.currency == currency {
            true => Some(share.amount),
            false => share.amount.get().checked_mul(rate).and_then(|amount| currency.round(amount)),
        };
        let taken: Vec<Taken> = earlier
            .iter()
            .filter(|(line, _)| line.aftercare_payment_id == Some(refund.id))
            .map(|(line, _)| Taken { amount: -line.net, rate: line.rate })
            .collect();
        let whole = whole.ok_or_else(out_of_range)?;
        let left = bill::left(whole, &taken, currency, rate).ok_or_else(out_of_range)?;
        if left.is_positive() {
            open.push(Owed { of: Deduction::Aftercare(refund.id), open: left, rate, carried: !taken.is_empty() });
        }
    }
    Ok(open)
}

async fn owed_of_bookings(
    txn: &Txn,
    now: Timestamp,
    provider: ProviderId,
    currency: Currency,
    earned: &[Earning],
) -> AppResult<Vec<Owed>> {
    let refunds: Vec<money::Model> = money::Entity::find()
        .filter(money::Column::ProviderId.eq(provider))
        .filter(money::Column::PaymentType.eq(PaymentType::Refund))
        .filter(money::Column::PaymentStatus.eq(PaymentStatus::Completed))
        .filter(money::Column::CancellationRequestId.is_null())
        .order_by_asc(money::Column::Id)
        .all(txn)
        .await?;
    let refunds: Vec<money::Model> = refunds.into_iter().filter(treated::is_given_back).collect();
    if refunds.is_empty() {
        return Ok(Vec::new());
    }
    let ids: HashSet<QuoteId> = refunds.iter().map(|row| row.quote_id).collect();
    let terms = terms_of(txn, ids.iter().copied()).await?;
    let rows = quotes::Entity::find().filter(quotes::Column::Id.is_in(ids.iter().copied())).all(txn).await?;
    let rows: HashMap<QuoteId, quotes::Model> = rows.into_iter().map(|row| (row.id, row)).collect();
    let earlier: Vec<(items::Model, Option<provider_bills::Model>)> = items::Entity::find()
        .find_also_related(provider_bills::Entity)
        .filter(items::Column::Active.eq(true))
        .filter(items::Column::QuoteId.is_in(ids))
        .all(txn)
        .await?;
    let mut open = Vec::new();
    for refund in refunds {
        let (Some(quote), Some(terms)) = (rows.get(&refund.quote_id), terms.get(&refund.quote_id)) else { continue };
        let here = earned.iter().find(|line| line.source == Source::Booking(quote.id));
        let paid = earlier.iter().find(|(line, _)| line.quote_id == Some(quote.id) && line.kind == Kind::Earning);
        let paid_in = paid.and_then(|(line, bill)| Some((line, bill.as_ref()?.currency)));
        let (net, rate) = match (here, paid_in) {
            (Some(line), _) => (line.net, line.rate),
            (None, Some((line, same))) if same == currency => (line.net, line.rate),
            (None, Some(_)) => {
                // The clinic has another account by now: the same rates, another currency.
                let Some(rate) = rate(txn, terms, currency, now).await? else { continue };
                let line = bill::earning(&booked(quote, terms)?, currency, rate).ok_or_else(out_of_range)?;
                (line.net, rate)
            }
            // It comes with the statement of its booking.
            (None, None) => continue,
        };
        let whole = bill::share(net, refund.amount, terms.payment_total, currency).ok_or_else(out_of_range)?;
        let taken: Vec<Taken> = earlier
            .iter()
            .filter(|(line, _)| line.refund_payment_id == Some(refund.id))
            .map(|(line, _)| Taken { amount: -line.net, rate: line.rate })
            .collect();
        let left = bill::left(whole, &taken, currency, rate).ok_or_else(out_of_range)?;
        if left.is_positive() {
            let of = Deduction::Booking { refund: refund.id, quote: quote.id };
            open.push(Owed { of, open: left, rate, carried: !taken.is_empty() });
        }
    }
    Ok(open)
}
