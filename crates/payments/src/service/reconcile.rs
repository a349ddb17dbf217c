//! Comparing a period with what the gateways list (R-PY-68). Reads only.

use chrono::Duration;
use kernel::AppResult;
use kernel::ids::GatewayAccountId;
use platform::App;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

use crate::entity::aftercare_payments::{self as charges, AftercarePaymentStatus};
use crate::entity::gateway_accounts::{self, GatewayAccountStatus};
use crate::entity::payments::{self, PaymentMethod, PaymentStatus, PaymentType};
use crate::gateway::{self, ListedTransfer};
use crate::rules::reconcile::{self, Comparison, Own, Period};

/// How far beyond the period the gateway is asked: our clock is not its clock.
const EDGE: Duration = Duration::hours(1);
/// Rows looked up by id in one statement.
const BATCH: usize = 500;

/// Compares every account that served in the period. Never called inside a transaction.
///
/// Errors: 503 `gateway_unreachable`.
pub async fn compare(app: &App, period: Period) -> AppResult<Comparison> {
    let accounts = serving(app, period).await?;
    let mut whole = Comparison::default();
    for account in accounts {
        let asked = gateway::of(app, &account)?.listed(app, account.id, period.from - EDGE, period.until + EDGE).await;
        let listed = match asked {
            Ok(listed) => listed,
            // The others are compared all the same; somebody hears of this one.
            Err(error) if account.status != GatewayAccountStatus::Active => {
                tracing::error!(%error, account = account.name, "an account could not be asked");
                whole.silent.push(account.name);
                continue;
            }
            Err(error) => return Err(error),
        };
        let ids: Vec<&str> = listed.iter().map(|entry| entry.id.as_str()).collect();
        let own = payments::Entity::find()
            .filter(payments::Column::GatewayAccountId.eq(account.id))
            .filter(payments::Column::PaymentMethod.eq(PaymentMethod::Card));
        let within = |column: payments::Column| column.gte(period.from).and(column.lt(period.until));
        let mut rows = own
            .clone()
            .filter(
                Condition::any()
                    .add(within(payments::Column::CreatedAt))
                    .add(within(payments::Column::PaidAt))
                    .add(payments::Column::PaymentStatus.eq(PaymentStatus::Pending)),
            )
            .all(app.db.conn())
            .await?;
        for some in ids.chunks(BATCH) {
            let named = Condition::any()
                .add(
                    Condition::all()
                        .add(payments::Column::StripePaymentIntentId.is_in(some.iter().copied()))
                        .add(payments::Column::PaymentType.ne(PaymentType::Refund)),
                )
                .add(payments::Column::TransactionId.is_in(some.iter().copied()));
            rows.extend(own.clone().filter(named).all(app.db.conn()).await?);
        }
        rows.sort_by_key(|row| row.id);
        rows.dedup_by_key(|row| row.id);
        let mut own: Vec<Own> = rows.iter().filter_map(Own::of_payment).collect();
        own.extend(of_aftercare(app, account.id, period, &ids).await?.iter().filter_map(Own::of_charge));
        let found = reconcile::compare(period, &listed, &own, app.now());
        whole.matched += found.matched;
        whole.findings.extend(found.findings);
        for (currency, sums) in found.totals {
            let all = whole.totals.entry(currency).or_default();
            all.charged = all.charged + sums.charged;
            all.refunded = all.refunded + sums.refunded;
            all.fees = all.fees + sums.fees;
        }
    }
    Ok(whole)
}

/// The charges of aftercare an account took in a period, and those its list names.
async fn of_aftercare(
    app: &App,
    account: GatewayAccountId,
    period: Period,
    ids: &[&str],
) -> AppResult<Vec<charges::Model>> {
    let own = charges::Entity::find().filter(charges::Column::GatewayAccountId.eq(account));
    let within = |column: charges::Column| column.gte(period.from).and(column.lt(period.until));
    // What was tried and is not decided; what is planned has no account yet.
    let open = Condition::all()
        .add(charges::Column::PaymentStatus.eq(AftercarePaymentStatus::Pending))
        .add(charges::Column::PaymentMethod.is_not_null());
    let mut rows =
        own.clone().filter(Condition::any().add(within(charges::Column::PaidAt)).add(open)).all(app.db.conn()).await?;
    for some in ids.chunks(BATCH) {
        let named = Condition::any()
            .add(charges::Column::StripePaymentIntentId.is_in(some.iter().copied()))
            .add(charges::Column::TransactionId.is_in(some.iter().copied()));
        rows.extend(own.clone().filter(named).all(app.db.conn()).await?);
    }
    rows.sort_by_key(|row| row.id);
    rows.dedup_by_key(|row| row.id);
    Ok(rows)
}

/// The accounts that are used, and those switched off since whose payments the period has.
async fn serving(app: &App, period: Period) -> AppResult<Vec<gateway_accounts::Model>> {
    let within = |column: payments::Column| column.gte(period.from).and(column.lt(period.until));
    let served = payments::Entity::find()
        .select_only()
        .column(payments::Column::GatewayAccountId)
        .filter(payments::Column::GatewayAccountId.is_not_null())
        .filter(
            Condition::any()
                .add(within(payments::Column::CreatedAt))
                .add(within(payments::Column::PaidAt))
                .add(payments::Column::PaymentStatus.eq(PaymentStatus::Pending)),
        )
        .into_query();
    Ok(gateway_accounts::Entity::find()
        .filter(
            Condition::any()
                .add(gateway_accounts::Column::Status.ne(GatewayAccountStatus::Inactive))
                .add(gateway_accounts::Column::Id.in_subquery(served)),
        )
        .order_by_asc(gateway_accounts::Column::Id)
        .all(app.db.conn())
        .await?)
}

/// The transfers every account made in the period, and a little around it. Never called inside a transaction.
///
/// Errors: 503 `gateway_unreachable`.
pub async fn transfers(app: &App, period: Period) -> AppResult<Vec<ListedTransfer>> {
    let mut all: Vec<ListedTransfer> = Vec::new();
    let mut accounts = serving(app, period).await?;
    // Payouts leave from there, whether or not it takes payments.
    let house = super::accounts::house(app).await?;
    if !accounts.iter().any(|account| account.id == house.id) {
        accounts.push(house);
    }
    for account in accounts {
        let asked = gateway::of(app, &account)?.transfers(app, period.from - EDGE, period.until + EDGE).await;
        match asked {
            Ok(listed) => all.extend(listed),
            // Told already, with its payments.
            Err(_) if account.status != GatewayAccountStatus::Active => {}
            Err(error) => return Err(error),
        }
    }
    // Accounts of the simulator share one memory.
    all.sort_by(|a, b| a.id.cmp(&b.id));
    all.dedup();
    Ok(all)
}
