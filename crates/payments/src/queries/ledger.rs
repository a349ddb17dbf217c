//! The ledger as staff read it: every line that was posted, and what a booking's accounts hold (R-PY-67).

use std::collections::HashMap;

use kernel::ids::{LedgerEntryId, PaymentId, ProviderBillId, QuoteId};
use kernel::{Actor, AppResult, Currency, Money, Page, PageQuery, Permission, Timestamp};
use platform::App;
use quoting::entity::booking_terms;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};

use crate::entity::ledger_entries::{self as entries, LedgerEntryAccount};

/// What the list may be narrowed to.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct LedgerFilter {
    /// Only lines of this account.
    #[serde(default, rename = "filter[account]")]
    #[param(rename = "filter[account]")]
    pub account: Option<LedgerEntryAccount>,
    /// Only lines in this currency.
    #[serde(default, rename = "filter[currency]")]
    #[param(rename = "filter[currency]", value_type = Option<String>)]
    pub currency: Option<Currency>,
    /// Only lines of the booking with this reference.
    #[serde(default, rename = "filter[booking_reference]")]
    #[param(rename = "filter[booking_reference]")]
    pub booking: Option<String>,
}

/// One line of a posting. The lines of one `source` balance in every currency.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct LedgerLine {
    /// Its id.
    pub id: LedgerEntryId,
    /// What caused the posting.
    #[schema(example = "payment:0195f2c4-8a51-7c3e-9d42-6f1f0a8b2c11:completed")]
    pub source: String,
    /// Its place within the posting.
    pub line: i16,
    /// Which account.
    pub account: LedgerEntryAccount,
    /// The left side; zero where the other is not.
    pub debit: Money,
    /// The right side; zero where the other is not.
    pub credit: Money,
    /// The booking it is about.
    pub booking_id: Option<QuoteId>,
    /// `BKG-2603-00001`.
    #[schema(example = "BKG-2603-00001")]
    pub booking_reference: Option<String>,
    /// The payment or refund that caused it.
    pub payment_id: Option<PaymentId>,
    /// The clinic's statement that caused it.
    pub bill_id: Option<ProviderBillId>,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub posted_at: Timestamp,
}

fn require(actor: &Actor) -> AppResult<()> {
    actor.admin()?;
    actor.require(Permission::ViewTransaction)
}

/// The lines, the last posted first: four statements at most.
///
/// Errors: 403.
pub async fn list(app: &App, actor: &Actor, filter: &LedgerFilter, page: PageQuery) -> AppResult<Page<LedgerLine>> {
    require(actor)?;
    let page = page.checked()?;
    let conn = app.replica.conn();
    let mut found = entries::Entity::find();
    if let Some(reference) = filter.booking.as_deref().filter(|reference| !reference.trim().is_empty()) {
        let Some(quote) = super::referred(conn, reference).await? else {
            return Ok(Page::new(Vec::new(), page, 0_u64));
        };
        found = found.filter(entries::Column::QuoteId.eq(quote));
    }
    if let Some(account) = filter.account {
        found = found.filter(entries::Column::Account.eq(account));
    }
    if let Some(currency) = filter.currency {
        found = found.filter(entries::Column::Currency.eq(currency));
    }
    let total = platform::db::total(conn, &found).await?;
    let rows = found.order_by_desc(entries::Column::Id).offset(page.offset()).limit(page.per_page).all(conn).await?;
    let references: HashMap<QuoteId, String> = booking_terms::Entity::find()
        .select_only()
        .columns([booking_terms::Column::QuoteId, booking_terms::Column::BookingReference])
        .filter(booking_terms::Column::QuoteId.is_in(rows.iter().filter_map(|row| row.quote_id)))
        .into_tuple::<(QuoteId, String)>()
        .all(conn)
        .await?
        .into_iter()
        .collect();
    let line = |row: entries::Model| LedgerLine {
        id: row.id,
        source: row.source_key,
        line: row.line_no,
        account: row.account,
        debit: Money::new(row.debit, row.currency),
        credit: Money::new(row.credit, row.currency),
        booking_id: row.quote_id,
        booking_reference: row.quote_id.and_then(|quote| references.get(&quote).cloned()),
        payment_id: row.payment_id,
        bill_id: row.bill_id,
        posted_at: row.posted_at,
    };
    Ok(Page::new(rows.into_iter().map(line).collect(), page, total))
}

/// What the accounts hold of one booking, debits above zero: one statement.
///
/// Errors: 403.
pub async fn balances(app: &App, actor: &Actor, quote: QuoteId) -> AppResult<Vec<(LedgerEntryAccount, Money)>> {
    require(actor)?;
    let rows = entries::Entity::find()
        .filter(entries::Column::QuoteId.eq(quote))
        .order_by_asc(entries::Column::Id)
        .all(app.replica.conn())
        .await?;
    let mut held: Vec<(LedgerEntryAccount, Money)> = Vec::new();
    for row in rows {
        let moved = row.debit - row.credit;
        match held.iter_mut().find(|(account, money)| *account == row.account && money.currency == row.currency) {
            Some((_, money)) => money.amount = money.amount + moved,
            None => held.push((row.account, Money::new(moved, row.currency))),
        }
    }
    Ok(held)
}
