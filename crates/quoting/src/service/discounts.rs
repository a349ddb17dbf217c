//! The discounts a clinic may put on a quote: its own, and campaigns it agreed to share (R-IQ-46, R-FN-05).

use catalogue::fx;
use kernel::ids::{DiscountId, ProviderId};
use kernel::{Amount, AppError, AppResult, Currency, Money, Timestamp};
use rust_decimal::Decimal;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, IntoCondition, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder};
use serde::{Deserialize, Serialize};

use crate::entity::quote_versions;
use crate::entity::quotes::{self, QuoteDiscountFunding};
use crate::projection::{discounts, fixed_discounts, provider_discounts};
use crate::rules::discount::{Facts, Why, funding, usable};
use crate::rules::price::{Discount, Reduction};

/// A discount with everything a price needs of it. Kept in each version of a quote, so that what was promised stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// Which.
    pub id: DiscountId,
    /// What the clinic calls it.
    pub name: String,
    /// A share of the subtotal, in percent; else an amount.
    pub percent: Option<Amount>,
    /// An amount in the quote's currency.
    pub amount: Option<Amount>,
    /// Who pays for it.
    pub funding: QuoteDiscountFunding,
}

impl Terms {
    /// As the price takes it.
    pub fn discount(&self, currency: Currency) -> Discount {
        let reduction = match self.percent {
            Some(percent) => Reduction::Percent(percent.get()),
            None => Reduction::Fixed(self.amount.unwrap_or(Amount::ZERO), currency),
        };
        Discount { reduction, funding: self.funding }
    }
}

/// A discount the editor offers.
#[derive(Clone, Debug)]
pub struct Offered {
    /// Which.
    pub id: DiscountId,
    /// What the clinic calls it.
    pub name: String,
    /// A share of the subtotal.
    pub percent: Option<Amount>,
    /// An amount, in dollars where no other is given.
    pub amount: Option<Money>,
    /// Whether Hairline shares its cost.
    pub shared: bool,
}

#[derive(FromQueryResult)]
struct Row {
    id: DiscountId,
    discount_code: String,
    name: Option<String>,
    discount_type: String,
    discount_value: Amount,
    provider_id: Option<ProviderId>,
    usage_limit: Option<i32>,
    usage_count: i32,
    start_date: Option<chrono::NaiveDate>,
    end_date: Option<chrono::NaiveDate>,
    status: String,
    requires_provider_approval: bool,
    application_mode: String,
    paused_at: Option<Timestamp>,
    archived_at: Option<Timestamp>,
    participation: Option<String>,
    in_currency: Option<Amount>,
}

impl Row {
    fn funding(&self) -> QuoteDiscountFunding {
        funding(self.provider_id.is_some(), self.requires_provider_approval)
    }

    fn facts(&self, provider: ProviderId) -> Facts {
        Facts {
            active: self.status == "active" && self.paused_at.is_none() && self.archived_at.is_none(),
            in_editor: self.application_mode != "code",
            starts: self.start_date,
            ends: self.end_date,
            limit: self.usage_limit,
            used: self.usage_count,
            funding: self.funding(),
            own: self.provider_id == Some(provider),
            accepted: self.participation.as_deref() == Some("accepted"),
        }
    }

    fn name(&self) -> String {
        self.name.clone().unwrap_or_else(|| self.discount_code.clone())
    }

    fn percent(&self) -> Option<Amount> {
        (self.discount_type == "percentage").then_some(self.discount_value)
    }
}

/// What the clinic's editor offers now, by name, in one statement. Amounts are those of `currency` where they are given.
pub async fn offered(
    conn: &impl ConnectionTrait,
    provider: ProviderId,
    currency: Currency,
    now: Timestamp,
) -> AppResult<Vec<Offered>> {
    let mut rows = load(conn, provider, currency, None).await?;
    rows.retain(|row| usable(&row.facts(provider), now.date_naive()).is_ok());
    rows.sort_by_cached_key(|row| (row.name().to_lowercase(), row.id));
    let line = |row: Row| Offered {
        id: row.id,
        name: row.name(),
        percent: row.percent(),
        amount: match (row.percent(), row.in_currency) {
            (Some(_), _) => None,
            (None, Some(amount)) => Some(Money::new(amount, currency)),
            (None, None) => Some(Money::new(row.discount_value, Currency::USD)),
        },
        shared: row.funding() == QuoteDiscountFunding::Both,
    };
    Ok(rows.into_iter().map(line).collect())
}

/// The terms of a discount the clinic chose, for a quote in this currency that goes out now.
///
/// Errors: 422 `discount_not_applicable` on the field, with the reason.
pub async fn chosen(
    conn: &impl ConnectionTrait,
    provider: ProviderId,
    id: DiscountId,
    currency: Currency,
    now: Timestamp,
) -> AppResult<Terms> {
    let row = load(conn, provider, currency, Some(id)).await?.pop().ok_or_else(|| refuse(Why::Unknown))?;
    usable(&row.facts(provider), now.date_naive()).map_err(refuse)?;
    let percent = row.percent();
    let amount = match (percent, row.in_currency) {
        (Some(_), _) => None,
        (None, Some(amount)) => Some(amount),
        (None, None) => Some(from_dollars(conn, row.discount_value, currency).await?),
    };
    Ok(Terms { id, name: row.name(), percent, amount, funding: row.funding() })
}

/// A fixed discount without an amount in this currency counts in dollars, at the rate without markup.
async fn from_dollars(conn: &impl ConnectionTrait, value: Amount, currency: Currency) -> AppResult<Amount> {
    let rate: Option<Decimal> = fx::per_dollar(conn, currency).await?;
    rate.and_then(|rate| currency.round(value.get() * rate)).ok_or_else(|| refuse(Why::Currency))
}

/// 422 `discount_not_applicable` with the reason, which also stands beside the field.
pub fn refuse(why: Why) -> AppError {
    let mut error = AppError::invalid("discount_not_applicable", why.sentence()).with("why", why.name());
    error.fields.add("discount_id", why.code(), why.sentence());
    error
}

/// The terms an offer was sent with, while it carries the same discount: they stay what they were, whatever becomes of the
/// discount (R-PY-46, R-FN-10).
pub async fn promised(conn: &impl ConnectionTrait, quote: &quotes::Model) -> AppResult<Option<Terms>> {
    let Some(id) = quote.discount_id else { return Ok(None) };
    let newest = quote_versions::Entity::find()
        .filter(quote_versions::Column::QuoteId.eq(quote.id))
        .order_by_desc(quote_versions::Column::Version)
        .one(conn)
        .await?;
    let kept = newest.and_then(|version| version.snapshot.get("discount").cloned());
    let kept: Option<Terms> = kept.and_then(|kept| serde_json::from_value(kept).ok());
    Ok(kept.filter(|kept| kept.id == id))
}

/// Discounts with the clinic's answer to them and their amount in a currency: one, or all the clinic could name.
async fn load(
    conn: &impl ConnectionTrait,
    provider: ProviderId,
    currency: Currency,
    id: Option<DiscountId>,
) -> AppResult<Vec<Row>> {
    use discounts::Column as D;
    let table = discounts::Entity;
    let whose = match id {
        Some(id) => Expr::col((table, D::Id)).eq(id).into_condition(),
        None => Condition::any()
            .add(Expr::col((table, D::ProviderId)).eq(provider))
            .add(Expr::col((provider_discounts::Entity, provider_discounts::Column::Status)).eq("accepted")),
    };
    let answer = Condition::all()
        .add(Expr::col((provider_discounts::Entity, provider_discounts::Column::DiscountId)).equals((table, D::Id)))
        .add(Expr::col((provider_discounts::Entity, provider_discounts::Column::ProviderId)).eq(provider));
    let amount = Condition::all()
        .add(Expr::col((fixed_discounts::Entity, fixed_discounts::Column::DiscountableId)).equals((table, D::Id)))
        .add(Expr::col((fixed_discounts::Entity, fixed_discounts::Column::DiscountableType)).eq("Discount"))
        .add(Expr::col((fixed_discounts::Entity, fixed_discounts::Column::Status)).eq("active"))
        .add(Expr::col((fixed_discounts::Entity, fixed_discounts::Column::Currency)).eq(currency));
    let mut select = Query::select();
    for column in [
        D::Id,
        D::DiscountCode,
        D::Name,
        D::DiscountType,
        D::DiscountValue,
        D::ProviderId,
        D::UsageLimit,
        D::UsageCount,
        D::StartDate,
        D::EndDate,
        D::Status,
        D::RequiresProviderApproval,
        D::ApplicationMode,
        D::PausedAt,
        D::ArchivedAt,
    ] {
        select.column((table, column));
    }
    select
        .expr_as(Expr::col((provider_discounts::Entity, provider_discounts::Column::Status)), "participation")
        .expr_as(Expr::col((fixed_discounts::Entity, fixed_discounts::Column::Amount)), "in_currency")
        .from(table)
        .left_join(provider_discounts::Entity, answer)
        .left_join(fixed_discounts::Entity, amount)
        .cond_where(whose);
    Ok(Row::find_by_statement(conn.get_database_backend().build(&select)).all(conn).await?)
}
