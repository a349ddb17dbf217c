//! Recomputing what paid statements booked (R-PY-67), and that no booking and no charge is on two of them (R-PY-61). Nothing is changed.

use kernel::{AppResult, Money};
use payments::entity::ledger_entries;
use payments::rules::ledger;
use payments::service::verify::{Report, Wrong};
use platform::App;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::pay;
use crate::entity::provider_bill_items::{self as items, ProviderBillItemKind};
use crate::entity::provider_bills::{self as bills, ProviderBillStatus};
use crate::store;

/// Statements looked at in one go.
const BATCH: u64 = 200;

/// Adds what the statements must have booked, and did, to the report of the bookings.
pub async fn statements(app: &App, report: &mut Report) -> AppResult<()> {
    let conn = app.db.conn();
    let mut after = None;
    loop {
        let mut query = bills::Entity::find().order_by_asc(bills::Column::Id).limit(BATCH);
        if let Some(after) = after {
            query = query.filter(bills::Column::Id.gt(after));
        }
        let rows = query.all(conn).await?;
        let Some(last) = rows.last() else { break };
        after = Some(last.id);
        let entries = ledger_entries::Entity::find()
            .filter(ledger_entries::Column::BillId.is_in(rows.iter().map(|row| row.id)))
            .order_by_asc(ledger_entries::Column::Id)
            .all(conn)
            .await?;
        report.read(&entries);
        for row in &rows {
            let own: Vec<_> = entries.iter().filter(|entry| entry.bill_id == Some(row.id)).cloned().collect();
            let mut expected = Vec::new();
            if row.status == ProviderBillStatus::Paid {
                let lines = store::lines(conn, row.id).await?;
                let shares = pay::settled(conn, row, &lines).await?;
                expected.push(ledger::payout_paid(row.id, Money::new(row.net_amount, row.currency), &shares));
            }
            report.compare(&expected, &own);
            report.bills += 1;
        }
    }
    billed_twice(app, report).await
}

async fn billed_twice(app: &App, report: &mut Report) -> AppResult<()> {
    for (kind, column, what) in [
        (ProviderBillItemKind::Earning, items::Column::QuoteId, "booking"),
        (ProviderBillItemKind::Aftercare, items::Column::AftercarePaymentId, "aftercare"),
    ] {
        let query = Query::select()
            .expr_as(Expr::col(column), "of")
            .expr_as(Expr::col(items::Column::Id).count(), "n")
            .from(items::Entity)
            .and_where(items::Column::Kind.eq(kind))
            .and_where(items::Column::Active.eq(true))
            .group_by_col(column)
            .and_having(Expr::col(items::Column::Id).count().gt(1))
            .to_owned();
        for row in app.db.conn().query_all(&query).await? {
            let of: String = row.try_get("", "of")?;
            let times: i64 = row.try_get("", "n")?;
            report.add(
                Wrong::Unexpected,
                format!("{what}:{of}"),
                "1 statement".to_owned(),
                format!("{times} statements"),
            );
        }
    }
    Ok(())
}
