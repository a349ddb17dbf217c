//! When the shares of charges become the clinic's and Hairline's: after the service they paid for (R-FN-52, R-PY-67).

use chrono::NaiveDate;
use kernel::ids::{AfterCareId, AftercarePaymentId, ProviderId, StandaloneAftercareRequestId};
use kernel::{Actor, Amount, AppError, AppResult, Money, Timestamp};
use platform::App;
use platform::audit;
use platform::db::Txn;
use platform::jobs::{BATCH, Sweep};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{Model, Status, Type, charges, entry, lock, row_of, rules, save};
use crate::entity::ledger_entries;
use crate::rules::ledger;
use crate::store;

const NAME: &str = "payments.earn_aftercare";

/// Ties the charges of a request to its plan and clinic: each month is paid by its charge, and the whole term by a fixed price.
/// In the transaction that activates it.
///
/// Errors: 409 `payment_required` before the first charge is paid (R-AC-60).
pub async fn activate(
    txn: &Txn,
    app: &App,
    request: StandaloneAftercareRequestId,
    (plan, provider): (AfterCareId, ProviderId),
    (start, months): (NaiveDate, u32),
) -> AppResult<()> {
    let rows = lock(txn, request).await?;
    if super::paid(&rows).next().is_none() {
        return Err(AppError::conflict("payment_required", "The first payment has not arrived yet."));
    }
    for row in rows.iter().filter(|row| row.payment_type == Type::Charge) {
        let number = row.installment_number.and_then(|number| u32::try_from(number).ok()).unwrap_or(1);
        let span = match row.pricing_model {
            Model::Fixed => Some(start).zip(rules::month_of(start, months).map(|(_, last)| last)),
            Model::MonthlySubscription => rules::month_of(start, number),
        };
        let (first, last) = span.ok_or_else(|| AppError::internal("a day beyond time"))?;
        let tied = charges::Model {
            after_care_id: Some(plan),
            provider_id: Some(provider),
            service_period_start: Some(first),
            service_period_end: Some(last),
            ..row.clone()
        };
        save(txn, app.now(), tied).await?;
    }
    Ok(())
}

/// Shares every charge whose service is over, once. A run that was missed is made up for.
pub async fn earn_due(app: &App) -> AppResult<()> {
    let mut sweep = Sweep::start(app, NAME);
    loop {
        // In place of a subquery per row: postings are found by the charge they name.
        let shared = Query::select()
            .expr(Expr::val(1))
            .from(ledger_entries::Entity)
            .and_where(
                Expr::col((ledger_entries::Entity, ledger_entries::Column::AftercarePaymentId))
                    .equals((charges::Entity, charges::Column::Id)),
            )
            .and_where(Expr::col((ledger_entries::Entity, ledger_entries::Column::SourceKey)).like("%:earned"))
            .to_owned();
        let due: Vec<(AftercarePaymentId, Timestamp)> = charges::Entity::find()
            .select_only()
            .columns([charges::Column::Id, charges::Column::CreatedAt])
            .filter(charges::Column::PaymentStatus.eq(Status::Completed))
            .filter(charges::Column::PaymentType.eq(Type::Charge))
            .filter(charges::Column::ServicePeriodEnd.lt(app.now().date_naive()))
            .filter(Expr::exists(shared).not())
            .filter(sweep.rest(charges::Column::CreatedAt, charges::Column::Id))
            .order_by_asc(charges::Column::CreatedAt)
            .order_by_asc(charges::Column::Id)
            .limit(BATCH)
            .into_tuple()
            .all(app.db.conn())
            .await?;
        for row in &due {
            sweep.took(*row, earn(app, row.0).await);
        }
        if !sweep.goes_on(app, due.len()) {
            return Ok(());
        }
    }
}

async fn earn(app: &App, id: AftercarePaymentId) -> AppResult<()> {
    let Some(found) = charges::Entity::find_by_id(id).one(app.db.conn()).await? else { return Ok(()) };
    platform::write_txn!(app.db, |txn| {
        let rows = lock(txn, found.standalone_request_id).await?;
        let row = row_of(&rows, id)?;
        let is_due = row.payment_status == Status::Completed
            && row.service_period_end.is_some_and(|end| end < app.now().date_naive());
        if !is_due || store::is_posted(txn, &ledger::earned_key(id)).await? {
            return Ok(());
        }
        let (provider, platform) = left(&rows, row);
        store::post(txn, app.now(), &ledger::charge_earned(id, provider, platform)).await?;
        audit::record(txn, app, &Actor::system(), entry("aftercare_payment.earned", row)).await
    })
}

/// What refunds have left of a charge's shares: the clinic's, and Hairline's.
pub(super) fn left(rows: &[charges::Model], row: &charges::Model) -> (Money, Amount) {
    let back =
        || rows.iter().filter(|other| other.refund_of_id == Some(row.id) && other.payment_status == Status::Completed);
    let sum = |of: fn(&charges::Model) -> Option<Amount>| of(row).unwrap_or_default() - back().filter_map(of).sum();
    (Money::new(sum(|row| row.provider_share), row.currency), sum(|row| row.commission_amount))
}
