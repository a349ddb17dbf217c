//! What can be bought, and for how much (R-AC-05). New prices of an offering on sale wait for a second Super Admin.

use identity::entity::{model_has_roles, roles};
use identity::reauth;
use kernel::ids::{AftercareTemplateId, UserId};
use kernel::{Actor, AppError, AppResult, FieldErrors, Guard, Permission};
use payments::entity::aftercare_payments::AftercarePaymentPricingModel as Model;
use platform::App;
use platform::audit::{self, Entry};
use platform::db::Txn;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, JoinType, PaginatorTrait, QueryFilter, QuerySelect, RelationTrait, Set,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::entity::aftercare_milestone_templates::{self as templates, AftercareMilestoneTemplateStatus};
use crate::entity::aftercare_templates::{
    self as offerings, AftercareTemplateDefaultPricingModel as Default_, AftercareTemplatePricingModel as Sold,
    AftercareTemplateStatus,
};
use crate::rules::offering::{self, Prices};

/// An offering that can be bought.
#[derive(Clone, Debug)]
pub struct OnSale {
    /// Which models.
    pub sold: Sold,
    /// For how much.
    pub prices: Prices,
}

impl OnSale {
    /// Whether it is sold by this model.
    pub fn sells(&self, model: Model) -> bool {
        offering::sells(self.sold, model)
    }
}

/// The prices of a row; unreadable ones count as none.
pub(crate) fn prices_of(json: Option<&serde_json::Value>) -> Prices {
    json.cloned().and_then(|json| serde_json::from_value(json).ok()).unwrap_or_default()
}

/// An offering that can be bought now, and for how many months it is: 404 for all others.
pub(super) async fn on_sale(conn: &impl ConnectionTrait, id: AftercareTemplateId) -> AppResult<(OnSale, u32)> {
    let found = offerings::Entity::find_by_id(id).find_also_related(templates::Entity).one(conn).await?;
    let Some((row, Some(template))) = found else { return Err(AppError::not_found()) };
    let is_sold = row.is_purchasable
        && row.status == AftercareTemplateStatus::Active
        && template.status == AftercareMilestoneTemplateStatus::Active;
    let sold = row.pricing_model.filter(|_| is_sold).ok_or_else(AppError::not_found)?;
    let months = u32::try_from(template.duration_months).map_err(AppError::internal)?;
    Ok((OnSale { sold, prices: prices_of(row.prices.as_ref()) }, months))
}

/// What staff set of an offering.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OfferingChange {
    /// Patients can buy it.
    pub is_purchasable: bool,
    /// What they read about it: up to 500 characters.
    pub service_description: String,
    /// By which models.
    pub pricing_model: Sold,
    /// For how much, by currency.
    #[schema(value_type = std::collections::BTreeMap<String, offering::Price>)]
    pub prices: Prices,
    /// The version that was read.
    pub lock_version: i32,
}

/// Changes an offering. Where it is on sale and there is a second Super Admin, new prices wait for their word; requests that
/// were made keep theirs. Answers whether they wait.
///
/// Errors: 403, 403 `reauth_required`; 404; 409 `stale_version`; 422 by field.
pub async fn change(app: &App, actor: &Actor, id: AftercareTemplateId, change: &OfferingChange) -> AppResult<bool> {
    let user = keeper(actor)?;
    reauth::require_fresh(app.db.conn(), app, actor).await?;
    platform::write_txn!(app.db, |txn| {
        let row = lock(txn, id).await?;
        if row.lock_version != change.lock_version {
            return Err(AppError::stale_version().with("current_version", row.lock_version));
        }
        let template = templates::Entity::find_by_id(row.milestone_template_id).one(txn).await?;
        let months = template.map_or(0, |template| template.duration_months);
        check(txn, change, months).await?;
        let before = prices_of(row.prices.as_ref());
        let waits =
            row.is_purchasable && change.is_purchasable && before != change.prices && has_second(txn, user).await?;
        let prices = Some(serde_json::to_value(&change.prices)?);
        let written = offerings::ActiveModel {
            is_purchasable: Set(change.is_purchasable),
            service_description: Set(Some(change.service_description.trim().to_owned()).filter(|text| !text.is_empty())),
            pricing_model: Set(Some(change.pricing_model)),
            default_pricing_model: Set((change.pricing_model == Sold::Both).then_some(Default_::MonthlySubscription)),
            prices: Set(if waits { row.prices.clone() } else { prices.clone() }),
            pending_prices: Set(if waits { prices } else { None }),
            created_by_admin_id: Set(user),
            lock_version: Set(row.lock_version + 1),
            updated_at: Set(app.now()),
            ..Default::default()
        };
        offerings::Entity::update_many().set(written).filter(offerings::Column::Id.eq(id)).exec(txn).await?;
        let entry = Entry::new("aftercare.offering_changed").subject("AftercareTemplate", id).change(
            Some(json!({ "is_purchasable": row.is_purchasable, "prices": before })),
            Some(json!({ "is_purchasable": change.is_purchasable, "prices": change.prices, "waits": waits })),
        );
        audit::record(txn, app, actor, entry).await?;
        Ok(waits)
    })
}

async fn check(txn: &Txn, change: &OfferingChange, months: i32) -> AppResult<()> {
    let mut faults = FieldErrors::new();
    let length = change.service_description.trim().chars().count();
    if length > 500 {
        faults.add("service_description", "too_long", "At most 500 characters.");
    }
    if change.is_purchasable && length == 0 {
        faults.add("service_description", "required", "Say what patients buy.");
    }
    if change.is_purchasable && !matches!(months, 6 | 12) {
        faults.add("is_purchasable", "template_duration_mismatch", "Plans of 6 or 12 months are sold.");
    }
    if change.is_purchasable || !change.prices.is_empty() {
        offering::check(&mut faults, &change.prices, change.pricing_model, u32::try_from(months).unwrap_or(12));
    }
    for currency in change.prices.keys() {
        if !catalogue::fx::enabled(txn).await?.contains(currency) {
            faults.add(
                format!("prices.{}", currency.code()),
                "currency_not_supported",
                "This currency is switched off.",
            );
        }
    }
    faults.check()
}

/// Puts prices in force that waited.
///
/// Errors: 403, 403 `reauth_required`, 403 `second_admin_required` for whoever set them; 404; 409 `nothing_waits`.
pub async fn approve_prices(app: &App, actor: &Actor, id: AftercareTemplateId) -> AppResult<()> {
    let user = keeper(actor)?;
    reauth::require_fresh(app.db.conn(), app, actor).await?;
    platform::write_txn!(app.db, |txn| {
        let row = lock(txn, id).await?;
        let Some(prices) = row.pending_prices.clone() else {
            return Err(AppError::conflict("nothing_waits", "No prices wait here."));
        };
        if row.created_by_admin_id == user || !is_super(txn, user).await? {
            return Err(AppError::denied("second_admin_required", "Another Super Admin has to look at them."));
        }
        let written = offerings::ActiveModel {
            prices: Set(Some(prices.clone())),
            pending_prices: Set(None),
            approved_by_admin_id: Set(Some(user)),
            lock_version: Set(row.lock_version + 1),
            updated_at: Set(app.now()),
            ..Default::default()
        };
        offerings::Entity::update_many().set(written).filter(offerings::Column::Id.eq(id)).exec(txn).await?;
        let entry = Entry::new("aftercare.prices_approved")
            .subject("AftercareTemplate", id)
            .change(Some(json!({ "prices": row.prices })), Some(json!({ "prices": prices })));
        audit::record(txn, app, actor, entry).await
    })
}

fn keeper(actor: &Actor) -> AppResult<UserId> {
    let user = actor.admin()?;
    actor.require(Permission::ManageAftercareTemplate)?;
    Ok(user)
}

async fn lock(txn: &Txn, id: AftercareTemplateId) -> AppResult<offerings::Model> {
    offerings::Entity::find_by_id(id).lock_exclusive().one(txn).await?.ok_or_else(AppError::not_found)
}

fn supers() -> sea_orm::Select<model_has_roles::Entity> {
    model_has_roles::Entity::find()
        .join(JoinType::InnerJoin, model_has_roles::Relation::Role.def())
        .filter(roles::Column::Name.eq("super_admin"))
        .filter(roles::Column::GuardName.eq(Guard::Api.name()))
        .filter(model_has_roles::Column::ModelType.eq(model_has_roles::ModelHasRoleModelType::User))
}

async fn is_super(conn: &impl ConnectionTrait, user: UserId) -> AppResult<bool> {
    Ok(supers().filter(model_has_roles::Column::ModelId.eq(user.any())).count(conn).await? > 0)
}

async fn has_second(conn: &impl ConnectionTrait, user: UserId) -> AppResult<bool> {
    Ok(supers().filter(model_has_roles::Column::ModelId.ne(user.any())).count(conn).await? > 0)
}
