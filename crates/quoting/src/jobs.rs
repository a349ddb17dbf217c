//! What the clock does to quotes and holds (Q6, Q8, Q12, R-IQ-57).
//!
//! Every schedule works off what is due in batches and ends each row in its own transaction, which checks again under
//! lock: run twice, late or on two workers at once, each row ends once. A row that fails keeps no other from its end.

use std::time::Duration as Every;

use chrono::Duration;
use inquiry::case::Held;
use inquiry::entity::inquiry_providers::InquiryProviderStatus;
use kernel::ids::QuoteId;
use kernel::{Actor, AppResult, Timestamp};
use platform::App;
use platform::db::Txn;
use platform::jobs::{self, BATCH, Enqueue, JobKind, Schedule, Sweep};
use platform::outbox;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, Condition, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationTrait};
use serde_json::{Value, json};

use crate::entity::quotes::{self, QuoteStatus};
use crate::entity::schedules::{self, ScheduleStatus};
use crate::service::leave;
use crate::{case, settings, store};

/// How long a payment under way may delay the release of an expired hold (R-PY-05).
pub const PAYMENT_GRACE: Duration = Duration::minutes(60);
/// The schedules' names.
const EXPIRE_QUOTES: &str = "quoting.expire_quotes";
const RELEASE_HOLDS: &str = "quoting.release_holds";
const LAPSE_DRAFTS: &str = "quoting.lapse_drafts";
/// The job that reminds of an offer that is about to end.
pub const EXPIRING_SOON: &str = "quoting.expiring_soon";

/// Clinics in these states write no offer any more.
const LEFT: [InquiryProviderStatus; 3] =
    [InquiryProviderStatus::Declined, InquiryProviderStatus::Removed, InquiryProviderStatus::Closed];

/// The jobs of this wing.
pub fn jobs() -> Vec<JobKind> {
    vec![JobKind { name: EXPIRING_SOON, run: |app, payload| Box::pin(remind(app, payload)) }]
}

/// The schedules of this wing.
pub fn schedules() -> Vec<Schedule> {
    let minute = Every::from_secs(60);
    vec![
        Schedule { name: EXPIRE_QUOTES, every: minute, run: |app| Box::pin(expire_quotes(app)) },
        Schedule { name: RELEASE_HOLDS, every: minute, run: |app| Box::pin(release_holds(app)) },
        Schedule { name: LAPSE_DRAFTS, every: minute, run: |app| Box::pin(lapse_drafts(app)) },
    ]
}

/// Q8: ends quotes whose validity is over.
async fn expire_quotes(app: &App) -> AppResult<()> {
    let mut sweep = Sweep::start(app, EXPIRE_QUOTES);
    loop {
        let due: Vec<(QuoteId, Timestamp)> = quotes::Entity::find()
            .select_only()
            .columns([quotes::Column::Id, quotes::Column::ExpiresAt])
            .filter(quotes::Column::Status.eq(QuoteStatus::Quote))
            .filter(quotes::Column::ExpiresAt.lte(app.now()))
            .filter(sweep.rest(quotes::Column::ExpiresAt, quotes::Column::Id))
            .order_by_asc(quotes::Column::ExpiresAt)
            .order_by_asc(quotes::Column::Id)
            .limit(BATCH)
            .into_tuple()
            .all(app.db.conn())
            .await?;
        for row in &due {
            sweep.took(*row, leave::expire(app, row.0).await);
        }
        if !sweep.goes_on(app, due.len()) {
            return Ok(());
        }
    }
}

/// Q6: gives slots back whose hold ended unpaid.
async fn release_holds(app: &App) -> AppResult<()> {
    let now = app.now();
    // Rows that are only waiting for a payment must not fill the batch, so they are left out here already.
    let waiting = Query::select()
        .column(crate::projection::payments::Column::QuoteId)
        .from(crate::projection::payments::Entity)
        .and_where(Expr::col(crate::projection::payments::Column::PaymentStatus).eq("pending"))
        .and_where(Expr::col(crate::projection::payments::Column::PaymentType).ne("refund"))
        .to_owned();
    let due = schedules::Entity::find()
        .select_only()
        .columns([schedules::Column::QuoteId, schedules::Column::HoldExpiresAt])
        .filter(schedules::Column::Status.eq(ScheduleStatus::Pending))
        .filter(schedules::Column::HoldExpiresAt.lte(now))
        .filter(
            Condition::any()
                .add(schedules::Column::HoldExpiresAt.lte(now - PAYMENT_GRACE))
                .add(schedules::Column::QuoteId.not_in_subquery(waiting)),
        )
        // Nor those an open withdrawal request freezes.
        .join(JoinType::InnerJoin, schedules::Relation::Quote.def())
        .filter(quotes::Column::WithdrawalRequestedAt.is_null())
        .order_by_asc(schedules::Column::HoldExpiresAt)
        .order_by_asc(schedules::Column::QuoteId)
        .limit(BATCH);
    let mut sweep = Sweep::start(app, RELEASE_HOLDS);
    loop {
        let rest = sweep.rest(schedules::Column::HoldExpiresAt, schedules::Column::QuoteId);
        let batch: Vec<(QuoteId, Timestamp)> = due.clone().filter(rest).into_tuple().all(app.db.conn()).await?;
        for row in &batch {
            sweep.took(*row, release_if_due(app, row.0, Held::Skip).await);
        }
        if !sweep.goes_on(app, batch.len()) {
            return Ok(());
        }
    }
}

/// Releases one hold if it is over, unpaid and nothing keeps it: a payment under way does for an hour (R-PY-05), an
/// open withdrawal request until it is decided (R-IQ-56).
pub(crate) async fn release_if_due(app: &App, id: QuoteId, held: Held) -> AppResult<()> {
    platform::write_txn!(app.db, |txn| {
        let now = app.now();
        if held == Held::Skip && !store::take_if_free(txn, id).await? {
            return Ok(());
        }
        let case = case::lock(txn, id).await?;
        let ends = case.schedule.as_ref().and_then(|row| row.hold_expires_at);
        let over = case.quote.status == QuoteStatus::Accepted && ends.is_some_and(|ends| now >= ends);
        if !over || case.quote.withdrawal_requested_at.is_some() {
            return Ok(());
        }
        let in_grace = ends.is_some_and(|ends| now < ends + PAYMENT_GRACE);
        if in_grace && store::payment_under_way(txn, id).await? {
            return Ok(());
        }
        case::lapse_hold(txn, app, &Actor::system(), &case).await
    })
}

/// Q12: ends drafts nobody touched for days, or whose clinic's time is over.
async fn lapse_drafts(app: &App) -> AppResult<()> {
    let now = app.now();
    let untouched = now - Duration::days(settings::DRAFT_DAYS.get(app).await?);
    let too_late = Query::select()
        .expr(Expr::val(1))
        .from(inquiry::entity::inquiry_providers::Entity)
        .and_where(
            Expr::col((
                inquiry::entity::inquiry_providers::Entity,
                inquiry::entity::inquiry_providers::Column::InquiryId,
            ))
            .equals((quotes::Entity, quotes::Column::InquiryId)),
        )
        .and_where(
            Expr::col((
                inquiry::entity::inquiry_providers::Entity,
                inquiry::entity::inquiry_providers::Column::ProviderId,
            ))
            .equals((quotes::Entity, quotes::Column::ProviderId)),
        )
        .cond_where(
            Condition::any()
                .add(Expr::col(inquiry::entity::inquiry_providers::Column::ResponseDeadlineAt).lte(now))
                .add(inquiry::entity::inquiry_providers::Column::Status.is_in(LEFT)),
        )
        .to_owned();
    let due = quotes::Entity::find()
        .select_only()
        .columns([quotes::Column::Id, quotes::Column::UpdatedAt])
        .filter(quotes::Column::Status.eq(QuoteStatus::Inquiry))
        .filter(Condition::any().add(quotes::Column::UpdatedAt.lte(untouched)).add(Expr::exists(too_late)))
        .order_by_asc(quotes::Column::UpdatedAt)
        .order_by_asc(quotes::Column::Id)
        .limit(BATCH);
    let mut sweep = Sweep::start(app, LAPSE_DRAFTS);
    loop {
        let rest = sweep.rest(quotes::Column::UpdatedAt, quotes::Column::Id);
        let batch: Vec<(QuoteId, Timestamp)> = due.clone().filter(rest).into_tuple().all(app.db.conn()).await?;
        for row in &batch {
            sweep.took(*row, leave::lapse_draft(app, row.0, untouched).await);
        }
        if !sweep.goes_on(app, batch.len()) {
            return Ok(());
        }
    }
}

/// Plans the reminder of an offer whose validity began anew.
pub(crate) async fn remind_again(txn: &Txn, app: &App, id: QuoteId) -> AppResult<()> {
    jobs::enqueue(txn, app, EXPIRING_SOON, json!({ "quote_id": id }), Enqueue::default()).await
}

/// Tells patient and clinic once that an offer ends soon, if it is still open.
async fn remind(app: &App, payload: &Value) -> AppResult<()> {
    let Some(id) = payload.get("quote_id").and_then(Value::as_str).and_then(|id| id.parse::<QuoteId>().ok()) else {
        return Ok(());
    };
    let soon = Duration::hours(settings::EXPIRING_SOON_HOURS.get(app).await?);
    platform::write_txn!(app.db, |txn| {
        let now = app.now();
        let case = case::lock(txn, id).await?;
        let live = case.quote.status == QuoteStatus::Quote
            && case.quote.deleted_at.is_none()
            && case.quote.expires_at.is_some_and(|end| now < end);
        if !live {
            return Ok(());
        }
        let due = case.quote.expires_at.map(|end| end - soon).filter(|due| *due > now);
        if let Some(due) = due {
            // Its validity began anew: there is more time than when this was planned.
            let later = Enqueue {
                dedupe: Some(format!("expiring_soon:{id}:{}", due.timestamp())),
                run_at: Some(due),
                ..Default::default()
            };
            return jobs::enqueue(txn, app, EXPIRING_SOON, json!({ "quote_id": id }), later).await;
        }
        // Once per quote, however often it was brought back.
        let told = case::event("quote.expiring_soon", &case.inquiry, &case.quote)
            .occurrence("once")
            .with("expires_at", case.quote.expires_at);
        outbox::emit(txn, app, &Actor::system(), told).await
    })
}
