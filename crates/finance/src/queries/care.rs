//! What aftercare bought on its own brought a clinic, charge by charge (R-FN-46, R-FN-52).

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use kernel::ids::{AftercarePaymentId, ProviderId};
use kernel::{Actor, Amount, AppResult, Currency, Money, Page, PageQuery};
use payments::entity::aftercare_payments::{self as charges, AftercarePaymentStatus, AftercarePaymentType};
use payments::service::aftercare;
use platform::App;
use sea_orm::sea_query::{Expr, ExprTrait, Query, SimpleExpr};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use super::earnings::{MOST, earner, state_of};
use crate::entity::provider_bill_items::{self as items, ProviderBillItemKind as Kind};
use crate::entity::provider_bills::{self as bills, ProviderBillStatus as Status};
use crate::views::{CareEarningLine, EarningState};

fn paid_to(provider: ProviderId) -> Select<charges::Entity> {
    let went_through = [AftercarePaymentStatus::Completed, AftercarePaymentStatus::Refunded];
    charges::Entity::find()
        .filter(charges::Column::ProviderId.eq(provider))
        .filter(charges::Column::PaymentType.eq(AftercarePaymentType::Charge))
        .filter(charges::Column::PaymentStatus.is_in(went_through))
        .filter(charges::Column::ServicePeriodEnd.is_not_null())
}

/// What went back of some charges, and the clinic's share of it.
async fn back_of(
    conn: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = AftercarePaymentId>,
) -> AppResult<HashMap<AftercarePaymentId, Amount>> {
    let refunds = charges::Entity::find()
        .filter(charges::Column::RefundOfId.is_in(ids))
        .filter(charges::Column::PaymentStatus.eq(AftercarePaymentStatus::Completed))
        .all(conn)
        .await?;
    let mut sums: HashMap<AftercarePaymentId, Amount> = HashMap::new();
    for refund in refunds {
        if let Some(of) = refund.refund_of_id {
            let sum = sums.entry(of).or_default();
            *sum = *sum + refund.provider_share.unwrap_or_default();
        }
    }
    Ok(sums)
}

/// The paid charges of aftercare the actor's clinic gives or gave, the newest service first: four statements.
///
/// Errors: 403.
pub async fn list(app: &App, actor: &Actor, page: PageQuery) -> AppResult<Page<CareEarningLine>> {
    let provider = earner(actor)?;
    let page = page.checked()?;
    let (conn, today) = (app.replica.conn(), app.now().date_naive());
    let found = paid_to(provider);
    let total = platform::db::total(conn, &found).await?;
    let rows = found
        .order_by_desc(charges::Column::ServicePeriodEnd)
        .order_by_desc(charges::Column::Id)
        .offset(page.offset())
        .limit(page.per_page)
        .all(conn)
        .await?;
    let ids = || rows.iter().map(|row| row.id);
    let billed: HashMap<AftercarePaymentId, bills::Model> = items::Entity::find()
        .find_also_related(bills::Entity)
        .filter(items::Column::AftercarePaymentId.is_in(ids()))
        .filter(items::Column::Kind.eq(Kind::Aftercare))
        .filter(items::Column::Active.eq(true))
        .all(conn)
        .await?
        .into_iter()
        .filter_map(|(line, bill)| Some((line.aftercare_payment_id?, bill?)))
        .collect();
    let back = back_of(conn, ids()).await?;
    let line = |row: &charges::Model| {
        let money = |amount| Money::new(amount, row.currency);
        let bill = billed.get(&row.id);
        let runs = row.service_period_end.is_some_and(|end| end >= today);
        let (state, shown) = if runs { (EarningState::Running, None) } else { state_of(bill) };
        CareEarningLine {
            charge_id: row.id,
            name: aftercare::name_of(row),
            case_id: row.after_care_id,
            service_start: row.service_period_start,
            service_end: row.service_period_end,
            gross: money(row.amount),
            commission: money(row.commission_amount.unwrap_or_default()),
            net: money(row.provider_share.unwrap_or_default()),
            refunded_share: money(back.get(&row.id).copied().unwrap_or_default()),
            state,
            payout_id: shown.map(|bill| bill.id),
        }
    };
    Ok(Page::new(rows.iter().map(line).collect(), page, total))
}

/// Adds to sums what a clinic has earned with aftercare and was not paid yet; whether it gives any at all. One statement, of the
/// newest charges and refunds.
pub(super) async fn pending(app: &App, provider: ProviderId, sums: &mut BTreeMap<Currency, Amount>) -> AppResult<bool> {
    type Part =
        (AftercarePaymentId, Option<AftercarePaymentId>, Currency, Option<Amount>, Option<NaiveDate>, Option<String>);
    let today = app.now().date_naive();
    let on_paid = Query::select()
        .expr(Expr::col((bills::Entity, bills::Column::BillReference)).max())
        .from(items::Entity)
        .inner_join(
            bills::Entity,
            Expr::col((bills::Entity, bills::Column::Id)).equals((items::Entity, items::Column::BillId)),
        )
        .and_where(
            Expr::col((items::Entity, items::Column::AftercarePaymentId))
                .equals((charges::Entity, charges::Column::Id)),
        )
        .and_where(items::Column::Kind.eq(Kind::Aftercare))
        .and_where(items::Column::Active.eq(true))
        .and_where(bills::Column::Status.eq(Status::Paid))
        .to_owned();
    let went_through = [AftercarePaymentStatus::Completed, AftercarePaymentStatus::Refunded];
    let parts: Vec<Part> = charges::Entity::find()
        .select_only()
        .column(charges::Column::Id)
        .column(charges::Column::RefundOfId)
        .column(charges::Column::Currency)
        .column(charges::Column::ProviderShare)
        .column(charges::Column::ServicePeriodEnd)
        .expr_as(SimpleExpr::from(on_paid), "paid_with")
        .filter(charges::Column::ProviderId.eq(provider))
        .filter(charges::Column::PaymentStatus.is_in(went_through))
        .order_by_desc(charges::Column::Id)
        .limit(MOST)
        .into_tuple()
        .all(app.replica.conn())
        .await?;
    for (id, of, currency, share, end, paid) in &parts {
        if of.is_some() || paid.is_some() || end.is_none_or(|end| end >= today) {
            continue;
        }
        let back = parts.iter().filter(|(_, of, ..)| *of == Some(*id)).filter_map(|(_, _, _, share, ..)| *share);
        let left = share.unwrap_or_default() - back.sum::<Amount>();
        if left.is_positive() {
            let sum = sums.entry(*currency).or_default();
            *sum = *sum + left;
        }
    }
    Ok(parts.iter().any(|(_, of, _, _, end, _)| of.is_none() && end.is_some()))
}
