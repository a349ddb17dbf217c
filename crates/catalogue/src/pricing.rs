//! What a clinic charges for the treatments of the catalogue (R-IQ-71, R-IQ-73).

use kernel::ids::{ProviderId, ProviderTreatmentPricingId, TreatmentId};
use kernel::{Actor, AppError, AppResult, FieldErrors, Permission};
use platform::App;
use platform::audit::{self, Entry};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Set, SqlErr};
use serde::Deserialize;
use serde_json::json;

use crate::entity::provider_treatment_pricing::{self as pricing, ProviderTreatmentPricingStatus};
use crate::entity::treatments::TreatmentStatus;
use crate::money_input::MoneyInput;
use crate::rules::pricing::{PriceTerms, check_price};
use crate::{fx, treatments};

/// A clinic's price as it is entered.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PriceInput {
    /// Fixed part, above zero.
    pub base_price: MoneyInput,
    /// Part per graft in the same currency; absent or zero for a fixed price.
    pub price_per_graft: Option<MoneyInput>,
    /// Fewest grafts.
    pub min_grafts: Option<i32>,
    /// Most grafts.
    pub max_grafts: Option<i32>,
    /// Whether patients can be offered it.
    pub status: ProviderTreatmentPricingStatus,
    /// The version seen; absent when there was none.
    pub version: Option<i32>,
}

/// All prices of one clinic.
pub async fn of_clinic(conn: &impl ConnectionTrait, provider: ProviderId) -> AppResult<Vec<pricing::Model>> {
    Ok(pricing::Entity::find().filter(pricing::Column::ProviderId.eq(provider)).all(conn).await?)
}

/// The clinic's price of one treatment, if it entered one.
pub async fn of_treatment(
    conn: &impl ConnectionTrait,
    provider: ProviderId,
    treatment: TreatmentId,
) -> AppResult<Option<pricing::Model>> {
    Ok(pricing::Entity::find()
        .filter(pricing::Column::ProviderId.eq(provider))
        .filter(pricing::Column::TreatmentId.eq(treatment))
        .one(conn)
        .await?)
}

/// Enters or changes the price of the asking clinic.
///
/// Only active treatments can be priced; switching one off keeps its numbers (R-IQ-71). Quotes sent before keep
/// their own copy of the price.
pub async fn set_price(
    app: &App,
    actor: &Actor,
    treatment: TreatmentId,
    input: PriceInput,
) -> AppResult<pricing::Model> {
    let (_, provider) = actor.provider()?;
    actor.require(Permission::ManageTreatmentOffering)?;
    let catalogued = treatments::load(app.db.conn(), treatment).await?;
    let ended = catalogued.status != TreatmentStatus::Active;
    let (terms, currency) = read_terms(&input)?;
    if !fx::is_usable(app.db.conn(), currency).await? {
        return Err(AppError::field("base_price.currency", "invalid_currency", "We do not trade in this currency."));
    }
    platform::write_txn!(app.db, |txn| {
        let now = app.now();
        let before = of_treatment(txn, provider, treatment).await?;
        // The same form once more: what is asked for stands there already.
        if let Some(found) = before.as_ref().filter(|found| is_there(found, &terms, currency, input.status)) {
            return Ok(found.clone());
        }
        // What left the catalogue can be switched off, and nothing else: its numbers stay as they are.
        let switching_off = |found: &pricing::Model| {
            let off = ProviderTreatmentPricingStatus::NotOffered;
            input.status == off && is_there(found, &terms, currency, found.status)
        };
        if ended && !before.as_ref().is_some_and(switching_off) {
            return Err(AppError::invalid("treatment_not_offered", "This treatment is no longer in the catalogue."));
        }
        if before.as_ref().map(|row| row.version) != input.version {
            return Err(AppError::stale_version());
        }
        let mut row = pricing::ActiveModel {
            base_price: Set(terms.base_price),
            price_per_graft: Set(terms.price_per_graft),
            currency: Set(currency),
            min_grafts: Set(terms.min_grafts),
            max_grafts: Set(terms.max_grafts),
            status: Set(input.status),
            updated_at: Set(now),
            ..Default::default()
        };
        let saved = match &before {
            Some(found) => {
                row.version = Set(found.version + 1);
                let changed = pricing::Entity::update_many()
                    .set(row)
                    .filter(pricing::Column::Id.eq(found.id))
                    .filter(pricing::Column::Version.eq(found.version))
                    .exec(txn)
                    .await?;
                if changed.rows_affected == 0 {
                    return Err(AppError::stale_version());
                }
                of_treatment(txn, provider, treatment).await?.ok_or_else(AppError::not_found)?
            }
            None => {
                row.id = Set(ProviderTreatmentPricingId::new());
                row.provider_id = Set(provider);
                row.treatment_id = Set(treatment);
                row.version = Set(1);
                row.created_at = Set(now);
                // Two first entries at once: the unique pair decides, the other one is told to look again.
                row.insert(txn).await.map_err(|err| match err.sql_err() {
                    Some(SqlErr::UniqueConstraintViolation(_)) => AppError::stale_version(),
                    _ => err.into(),
                })?
            }
        };
        let entry = Entry::new("treatment_price.set")
            .subject("ProviderTreatmentPricing", saved.id)
            .provider(provider)
            .change(before.as_ref().map(numbers), Some(numbers(&saved)));
        audit::record(txn, app, actor, entry).await?;
        Ok(saved)
    })
}

fn is_there(
    row: &pricing::Model,
    terms: &PriceTerms,
    currency: kernel::Currency,
    status: ProviderTreatmentPricingStatus,
) -> bool {
    row.base_price == terms.base_price
        && row.price_per_graft == terms.price_per_graft
        && row.currency == currency
        && row.min_grafts == terms.min_grafts
        && row.max_grafts == terms.max_grafts
        && row.status == status
}

fn numbers(row: &pricing::Model) -> serde_json::Value {
    json!({
        "base_price": row.base_price, "price_per_graft": row.price_per_graft, "currency": row.currency,
        "min_grafts": row.min_grafts, "max_grafts": row.max_grafts, "status": row.status, "version": row.version,
    })
}

fn read_terms(input: &PriceInput) -> AppResult<(PriceTerms, kernel::Currency)> {
    let mut errors = FieldErrors::new();
    let base = input.base_price.read("base_price", &mut errors);
    let graft = match &input.price_per_graft {
        Some(money) => money.read("price_per_graft", &mut errors),
        None => base.map(|base| kernel::Money::new(kernel::Amount::ZERO, base.currency)),
    };
    let (Some(base), Some(graft)) = (base, graft) else { return Err(AppError::fields(errors)) };
    if graft.currency != base.currency {
        errors.add("price_per_graft.currency", "currency_mismatch", "Both prices need the same currency.");
    }
    let terms = PriceTerms {
        base_price: base.amount,
        price_per_graft: graft.amount,
        min_grafts: input.min_grafts,
        max_grafts: input.max_grafts,
    };
    check_price(&terms, &mut errors);
    errors.check()?;
    Ok((terms, base.currency))
}
