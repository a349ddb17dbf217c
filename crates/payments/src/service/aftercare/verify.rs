//! Recomputing the postings of aftercare from its charges (R-PY-67, R-PY-68): part of the walk over all books.

use std::collections::{BTreeMap, BTreeSet};

use kernel::ids::{AftercarePaymentId, StandaloneAftercareRequestId};
use kernel::{Amount, AppResult, Money};
use platform::App;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{Status, Type, charges, earn, money};
use crate::entity::ledger_entries::{self, LedgerEntryAccount as Account};
use crate::rules::ledger::{self, Posting};
use crate::service::verify::{Report, Wrong};

/// Requests looked at in one go.
const BATCH: u64 = 500;

/// Walks all requests with charges, in the order of their ids.
pub async fn walk(app: &App, report: &mut Report) -> AppResult<()> {
    let conn = app.db.conn();
    let mut after: Option<StandaloneAftercareRequestId> = None;
    loop {
        let mut next = charges::Entity::find().select_only().column(charges::Column::StandaloneRequestId).distinct();
        if let Some(after) = after {
            next = next.filter(charges::Column::StandaloneRequestId.gt(after));
        }
        let next = next.order_by_asc(charges::Column::StandaloneRequestId).limit(BATCH);
        let ids: Vec<StandaloneAftercareRequestId> = next.into_tuple().all(conn).await?;
        let Some(last) = ids.last() else { return Ok(()) };
        after = Some(*last);
        batch(app, &ids, report).await?;
    }
}

async fn batch(app: &App, ids: &[StandaloneAftercareRequestId], report: &mut Report) -> AppResult<()> {
    let conn = app.db.conn();
    let rows = charges::Entity::find()
        .filter(charges::Column::StandaloneRequestId.is_in(ids.iter().copied()))
        .order_by_asc(charges::Column::Id)
        .all(conn)
        .await?;
    let entries = ledger_entries::Entity::find()
        .filter(ledger_entries::Column::AftercarePaymentId.is_in(rows.iter().map(|row| row.id)))
        .order_by_asc(ledger_entries::Column::Id)
        .all(conn)
        .await?;
    report.read(&entries);
    let mut of_request: BTreeMap<StandaloneAftercareRequestId, Vec<charges::Model>> = BTreeMap::new();
    for row in rows {
        of_request.entry(row.standalone_request_id).or_default().push(row);
    }
    for (request, rows) in of_request {
        report.requests += 1;
        let own: BTreeSet<AftercarePaymentId> = rows.iter().map(|row| row.id).collect();
        let entries: Vec<ledger_entries::Model> = entries
            .iter()
            .filter(|entry| entry.aftercare_payment_id.is_some_and(|id| own.contains(&id)))
            .cloned()
            .collect();
        report.compare(&expected(&rows, &entries), &entries);
        check_held(request, &rows, &entries, report);
    }
    Ok(())
}

/// The postings the charges ask for.
fn expected(rows: &[charges::Model], entries: &[ledger_entries::Model]) -> Vec<Posting> {
    let posted = |key: String| entries.iter().find(|entry| entry.source_key == key);
    let mut out = Vec::new();
    for row in rows {
        match (row.payment_type, row.payment_status, row.refund_of_id) {
            (Type::Charge, Status::Completed | Status::Refunded, _) => {
                out.push(ledger::charge_completed(row.id, money(row)));
                if let Some(end) = posted(ledger::earned_key(row.id)) {
                    // What went back afterwards had been shared by then. Ids grow with time.
                    let before: Vec<charges::Model> = rows
                        .iter()
                        .filter(|other| {
                            let back = posted(ledger::charge_refunded_key(other.id));
                            other.refund_of_id.is_none() || back.is_some_and(|back| back.id < end.id)
                        })
                        .cloned()
                        .collect();
                    let (provider, platform) = earn::left(&before, row);
                    out.push(ledger::charge_earned(row.id, provider, platform));
                }
            }
            (Type::Refund, Status::Completed, Some(original)) => {
                let end = posted(ledger::earned_key(original));
                let back = posted(ledger::charge_refunded_key(row.id));
                let is_after = matches!((back, end), (Some(back), Some(end)) if back.id > end.id);
                let provider = Money::new(row.provider_share.unwrap_or_default(), row.currency);
                out.push(match is_after {
                    true => ledger::charge_refunded_after(row.id, provider, row.commission_amount.unwrap_or_default()),
                    false => ledger::charge_refunded(row.id, money(row)),
                });
            }
            _ => {}
        }
    }
    out
}

/// What must be held for a request: what was paid and did not go back, less what was shared. And no more went back than came.
fn check_held(
    request: StandaloneAftercareRequestId,
    rows: &[charges::Model],
    entries: &[ledger_entries::Model],
    report: &mut Report,
) {
    let sum = |kind, of: &[Status]| -> Amount {
        let some = rows.iter().filter(|row| row.payment_type == kind && of.contains(&row.payment_status));
        some.map(|row| row.amount).sum()
    };
    let received = sum(Type::Charge, &[Status::Completed, Status::Refunded]);
    let returned = sum(Type::Refund, &[Status::Completed]);
    if returned > received {
        report.add(Wrong::Overpaid, format!("aftercare:{request}"), received.to_string(), returned.to_string());
    }
    let is_shared = |row: &charges::Model| {
        let key = ledger::earned_key(row.id);
        entries.iter().any(|entry| entry.source_key == key)
    };
    let open = rows.iter().filter(|row| row.payment_type == Type::Charge && !is_shared(row));
    let owed: Amount = open
        .filter(|row| matches!(row.payment_status, Status::Completed | Status::Refunded))
        .map(|row| {
            let back = rows
                .iter()
                .filter(|other| other.refund_of_id == Some(row.id) && other.payment_status == Status::Completed);
            row.amount - back.map(|other| other.amount).sum()
        })
        .sum();
    let funds = entries.iter().filter(|entry| entry.account == Account::CustomerFunds);
    let held: Amount = funds.map(|entry| entry.credit - entry.debit).sum();
    if held != owed {
        report.add(Wrong::Held, format!("aftercare:{request}"), owed.to_string(), held.to_string());
    }
}
