//! What single clinics agreed to, each a history of versions (R-PY-58, R-PY-71, R-MG-09, R-FN-56).

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use identity::entity::provider_team_members;
use identity::reauth::require_fresh;
use identity::rules::fields;
use kernel::ids::{AnyId, ProviderCommissionId, ProviderId, ProviderUserId, UserId};
use kernel::{Actor, Amount, AppError, AppResult, Currency, FieldErrors, Page, PageQuery, Permission, Timestamp};
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use platform::outbox::{self, Event};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};
use serde_json::{Value, json};

use super::rules::{FURTHEST, check_percent, example};
use super::views::{
    AgreementLine, ClinicCharge, ClinicCommission, ClinicTermsChange, ClinicTermsVersion, Example, GroupTermsChange,
    TermsStanding,
};
use super::{DEFAULT_PERCENT, keeper, percent_at, reader, taken_meanwhile, terms_of};
use crate::entity::provider_commissions::{
    self as agreed, ProviderCommissionPaymentCycle as Cycle, ProviderCommissionStatus as Status, ProviderCommissionType,
};
use crate::entity::providers;

/// What the audit log and the events call a change of a clinic's terms.
const CHANGED: &str = "provider.commission_changed";
/// Days from the end of a period to its payout.
const OFFSETS: std::ops::RangeInclusive<i32> = 0..=15;
/// Clinics whose terms are set in one go.
const MOST_CLINICS: usize = 50;

fn today_at(clinic: &providers::Model, now: Timestamp) -> NaiveDate {
    let zone: chrono_tz::Tz = clinic.timezone.as_deref().and_then(|name| name.parse().ok()).unwrap_or(chrono_tz::UTC);
    now.with_timezone(&zone).date_naive()
}

fn charge_of(row: &agreed::Model) -> AppResult<ClinicCharge> {
    terms_of(row).map(ClinicCharge::from)
}

fn standing(row: &agreed::Model, today: NaiveDate) -> TermsStanding {
    if row.status == Status::Archived {
        TermsStanding::Archived
    } else if row.effective_from > today {
        TermsStanding::Planned
    } else if row.effective_to.is_some_and(|end| end < today) {
        TermsStanding::Ended
    } else {
        TermsStanding::Current
    }
}

/// A number that grows with each change. Each adds a row, closes one or moves an end that was set, at its time: the times tell
/// changes apart, and the counts those of one instant.
async fn version(conn: &impl ConnectionTrait, provider: ProviderId) -> AppResult<u64> {
    let rows: Vec<(Timestamp, Option<NaiveDate>, Status)> = agreed::Entity::find()
        .select_only()
        .columns([agreed::Column::UpdatedAt, agreed::Column::EffectiveTo, agreed::Column::Status])
        .filter(agreed::Column::ProviderId.eq(provider))
        .into_tuple()
        .all(conn)
        .await?;
    let is_closed = |end: Option<NaiveDate>, status| end.is_some() || status == Status::Archived;
    let changes = rows.iter().map(|(_, end, status)| 1 + u64::from(is_closed(*end, *status)));
    let newest = rows.iter().map(|(at, ..)| at.timestamp_micros().unsigned_abs()).max();
    Ok(newest.unwrap_or_default() + changes.sum::<u64>())
}

/// What a clinic is charged, for staff.
///
/// Errors: 403 without `view_setting`; 404; 422 for the page.
pub async fn clinic(app: &App, actor: &Actor, provider: ProviderId, page: PageQuery) -> AppResult<ClinicCommission> {
    reader(actor)?;
    read(app, provider, page).await
}

/// What the asking clinic is charged: owner and billing read their own (spec 6).
///
/// Errors: 403 without `view_payout`; 422 for the page.
pub async fn own(app: &App, actor: &Actor, page: PageQuery) -> AppResult<ClinicCommission> {
    let (_, provider) = actor.provider()?;
    actor.require(Permission::ViewPayout)?;
    let mut seen = read(app, provider, page).await?;
    // Why Hairline did it is between its own people.
    for row in &mut seen.history.data {
        row.reason.clear();
    }
    Ok(seen)
}

async fn read(app: &App, provider: ProviderId, page: PageQuery) -> AppResult<ClinicCommission> {
    let page = page.checked()?;
    let (conn, now) = (app.db.conn(), app.now());
    let clinic = providers::Entity::find_by_id(provider).one(conn).await?.ok_or_else(AppError::not_found)?;
    let today = today_at(&clinic, now);
    let of_clinic = agreed::Entity::find().filter(agreed::Column::ProviderId.eq(provider));
    let total = of_clinic.clone().count(conn).await?;
    let rows = of_clinic
        .clone()
        .order_by_desc(agreed::Column::EffectiveFrom)
        .order_by_desc(agreed::Column::Id)
        .offset(page.offset())
        .limit(page.per_page)
        .all(conn)
        .await?;
    let begun = of_clinic
        .filter(agreed::Column::Status.eq(Status::Active))
        .filter(agreed::Column::EffectiveFrom.lte(today))
        .order_by_desc(agreed::Column::EffectiveFrom)
        .one(conn)
        .await?;
    let platform_percent = percent_at(conn, now).await?;
    let current = begun.as_ref().filter(|row| standing(row, today) == TermsStanding::Current);
    let version_of = |row: agreed::Model| {
        Ok(ClinicTermsVersion {
            charge: charge_of(&row)?,
            payment_cycle: row.payment_cycle,
            payout_offset_days: row.payout_offset_days,
            effective_from: row.effective_from,
            effective_to: row.effective_to,
            standing: standing(&row, today),
            reason: row.reason,
        })
    };
    let history = rows.into_iter().map(version_of).collect::<AppResult<Vec<_>>>()?;
    Ok(ClinicCommission {
        provider_name: clinic.provider_name,
        charge: match current {
            Some(row) => charge_of(row)?,
            None => ClinicCharge::Percentage { percent: platform_percent },
        },
        is_own: current.is_some(),
        platform_percent,
        // How a clinic is paid goes on when its own rate ends.
        payment_cycle: begun.as_ref().map_or(Cycle::Monthly, |row| row.payment_cycle),
        payout_offset_days: begun.as_ref().map_or(5, |row| row.payout_offset_days),
        version: version(conn, provider).await?,
        history: Page::new(history, page, total),
    })
}

/// The clinics whose own terms are in force, by their names: two statements.
///
/// Errors: 403 without `view_setting`; 422 for the page.
pub async fn agreements(app: &App, actor: &Actor, page: PageQuery) -> AppResult<Page<AgreementLine>> {
    reader(actor)?;
    let page = page.checked()?;
    let (conn, today) = (app.db.conn(), app.now().date_naive());
    let lasts = Condition::any().add(agreed::Column::EffectiveTo.is_null()).add(agreed::Column::EffectiveTo.gte(today));
    let found = agreed::Entity::find()
        .find_also_related(providers::Entity)
        .filter(agreed::Column::Status.eq(Status::Active))
        .filter(agreed::Column::EffectiveFrom.lte(today))
        .filter(lasts)
        .order_by_asc(providers::Column::ProviderName)
        .order_by_asc(agreed::Column::Id);
    let total = found.clone().count(conn).await?;
    let rows = found.offset(page.offset()).limit(page.per_page).all(conn).await?;
    let mut lines = Vec::with_capacity(rows.len());
    for (row, clinic) in rows {
        lines.push(AgreementLine {
            provider_id: row.provider_id,
            provider_name: clinic.map(|clinic| clinic.provider_name).unwrap_or_default(),
            charge: charge_of(&row)?,
            payment_cycle: row.payment_cycle,
            effective_from: row.effective_from,
        });
    }
    Ok(Page::new(lines, page, total))
}

/// What the change would mean for a booking of 2,400; nothing is saved.
///
/// Errors: 403 without `view_setting`; 404; 422 as [`set_clinic`].
pub async fn preview_clinic(
    app: &App,
    actor: &Actor,
    provider: ProviderId,
    change: &ClinicTermsChange,
) -> AppResult<Example> {
    let seen = clinic(app, actor, provider, PageQuery::default()).await?;
    let mut faults = FieldErrors::new();
    check_terms(&mut faults, change.charge, change.payout_offset_days);
    faults.check()?;
    example(seen.charge, change.charge, seen.platform_percent)
}

fn check_terms(faults: &mut FieldErrors, charge: ClinicCharge, offset: i32) {
    match charge {
        ClinicCharge::Platform => {}
        ClinicCharge::Percentage { percent } => check_percent(faults, percent),
        ClinicCharge::Flat { fee } => {
            if !fee.amount.is_positive() {
                faults.add("fee", "out_of_range", "A fee is more than nothing.");
            } else if fee.currency.round(fee.amount.get()) != Some(fee.amount) {
                faults.add("fee", "fee_decimals", "This currency has no such small coins.");
            }
        }
    }
    if !OFFSETS.contains(&offset) {
        faults.add("payout_offset_days", "out_of_range", "0 to 15 days.");
    }
}

/// Sets the terms of a clinic from a day on; what was agreed before ends the day before.
///
/// Errors: 403 without `configure_payment_setting`, 403 `reauth_required`; 404; 409 `stale_version`; 422 `out_of_range`,
/// `commission_in_the_past`, `commission_too_far_ahead`, `fee_currency`, `nothing_agreed`,
/// `reason_length`.
pub async fn set_clinic(app: &App, actor: &Actor, provider: ProviderId, change: &ClinicTermsChange) -> AppResult<()> {
    let seen = change.version;
    let group = GroupTermsChange {
        provider_ids: vec![provider],
        charge: change.charge,
        payment_cycle: change.payment_cycle,
        payout_offset_days: change.payout_offset_days,
        effective_from: change.effective_from,
        reason: change.reason.clone(),
    };
    set(app, actor, &group, Some(seen)).await
}

/// Sets the terms of several clinics at once: all of them or none.
///
/// Errors: as [`set_clinic`], and 422 `too_many`; 404 when one of them is not there.
pub async fn set_group(app: &App, actor: &Actor, change: &GroupTermsChange) -> AppResult<()> {
    set(app, actor, change, None).await
}

async fn set(app: &App, actor: &Actor, change: &GroupTermsChange, seen: Option<u64>) -> AppResult<()> {
    let user = keeper(actor)?;
    let mut faults = FieldErrors::new();
    check_terms(&mut faults, change.charge, change.payout_offset_days);
    let reason = fields::reason(&mut faults, "reason", &change.reason);
    let mut ids = change.provider_ids.clone();
    ids.sort();
    ids.dedup();
    if ids.is_empty() || ids.len() > MOST_CLINICS {
        faults.add("provider_ids", "too_many", "1 to 50 clinics.");
    }
    faults.check()?;
    platform::write_txn!(app.db, |txn| {
        let now = app.now();
        require_fresh(txn, app, actor).await?;
        let clinics = providers::Entity::find()
            .filter(providers::Column::Id.is_in(ids.iter().copied()))
            .order_by_asc(providers::Column::Id)
            .lock_exclusive()
            .all(txn)
            .await?;
        if clinics.len() != ids.len() {
            return Err(AppError::not_found());
        }
        if let (Some(seen), [only]) = (seen, ids.as_slice()) {
            let known = version(txn, *only).await?;
            if known != seen {
                return Err(AppError::stale_version().with("current_version", known));
            }
        }
        require_usable(txn, change.charge).await?;
        let mut from = BTreeMap::new();
        for clinic in &clinics {
            from.insert(clinic.id, first_day(clinic, change.effective_from, now)?);
        }
        let before = close_earlier(txn, &from, now).await?;
        let is_back = change.charge == ClinicCharge::Platform;
        if is_back && before.is_empty() {
            return Err(AppError::field("charge", "nothing_agreed", "Nothing of its own was agreed."));
        }
        let scope = (ids.len() > 1).then(AnyId::new);
        let rows: Vec<_> =
            from.iter().map(|(id, day)| terms_row(change, (*id, *day), (user, scope), &reason, now)).collect();
        if !is_back {
            let written = agreed::Entity::insert_many(rows).exec_without_returning(txn).await;
            written.map_err(taken_meanwhile)?;
        }
        tell(txn, app, actor, change, (&from, &before), &reason).await
    })
}

fn terms_row(
    change: &GroupTermsChange,
    (provider, day): (ProviderId, NaiveDate),
    (user, scope): (UserId, Option<AnyId>),
    reason: &str,
    now: Timestamp,
) -> agreed::ActiveModel {
    let (kind, value, currency) = match change.charge {
        ClinicCharge::Flat { fee } => (ProviderCommissionType::Flat, fee.amount, Some(fee.currency)),
        ClinicCharge::Percentage { percent } => (ProviderCommissionType::Percentage, Amount::from_units(percent), None),
        // Nothing is written for it.
        ClinicCharge::Platform => {
            (ProviderCommissionType::Percentage, Amount::from_units(i32::from(DEFAULT_PERCENT)), None)
        }
    };
    agreed::ActiveModel {
        id: Set(ProviderCommissionId::new()),
        provider_id: Set(provider),
        commission_type: Set(kind),
        commission_value: Set(value),
        currency: Set(currency),
        payment_cycle: Set(change.payment_cycle),
        payout_offset_days: Set(change.payout_offset_days),
        effective_from: Set(day),
        effective_to: Set(None),
        scope_id: Set(scope),
        status: Set(Status::Active),
        reason: Set(reason.to_owned()),
        created_by_user_id: Set(user),
        created_at: Set(now),
        updated_at: Set(now),
    }
}

/// A fee is in money that can be charged.
async fn require_usable(txn: &Txn, charge: ClinicCharge) -> AppResult<()> {
    let ClinicCharge::Flat { fee } = charge else { return Ok(()) };
    // Without a rate it could not be taken from a booking in other money.
    if fee.currency == Currency::USD || crate::projection::currencies::has_rate(txn, fee.currency).await? {
        return Ok(());
    }
    Err(AppError::field("fee", "fee_currency", "Fees are in a currency that can be charged and converted."))
}

fn first_day(clinic: &providers::Model, wanted: Option<NaiveDate>, now: Timestamp) -> AppResult<NaiveDate> {
    let today = today_at(clinic, now);
    let day = wanted.unwrap_or(today);
    if day < today {
        return Err(AppError::field(
            "effective_from",
            "commission_in_the_past",
            "Bookings of the past keep their terms.",
        ));
    }
    if day > today + FURTHEST {
        return Err(AppError::field("effective_from", "commission_too_far_ahead", "At most a year ahead."));
    }
    Ok(day)
}

/// Ends what was agreed on the day before the new terms begin, and takes back what was planned for later. Answers what
/// there was.
async fn close_earlier(
    txn: &Txn,
    from: &BTreeMap<ProviderId, NaiveDate>,
    now: Timestamp,
) -> AppResult<BTreeMap<ProviderId, agreed::Model>> {
    let open = agreed::Entity::find()
        .filter(agreed::Column::ProviderId.is_in(from.keys().copied()))
        .filter(agreed::Column::Status.eq(Status::Active))
        .order_by_asc(agreed::Column::EffectiveFrom)
        .all(txn)
        .await?;
    let mut before = BTreeMap::new();
    let (mut replaced, mut ending) = (Vec::new(), BTreeMap::<NaiveDate, Vec<ProviderCommissionId>>::new());
    for row in open {
        let Some(day) = from.get(&row.provider_id).copied() else { continue };
        if row.effective_from >= day {
            replaced.push(row.id);
        } else if row.effective_to.is_none_or(|end| end >= day) {
            let end = day.checked_sub_days(Days::new(1)).unwrap_or(day);
            ending.entry(end).or_default().push(row.id);
        } else {
            continue;
        }
        before.insert(row.provider_id, row);
    }
    if !replaced.is_empty() {
        agreed::Entity::update_many()
            .col_expr(agreed::Column::Status, Expr::value(Status::Archived))
            .col_expr(agreed::Column::UpdatedAt, Expr::value(now))
            .filter(agreed::Column::Id.is_in(replaced))
            .exec(txn)
            .await?;
    }
    // Clinics of one zone share a day: this is one statement, seldom two.
    for (end, rows) in ending {
        agreed::Entity::update_many()
            .col_expr(agreed::Column::EffectiveTo, Expr::value(end))
            .col_expr(agreed::Column::UpdatedAt, Expr::value(now))
            .filter(agreed::Column::Id.is_in(rows))
            .exec(txn)
            .await?;
    }
    Ok(before)
}

fn words(charge: ClinicCharge) -> AppResult<Value> {
    Ok(serde_json::to_value(charge)?)
}

/// Audit and news for each clinic's owner.
async fn tell(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    change: &GroupTermsChange,
    (from, before): (&BTreeMap<ProviderId, NaiveDate>, &BTreeMap<ProviderId, agreed::Model>),
    reason: &str,
) -> AppResult<()> {
    let owners: BTreeMap<ProviderId, ProviderUserId> = provider_team_members::Entity::find()
        .filter(provider_team_members::Column::ProviderId.is_in(from.keys().copied()))
        .filter(provider_team_members::Column::IsOwner.eq(true))
        .filter(provider_team_members::Column::RemovedAt.is_null())
        .all(txn)
        .await?
        .into_iter()
        .map(|row| (row.provider_id, row.provider_user_id))
        .collect();
    let new = words(change.charge)?;
    for (provider, day) in from {
        let old = before.get(provider).map(charge_of).transpose()?.map(words).transpose()?;
        let entry = Entry::new(CHANGED)
            .subject("Provider", *provider)
            .provider(*provider)
            .change(old.clone(), Some(json!({ "charge": new, "effective_from": day })))
            .reason(reason);
        audit::record(txn, app, actor, entry).await?;
        let event = Event::new(CHANGED, "Provider", *provider)
            .occurrence(app.now().timestamp_micros().to_string())
            .with("provider_id", *provider)
            .with("provider_user_id", owners.get(provider).copied())
            .with("old", old)
            .with("new", &new)
            .with("from", day);
        outbox::emit(txn, app, actor, event).await?;
    }
    Ok(())
}
