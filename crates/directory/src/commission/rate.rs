//! The rate of all clinics without terms of their own, a history of versions (R-PY-58, R-PY-71, R-PY-72).

use identity::reauth::require_fresh;
use identity::rules::fields;
use kernel::ids::SetCommissionId;
use kernel::{Actor, AppError, AppResult, FieldErrors, Page, PageQuery};
use platform::App;
use platform::audit::{self, Entry};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use serde_json::json;

use super::rules::{FURTHEST, check_percent, example};
use super::views::{ClinicCharge, Example, PlatformCommission, PlatformRateChange, RateVersion};
use super::{keeper, percent_at, reader, taken_meanwhile};
use crate::entity::set_commissions;

fn version_of(row: set_commissions::Model) -> RateVersion {
    RateVersion { percent: row.commission_percentage, effective_from: row.effective_from, reason: row.reason }
}

/// The platform's rate with its history: four statements.
///
/// Errors: 403 without `view_setting`; 422 for the page.
pub async fn platform(app: &App, actor: &Actor, page: PageQuery) -> AppResult<PlatformCommission> {
    reader(actor)?;
    let page = page.checked()?;
    let (conn, now) = (app.db.conn(), app.now());
    let all = set_commissions::Entity::find().order_by_desc(set_commissions::Column::EffectiveFrom);
    let total = all.clone().count(conn).await?;
    let rows = all.offset(page.offset()).limit(page.per_page).all(conn).await?;
    let planned = set_commissions::Entity::find()
        .filter(set_commissions::Column::EffectiveFrom.gt(now))
        .order_by_asc(set_commissions::Column::EffectiveFrom)
        .one(conn)
        .await?;
    Ok(PlatformCommission {
        percent: percent_at(conn, now).await?,
        planned: planned.map(version_of),
        version: total,
        history: Page::new(rows.into_iter().map(version_of).collect(), page, total),
    })
}

/// What the change would mean for a booking of 2,400 dollars; nothing is saved.
///
/// Errors: 403 without `view_setting`; 422 `out_of_range`.
pub async fn preview_platform(app: &App, actor: &Actor, percent: i32) -> AppResult<Example> {
    reader(actor)?;
    let mut faults = FieldErrors::new();
    check_percent(&mut faults, percent);
    faults.check()?;
    let before = percent_at(app.db.conn(), app.now()).await?;
    example(ClinicCharge::Percentage { percent: before }, ClinicCharge::Percentage { percent }, 0)
}

/// Sets the platform's rate for bookings confirmed from then on.
///
/// Errors: 403 without `configure_payment_setting`, 403 `reauth_required`; 409 `stale_version`; 422 `out_of_range`,
/// `commission_in_the_past`, `commission_too_far_ahead`,
/// `commission_unchanged`, `moment_taken`, `reason_length`.
pub async fn set_platform(app: &App, actor: &Actor, change: &PlatformRateChange) -> AppResult<()> {
    let user = keeper(actor)?;
    let now = app.now();
    let mut faults = FieldErrors::new();
    check_percent(&mut faults, change.percent);
    let reason = fields::reason(&mut faults, "reason", &change.reason);
    match change.effective_from {
        Some(from) if from < now => {
            faults.add("effective_from", "commission_in_the_past", "Bookings of the past keep their rate.")
        }
        Some(from) if from > now + FURTHEST => {
            faults.add("effective_from", "commission_too_far_ahead", "At most a year ahead.")
        }
        _ => {}
    }
    faults.check()?;
    platform::write_txn!(app.db, |txn| {
        require_fresh(txn, app, actor).await?;
        // One writer at a time: before the first rate there is no row of its own to wait for.
        crate::projection::currencies::lock_default(txn).await?;
        let known = set_commissions::Entity::find().count(txn).await?;
        if known != change.version {
            return Err(AppError::stale_version().with("current_version", known));
        }
        let from = change.effective_from.unwrap_or(now);
        let before = percent_at(txn, from).await?;
        if before == change.percent {
            return Err(AppError::field("percent", "commission_unchanged", "This is the rate then already."));
        }
        let at = set_commissions::Entity::find().filter(set_commissions::Column::EffectiveFrom.eq(from));
        if at.count(txn).await? > 0 {
            let text = "A rate is set for this moment already. Choose another one.";
            return Err(AppError::field("effective_from", "moment_taken", text));
        }
        let row = set_commissions::ActiveModel {
            id: Set(SetCommissionId::new()),
            commission_percentage: Set(change.percent),
            effective_from: Set(from),
            reason: Set(reason.clone()),
            set_by_user_id: Set(user),
            created_at: Set(now),
        };
        let written = set_commissions::Entity::insert(row).exec_without_returning(txn).await;
        written.map_err(taken_meanwhile)?;
        let told = |percent: i32| json!({ "percent": percent });
        let mut after = told(change.percent);
        if let (Some(from), Some(after)) = (change.effective_from, after.as_object_mut()) {
            after.insert("effective_from".to_owned(), json!(from));
        }
        let entry = Entry::new("setting.commission_changed").change(Some(told(before)), Some(after)).reason(&reason);
        audit::record(txn, app, actor, entry).await
    })
}
