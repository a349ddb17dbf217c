//! The platform's exchange rates (R-PY-13..16).

use std::collections::HashMap;

use kernel::ids::FxRateId;
use kernel::{AppResult, Currency, Timestamp};
use rust_decimal::Decimal;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};

use crate::entity::currencies::{self, CurrencyFxMode, CurrencyFxStatus};
use crate::entity::fx_rates::{self, FxRateMode};
use crate::rules::fx::{self as rule, Quotation};

/// Units of `to` for one unit of `from` at this moment, with the platform's markup, eight decimals (R-PY-14).
///
/// `None` when one of the two has no active pair: such money cannot be charged (R-PY-16) and a quote cannot be
/// sent in it (`fx_rate_unavailable`, R-IQ-41). A pair whose last synchronisation failed keeps its rate (R-PY-17).
pub async fn rate(conn: &impl ConnectionTrait, from: Currency, to: Currency) -> AppResult<Option<Decimal>> {
    if from == to {
        return Ok(Some(Decimal::ONE));
    }
    let Some(source) = quotation(conn, from).await? else { return Ok(None) };
    let Some(target) = quotation(conn, to).await? else { return Ok(None) };
    Ok(rule::rate((from, source), (to, target)))
}

/// Units of a currency for one dollar, without the platform's markup; `None` without an active pair.
pub async fn per_dollar(conn: &impl ConnectionTrait, currency: Currency) -> AppResult<Option<Decimal>> {
    Ok(quotation(conn, currency).await?.map(|quotation| quotation.base).filter(|base| *base > Decimal::ZERO))
}

/// Units of `to` for one unit of `from` as they were at an instant, without the platform's markup, eight decimals: what
/// clinics are paid at (R-PY-59). A pair that is not active any more keeps its history; `None` where it has none.
///
/// Of a pair that is younger than the instant, the first rate holds.
pub async fn unmarked_at(
    conn: &impl ConnectionTrait,
    from: Currency,
    to: Currency,
    at: Timestamp,
) -> AppResult<Option<Decimal>> {
    if from == to {
        return Ok(Some(Decimal::ONE));
    }
    let (source, target) = (base_at(conn, from, at).await?, base_at(conn, to, at).await?);
    let (Some(source), Some(target)) = (source, target) else { return Ok(None) };
    Ok(target.checked_div(source).map(rule::eight))
}

async fn base_at(conn: &impl ConnectionTrait, currency: Currency, at: Timestamp) -> AppResult<Option<Decimal>> {
    if currency == Currency::USD {
        return Ok(Some(Decimal::ONE));
    }
    let all = fx_rates::Entity::find().filter(fx_rates::Column::TargetCurrency.eq(currency));
    let then = all
        .clone()
        .filter(fx_rates::Column::FetchedAt.lte(at))
        .order_by_desc(fx_rates::Column::FetchedAt)
        .order_by_desc(fx_rates::Column::Id)
        .one(conn)
        .await?;
    let row = match then {
        Some(row) => Some(row),
        None => all.order_by_asc(fx_rates::Column::FetchedAt).order_by_asc(fx_rates::Column::Id).one(conn).await?,
    };
    Ok(row.map(|row| row.base_rate).filter(|base| *base > Decimal::ZERO))
}

/// The currencies that are switched on, by code.
pub async fn enabled(conn: &impl ConnectionTrait) -> AppResult<Vec<Currency>> {
    Ok(currencies::Entity::find()
        .select_only()
        .column(currencies::Column::Code)
        .filter(currencies::Column::Enabled.eq(true))
        .order_by_asc(currencies::Column::Code)
        .into_tuple()
        .all(conn)
        .await?)
}

/// Whether money may be quoted and charged in this currency: the dollar or an active pair (R-PY-16).
pub async fn is_usable(conn: &impl ConnectionTrait, currency: Currency) -> AppResult<bool> {
    Ok(quotation(conn, currency).await?.is_some())
}

/// The rates of some currencies at one moment.
#[derive(Clone, Debug, Default)]
pub struct Rates(HashMap<Currency, Quotation>);

impl Rates {
    /// What [`rate`] answers, for the currencies asked for.
    pub fn rate(&self, from: Currency, to: Currency) -> Option<Decimal> {
        if from == to {
            return Some(Decimal::ONE);
        }
        rule::rate((from, *self.0.get(&from)?), (to, *self.0.get(&to)?))
    }
}

/// The rates of these currencies, in one statement.
pub async fn rates(conn: &impl ConnectionTrait, of: &[Currency]) -> AppResult<Rates> {
    let active = Query::select()
        .column(currencies::Column::Code)
        .from(currencies::Entity)
        .and_where(currencies::Column::Code.is_in(of.iter().copied()))
        .cond_where(active_pair())
        .to_owned();
    let newest = Query::select()
        .column(fx_rates::Column::TargetCurrency)
        .expr(Expr::col(fx_rates::Column::FetchedAt).max())
        .from(fx_rates::Entity)
        .and_where(fx_rates::Column::TargetCurrency.in_subquery(active))
        .group_by_col(fx_rates::Column::TargetCurrency)
        .to_owned();
    let pair = Expr::tuple([Expr::col(fx_rates::Column::TargetCurrency), Expr::col(fx_rates::Column::FetchedAt)]);
    // Of two rates of one moment the later one applies.
    let rows =
        fx_rates::Entity::find().filter(pair.in_subquery(newest)).order_by_asc(fx_rates::Column::Id).all(conn).await?;
    let mut known: HashMap<Currency, Quotation> = rows
        .into_iter()
        .map(|row| (row.target_currency, Quotation { base: row.base_rate, markup_percent: row.markup_percent }))
        .collect();
    known.insert(Currency::USD, rule::DOLLAR);
    Ok(Rates(known))
}

/// Units of `to` for one unit of each of `from` that can be converted, with one statement for all.
pub async fn rates_to(
    conn: &impl ConnectionTrait,
    to: Currency,
    from: &[Currency],
) -> AppResult<HashMap<Currency, Decimal>> {
    let asked: Vec<Currency> = from.iter().copied().chain([to]).collect();
    let known = rates(conn, &asked).await?;
    Ok(from.iter().filter_map(|currency| Some((*currency, known.rate(*currency, to)?))).collect())
}

fn active_pair() -> Condition {
    Condition::all()
        .add(currencies::Column::Enabled.eq(true))
        .add(currencies::Column::FxMode.is_not_null())
        .add(currencies::Column::FxStatus.ne(CurrencyFxStatus::Inactive))
}

async fn quotation(conn: &impl ConnectionTrait, currency: Currency) -> AppResult<Option<Quotation>> {
    if currency == Currency::USD {
        return Ok(Some(rule::DOLLAR));
    }
    let pair = currencies::Entity::find()
        .filter(currencies::Column::Code.eq(currency))
        .filter(active_pair())
        .one(conn)
        .await?;
    if pair.is_none() {
        return Ok(None);
    }
    let newest = fx_rates::Entity::find()
        .filter(fx_rates::Column::TargetCurrency.eq(currency))
        .order_by_desc(fx_rates::Column::FetchedAt)
        .order_by_desc(fx_rates::Column::Id)
        .one(conn)
        .await?;
    Ok(newest.map(|row| Quotation { base: row.base_rate, markup_percent: row.markup_percent }))
}

/// Records a rate set by hand and switches its pair on (R-PY-13). The history is append-only: the newest row applies.
pub async fn set_manual_rate(
    conn: &impl ConnectionTrait,
    now: Timestamp,
    currency: Currency,
    base_rate: Decimal,
    markup_percent: Decimal,
) -> AppResult<()> {
    let effective = (base_rate * (Decimal::ONE + markup_percent / Decimal::ONE_HUNDRED)).round_dp(8);
    fx_rates::ActiveModel {
        id: Set(FxRateId::new()),
        target_currency: Set(currency),
        base_rate: Set(base_rate),
        markup_percent: Set(markup_percent),
        effective_rate: Set(effective),
        mode: Set(FxRateMode::Manual),
        source: Set(None),
        fetched_at: Set(now),
        set_by_user_id: Set(None),
        created_at: Set(now),
    }
    .insert(conn)
    .await?;
    currencies::Entity::update_many()
        .set(currencies::ActiveModel {
            enabled: Set(true),
            fx_mode: Set(Some(CurrencyFxMode::Manual)),
            fx_status: Set(CurrencyFxStatus::Active),
            updated_at: Set(now),
            ..Default::default()
        })
        .filter(currencies::Column::Code.eq(currency))
        .exec(conn)
        .await?;
    Ok(())
}
