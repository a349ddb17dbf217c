//! How many accounts a clinic may have: seen and changed by the top of Hairline (R-ID-53, R-MG-09).

use identity::entity::provider_team_members;
use identity::reauth::require_fresh;
use identity::rules::team::SEAT_LIMITS;
use identity::service::team::seats::{self, CHANGED, SeatState};
use kernel::ids::ProviderId;
use kernel::{Actor, AppError, AppResult, FieldErrors, Permission};
use platform::App;
use platform::audit::{self, Entry};
use platform::outbox::{self, Event};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use serde_json::json;

use crate::entity::providers;

/// A new limit.
#[derive(Clone, Debug)]
pub struct NewLimit {
    /// 1 to 500.
    pub limit: u64,
    /// Why, 20 to 500 characters.
    pub reason: String,
    /// Sure that it may lie below what is taken already.
    pub below_use: bool,
}

/// A clinic's seats and what it asked for, for Hairline.
///
/// Errors: 403 without `view_provider_team`, 404.
pub async fn show(app: &App, actor: &Actor, provider: ProviderId) -> AppResult<SeatState> {
    actor.admin()?;
    actor.require(Permission::ViewProviderTeam)?;
    let seats = seats::of(app.db.conn(), provider, app.now()).await?;
    let request = seats::open_request(app, app.db.conn(), provider).await?;
    Ok(SeatState { seats, request, may_ask: false })
}

/// Sets the limit; whatever the clinic asked for is answered by it. The same limit again changes nothing.
///
/// Errors: 403 for whoever is not at the top, `reauth_required`; 404; 409 `seats_in_use` for a limit below what is taken
/// without a word that this is meant; 422.
pub async fn set(app: &App, actor: &Actor, provider: ProviderId, new: &NewLimit) -> AppResult<()> {
    actor.admin()?;
    actor.require(Permission::ManageUser)?;
    let mut errors = FieldErrors::new();
    if !SEAT_LIMITS.contains(&new.limit) {
        errors.add("seat_limit", "seats_out_of_range", "1 to 500.");
    }
    let reason = identity::rules::fields::reason(&mut errors, "reason", &new.reason);
    errors.check()?;
    let limit = i32::try_from(new.limit).map_err(AppError::internal)?;
    platform::write_txn!(app.db, |txn| {
        require_fresh(txn, app, actor).await?;
        let found = providers::Entity::find_by_id(provider).lock_exclusive().one(txn).await?;
        let clinic = found.ok_or_else(AppError::not_found)?;
        let used = seats::of(txn, provider, app.now()).await?.used;
        if new.limit < used && !new.below_use {
            let detail = "More seats are taken than that. Nobody loses theirs, but nobody new can be invited.";
            return Err(AppError::conflict("seats_in_use", detail).with("used", used).on_field("seat_limit"));
        }
        let asked = seats::open_request(app, txn, provider).await?.is_some();
        if clinic.seat_limit == limit && !asked {
            return Ok(());
        }
        let now = app.now();
        providers::Entity::update_many()
            .col_expr(providers::Column::SeatLimit, Expr::value(limit))
            .col_expr(providers::Column::Version, Expr::col(providers::Column::Version).add(1))
            .col_expr(providers::Column::UpdatedAt, Expr::value(now))
            .filter(providers::Column::Id.eq(provider))
            .exec(txn)
            .await?;
        let entry = Entry::new(CHANGED)
            .subject("Provider", provider)
            .provider(provider)
            .change(Some(json!({ "seat_limit": clinic.seat_limit })), Some(json!({ "seat_limit": limit })))
            .reason(&reason);
        audit::record(txn, app, actor, entry).await?;
        let owner = provider_team_members::Entity::find()
            .filter(provider_team_members::Column::ProviderId.eq(provider))
            .filter(provider_team_members::Column::IsOwner.eq(true))
            .filter(provider_team_members::Column::RemovedAt.is_null())
            .one(txn)
            .await?;
        let event = Event::new(CHANGED, "Provider", provider)
            .with("provider_id", provider)
            .with("provider_user_id", owner.map(|row| row.provider_user_id))
            .with("old", clinic.seat_limit)
            .with("new", limit);
        outbox::emit(txn, app, actor, event).await
    })
}
