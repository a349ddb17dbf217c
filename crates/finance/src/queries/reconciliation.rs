//! Reconciliation as staff look after it: what is open, and the runs that found it.

use std::collections::HashMap;

use identity::entity::users;
use kernel::ids::{AnyId, ReconciliationItemId, ReconciliationRunId, UserId};
use kernel::{Actor, AppResult, Money, Page, PageQuery, Timestamp};
use payments::entity::payments;
use platform::App;
use quoting::entity::booking_terms;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};

use super::reader;
use crate::entity::reconciliation_items::{self as items, ReconciliationItemClass, ReconciliationItemStatus};
use crate::entity::reconciliation_runs::{self as runs, ReconciliationRunStatus, ReconciliationRunTriggerSource};
use crate::service::reconcile::{CurrencyTotals, Summary};

/// A run.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct RunView {
    /// Its id.
    pub id: ReconciliationRunId,
    /// The first moment it compared.
    #[schema(value_type = String, format = DateTime)]
    pub period_start: Timestamp,
    /// The first moment after its period.
    #[schema(value_type = String, format = DateTime)]
    pub period_end: Timestamp,
    /// Whether the clock or somebody started it.
    pub trigger: ReconciliationRunTriggerSource,
    /// Where it stands.
    pub status: ReconciliationRunStatus,
    /// Entries of the gateways that fit ours.
    pub matched: u64,
    /// The sums of its period, by currency.
    pub totals: Vec<CurrencyTotals>,
    /// When it was done.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub finished_at: Option<Timestamp>,
}

impl From<runs::Model> for RunView {
    fn from(row: runs::Model) -> Self {
        let summary: Summary = serde_json::from_value(row.totals).unwrap_or_default();
        Self {
            id: row.id,
            period_start: row.period_start,
            period_end: row.period_end,
            trigger: row.trigger_source,
            status: row.status,
            matched: summary.matched,
            totals: summary.currencies,
            finished_at: row.finished_at,
        }
    }
}

/// The runs, the newest first: two statements.
///
/// Errors: 403.
pub async fn runs(app: &App, actor: &Actor, page: PageQuery) -> AppResult<Page<RunView>> {
    reader(actor)?;
    let page = page.checked()?;
    let conn = app.db.conn();
    let total = runs::Entity::find().count(conn).await?;
    let rows = runs::Entity::find()
        .order_by_desc(runs::Column::CreatedAt)
        .order_by_desc(runs::Column::Id)
        .offset(page.offset())
        .limit(page.per_page)
        .all(conn)
        .await?;
    Ok(Page::new(rows.into_iter().map(RunView::from).collect(), page, total))
}

/// What the list of items may be narrowed to.
#[derive(Clone, Copy, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ItemFilter {
    /// Only items that stand there; without it, open ones.
    #[serde(default, rename = "filter[status]")]
    #[param(rename = "filter[status]")]
    pub status: Option<ReconciliationItemStatus>,
    /// Only differences of one kind.
    #[serde(default, rename = "filter[class]")]
    #[param(rename = "filter[class]")]
    pub class: Option<ReconciliationItemClass>,
}

/// A difference that somebody looks at.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ItemView {
    /// Its id.
    pub id: ReconciliationItemId,
    /// The run that found it.
    pub run_id: ReconciliationRunId,
    /// What kind of difference it is.
    pub class: ReconciliationItemClass,
    /// Where it stands.
    pub status: ReconciliationItemStatus,
    /// Our payment, where there is one.
    #[schema(value_type = Option<String>, format = Uuid)]
    pub payment_id: Option<AnyId>,
    /// The booking of that payment.
    pub booking_id: Option<kernel::ids::QuoteId>,
    /// `BKG-2603-00001`.
    #[schema(example = "BKG-2603-00001")]
    pub booking_reference: Option<String>,
    /// The gateway's id; of something in the books that does not add up, what it is about.
    #[schema(example = "pi_3MtwBw")]
    pub remote_ref: Option<String>,
    /// What our rows say.
    pub expected: Option<Money>,
    /// What the gateway says.
    pub found: Option<Money>,
    /// What it was and what was done about it.
    pub note: Option<String>,
    /// Who closed it.
    pub closed_by: Option<String>,
    /// When it was closed.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub closed_at: Option<Timestamp>,
    /// When it was found.
    #[schema(value_type = String, format = DateTime)]
    pub found_at: Timestamp,
}

/// The items, the newest first: five statements at most.
///
/// Errors: 403.
pub async fn items(app: &App, actor: &Actor, filter: &ItemFilter, page: PageQuery) -> AppResult<Page<ItemView>> {
    reader(actor)?;
    let page = page.checked()?;
    let conn = app.db.conn();
    let status = filter.status.unwrap_or(ReconciliationItemStatus::Open);
    let mut found = items::Entity::find().filter(items::Column::Status.eq(status));
    if let Some(class) = filter.class {
        found = found.filter(items::Column::Class.eq(class));
    }
    let total = found.clone().count(conn).await?;
    let rows = found
        .order_by_desc(items::Column::CreatedAt)
        .order_by_desc(items::Column::Id)
        .offset(page.offset())
        .limit(page.per_page)
        .all(conn)
        .await?;
    let named: Vec<AnyId> = rows.iter().filter_map(|row| row.object_id).collect();
    let paid: HashMap<AnyId, payments::Model> = match named.is_empty() {
        true => HashMap::new(),
        false => payments::Entity::find()
            .filter(payments::Column::Id.is_in(named))
            .all(conn)
            .await?
            .into_iter()
            .map(|row| (row.id.any(), row))
            .collect(),
    };
    let references: HashMap<kernel::ids::QuoteId, String> = match paid.is_empty() {
        true => HashMap::new(),
        false => booking_terms::Entity::find()
            .filter(booking_terms::Column::QuoteId.is_in(paid.values().map(|row| row.quote_id)))
            .all(conn)
            .await?
            .into_iter()
            .map(|terms| (terms.quote_id, terms.booking_reference))
            .collect(),
    };
    let closers: Vec<UserId> = rows.iter().filter_map(|row| row.closed_by_user_id).collect();
    let people: HashMap<UserId, String> = match closers.is_empty() {
        true => HashMap::new(),
        false => users::Entity::find()
            .filter(users::Column::Id.is_in(closers))
            .all(conn)
            .await?
            .into_iter()
            .map(|row| (row.id, format!("{} {}", row.firstname, row.lastname)))
            .collect(),
    };
    let view = |row: items::Model| {
        let booking = row.object_id.and_then(|id| paid.get(&id)).map(|row| row.quote_id);
        let money = |amount: Option<kernel::Amount>| Some(Money::new(amount?, row.currency?));
        ItemView {
            id: row.id,
            run_id: row.run_id,
            class: row.class,
            status: row.status,
            payment_id: row.object_id,
            booking_id: booking,
            booking_reference: booking.and_then(|id| references.get(&id).cloned()),
            expected: money(row.expected),
            found: money(row.found),
            remote_ref: row.remote_ref,
            note: row.resolution_note,
            closed_by: row.closed_by_user_id.and_then(|id| people.get(&id).cloned()),
            closed_at: row.closed_at,
            found_at: row.created_at,
        }
    };
    Ok(Page::new(rows.into_iter().map(view).collect(), page, total))
}
