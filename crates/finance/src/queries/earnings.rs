//! What treatments brought a clinic: always visible, whatever a statement does (R-FN-46).

use std::collections::{BTreeMap, HashMap};

use kernel::ids::{ProviderId, QuoteId};
use kernel::{Actor, Amount, AppError, AppResult, Currency, Money, Page, PageQuery, Permission};
use payments::rules::refund;
use payments::service::treated;
use platform::App;
use quoting::entity::{booking_terms, quotes};
use quoting::rules::slot;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use super::care;
use crate::entity::provider_bill_items::{self as items, ProviderBillItemKind as Kind};
use crate::entity::provider_bills::{self as bills, ProviderBillStatus as Status};
use crate::rules::period;
use crate::service::gather;
use crate::store;
use crate::views::{EarningLine, EarningState, EarningSummary};

/// Bookings whose money is counted for the summary.
pub(super) const MOST: u64 = 1_000;

/// The clinic whose earnings an actor reads: owner, manager, billing.
pub(super) fn earner(actor: &Actor) -> AppResult<ProviderId> {
    let (_, provider) = actor.provider()?;
    actor.require(Permission::ViewFinancialDashboard)?;
    Ok(provider)
}

/// Where something stands that is over, and the statement the clinic knows of.
pub(super) fn state_of(bill: Option<&bills::Model>) -> (EarningState, Option<&bills::Model>) {
    match bill.map(|bill| bill.status) {
        Some(Status::Paid) => (EarningState::Paid, bill),
        Some(Status::Processing | Status::Failed) => (EarningState::Processing, bill),
        // Before its money leaves a clinic does not know of a statement.
        _ => (EarningState::Pending, None),
    }
}

fn treated_at(provider: ProviderId) -> Select<booking_terms::Entity> {
    booking_terms::Entity::find()
        .inner_join(quotes::Entity)
        .filter(quotes::Column::ProviderId.eq(provider))
        .filter(quotes::Column::Status.is_in(gather::TREATED))
        .filter(booking_terms::is_newest())
}

type Row = (booking_terms::Model, quotes::Model);

async fn rows(
    conn: &impl ConnectionTrait,
    found: Select<booking_terms::Entity>,
    offset: u64,
    limit: u64,
) -> AppResult<Vec<Row>> {
    let rows = found
        .select_also(quotes::Entity)
        .order_by_desc(quotes::Column::AppointmentSlotAt)
        .order_by_desc(quotes::Column::Id)
        .offset(offset)
        .limit(limit)
        .all(conn)
        .await?;
    Ok(rows.into_iter().filter_map(|(terms, quote)| Some((terms, quote?))).collect())
}

/// The treatments of the actor's clinic with what they bring, the newest first: four statements.
///
/// Errors: 403.
pub async fn list(app: &App, actor: &Actor, page: PageQuery) -> AppResult<Page<EarningLine>> {
    let provider = earner(actor)?;
    let page = page.checked()?;
    let conn = app.replica.conn();
    let found = treated_at(provider);
    let total = platform::db::total(conn, &found).await?;
    let rows = rows(conn, found, page.offset(), page.per_page).await?;
    let ids: Vec<QuoteId> = rows.iter().map(|(_, quote)| quote.id).collect();
    let billed: HashMap<QuoteId, bills::Model> = items::Entity::find()
        .find_also_related(bills::Entity)
        .filter(items::Column::QuoteId.is_in(ids.iter().copied()))
        .filter(items::Column::Kind.eq(Kind::Earning))
        .filter(items::Column::Active.eq(true))
        .all(conn)
        .await?
        .into_iter()
        .filter_map(|(line, bill)| Some((line.quote_id?, bill?)))
        .collect();
    let paid = payments::queries::of_quotes(conn, ids).await?;
    let line = |(terms, quote): &Row| -> AppResult<EarningLine> {
        let currency = terms.quote_currency;
        let money = |amount| Money::new(amount, currency);
        let booked = gather::booked(quote, terms)?;
        let net = booked.gross - booked.commission;
        let back = paid.iter().filter(|row| row.quote_id == quote.id && treated::is_given_back(row));
        let share: Amount = back.filter_map(|row| refund::share(net, row.amount, terms.payment_total, currency)).sum();
        let bill = billed.get(&quote.id);
        let (state, shown) = state_of(bill);
        let zone = slot::clinic_zone(quote.appointment_timezone.as_deref());
        let name = quote.treatment_snapshot.as_ref().and_then(|snapshot| snapshot.get("name")?.as_str());
        Ok(EarningLine {
            booking_id: quote.id,
            booking_reference: terms.booking_reference.clone(),
            treatment: name.unwrap_or_default().to_owned(),
            treated_on: quote.appointment_slot_at.map(|at| slot::clinic_date(at, zone)),
            gross: money(booked.gross),
            commission: money(booked.commission),
            net: money(net),
            refunded_share: money(share),
            state,
            payout_id: shown.map(|bill| bill.id),
        })
    };
    Ok(Page::new(rows.iter().map(line).collect::<AppResult<_>>()?, page, total))
}

/// What the actor's clinic waits for, and when it comes: three statements.
///
/// Errors: 403.
pub async fn summary(app: &App, actor: &Actor) -> AppResult<EarningSummary> {
    let provider = earner(actor)?;
    let conn = app.replica.conn();
    let paid = Query::select()
        .column((items::Entity, items::Column::QuoteId))
        .from(items::Entity)
        .inner_join(
            bills::Entity,
            Expr::col((bills::Entity, bills::Column::Id)).equals((items::Entity, items::Column::BillId)),
        )
        .and_where(items::Column::Kind.eq(Kind::Earning))
        .and_where(items::Column::Active.eq(true))
        .and_where(bills::Column::Status.eq(Status::Paid))
        .to_owned();
    let open = treated_at(provider).filter(quotes::Column::Id.not_in_subquery(paid));
    let mut sums: BTreeMap<Currency, Amount> = BTreeMap::new();
    for (terms, quote) in rows(conn, open, 0, MOST).await? {
        let booked = gather::booked(&quote, &terms)?;
        let sum = sums.entry(terms.quote_currency).or_default();
        let more = sum.checked_add(booked.gross - booked.commission);
        *sum = more.ok_or_else(|| AppError::internal("earnings out of range"))?;
    }
    let gives_aftercare = care::pending(app, provider, &mut sums).await?;
    let agreements = store::agreements(conn, Some(provider)).await?;
    let agreed = agreements.get(&provider).map(Vec::as_slice).unwrap_or_default();
    Ok(EarningSummary {
        pending: sums.into_iter().map(|(currency, amount)| Money::new(amount, currency)).collect(),
        gives_aftercare,
        next_payout: period::next_payout(agreed, app.now().date_naive()),
    })
}
