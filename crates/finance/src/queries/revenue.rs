//! What came in, went out and is owed, from the ledger (spec 8, revenue dashboard): of one currency, by months.
//!
//! Amounts are added as whole minor units, so that both databases add exactly.

use chrono::{Datelike, Months, NaiveDate};
use identity::entity::patients;
use inquiry::entity::inquiries;
use kernel::{Actor, AppResult, Currency, Permission};
use payments::entity::ledger_entries::{self as ledger, LedgerEntryAccount as Account};
use platform::App;
use platform::entity::countries;
use quoting::entity::{booking_terms, quotes};
use rust_decimal::Decimal;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Order, Query, SimpleExpr};
use sea_orm::{ActiveEnum, ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, FromQueryResult, QuerySelect};
use serde::Serialize;

/// How many months are shown.
pub const MONTHS: u32 = 12;
/// How many countries and treatments.
const MOST: u64 = 8;
/// Bookings that stand.
const STANDING: [&str; 4] = ["confirmed", "inprogress", "aftercare", "completed"];

/// One month's money, or that of all months.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct RevenueSums {
    /// What patients paid.
    #[schema(value_type = String)]
    pub received: Decimal,
    /// What went back to them.
    #[schema(value_type = String)]
    pub refunded: Decimal,
    /// What clinics were paid.
    #[schema(value_type = String)]
    pub paid_out: Decimal,
    /// What stayed with Hairline: commissions, and what cancelled bookings left.
    #[schema(value_type = String)]
    pub earned: Decimal,
}

impl Default for RevenueSums {
    fn default() -> Self {
        Self { received: money(0), refunded: money(0), paid_out: money(0), earned: money(0) }
    }
}

/// A month with its money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct RevenueMonth {
    /// Its first day.
    pub first: NaiveDate,
    /// Its money.
    #[serde(flatten)]
    pub sums: RevenueSums,
}

/// How much came from a country or for a treatment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct RevenueShare {
    /// ISO code of the country, or the treatment's name.
    pub name: String,
    /// The country's name in English.
    pub label: Option<String>,
    /// What patients paid.
    #[schema(value_type = String)]
    pub received: Decimal,
}

/// The money of a year in one currency.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Revenue {
    /// Which currency.
    pub currency: Currency,
    /// Every currency money ever moved in.
    pub currencies: Vec<Currency>,
    /// All twelve months together.
    pub total: RevenueSums,
    /// What patients of open bookings still owe.
    #[schema(value_type = String)]
    pub outstanding: Decimal,
    /// Twelve months, the oldest first.
    pub months: Vec<RevenueMonth>,
    /// The patients' countries, the largest first.
    pub countries: Vec<RevenueShare>,
    /// The treatments, the largest first.
    pub treatments: Vec<RevenueShare>,
}

/// The amount behind a number of hundredths.
fn money(hundredths: i64) -> Decimal {
    Decimal::new(hundredths, 2)
}

/// The sum of a column in whole hundredths.
fn units(backend: DbBackend, column: &str) -> SimpleExpr {
    Expr::cust(match backend {
        DbBackend::MySql => format!("CAST(SUM(CAST(ROUND({column} * 100) AS SIGNED)) AS SIGNED)"),
        _ => format!("SUM(CAST(ROUND({column} * 100) AS INTEGER))"),
    })
}

fn month_of(backend: DbBackend) -> SimpleExpr {
    match backend {
        DbBackend::MySql => Expr::cust("DATE_FORMAT(ledger_entries.posted_at, '%Y-%m')"),
        _ => Expr::cust("STRFTIME('%Y-%m', ledger_entries.posted_at)"),
    }
}

#[derive(FromQueryResult)]
struct Moved {
    month: String,
    account: String,
    is_payout: i64,
    debit: i64,
    credit: i64,
}

#[derive(FromQueryResult)]
struct Part {
    name: Option<String>,
    label: Option<String>,
    received: i64,
}

/// The money of the last twelve months, this one included: seven statements.
///
/// Errors: 403 without `view_financial_report`.
pub async fn revenue(app: &App, actor: &Actor, wanted: Option<Currency>) -> AppResult<Revenue> {
    actor.admin()?;
    actor.require(Permission::ViewFinancialReport)?;
    let conn = app.replica.conn();
    let mut currencies: Vec<Currency> = ledger::Entity::find()
        .select_only()
        .column(ledger::Column::Currency)
        .distinct()
        .filter_account(Account::Cash)
        .into_tuple()
        .all(conn)
        .await?;
    currencies.sort_unstable();
    let usual =
        if currencies.contains(&Currency::USD) { Currency::USD } else { *currencies.first().unwrap_or(&Currency::USD) };
    let currency = wanted.unwrap_or(usual);
    let today = app.now().date_naive();
    let this = today.with_day(1).unwrap_or(today);
    let first = this.checked_sub_months(Months::new(MONTHS - 1)).unwrap_or(this);
    let mut months: Vec<RevenueMonth> = (0..MONTHS)
        .filter_map(|back| first.checked_add_months(Months::new(back)))
        .map(|first| RevenueMonth { first, sums: RevenueSums::default() })
        .collect();
    for moved in moved(conn, currency, first).await? {
        let month = months.iter_mut().find(|month| month.first.format("%Y-%m").to_string() == moved.month);
        if let Some(month) = month {
            month.sums.add(&moved);
        }
    }
    let total = months.iter().fold(RevenueSums::default(), |sum, month| sum.with(month.sums));
    Ok(Revenue {
        outstanding: outstanding(conn, currency).await?,
        countries: parts(conn, currency, first, By::Country).await?,
        treatments: parts(conn, currency, first, By::Treatment).await?,
        currency,
        currencies,
        total,
        months,
    })
}

/// Narrows a select of the ledger to one account: the index begins with it.
trait OfAccount {
    fn filter_account(self, account: Account) -> Self;
}

impl OfAccount for sea_orm::Select<ledger::Entity> {
    fn filter_account(self, account: Account) -> Self {
        sea_orm::QueryFilter::filter(self, ledger::Column::Account.eq(account))
    }
}

impl RevenueSums {
    fn add(&mut self, moved: &Moved) {
        match moved.account.as_str() {
            "platform_revenue" => self.earned += money(moved.credit - moved.debit),
            // The rest of the cash moves for patients.
            "cash" if moved.is_payout == 1 => self.paid_out += money(moved.credit - moved.debit),
            "cash" => {
                self.received += money(moved.debit);
                self.refunded += money(moved.credit);
            }
            _ => {}
        }
    }

    fn with(mut self, other: Self) -> Self {
        self.received += other.received;
        self.refunded += other.refunded;
        self.paid_out += other.paid_out;
        self.earned += other.earned;
        self
    }
}

async fn moved(conn: &impl ConnectionTrait, currency: Currency, first: NaiveDate) -> AppResult<Vec<Moved>> {
    let backend = conn.get_database_backend();
    let is_payout: SimpleExpr =
        Expr::case(Expr::col((ledger::Entity, ledger::Column::BillId)).is_not_null(), 1).finally(0).into();
    let select = Query::select()
        .expr_as(month_of(backend), Alias::new("month"))
        .column((ledger::Entity, ledger::Column::Account))
        .expr_as(is_payout, Alias::new("is_payout"))
        .expr_as(units(backend, "ledger_entries.debit"), Alias::new("debit"))
        .expr_as(units(backend, "ledger_entries.credit"), Alias::new("credit"))
        .from(ledger::Entity)
        .and_where(
            Expr::col((ledger::Entity, ledger::Column::Account))
                .is_in([Account::Cash.to_value(), Account::PlatformRevenue.to_value()]),
        )
        .and_where(Expr::col((ledger::Entity, ledger::Column::Currency)).eq(currency))
        .and_where(
            Expr::col((ledger::Entity, ledger::Column::PostedAt)).gte(first.and_time(chrono::NaiveTime::MIN).and_utc()),
        )
        .group_by_columns([Alias::new("month"), Alias::new("account"), Alias::new("is_payout")])
        .to_owned();
    Ok(Moved::find_by_statement(conn.get_database_backend().build(&select)).all(conn).await?)
}

/// What a share is of.
#[derive(Clone, Copy)]
enum By {
    Country,
    Treatment,
}

async fn parts(
    conn: &impl ConnectionTrait,
    currency: Currency,
    first: NaiveDate,
    by: By,
) -> AppResult<Vec<RevenueShare>> {
    let backend = conn.get_database_backend();
    let mut select = Query::select();
    select
        .expr_as(units(backend, "ledger_entries.debit"), Alias::new("received"))
        .from(ledger::Entity)
        .inner_join(
            quotes::Entity,
            Expr::col((quotes::Entity, quotes::Column::Id)).equals((ledger::Entity, ledger::Column::QuoteId)),
        )
        .and_where(Expr::col((ledger::Entity, ledger::Column::Account)).eq(Account::Cash.to_value()))
        .and_where(Expr::col((ledger::Entity, ledger::Column::Currency)).eq(currency))
        .and_where(
            Expr::col((ledger::Entity, ledger::Column::PostedAt)).gte(first.and_time(chrono::NaiveTime::MIN).and_utc()),
        )
        .and_where(Expr::col((ledger::Entity, ledger::Column::BillId)).is_null())
        .group_by_col(Alias::new("name"))
        .order_by(Alias::new("received"), Order::Desc)
        .limit(MOST);
    match by {
        By::Country => select
            .expr_as(Expr::col((patients::Entity, patients::Column::CountryCode)), Alias::new("name"))
            .expr_as(Expr::col((countries::Entity, countries::Column::Name)).max(), Alias::new("label"))
            .inner_join(
                inquiries::Entity,
                Expr::col((inquiries::Entity, inquiries::Column::Id))
                    .equals((quotes::Entity, quotes::Column::InquiryId)),
            )
            .inner_join(
                patients::Entity,
                Expr::col((patients::Entity, patients::Column::Id))
                    .equals((inquiries::Entity, inquiries::Column::PatientId)),
            )
            .left_join(
                countries::Entity,
                Expr::col((countries::Entity, countries::Column::IsoCode))
                    .equals((patients::Entity, patients::Column::CountryCode)),
            ),
        By::Treatment => {
            use catalogue::entity::treatments;
            select
                .expr_as(Expr::col((treatments::Entity, treatments::Column::TreatmentName)), Alias::new("name"))
                .expr_as(Expr::val(Option::<String>::None), Alias::new("label"))
                .inner_join(
                    treatments::Entity,
                    Expr::col((treatments::Entity, treatments::Column::Id))
                        .equals((quotes::Entity, quotes::Column::TreatmentId)),
                )
        }
    };
    let rows = Part::find_by_statement(backend.build(&select)).all(conn).await?;
    let share = |row: Part| RevenueShare {
        name: row.name.unwrap_or_default(),
        label: row.label,
        received: money(row.received),
    };
    Ok(rows.into_iter().map(share).filter(|share| !share.received.is_zero()).collect())
}

/// What is still to come for bookings that stand: their newest prices without what is held for them.
async fn outstanding(conn: &impl ConnectionTrait, currency: Currency) -> AppResult<Decimal> {
    use payments::entity::payments;
    let backend = conn.get_database_backend();
    let of_terms = |column: booking_terms::Column| Expr::col((booking_terms::Entity, column));
    let open = Query::select()
        .column(quotes::Column::Id)
        .from(quotes::Entity)
        .and_where(Expr::col(quotes::Column::Status).is_in(STANDING))
        .and_where(Expr::col(quotes::Column::Id).not_in_subquery(booking::desk::paid_in_full()))
        .to_owned();
    let priced = Query::select()
        .expr_as(units(backend, "booking_terms.payment_total"), Alias::new("received"))
        .from(booking_terms::Entity)
        .and_where(of_terms(booking_terms::Column::PaymentCurrency).eq(currency))
        .and_where(of_terms(booking_terms::Column::QuoteId).in_subquery(open.clone()))
        .and_where(booking_terms::is_newest())
        .to_owned();
    let signed = format!(
        "CASE WHEN payments.payment_type <> 'refund' THEN payments.amount WHEN {} THEN 0 ELSE 0 - payments.amount END",
        booking::desk::FORGIVEN
    );
    let paid = Query::select()
        .expr_as(units(backend, &format!("({signed})")), Alias::new("received"))
        .from(payments::Entity)
        .and_where(Expr::col(payments::Column::Currency).eq(currency))
        .and_where(Expr::col(payments::Column::PaymentStatus).is_in(["completed", "refunded"]))
        .and_where(Expr::col(payments::Column::QuoteId).in_subquery(open))
        .to_owned();
    let mut sums = [0; 2];
    for (sum, select) in sums.iter_mut().zip([priced, paid]) {
        #[derive(FromQueryResult)]
        struct Sum {
            received: Option<i64>,
        }
        let found = Sum::find_by_statement(backend.build(&select)).one(conn).await?;
        *sum = found.and_then(|row| row.received).unwrap_or_default();
    }
    let [priced, paid] = sums;
    Ok(money(std::cmp::max(priced - paid, 0)))
}
