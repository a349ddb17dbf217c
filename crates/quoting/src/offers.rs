//! What a patient reads beside an offer: what is in it, what the clinic changed, who can still answer. Everything within
//! the patient's own requests.

use std::collections::HashMap;

use catalogue::fx::Rates;
use inquiry::entity::inquiries::InquiryStatus;
use inquiry::entity::inquiry_providers::InquiryProviderStatus;
use inquiry::entity::workflow_timelines;
use kernel::ids::{InquiryId, QuoteId};
use kernel::{Actor, AppError, AppResult, Currency, Money, Timestamp};
use platform::App;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::Value;

use crate::around::{self, Around};
use crate::entity::quotes::{self, QuoteStatus};
use crate::entity::treatment_customizes::{self, QuoteLineKind};
use crate::entity::{quote_packages, quote_versions};
use crate::queries::{self, Mine, hold_of};
use crate::rules::content::IncludedService;
use crate::rules::terms;
use crate::service::cancel::Cancelled;
use crate::service::content;
use crate::views::{DateView, QuoteDetail, QuoteSummary};

/// More offers than the clinics of one request ever send.
const MOST: u64 = 60;

/// An offer with what is compared of it.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The line of a list.
    pub summary: QuoteSummary,
    /// Names of its packages in order.
    pub packages: Vec<String>,
    /// Names of its custom services and free inclusions, the clinic's own lines.
    pub services: Vec<String>,
    /// What the catalogue says is always part of the treatment, as it was when the offer was sent.
    pub includes: Vec<String>,
    /// The days it offers, each with the price of the treatment.
    pub dates: Vec<DateView>,
    /// Travel the clinic takes care of.
    pub travel: Vec<IncludedService>,
    /// The stored word of its technique.
    pub technique: Option<String>,
    /// Consecutive days of treatment.
    pub days: i32,
    /// What it would cost today in the patient's own currency; none where it is in that already, or is closed.
    pub estimate: Option<Money>,
}

/// The offers of a request and who can still answer it.
#[derive(Clone, Debug, Default)]
pub struct Offers {
    /// Newest first.
    pub offers: Vec<Offer>,
    /// Clinics that were asked and can still answer.
    pub waiting: usize,
    /// Until when the last of them can.
    pub deadline: Option<Timestamp>,
}

/// All offers of an own request, in at most seven statements; 404 for somebody else's.
pub async fn of_request(app: &App, actor: &Actor, inquiry: InquiryId) -> AppResult<Offers> {
    actor.patient()?;
    let conn = app.db.conn();
    let among = quotes::Entity::find()
        .filter(quotes::Column::InquiryId.eq(inquiry))
        .order_by_desc(quotes::Column::Id)
        .limit(MOST);
    let mine = queries::mine(conn, actor, among).await?;
    if mine.rows.is_empty() {
        // It must be the patient's own, also while nobody has answered.
        inquiry::queries::find(app, actor, inquiry).await?;
    }
    let now = app.now();
    let asked = inquiry::distribution::of(conn, inquiry).await?;
    let open = |status| matches!(status, InquiryProviderStatus::Distributed | InquiryProviderStatus::Viewed);
    let ends: Vec<Timestamp> = asked
        .iter()
        .filter(|row| open(row.status) && now < row.response_deadline_at)
        .map(|row| row.response_deadline_at)
        .collect();
    Ok(Offers {
        offers: with_content(conn, app, actor, mine).await?,
        waiting: ends.len(),
        deadline: ends.into_iter().max(),
    })
}

/// Two or three offers of an own request in the order asked for; the errors of [`queries::compare`].
pub async fn compare(app: &App, actor: &Actor, inquiry: InquiryId, ids: &[QuoteId]) -> AppResult<Vec<Offer>> {
    let mine = queries::compared(app, actor, inquiry, ids).await?;
    with_content(app.db.conn(), app, actor, mine).await
}

async fn with_content(conn: &impl ConnectionTrait, app: &App, actor: &Actor, mine: Mine) -> AppResult<Vec<Offer>> {
    let Mine { rows, cases, country } = mine;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let around = Around::of_cases(conn, app, actor, &rows, cases).await?.with_leads(conn, &rows).await?;
    let own = OwnMoney::load(conn, country.as_deref(), &rows).await?;
    let mut packages: HashMap<QuoteId, Vec<String>> = HashMap::new();
    let found = quote_packages::Entity::find()
        .filter(quote_packages::Column::QuoteId.is_in(rows.iter().map(|row| row.id)))
        .filter(quote_packages::Column::DeletedAt.is_null())
        .order_by_asc(quote_packages::Column::OrderIndex)
        .all(conn)
        .await?;
    for row in found {
        let name = row.package_snapshot.as_ref().and_then(|snapshot| text_of(snapshot, "name"));
        packages.entry(row.quote_id).or_default().extend(name);
    }
    let mut services = own_lines(conn, &rows).await?;
    let offer = |row: &quotes::Model| {
        let summary = around.summary(row)?;
        Ok(Offer {
            estimate: own.estimate(&summary),
            summary,
            packages: packages.remove(&row.id).unwrap_or_default(),
            services: services.remove(&row.id).unwrap_or_default(),
            includes: includes_of(row),
            dates: dates_of(row)?,
            travel: row.included_services.clone().map(serde_json::from_value).transpose()?.unwrap_or_default(),
            technique: frozen(row, "type"),
            days: row.slot_day_count,
        })
    };
    rows.iter().map(offer).collect()
}

/// The names of the clinic's own lines: services with a price, then what is free. Fees are no service.
async fn own_lines(conn: &impl ConnectionTrait, rows: &[quotes::Model]) -> AppResult<HashMap<QuoteId, Vec<String>>> {
    let lines = treatment_customizes::Entity::find()
        .filter(treatment_customizes::Column::QuoteId.is_in(rows.iter().map(|row| row.id)))
        .filter(treatment_customizes::Column::Kind.ne(QuoteLineKind::Fee))
        .filter(treatment_customizes::Column::DeletedAt.is_null())
        .order_by_asc(treatment_customizes::Column::Kind)
        .order_by_asc(treatment_customizes::Column::OrderIndex)
        .all(conn)
        .await?;
    let mut names: HashMap<QuoteId, Vec<String>> = HashMap::new();
    for line in lines {
        names.entry(line.quote_id).or_default().push(line.name);
    }
    Ok(names)
}

/// The names of what is always part of the treatment, frozen with it; none in offers sent before these were kept.
fn includes_of(quote: &quotes::Model) -> Vec<String> {
    let known = quote.treatment_snapshot.as_ref().and_then(|snapshot| snapshot.get("includes")?.as_array());
    let name = |part: &Value| part.as_str().map(str::to_owned).or_else(|| text_of(part, "name"));
    known.into_iter().flatten().filter_map(name).collect()
}

/// The days of an offer, the earliest first; the seed's bare days have no price of their own.
fn dates_of(quote: &quotes::Model) -> AppResult<Vec<DateView>> {
    let money = |amount| Money::new(amount, quote.currency);
    let mut dates: Vec<DateView> = content::dates_of(&quote.treatment_date)?
        .into_iter()
        .map(|it| DateView { date: it.date, price: it.price.map(money) })
        .collect();
    dates.sort_by_key(|it| it.date);
    Ok(dates)
}

/// How many offers of a request end with it: the number its patient is told before cancelling (GS-7).
pub async fn count_open(app: &App, inquiry: InquiryId) -> AppResult<u64> {
    let open = quotes::Entity::find()
        .filter(quotes::Column::InquiryId.eq(inquiry))
        .filter(quotes::Column::Status.is_in([QuoteStatus::Quote, QuoteStatus::Accepted]))
        .filter(quotes::Column::DeletedAt.is_null());
    Ok(open.count(app.db.conn()).await?)
}

/// What an own request was when it was cancelled; 404 for a foreign one and for one that is not.
pub async fn cancelled(app: &App, actor: &Actor, id: InquiryId) -> AppResult<Cancelled> {
    actor.patient()?;
    let case = inquiry::queries::find(app, actor, id).await?;
    if case.status != InquiryStatus::Cancelled {
        return Err(AppError::not_found());
    }
    // Where each offer stood before the request ended is kept in the record of the case.
    let events = workflow_timelines::Entity::find()
        .filter(workflow_timelines::Column::InquiryId.eq(id))
        .filter(workflow_timelines::Column::Event.eq("quote_cancelled"))
        .all(app.db.conn())
        .await?;
    let was_open = |event: &&workflow_timelines::Model| {
        let word = |name: &str| event.metadata.as_ref().and_then(|it| it.get(name)?.as_str()).unwrap_or_default();
        word("reason_code") == "inquiry_cancelled" && matches!(word("from"), "quote" | "accepted")
    };
    Ok(Cancelled {
        inquiry_id: id,
        inquiry_code: case.inquiry_code,
        cancelled_at: case.cancelled_at,
        quotes_cancelled: events.iter().filter(was_open).count(),
    })
}

/// One offer in full.
#[derive(Clone, Debug)]
pub struct OfferDetail {
    /// Its content.
    pub quote: QuoteDetail,
    /// The stored word of its technique.
    pub technique: Option<String>,
    /// The treatment in the words of the catalogue when it was sent.
    pub description: Option<String>,
    /// What the catalogue said is always part of the treatment.
    pub includes: Vec<String>,
    /// What the clinic changed last, while it can be accepted.
    pub change: Option<Change>,
    /// What it would cost today in the patient's own currency; none where it is in that already, or is closed.
    pub estimate: Option<Money>,
}

/// What turns prices into the currency a patient would be charged in (R-IQ-48, R-PY-16). Only for figures beside a
/// price: the rate of a booking is fixed when the offer is accepted.
struct OwnMoney {
    home: Currency,
    rates: Rates,
}

impl OwnMoney {
    /// One statement; none where every offer is in the money of home.
    async fn load(conn: &impl ConnectionTrait, country: Option<&str>, rows: &[quotes::Model]) -> AppResult<Self> {
        let home = terms::home_currency(country);
        let mut asked: Vec<Currency> = rows.iter().map(|row| row.currency).filter(|it| *it != home).collect();
        asked.sort_unstable();
        asked.dedup();
        if asked.is_empty() {
            return Ok(Self { home, rates: Rates::default() });
        }
        asked.push(home);
        Ok(Self { home, rates: catalogue::fx::rates(conn, &asked).await? })
    }

    fn estimate(&self, offer: &QuoteSummary) -> Option<Money> {
        let total = offer.total;
        if offer.status != QuoteStatus::Quote || !offer.live || total.currency == self.home {
            return None;
        }
        // As at acceptance: dollars where home has no rate.
        let mut known =
            [self.home, Currency::USD].into_iter().filter_map(|to| Some((to, self.rates.rate(total.currency, to)?)));
        let (to, rate) = known.next()?;
        let amount = terms::payment_total(total.amount, rate, to)?;
        (to != total.currency).then(|| Money::new(amount, to))
    }
}

/// A revision of an offer, as far as it is the patient's business.
#[derive(Clone, Debug)]
pub struct Change {
    /// When.
    pub at: Timestamp,
    /// Stored words of what differs from the version before.
    pub fields: Vec<String>,
    /// The total of the version before, when it was another one.
    pub total_before: Option<Money>,
}

/// An offer that was sent for an own request; 404 for any other. At most seven statements.
pub async fn show(app: &App, actor: &Actor, id: QuoteId) -> AppResult<OfferDetail> {
    actor.patient()?;
    let conn = app.db.conn();
    let found = queries::mine(conn, actor, quotes::Entity::find_by_id(id)).await?;
    let own = OwnMoney::load(conn, found.country.as_deref(), &found.rows).await?;
    let row = found.rows.into_iter().next().ok_or_else(AppError::not_found)?;
    let around = Around::of_cases(conn, app, actor, std::slice::from_ref(&row), found.cases).await?;
    let rows = content::rows(conn, id).await?;
    let hold = if row.status == QuoteStatus::Accepted { hold_of(conn, id).await? } else { None };
    let around = around.with_lead(rows.lead.clone());
    let change = match row.status {
        QuoteStatus::Quote if row.version > 1 => last_change(conn, id).await?,
        _ => None,
    };
    let quote = around::detail(&around, &row, &rows, hold)?;
    Ok(OfferDetail {
        estimate: own.estimate(&quote.summary),
        quote,
        technique: frozen(&row, "type"),
        description: frozen(&row, "description"),
        includes: includes_of(&row),
        change,
    })
}

/// The newest version against the one before. The content of versions and the reasons given stay with clinic and staff.
async fn last_change(conn: &impl ConnectionTrait, id: QuoteId) -> AppResult<Option<Change>> {
    let versions = quote_versions::Entity::find()
        .filter(quote_versions::Column::QuoteId.eq(id))
        .order_by_desc(quote_versions::Column::Version)
        .limit(2)
        .all(conn)
        .await?;
    let [now, before] = versions.as_slice() else { return Ok(None) };
    let fields = now.changed_fields.as_ref().and_then(Value::as_array);
    let total = |row: &quote_versions::Model| Money::new(row.quote_amount, row.currency);
    Ok(Some(Change {
        at: now.created_at,
        fields: fields.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect(),
        total_before: Some(total(before)).filter(|before| *before != total(now)),
    }))
}

/// A text of the treatment as it was when the offer was sent.
fn frozen(quote: &quotes::Model, name: &str) -> Option<String> {
    text_of(quote.treatment_snapshot.as_ref()?, name)
}

/// A text of a frozen object that says something.
pub(crate) fn text_of(object: &Value, name: &str) -> Option<String> {
    let text = object.get(name)?.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}
