//! Which clinics a case went to, and how far each of them is (`inquiry_providers`).

use std::collections::HashSet;

use directory::entity::providers;
use kernel::ids::{InquiryId, InquiryProviderId, ProviderId};
use kernel::{Actor, AppError, AppResult, Timestamp};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::outbox::{self, Event};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use serde_json::json;

use crate::entity::inquiries::{self, InquiryStatus};
use crate::entity::inquiry_providers::{self, InquiryProviderSource, InquiryProviderStatus};
use crate::limits::Limits;
use crate::rules::matching::{Candidate, fill};
use crate::{case, medical, queries, timeline};

/// The row through which a clinic sees a case; 404 when there is none or it was taken away (R-IQ-29).
pub async fn assigned(
    conn: &impl ConnectionTrait,
    inquiry: InquiryId,
    provider: ProviderId,
) -> AppResult<inquiry_providers::Model> {
    inquiry_providers::Entity::find()
        .filter(inquiry_providers::Column::InquiryId.eq(inquiry))
        .filter(inquiry_providers::Column::ProviderId.eq(provider))
        .filter(inquiry_providers::Column::Status.ne(InquiryProviderStatus::Removed))
        .one(conn)
        .await?
        .ok_or_else(AppError::not_found)
}

/// The rows of a case in the order of distribution.
pub async fn of(conn: &impl ConnectionTrait, inquiry: InquiryId) -> AppResult<Vec<inquiry_providers::Model>> {
    Ok(inquiry_providers::Entity::find()
        .filter(inquiry_providers::Column::InquiryId.eq(inquiry))
        .order_by_asc(inquiry_providers::Column::MatchOrder)
        .all(conn)
        .await?)
}

/// Notes the clinic's first submitted quote; the row was open until now, a later quote changes nothing.
pub async fn mark_quoted(txn: &Txn, app: &App, inquiry: InquiryId, provider: ProviderId) -> AppResult<()> {
    move_rows(txn, app, inquiry, Some(provider), OPEN, InquiryProviderStatus::Quoted, None).await
}

/// Closes the rows of all clinics but the one whose quote was accepted (R-IQ-55). Its own row stays `quoted`.
pub async fn close_others(txn: &Txn, app: &App, inquiry: InquiryId, winner: ProviderId) -> AppResult<()> {
    let losers = inquiry_providers::Entity::update_many()
        .set(closing(app, "other_accepted"))
        .filter(inquiry_providers::Column::InquiryId.eq(inquiry))
        .filter(inquiry_providers::Column::ProviderId.ne(winner))
        .filter(inquiry_providers::Column::Status.is_in(LIVE));
    losers.exec(txn).await?;
    Ok(())
}

/// Closes every row that is not over yet, for a case that ends.
pub async fn close_all(txn: &Txn, app: &App, inquiry: InquiryId, reason: &'static str) -> AppResult<()> {
    move_rows(txn, app, inquiry, None, &LIVE, InquiryProviderStatus::Closed, Some(reason)).await
}

/// Rows whose clinic has not answered.
pub(crate) const OPEN: &[InquiryProviderStatus] = &[InquiryProviderStatus::Distributed, InquiryProviderStatus::Viewed];
/// Rows that acceptance elsewhere or cancellation closes, and that the cap counts.
pub(crate) const LIVE: [InquiryProviderStatus; 3] =
    [InquiryProviderStatus::Distributed, InquiryProviderStatus::Viewed, InquiryProviderStatus::Quoted];

fn closing(app: &App, reason: &str) -> inquiry_providers::ActiveModel {
    inquiry_providers::ActiveModel {
        status: Set(InquiryProviderStatus::Closed),
        closed_at: Set(Some(app.now())),
        closed_reason: Set(Some(reason.to_owned())),
        updated_at: Set(app.now()),
        ..Default::default()
    }
}

async fn move_rows(
    txn: &Txn,
    app: &App,
    inquiry: InquiryId,
    provider: Option<ProviderId>,
    from: &[InquiryProviderStatus],
    to: InquiryProviderStatus,
    reason: Option<&'static str>,
) -> AppResult<()> {
    let mut row = inquiry_providers::ActiveModel { status: Set(to), updated_at: Set(app.now()), ..Default::default() };
    if let Some(reason) = reason {
        row.closed_at = Set(Some(app.now()));
        row.closed_reason = Set(Some(reason.to_owned()));
    }
    let mut update = inquiry_providers::Entity::update_many()
        .set(row)
        .filter(inquiry_providers::Column::InquiryId.eq(inquiry))
        .filter(inquiry_providers::Column::Status.is_in(from.iter().copied()));
    if let Some(provider) = provider {
        update = update.filter(inquiry_providers::Column::ProviderId.eq(provider));
    }
    update.exec(txn).await?;
    Ok(())
}

/// A row for a clinic that receives the case now (R-IQ-28: everybody has the full time from the own start).
pub(crate) fn row(
    inquiry: InquiryId,
    provider: ProviderId,
    source: InquiryProviderSource,
    match_order: usize,
    now: Timestamp,
    limits: &Limits,
) -> inquiry_providers::ActiveModel {
    inquiry_providers::ActiveModel {
        id: Set(InquiryProviderId::new()),
        inquiry_id: Set(inquiry),
        provider_id: Set(provider),
        source: Set(source),
        match_order: Set(i32::try_from(match_order).unwrap_or(i32::MAX)),
        status: Set(InquiryProviderStatus::Distributed),
        distributed_at: Set(now),
        response_deadline_at: Set(now + chrono::Duration::hours(limits.response_deadline_hours)),
        notified_at: Set(None),
        viewed_at: Set(None),
        viewed_by: Set(None),
        critical_ack_at: Set(None),
        critical_ack_by: Set(None),
        critical_ack_revision: Set(None),
        closed_at: Set(None),
        closed_reason: Set(None),
        decline_note: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
    }
}

/// Fills the places of a submitted inquiry with matching clinics and tells every clinic once (R-IQ-25..27).
///
/// Runs after submission and may run again: rows are unique per clinic, and each clinic is told once.
pub async fn distribute(app: &App, id: InquiryId) -> AppResult<()> {
    let limits = Limits::load(app).await?;
    let actor = Actor::system();
    platform::write_txn!(app.db, |txn| {
        let inquiry = case::lock(txn, id).await?;
        if inquiry.status != InquiryStatus::Inquiry {
            return Ok(());
        }
        let gone = take_back_unreached(txn, app, id).await?;
        let before = of(txn, id).await?;
        let added = if inquiry.exclusive_provider_id.is_some() {
            Vec::new()
        } else {
            match_clinics(txn, &inquiry, &before, &limits).await?
        };
        let now = app.now();
        let first = before.iter().map(|row| row.match_order).max().unwrap_or_default().max(0);
        let orders = (usize::try_from(first).unwrap_or_default() + 1)..;
        let rows: Vec<_> = added
            .iter()
            .zip(orders)
            .map(|(provider, order)| row(id, *provider, InquiryProviderSource::Matched, order, now, &limits))
            .collect();
        if !rows.is_empty() {
            inquiry_providers::Entity::insert_many(rows).exec(txn).await?;
        }
        if !gone.is_empty() {
            let facts = json!({ "provider_ids": gone, "why": NOT_ACCEPTING });
            let entry = Entry::new("inquiry.clinics_dropped").subject("Inquiry", id).patient(inquiry.patient_id);
            audit::record(txn, app, &actor, entry.change(None, Some(facts))).await?;
        }
        announce(txn, app, &actor, &inquiry).await
    })
}

/// Why a clinic that was chosen never got the request.
const NOT_ACCEPTING: &str = "not_accepting";

/// Takes the request from clinics that were chosen when it was sent and accept nobody any more (R-IQ-25): they have heard
/// nothing of it yet, and their places go to others. Answers which.
async fn take_back_unreached(txn: &Txn, app: &App, id: InquiryId) -> AppResult<Vec<ProviderId>> {
    let waiting: Vec<_> = of(txn, id)
        .await?
        .into_iter()
        .filter(|row| row.notified_at.is_none() && row.status == InquiryProviderStatus::Distributed)
        .collect();
    if waiting.is_empty() {
        return Ok(Vec::new());
    }
    let accepting: HashSet<ProviderId> = providers::Entity::find()
        .select_only()
        .column(providers::Column::Id)
        .filter(catalogue::clinics::accepting())
        .filter(providers::Column::Id.is_in(waiting.iter().map(|row| row.provider_id)))
        .into_tuple()
        .all(txn)
        .await?
        .into_iter()
        .collect();
    let gone: Vec<_> = waiting.into_iter().filter(|row| !accepting.contains(&row.provider_id)).collect();
    if gone.is_empty() {
        return Ok(Vec::new());
    }
    let mut change = closing(app, NOT_ACCEPTING);
    change.status = Set(InquiryProviderStatus::Removed);
    inquiry_providers::Entity::update_many()
        .set(change)
        .filter(inquiry_providers::Column::Id.is_in(gone.iter().map(|row| row.id)))
        .exec(txn)
        .await?;
    Ok(gone.into_iter().map(|row| row.provider_id).collect())
}

/// The clinics to add: accepting, in a chosen country, best first, up to the cap.
///
/// The cap counts rows that are not declined, lapsed or removed (R-IQ-28).
pub(crate) async fn match_clinics(
    txn: &Txn,
    inquiry: &inquiries::Model,
    before: &[inquiry_providers::Model],
    limits: &Limits,
) -> AppResult<Vec<ProviderId>> {
    let countries = queries::destinations_of(txn, &[inquiry.id]).await?.remove(&inquiry.id).unwrap_or_default();
    let candidates = providers::Entity::find()
        .filter(catalogue::clinics::accepting())
        .filter(providers::Column::CountryCode.is_in(countries))
        .all(txn)
        .await?
        .into_iter()
        .map(|clinic| Candidate {
            id: clinic.id,
            name: clinic.provider_name,
            featured: clinic.is_featured,
            rating_sum: clinic.rating_sum,
            rating_count: clinic.rating_count,
        })
        .collect();
    let known: Vec<_> = before.iter().map(|row| row.provider_id).collect();
    Ok(fill(candidates, &known, places_left(before, limits)))
}

/// How many more clinics the case may go to. The cap counts rows that are not declined, lapsed or removed (R-IQ-28).
pub(crate) fn places_left(rows: &[inquiry_providers::Model], limits: &Limits) -> usize {
    let counted = rows.iter().filter(|row| LIVE.contains(&row.status)).count();
    limits.max_providers.saturating_sub(counted)
}

/// Tells every clinic in one of these states by an event of its own: each reads it under what it may know.
pub(crate) async fn tell_each(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    inquiry: InquiryId,
    states: &[InquiryProviderStatus],
    event: impl Fn(&inquiry_providers::Model) -> Event,
) -> AppResult<()> {
    for row in of(txn, inquiry).await?.iter().filter(|row| states.contains(&row.status)) {
        let told = event(row).with("inquiry_id", inquiry).with("provider_id", row.provider_id);
        outbox::emit(txn, app, actor, told).await?;
    }
    Ok(())
}

/// Ends the time of this case's clinics that did not answer, where the clock is ahead of the job that does.
pub(crate) async fn lapse_overdue(txn: &Txn, app: &App, inquiry: InquiryId) -> AppResult<()> {
    let now = app.now();
    inquiry_providers::Entity::update_many()
        .set(inquiry_providers::ActiveModel {
            status: Set(InquiryProviderStatus::Lapsed),
            updated_at: Set(now),
            ..Default::default()
        })
        .filter(inquiry_providers::Column::InquiryId.eq(inquiry))
        .filter(inquiry_providers::Column::Status.is_in(OPEN.iter().copied()))
        .filter(inquiry_providers::Column::ResponseDeadlineAt.lte(now))
        .exec(txn)
        .await?;
    Ok(())
}

/// Gives the case to these clinics now, each with its full time (R-IQ-28): a new one gets a row, one whose row had ended
/// gets it back. Every one of them is told.
pub(crate) async fn hand_out(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    inquiry: &inquiries::Model,
    before: &[inquiry_providers::Model],
    (clinics, source): (&[ProviderId], InquiryProviderSource),
    limits: &Limits,
) -> AppResult<()> {
    let now = app.now();
    let known = |clinic: &ProviderId| before.iter().find(|row| row.provider_id == *clinic);
    let last = before.iter().map(|row| row.match_order).max().unwrap_or_default().max(0);
    let orders = (usize::try_from(last).unwrap_or_default() + 1)..;
    let rows: Vec<_> = clinics
        .iter()
        .filter(|clinic| known(clinic).is_none())
        .zip(orders)
        .map(|(clinic, order)| row(inquiry.id, *clinic, source, order, now, limits))
        .collect();
    if !rows.is_empty() {
        inquiry_providers::Entity::insert_many(rows).exec(txn).await?;
    }
    let back: Vec<InquiryProviderId> = clinics.iter().filter_map(|clinic| Some(known(clinic)?.id)).collect();
    if !back.is_empty() {
        let again = inquiry_providers::ActiveModel {
            status: Set(InquiryProviderStatus::Distributed),
            distributed_at: Set(now),
            response_deadline_at: Set(now + chrono::Duration::hours(limits.response_deadline_hours)),
            notified_at: Set(None),
            closed_at: Set(None),
            closed_reason: Set(None),
            decline_note: Set(None),
            updated_at: Set(now),
            ..Default::default()
        };
        inquiry_providers::Entity::update_many()
            .set(again)
            .filter(inquiry_providers::Column::Id.is_in(back))
            .filter(inquiry_providers::Column::Status.is_not_in(LIVE))
            .exec(txn)
            .await?;
    }
    announce(txn, app, actor, inquiry).await
}

/// Whom an extension asks (R-IQ-28): clinics not asked before first, then those that let their time pass, up to the cap.
/// A request meant for one clinic goes to that one again and to nobody else.
pub(crate) async fn to_extend(
    txn: &Txn,
    inquiry: &inquiries::Model,
    before: &[inquiry_providers::Model],
    limits: &Limits,
) -> AppResult<Vec<ProviderId>> {
    let mut chosen = match inquiry.exclusive_provider_id {
        Some(_) => Vec::new(),
        None => match_clinics(txn, inquiry, before, limits).await?,
    };
    let lapsed: Vec<ProviderId> = before
        .iter()
        .filter(|row| row.status == InquiryProviderStatus::Lapsed)
        .filter(|row| inquiry.exclusive_provider_id.is_none_or(|only| only == row.provider_id))
        .map(|row| row.provider_id)
        .collect();
    let accepting: Vec<ProviderId> = providers::Entity::find()
        .filter(catalogue::clinics::accepting())
        .filter(providers::Column::Id.is_in(lapsed.iter().copied()))
        .all(txn)
        .await?
        .into_iter()
        .map(|clinic| clinic.id)
        .collect();
    let room = places_left(before, limits).saturating_sub(chosen.len());
    chosen.extend(lapsed.into_iter().filter(|clinic| accepting.contains(clinic)).take(room));
    Ok(chosen)
}

/// Gives a clinic its place in the case back: its offer was brought back by staff (Q15). Its time starts anew where it
/// has to answer again.
pub async fn take_back(
    txn: &Txn,
    app: &App,
    inquiry: InquiryId,
    provider: ProviderId,
    to: InquiryProviderStatus,
    deadline: Option<Timestamp>,
) -> AppResult<()> {
    let mut change = inquiry_providers::ActiveModel {
        status: Set(to),
        closed_at: Set(None),
        closed_reason: Set(None),
        updated_at: Set(app.now()),
        ..Default::default()
    };
    if let Some(deadline) = deadline {
        change.response_deadline_at = Set(deadline);
    }
    inquiry_providers::Entity::update_many()
        .set(change)
        .filter(inquiry_providers::Column::InquiryId.eq(inquiry))
        .filter(inquiry_providers::Column::ProviderId.eq(provider))
        .exec(txn)
        .await?;
    refresh_deadline(txn, app, inquiry, &of(txn, inquiry).await?).await
}

/// Tells every clinic that was not told yet, and writes the deadline and the timeline.
pub(crate) async fn announce(txn: &Txn, app: &App, actor: &Actor, inquiry: &inquiries::Model) -> AppResult<()> {
    let now = app.now();
    let rows = of(txn, inquiry.id).await?;
    if rows.iter().all(|row| row.status == InquiryProviderStatus::Removed) {
        // Nobody accepts patients there at the moment: staff assign by hand (R-IQ-27).
        let event = Event::new("inquiry.unmatched", "Inquiry", inquiry.id)
            .occurrence("once")
            .with("inquiry_id", inquiry.id)
            .with("patient_id", inquiry.patient_id);
        return outbox::emit(txn, app, actor, event).await;
    }
    let fresh: Vec<_> = rows.iter().filter(|row| row.notified_at.is_none() && OPEN.contains(&row.status)).collect();
    if fresh.is_empty() {
        return Ok(());
    }
    let level = medical::level(txn, app, inquiry.id).await?;
    for row in &fresh {
        let event = Event::new("inquiry.distributed", "Inquiry", inquiry.id)
            // A clinic that is asked again is told again.
            .occurrence(format!("{}@{}", row.provider_id, row.distributed_at.timestamp_millis()))
            .with("inquiry_id", inquiry.id)
            .with("provider_id", row.provider_id)
            .with("inquiry_code", &inquiry.inquiry_code)
            .with("alert_level", level)
            .with("deadline", row.response_deadline_at);
        outbox::emit(txn, app, actor, event).await?;
    }
    inquiry_providers::Entity::update_many()
        .set(inquiry_providers::ActiveModel { notified_at: Set(Some(now)), ..Default::default() })
        .filter(inquiry_providers::Column::Id.is_in(fresh.iter().map(|row| row.id)))
        .exec(txn)
        .await?;
    refresh_deadline(txn, app, inquiry.id, &rows).await?;
    let told: Vec<_> = fresh.iter().map(|row| row.provider_id).collect();
    let metadata = json!({ "provider_ids": told, "count": told.len() });
    timeline::record(txn, app, actor, inquiry.id, "inquiry_distributed", metadata).await
}

/// The inquiry's own deadline is the latest of the clinics that have it.
pub(crate) async fn refresh_deadline(
    txn: &Txn,
    app: &App,
    inquiry: InquiryId,
    rows: &[inquiry_providers::Model],
) -> AppResult<()> {
    let has = |row: &&inquiry_providers::Model| row.status != InquiryProviderStatus::Removed;
    let latest = rows.iter().filter(has).map(|row| row.response_deadline_at).max();
    let Some(latest) = latest else { return Ok(()) };
    inquiries::Entity::update_many()
        .set(inquiries::ActiveModel {
            quote_deadline_at: Set(Some(latest)),
            updated_at: Set(app.now()),
            ..Default::default()
        })
        .filter(inquiries::Column::Id.eq(inquiry))
        .exec(txn)
        .await?;
    Ok(())
}
