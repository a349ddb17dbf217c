//! Work that nobody asks for: distribution after a submission, and clocks that run out.

use std::time::Duration;

use futures::future::BoxFuture;
use kernel::ids::{InquiryId, InquiryProviderId};
use kernel::{Actor, AppResult, Timestamp};
use platform::App;
use platform::jobs::{BATCH, Schedule, Sweep};
use platform::outbox::{self, Delivered, Event, Subscription};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use serde_json::json;

use crate::case::Held;
use crate::distribution::{self, OPEN};
use crate::entity::inquiries::{self, InquiryStatus};
use crate::entity::inquiry_providers::{self, InquiryProviderStatus};
use crate::service::{discovery, draft};
use crate::{case, timeline};

/// Every minute, as R-IQ-57 asks.
const MINUTE: Duration = Duration::from_secs(60);

/// The schedules' names.
pub(crate) const EXPIRE_DRAFTS: &str = "inquiry.expire_drafts";
const LAPSE_CLINICS: &str = "inquiry.lapse_clinics";
const EXPIRE_INQUIRIES: &str = "inquiry.expire_inquiries";

/// What this wing does when something happened.
pub fn subscriptions() -> Vec<Subscription> {
    vec![
        Subscription { event: "inquiry.submitted", name: "inquiry.distribute", handle: distribute },
        Subscription { event: "patient.discovery_answered", name: "inquiry.keep_discovery", handle: keep_discovery },
    ]
}

/// What this wing does by the clock (R-IQ-57).
pub fn schedules() -> Vec<Schedule> {
    vec![
        Schedule { name: EXPIRE_DRAFTS, every: MINUTE, run: expire_drafts },
        Schedule { name: LAPSE_CLINICS, every: MINUTE, run: lapse_clinics },
        Schedule { name: EXPIRE_INQUIRIES, every: MINUTE, run: expire_inquiries },
    ]
}

fn distribute<'a>(app: &'a App, event: &'a Delivered) -> BoxFuture<'a, AppResult<()>> {
    Box::pin(async move { distribution::distribute(app, event.subject()?).await })
}

fn keep_discovery<'a>(app: &'a App, event: &'a Delivered) -> BoxFuture<'a, AppResult<()>> {
    Box::pin(async move { discovery::keep(app, event.subject()?, event.id("option_id")?, event.occurred_at).await })
}

fn expire_drafts(app: &App) -> BoxFuture<'_, AppResult<()>> {
    Box::pin(draft::expire(app))
}

/// Clinics whose time is over without a quote (4.3): a conditional update, the same late, twice or on two workers.
fn lapse_clinics(app: &App) -> BoxFuture<'_, AppResult<()>> {
    Box::pin(async move {
        let now = app.now();
        let mut sweep = Sweep::start(app, LAPSE_CLINICS);
        loop {
            let due: Vec<(InquiryProviderId, Timestamp)> = inquiry_providers::Entity::find()
                .select_only()
                .columns([inquiry_providers::Column::Id, inquiry_providers::Column::ResponseDeadlineAt])
                .filter(inquiry_providers::Column::Status.is_in(OPEN.iter().copied()))
                .filter(inquiry_providers::Column::ResponseDeadlineAt.lte(now))
                .filter(sweep.rest(inquiry_providers::Column::ResponseDeadlineAt, inquiry_providers::Column::Id))
                .order_by_asc(inquiry_providers::Column::ResponseDeadlineAt)
                .order_by_asc(inquiry_providers::Column::Id)
                .limit(BATCH)
                .into_tuple()
                .all(app.db.conn())
                .await?;
            for row in &due {
                sweep.took(*row, lapse_clinic(app, row.0, now).await);
            }
            if !sweep.goes_on(app, due.len()) {
                return Ok(());
            }
        }
    })
}

async fn lapse_clinic(app: &App, id: InquiryProviderId, now: Timestamp) -> AppResult<()> {
    inquiry_providers::Entity::update_many()
        .set(inquiry_providers::ActiveModel {
            status: Set(InquiryProviderStatus::Lapsed),
            updated_at: Set(now),
            ..Default::default()
        })
        .filter(inquiry_providers::Column::Id.eq(id))
        .filter(inquiry_providers::Column::Status.is_in(OPEN.iter().copied()))
        // Staff may have given more time since the look.
        .filter(inquiry_providers::Column::ResponseDeadlineAt.lte(now))
        .exec(app.db.conn())
        .await?;
    Ok(())
}

/// Inquiries whose every deadline passed without a quote (4.1).
fn expire_inquiries(app: &App) -> BoxFuture<'_, AppResult<()>> {
    Box::pin(async move {
        let mut sweep = Sweep::start(app, EXPIRE_INQUIRIES);
        loop {
            let due: Vec<(InquiryId, Timestamp)> = inquiries::Entity::find()
                .select_only()
                .columns([inquiries::Column::Id, inquiries::Column::QuoteDeadlineAt])
                .filter(inquiries::Column::Status.eq(InquiryStatus::Inquiry))
                .filter(inquiries::Column::QuoteDeadlineAt.lte(app.now()))
                .filter(sweep.rest(inquiries::Column::QuoteDeadlineAt, inquiries::Column::Id))
                .order_by_asc(inquiries::Column::QuoteDeadlineAt)
                .order_by_asc(inquiries::Column::Id)
                .limit(BATCH)
                .into_tuple()
                .all(app.db.conn())
                .await?;
            for row in &due {
                sweep.took(*row, expire_one(app, row.0, Held::Skip).await);
            }
            if !sweep.goes_on(app, due.len()) {
                return Ok(());
            }
        }
    })
}

/// Ends one inquiry if it is over; nothing when it is not, or was ended before.
pub(crate) async fn expire_one(app: &App, id: InquiryId, held: Held) -> AppResult<()> {
    let actor = Actor::system();
    platform::write_txn!(app.db, |txn| {
        if held == Held::Skip && !case::take_if_free(txn, id).await? {
            return Ok(());
        }
        let inquiry = case::lock(txn, id).await?;
        let now = app.now();
        let rows = distribution::of(txn, id).await?;
        let answered = rows.iter().any(|row| row.status == InquiryProviderStatus::Quoted);
        let waiting = rows.iter().any(|row| row.response_deadline_at > now && OPEN.contains(&row.status));
        let over = inquiry.quote_deadline_at.is_some_and(|deadline| deadline <= now);
        // Somebody may have been quicker between the look and the lock.
        if inquiry.status != InquiryStatus::Inquiry || answered || waiting || !over {
            return Ok(());
        }
        case::set_stage(txn, app, &inquiry, InquiryStatus::Expired).await?;
        let metadata = json!({ "from": InquiryStatus::Inquiry, "to": InquiryStatus::Expired });
        timeline::record(txn, app, &actor, id, "inquiry_expired", metadata).await?;
        let event = Event::new("inquiry.no_quotes", "Inquiry", id)
            .occurrence(inquiry.quote_deadline_at.map_or(0, |deadline| deadline.timestamp()))
            .with("inquiry_id", id)
            .with("patient_id", inquiry.patient_id)
            .with("deadline", inquiry.quote_deadline_at);
        outbox::emit(txn, app, &actor, event).await
    })
}
